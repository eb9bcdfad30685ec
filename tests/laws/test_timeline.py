"""Laws of the timeline, whatever contact, assistant and agents do in whatever order."""

import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bothands.balance import Reason
from bothands.conversations import (
    Author,
    AuthorKind,
    By,
    Conversation,
    Entry,
    EntryKind,
    HolderKind,
    Inbound,
    IsClosed,
    NotClosed,
    NotHolder,
    NotUndone,
    Reply,
    close,
    conversation_of,
    entries_since,
    post_reply,
    receive,
    reopen,
)
from bothands.handoff import (
    OFFER_SECONDS,
    ConversationTaken,
    Desk,
    NotHeld,
    NotWaiting,
    Receiver,
    ReceiverAway,
    ReceiverFull,
    ReceiverKind,
    assign,
    assignment_of,
    bring_in,
    cancel_wait,
    hand_back,
    held_now,
    lapse_assignment,
    place_of,
    settle_closing,
    take_over,
    transfer,
    unassign,
)
from bothands.kit import Invalid, ManualClock, NotFound, RandomIds
from bothands.people import Agent, add_team, set_availability
from bothands.storage import Database, open_database
from tests.cast import ECHO, acts, ada, bo, chi, shop, speaks

FRONT = Desk(ECHO)
WISH = Reason("wish", "The customer asked for a person")
ALLOWED_REFUSALS = (
    *(NotHolder, IsClosed, NotClosed, NotUndone, ConversationTaken),
    *(NotHeld, NotWaiting, ReceiverAway, ReceiverFull, NotFound, Invalid),
)


