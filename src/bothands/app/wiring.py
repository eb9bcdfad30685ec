"""Build the desk by hand: every part, once, in order. No container, no globals."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from zoneinfo import ZoneInfo

from bothands.app.mailing import MAIL_TRIES_MAX, Mailing, give_up_invitation, open_post
from bothands.app.model import Company
from bothands.app.reactions import reactions
from bothands.app.schedule import SCHEDULE
from bothands.app.settings import Settings
from bothands.app.store import company_of
from bothands.approvals import lapse_overdue
from bothands.channels import ImageStore, drop_expired_tokens
from bothands.conversations import Author, AuthorKind, fill_search
from bothands.egress import Caller, Gate, host_and_port
from bothands.handoff import FORGET, forget_signals, hours_of, lapse_assignment, settle_closing
from bothands.handoff import Desk as HandoffDesk
from bothands.jobs import Job, Worker, finish
from bothands.kit import Unavailable
from bothands.knowledge import KnowledgeChanged, Library
from bothands.models import Embedder, open_embedder
from bothands.people import PasswordCheck, Presence, drop_expired_keys
from bothands.privacy import ContactErased, Places, erase_contact, expire, make_export
from bothands.skills import Mind, OrderLookup, Proposer, ShopOrders, Task
from bothands.storage import Database, Missed, Seal, Unit, open_database, open_seal
from bothands.turn import give_up, take_turn
from bothands.understanding import learn
from bothands.web import Hub, Meters
from bothands.webhooks import SEND, TELL, Courier, Reach

# After a rebuilding that failed, because the database was away, say.
RENEW_AGAIN_SECONDS = 5.0

Work = Callable[[Job], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """The running company: what a turn, the web and the worker share."""

    settings: Settings
    company: Company
    db: Database
    embedder: Embedder
    mind: Mind
    proposer: Proposer
    hub: Hub
    presence: Presence
    passwords: PasswordCheck
    images: ImageStore
    worker: Worker
    handoff: HandoffDesk
    meters: Meters
    seal: Seal
    reach: Reach
    courier: Courier
    mailing: Mailing
    # Until it serves, the start has the machine to itself: whoever writes is waiting for that.
    serves: asyncio.Event

    @property
    def places(self) -> Places:
        return Places(self.images, self.settings.exports)

    def show_typing(self, conversation_id: str, author_name: str) -> None:
        self.hub.show_typing(conversation_id, "assistant", author_name)


def open_store(settings: Settings) -> Database:
    """The database of the data folder, with the reactions wired."""
    # What contacts wrote lies there: for nobody else on this machine.
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"folder {settings.data}", f"it cannot be made ({error.strerror})", "name another with --data"
        ) from error
    db = open_database(settings.database_url)
    db.react(reactions())
    return db


def open_model(settings: Settings) -> Embedder:
    return open_embedder(settings.threads, "int8" if settings.precision == "int8" else "fp32")


@asynccontextmanager
async def open_desk(
    settings: Settings, db: Database, embedder: Embedder, *, works: bool = True
) -> AsyncIterator[Desk]:
    """The desk of a database that holds a company; raises Unavailable when none was imported.

    `works=False`: the worker stands still until somebody lets it `drain`, as tests do.
    """
    company = await _company(db)
    library = await Library.load(db, embedder, ZoneInfo(company.timezone))
    mind = Mind(await learn(db, embedder), library)
    caller = Caller(Gate(_own_hosts(settings, company)))
    proposer = Proposer(mind, _tasks(settings, company, caller), db.clock)
    seal = open_seal(settings.data)
    reach = Reach(settings.webhook_hosts)
    hub = Hub()
    meters = Meters()
    meters.follow_embedder(embedder)
    worker = _worker(db, meters, lambda: desk)
    desk = Desk(
        settings,
        company,
        db,
        embedder,
        mind,
        proposer,
        hub,
        Presence(db.clock),
        PasswordCheck(db),
        ImageStore(settings.data / "images"),
        worker,
        _front(company),
        meters,
        seal,
        reach,
        Courier(db, reach.caller(), seal),
        _mailing(settings, company, db),
        asyncio.Event(),
    )
    db.listen(hub.hear)
    hub.start()
    hub.also(lambda events: worker.wake())
    hub.also(desk.courier.hear)
    hub.also(partial(_forget_texts, embedder))
    renewing = _renew_on_change(hub, library)
    beside = asyncio.create_task(_work_beside(desk, works=works), name="work beside")
    try:
        yield desk
    finally:
        await _end_work(desk, beside)
        renewing.cancel()
        hub.stop()
        await caller.close()
        await desk.courier.close()


async def _work_beside(desk: Desk, *, works: bool) -> None:
    """What nobody waits for, once the desk serves: until the worker was stopped."""
    await desk.serves.wait()
    # A second's work; what people write meanwhile is stored.
    warming = asyncio.create_task(asyncio.to_thread(desk.mind.brain.warm_up), name="warm up")
    if works:
        telling = asyncio.create_task(desk.courier.run(), name="tell webhooks")
        await desk.worker.run()
        telling.cancel()
    await asyncio.wait([warming])


async def _end_work(desk: Desk, beside: "asyncio.Task[None]") -> None:
    await desk.worker.stop()
    if not desk.serves.is_set():
        beside.cancel()
    await asyncio.wait([beside])


async def _company(db: Database) -> Company:
    company = await db.read(company_of)
    if company is None:
        raise Unavailable(
            "company", "none was imported yet", "run `bothands import FOLDER`, or `bothands demo`"
        )
    return company


def _renew_on_change(hub: Hub, library: Library) -> "asyncio.Task[None]":
    """Rebuild the library in the background whenever knowledge was changed by anybody."""
    changed = asyncio.Event()

    async def renew() -> None:
        while True:
            await changed.wait()
            changed.clear()
            try:
                await library.refresh()
            except Exception as error:
                log.warning("The library is rebuilt later", exc_info=error)
                changed.set()
                await asyncio.sleep(RENEW_AGAIN_SECONDS)

    hub.also(
        lambda events: (
            changed.set() if any(isinstance(event, KnowledgeChanged | Missed) for event in events) else None
        )
    )
    return asyncio.create_task(renew(), name="renew library")


def _forget_texts(embedder: Embedder, events: Sequence[object]) -> None:
    """What an erased contact said is not remembered either, in any process; a hint of it may be lost."""
    if any(isinstance(event, ContactErased | Missed) for event in events):
        embedder.forget()


def _worker(db: Database, meters: Meters, desk: Callable[[], Desk]) -> Worker:
    # Containers may share both name and number.
    owner = f"{os.uname().nodename[:30]}-{os.getpid()}-{db.random.randbytes(4).hex()}"
    return Worker(
        db,
        meters.working(_works(desk)),
        owner=owner,
        recurring=SCHEDULE,
        burials={
            "mail_invitation": give_up_invitation,
            "take_turn": lambda unit, job: give_up(desk(), unit, job),
        },
        patience={"mail_invitation": MAIL_TRIES_MAX, "mail_code": MAIL_TRIES_MAX},
    )


def _works(desk: Callable[[], Desk]) -> dict[str, Work]:
    """Job kind → what does it; the desk is there by the time the first job is."""
    return {
        "take_turn": lambda job: _take_turn(desk(), job),
        "settle_closing": lambda job: _settle_closing(desk(), job),
        FORGET: lambda job: _forget_signals(desk(), job),
        "lapse_assignment": lambda job: _lapse_assignment(desk(), job),
        "lapse_approvals": lambda job: _lapse(desk(), job),
        "mail_code": lambda job: desk().mailing.mail_code(job),
        "mail_invitation": lambda job: desk().mailing.mail_invitation(job),
        "fill_search": lambda job: _fill_search(desk()),
        "drop_expired": lambda job: _drop_expired(desk(), job),
        "expire": lambda job: _expire(desk()),
        "export_contact": lambda job: _export(desk(), job),
        "erase_contact": lambda job: erase_contact(desk().db, desk().places, job.body["request_id"]),
        SEND: lambda job: desk().courier.send(job),
        TELL: lambda job: desk().courier.tell(job),
    }


async def _take_turn(desk: Desk, job: Job) -> None:
    began = perf_counter()
    outcome = await take_turn(desk, job)
    desk.meters.turn_done(outcome, perf_counter() - began)


async def _settle_closing(desk: Desk, job: Job) -> None:
    def settle(unit: Unit) -> None:
        settle_closing(unit, job.body["conversation_id"])
        finish(unit, job)

    await desk.db.write(settle)


async def _forget_signals(desk: Desk, job: Job) -> None:
    def forget(unit: Unit) -> None:
        forget_signals(unit, job.body["conversation_id"])
        finish(unit, job)

    await desk.db.write(forget)


async def _lapse_assignment(desk: Desk, job: Job) -> None:
    def lapse(unit: Unit) -> None:
        lapse_assignment(unit, job.body["assignment_id"])
        finish(unit, job)

    await desk.db.write(lapse)


async def _fill_search(desk: Desk) -> None:
    await fill_search(desk.db)


async def _lapse(desk: Desk, job: Job) -> None:
    def lapse(unit: Unit) -> None:
        lapse_overdue(unit)
        finish(unit, job)

    await desk.db.write(lapse)


async def _drop_expired(desk: Desk, job: Job) -> None:
    def drop(unit: Unit) -> None:
        drop_expired_tokens(unit)
        drop_expired_keys(unit)
        finish(unit, job)

    await desk.db.write(drop)


async def _expire(desk: Desk) -> None:
    days = {"keep_conversations_days": desk.settings.keep_conversations_days}
    await expire(desk.db, desk.places, days)


async def _export(desk: Desk, job: Job) -> None:
    await make_export(desk.db, desk.places, job.body["request_id"], desk.company.name)


def _mailing(settings: Settings, company: Company, db: Database) -> Mailing:
    post = open_post(settings.smtp_url, settings.mail_from)
    return Mailing(db, post, company=company.name, base_url=settings.base_url)


def _front(company: Company) -> HandoffDesk:
    described = company.assistant
    return HandoffDesk(
        Author(AuthorKind.ASSISTANT, "assistant", described.name, described.disclosure),
        hours_of(company.timezone, company.hours) if company.hours else None,
        float(company.service.handle_seconds),
    )


def _orders_url(settings: Settings, company: Company) -> str:
    return settings.orders_url or company.shop.orders_url


def _tasks(settings: Settings, company: Company, caller: Caller) -> list[Task]:
    url = _orders_url(settings, company)
    return [OrderLookup(ShopOrders(caller, url))] if url else []


def _own_hosts(settings: Settings, company: Company) -> list[str]:
    """`host:port` of the company's own systems, which may be private; nothing else may."""
    url = _orders_url(settings, company)
    return [host_and_port(url)] if url else []
