"""Run the desk: web, worker or both in one process, until told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bothands.app.settings import Settings
from bothands.app.wiring import Desk, open_desk, open_model, open_store
from bothands.kit import Unavailable
from bothands.models import Embedder
from bothands.storage import Database
from bothands.web import Demo, Proxies, Rates, WebDesk, build_app, serve

LOOPBACK = ("127.0.0.1", "localhost", "::1")
RATES = Rates()


class PortTaken(Unavailable):
    """Nothing was served; the data folder is untouched by it."""

    code = "port-taken"
    title = "The port is taken"


Prepare = Callable[[Database, Embedder], Awaitable[None]]


async def run_server(settings: Settings, rates: Rates = RATES) -> None:
    """Serve until SIGTERM or SIGINT; what was accepted is finished first."""
    async with opened(settings) as desk:
        if settings.works == "only":
            await _work(desk)
            return
        base = settings.base_url
        await listen(desk, f"Serving {desk.company.name} on {base} (desk: {base}/desk)", rates=rates)


async def _work(desk: Desk) -> None:
    """Do the background work until SIGTERM or SIGINT; others serve."""
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, told.set)
    desk.serves.set()
    print(f"Working for {desk.company.name}", flush=True)
    await told.wait()


@asynccontextmanager
async def opened(settings: Settings, prepare: Prepare | None = None) -> AsyncIterator[Desk]:
    """The desk with its database and model; `prepare` may fill the database first."""
    db = open_store(settings)
    embedder = open_model(settings)
    try:
        if prepare is not None:
            await prepare(db, embedder)
        async with open_desk(settings, db, embedder, works=settings.works != "no") as desk:
            yield desk
    finally:
        embedder.close()
        db.close()


async def listen(desk: Desk, announcement: str, demo: Demo | None = None, *, rates: Rates = RATES) -> None:
    """Serve until stopped, and say so once it is true; raises PortTaken when nobody can listen there."""
    settings = desk.settings
    own = tuple(f"http://{host}:{settings.port}" for host in LOOPBACK if settings.host in LOOPBACK)
    web_desk = WebDesk(
        db=desk.db,
        hub=desk.hub,
        presence=desk.presence,
        passwords=desk.passwords,
        images=desk.images,
        exports=settings.exports,
        library=desk.mind.library,
        proposer=desk.proposer,
        handoff=desk.handoff,
        company=desk.company.name,
        base_url=settings.base_url,
        own_origins=own,
        rates=rates,
        proxies=Proxies(settings.trusted_proxies),
        seal=desk.seal,
        reach=desk.reach,
        demo=demo,
        meters=desk.meters,
        metrics_token=settings.metrics_token,
        has_mail=bool(settings.smtp_url),
    )

    def begin(port: int) -> None:
        desk.serves.set()
        print(announcement, flush=True)

    try:
        await serve(build_app(web_desk), settings.host, settings.port, when_serving=begin)
    except SystemExit as error:
        # The server's own way to say that it could not listen; it has logged the reason.
        raise PortTaken(
            f"port {settings.port} of {settings.host}",
            "it cannot be listened on, most likely because something else does",
            "stop that, or choose another with --port",
        ) from error