class Stage(RuleBasedStateMachine):
    """One contact, the assistant, two agents, and a team of one of them."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock(datetime(2026, 11, 20, 14, 0, tzinfo=UTC))
        ids = RandomIds(self.clock, random.Random(3))
        path = Path(self._folder.name) / "law.db"
        self.db: Database = open_database(
            f"sqlite:///{path}", clock=self.clock, ids=ids, source=random.Random(3)
        )
        self.conversation_id = ""
        self.sent: dict[str, str] = {}
        self.caught_up: list[Entry] = []
        self.replies = 0

    @initialize()
    def open(self) -> None:
        self.inbox = self.db.write_now(shop)
        self.contact = self.db.write_now(ada)
        self.agents: tuple[Agent, Agent] = self.db.write_now(lambda unit: (bo(unit), chi(unit)))
        team = self.db.write_now(lambda unit: add_team(unit, "Returns", [self.agents[0].id]))
        self.receivers = (
            *(Receiver(ReceiverKind.AGENT, agent.id) for agent in self.agents),
            Receiver(ReceiverKind.TEAM, team.id),
        )
        self.db.write_now(lambda unit: set_availability(unit, self.agents[0].id, True))
        self._receive("c-0", "Hello")

    def teardown(self) -> None:
        self.db.close()
        self._folder.cleanup()

    @property
    def conversation(self) -> Conversation:
        return self.db.read_now(lambda records: conversation_of(records, self.conversation_id))

    @property
    def entries(self) -> list[Entry]:
        if not self.conversation_id:
            return []
        return self.db.read_now(lambda records: entries_since(records, self.conversation_id, 0))

    def _receive(self, client_id: str, text: str) -> None:
        inbound = Inbound(self.inbox.id, self.contact.id, client_id, text)
        self.sent.setdefault(client_id, text)
        self.conversation_id = self.db.write_now(lambda unit: receive(unit, inbound)).conversation.id

    def _try(self, verb: Any, *given: Any, **named: Any) -> bool:
        """Whether the verb went through; a refusal must be one of the family, and change nothing."""
        before = self.entries
        try:
            self.db.write_now(lambda unit: verb(unit, *given, **named))
        except ALLOWED_REFUSALS:
            assert self.entries == before
            return False
        return True


class Passing(Stage):
    """Agents pass the conversation on, to each other and to the team: one of them has it, ever."""

    @rule(who=st.integers(0, 1), whom=st.integers(0, 2), anyway=st.booleans())
    def an_agent_passes_it_on(self, who: int, whom: int, anyway: bool) -> None:
        """To a colleague, to oneself or to the team: the holder changes for the team alone."""
        before = self.conversation.holder
        given = {"by": self.agents[who], "desk": FRONT, "note": "a word", "anyway": anyway}
        if self._try(transfer, self.conversation_id, self.receivers[whom], **given):
            assert before.kind is HolderKind.AGENT
            is_team = self.receivers[whom].kind is ReceiverKind.TEAM
            after = self.conversation.holder
            assert after.kind is HolderKind.QUEUE if is_team else after == before

    @rule(who=st.integers(0, 1), whom=st.integers(0, 2))
    def an_agent_says_whom_it_is_for(self, who: int, whom: int) -> None:
        before = self.conversation.holder
        self._try(assign, self.conversation_id, self.receivers[whom], by=self.agents[who])
        assert self.conversation.holder == before

    @rule(who=st.integers(0, 1))
    def an_agent_declines_or_takes_it_back(self, who: int) -> None:
        before = self.conversation.holder
        self._try(unassign, self.conversation_id, by=self.agents[who])
        assert self.conversation.holder == before

    @rule(seconds=st.integers(1, 2 * OFFER_SECONDS))
    def time_passes_and_offers_lapse(self, seconds: int) -> None:
        self.clock.advance(seconds)
        before = self.conversation.holder
        if meant := self.db.read_now(lambda records: assignment_of(records, self.conversation_id)):
            self.db.write_now(lambda unit: lapse_assignment(unit, meant.id))
        assert self.conversation.holder == before

    @invariant()
    def only_what_people_have_or_wait_for_is_meant_for_somebody(self) -> None:
        if not self.conversation_id:
            return
        meant = self.db.read_now(lambda records: assignment_of(records, self.conversation_id))
        if meant is not None:
            assert self.conversation.is_open
            assert self.conversation.holder_kind is not HolderKind.ASSISTANT
            assert meant.to.id != self.conversation.holder_id

    @invariant()
    def whoever_has_it_has_it_alone(self) -> None:
        if not self.conversation_id:
            return
        held = self.db.read_now(held_now)
        holder = self.conversation.holder_id if self.conversation.is_open else None
        assert held == ({holder: 1} if holder else {})

    @invariant()
    def the_contact_is_told_of_nobody_but_the_holder(self) -> None:
        told = [entry for entry in self.entries if entry.kind is EntryKind.TRANSFER]
        if told and self.conversation.is_open and self.entries[-1] == told[-1]:
            assert told[-1].ref["to"]["id"] == self.conversation.holder_id


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60).filter(
    str.strip
)


class Timeline(Passing):
    """Contact, assistant and agents act as they please; the laws hold after every act."""

    @rule(text=WORDS)
    def contact_writes(self, text: str) -> None:
        self._receive(f"c-{len(self.sent)}", text)

    @rule(pick=st.integers(0, 50))
    def the_line_breaks_and_an_old_message_is_sent_again(self, pick: int) -> None:
        client_id = list(self.sent)[pick % len(self.sent)]
        self._receive(client_id, self.sent[client_id])

    @rule()
    def the_assistant_tries_to_speak(self) -> None:
        self.replies += 1
        may = self.conversation.is_open and self.conversation.holder_kind is HolderKind.ASSISTANT
        assert self._try(post_reply, Reply(self.conversation_id, ECHO, "Yes.", f"a-{self.replies}")) is may

    @rule(who=st.integers(0, 1))
    def an_agent_tries_to_speak(self, who: int) -> None:
        self.replies += 1
        may = self.conversation.is_open and self.conversation.holder_id == self.agents[who].id
        reply = Reply(self.conversation_id, speaks(self.agents[who]), "Hello.", f"h-{self.replies}")
        assert self._try(post_reply, reply) is may

    @rule(who=st.integers(0, 1))
    def an_agent_takes_over(self, who: int) -> None:
        if self._try(take_over, self.conversation_id, self.agents[who]):
            assert self.conversation.holder_id == self.agents[who].id

    @rule(who=st.integers(0, 1))
    def an_agent_hands_back(self, who: int) -> None:
        self._try(hand_back, self.conversation_id, self.agents[who], note="done")

    @precondition(lambda self: self.conversation_id and self.conversation.is_open)
    @rule()
    def the_contact_wants_to_go_on_with_the_assistant(self) -> None:
        self._try(cancel_wait, self.conversation_id)

    @precondition(lambda self: self.conversation_id and self.conversation.is_open)
    @rule(who=st.integers(0, 1))
    def somebody_closes(self, who: int) -> None:
        by = acts(self.agents[who])
        self.db.write_now(lambda unit: close(unit, self.conversation_id, by=by, reason="solved"))
        self.db.write_now(lambda unit: settle_closing(unit, self.conversation_id))

    @rule()
    def a_person_is_asked_for_and_reachable_from_every_state(self) -> None:
        by = By(AuthorKind.CONTACT, self.contact.id)
        if not self.conversation.is_open:
            self.db.write_now(lambda unit: reopen(unit, self.conversation_id, by=by))
        self.db.write_now(lambda unit: bring_in(unit, self.conversation_id, reason=WISH, desk=FRONT))
        assert self.conversation.holder_kind in (HolderKind.QUEUE, HolderKind.AGENT)
        if self.conversation.holder_kind is HolderKind.QUEUE:
            assert self.db.read_now(lambda records: place_of(records, self.conversation_id)) == 1

    @rule()
    def a_browser_catches_up(self) -> None:
        seen = self.caught_up[-1].seq if self.caught_up else 0
        self.caught_up += self.db.read_now(lambda records: entries_since(records, self.conversation_id, seen))
        assert self.caught_up == self.entries

    @invariant()
    def nothing_sent_is_lost_or_doubled_and_the_order_has_no_gap(self) -> None:
        assert [entry.seq for entry in self.entries] == list(range(1, len(self.entries) + 1))
        stored = [entry.client_id for entry in self.entries if entry.author_kind == AuthorKind.CONTACT]
        assert sorted(name for name in stored if name) == sorted(self.sent)

    @invariant()
    def the_queue_holds_exactly_those_who_wait(self) -> None:
        if not self.conversation_id:
            return
        waits = self.conversation.is_open and self.conversation.holder_kind is HolderKind.QUEUE
        place = self.db.read_now(lambda records: place_of(records, self.conversation_id))
        assert (place is not None) is waits

    @invariant()
    def whoever_speaks_to_the_contact_says_who_it_is(self) -> None:
        for entry in self.entries:
            if entry.kind is EntryKind.MESSAGE and entry.author_kind != AuthorKind.CONTACT:
                Author(
                    AuthorKind(entry.author_kind),
                    entry.author_id or "",
                    entry.author_name or "",
                    entry.disclosure or "",
                )


TestTimeline = pytest.mark.slow(Timeline.TestCase)
TestTimeline.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
