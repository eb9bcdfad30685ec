"""Two processes want the same at the same moment: one gets it, the other is told, nothing is doubled."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from bothands.approvals import ApprovalNotUsable, approval_of, ask, consume, grant, pending_of
from bothands.assist.suggesting import _keep
from bothands.balance import Reason, active_stops, decisions_of, stop
from bothands.conversations import (
    Conversation,
    Inbound,
    conversation_of,
    entries_since,
    latest_scene,
    receive,
    receive_many,
)
from bothands.handoff import (
    OFFER_SECONDS,
    ConversationTaken,
    Desk,
    Receiver,
    ReceiverKind,
    assignment_of,
    bring_in,
    lapse_assignment,
    take_over,
    transfer,
)
from bothands.kit import BothandsError, ManualClock, Overloaded
from bothands.people import (
    Agent,
    LinkSpent,
    Role,
    add_agent,
    add_facts,
    contact_of,
    make_link_token,
    meet,
    sign_in_by_link,
)
from bothands.storage import Database, Unit, open_database, postgres
from tests.balance.cases import propose
from tests.cast import ECHO, acts, bo, shop

T = TypeVar("T")
WISH = Reason("wish", "The customer asked for a person")
ROUNDS = 5


@dataclass
class Race:
    """Two processes, as far as the database can tell, and the people they are at odds about."""

    here: Database
    there: Database
    inbox_id: str
    contact_id: str
    agents: tuple[Agent, Agent]

    def at_once(self, *writes: Callable[[Unit], Any]) -> list[Any]:
        """Run these in turn here and there, all at the same moment; results or refusals."""

        async def run() -> list[Any]:
            both = (self.here, self.there)
            started = (both[n % 2].write(write) for n, write in enumerate(writes))
            return await asyncio.gather(*started, return_exceptions=True)

        return asyncio.run(run())

    def ada_writes(self, client_id: str = "c-1") -> Conversation:
        said = Inbound(self.inbox_id, self.contact_id, client_id, "Hello")
        conversation: Conversation = self.here.write_now(lambda unit: receive(unit, said)).conversation
        return conversation


@pytest.fixture
def race(postgres_fresh: str, clock: ManualClock) -> Iterator[Race]:
    here, there = (open_database(postgres_fresh, clock=clock) for _ in range(2))
    inbox = here.write_now(shop)
    contact, _ = here.write_now(lambda unit: meet(unit, None, name="Ada"))
    agents = here.write_now(
        lambda unit: (
            bo(unit),
            add_agent(unit, name="Dee Moss", email="dee@shop.example", role=Role.AGENT),
        )
    )
    yield Race(here, there, inbox.id, contact.id, agents)
    here.close()
    there.close()


def of_kind(outcomes: list[Any], kind: type[T]) -> list[T]:
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]


def test_first_messages_begin_one_conversation_without_a_gap(race: Race) -> None:
    async def run() -> list[Any]:
        sends = (
            db.write_many(receive_many, Inbound(race.inbox_id, race.contact_id, f"c-{n % 9}", "Hello"))
            for n, db in enumerate([race.here, race.there] * 9)
        )
        return await asyncio.gather(*sends)

    received = asyncio.run(run())
    assert len({one.conversation.id for one in received}) == 1
    assert sum(one.is_new for one in received) == 9
    entries = race.here.read_now(lambda records: entries_since(records, received[0].conversation.id, 0))
    assert [entry.seq for entry in entries] == list(range(1, 10))


def test_of_two_agents_who_take_over_one_wins(race: Race) -> None:
    conversation = race.ada_writes()
    race.here.write_now(lambda unit: bring_in(unit, conversation.id, reason=WISH, desk=Desk(ECHO)))
    bo_, dee = race.agents
    outcomes = race.at_once(
        lambda unit: take_over(unit, conversation.id, bo_), lambda unit: take_over(unit, conversation.id, dee)
    )
    assert len(of_kind(outcomes, Conversation)) == len(of_kind(outcomes, ConversationTaken)) == 1
    holder = race.here.read_now(lambda records: conversation_of(records, conversation.id)).holder_id
    assert holder == of_kind(outcomes, Conversation)[0].holder_id


def test_an_offer_is_accepted_or_lapses_never_both_and_one_is_the_holder(
    race: Race, clock: ManualClock
) -> None:
    conversation = race.ada_writes()
    bo_, dee = race.agents
    race.here.write_now(lambda unit: take_over(unit, conversation.id, bo_))
    for holder, other in ((bo_, dee), (dee, bo_)) * ROUNDS:
        now = race.here.read_now(lambda records: conversation_of(records, conversation.id)).holder_id
        if now != holder.id:
            continue
        to = Receiver(ReceiverKind.AGENT, other.id)
        give = partial(
            transfer, conversation_id=conversation.id, to=to, by=holder, desk=Desk(ECHO), anyway=True
        )
        race.here.write_now(give)
        offer = race.here.read_now(lambda records: assignment_of(records, conversation.id))
        assert offer is not None
        clock.advance(OFFER_SECONDS + 1)
        accepted, lapsed = race.at_once(
            partial(take_over, conversation_id=conversation.id, agent=other),
            partial(lapse_assignment, assignment_id=offer.id),
        )
        assert lapsed is None
        entries = race.here.read_now(lambda records: entries_since(records, conversation.id, 0))
        is_returned = "did not take it" in entries[-1].body
        has_it = race.here.read_now(lambda records: conversation_of(records, conversation.id)).holder_id
        assert has_it == (holder.id if is_returned else other.id)
        assert isinstance(accepted, ConversationTaken if is_returned else Conversation)


def test_a_sign_in_link_is_spent_once(race: Race) -> None:
    for _ in range(ROUNDS):
        token = race.here.write_now(lambda unit: make_link_token(unit, race.agents[0].id))
        outcomes = race.at_once(*[lambda unit, t=token: sign_in_by_link(unit, t)] * 6)
        assert len(of_kind(outcomes, LinkSpent)) == 5


def test_an_approval_is_consumed_once_and_asked_once(race: Race) -> None:
    conversation = race.ada_writes()
    outcomes = race.at_once(*[lambda unit: ask(unit, conversation.id, "Yes.")] * 4)
    assert of_kind(outcomes, BothandsError) == []
    (pending,) = race.here.read_now(lambda records: pending_of(records, conversation.id))
    by = acts(race.agents[0])
    grants = race.at_once(*[lambda unit: grant(unit, pending.id, by=by)] * 4)
    assert len(of_kind(grants, BothandsError)) == 3
    uses = race.at_once(*[lambda unit: consume(unit, pending.id)] * 4)
    assert len(of_kind(uses, ApprovalNotUsable)) == 3
    assert race.here.read_now(lambda records: approval_of(records, pending.id)).consumed_at is not None


def test_what_several_add_to_a_contact_is_all_kept(race: Race) -> None:
    race.at_once(*[lambda unit, n=n: add_facts(unit, race.contact_id, {f"k{n}": "v"}) for n in range(10)])
    facts = race.here.read_now(lambda records: contact_of(records, race.contact_id)).facts
    assert facts == {f"k{n}": "v" for n in range(10)}


def test_a_stop_waits_for_the_decision_under_way_and_no_other_starts_before_it(race: Race) -> None:
    started, may_end = threading.Event(), threading.Event()
    seen: list[int] = []

    def decide(unit: Unit) -> None:
        seen.append(len(active_stops(unit.records)))
        started.set()
        may_end.wait(5)

    deciding = threading.Thread(target=lambda: race.here.write_now(decide))
    deciding.start()
    started.wait(5)
    by = acts(race.agents[0])
    stopping = threading.Thread(
        target=lambda: race.there.write_now(lambda unit: stop(unit, None, reason="Look", by=by))
    )
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive(), "it was stored while something was being done that it forbids"
    may_end.set()
    deciding.join()
    stopping.join()
    assert seen[0] == 0
    assert len(race.here.read_now(active_stops)) == 1


def test_what_two_think_of_one_message_is_kept_once(race: Race) -> None:
    conversation = race.ada_writes()
    race.here.write_now(lambda unit: take_over(unit, conversation.id, race.agents[0]))
    scene = race.here.read_now(lambda records: latest_scene(records, conversation.id))
    assert scene is not None
    started, may_end = threading.Event(), threading.Event()

    def first(unit: Unit) -> None:
        conversation_of(unit.records, conversation.id)
        started.set()
        may_end.wait(20)
        _keep(unit, scene, propose())

    keeping = threading.Thread(target=lambda: race.here.write_now(first))
    keeping.start()
    started.wait(20)
    other = threading.Thread(target=lambda: race.there.write_now(lambda unit: _keep(unit, scene, propose())))
    other.start()
    other.join(0.3)
    may_end.set()
    keeping.join()
    other.join()
    assert len(race.here.read_now(lambda records: decisions_of(records, conversation.id))) == 1


def test_one_who_waits_for_a_lock_holds_nobody_else_up(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_ALONE_MILLISECONDS", 300)
    conversation = race.ada_writes()
    started, may_end = threading.Event(), threading.Event()

    def hold(unit: Unit) -> None:
        conversation_of(unit.records, conversation.id)
        started.set()
        may_end.wait(20)

    holding = threading.Thread(target=lambda: race.there.write_now(hold))
    holding.start()
    started.wait(5)

    async def run() -> list[Any]:
        return await asyncio.gather(
            race.here.write(lambda unit: meet(unit, None)),
            race.here.write(lambda unit: conversation_of(unit.records, conversation.id)),
            race.here.write(lambda unit: meet(unit, None)),
            return_exceptions=True,
        )

    outcomes = asyncio.run(run())
    may_end.set()
    holding.join()
    assert [isinstance(outcome, Overloaded) for outcome in outcomes] == [False, True, False]
    count = text("SELECT count(*) FROM people_contact")
    assert race.here.read_now(lambda records: records.execute(count).scalar()) == 3
