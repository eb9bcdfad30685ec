"""What a contact knows only grows, page by page or at once, and nothing that was undone is ever in it."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import Connection

from bothands.conversations import (
    HELD_SECONDS,
    UNDO_SECONDS_MAX,
    Conversation,
    Entry,
    EntryKind,
    HolderKind,
    Known,
    close,
    conversation_of,
    entries_since,
    known_page,
    known_to_contact,
    undo_closing,
    write_note,
)
from bothands.handoff import (
    OFFER_SECONDS,
    assign,
    assignment_of,
    held_now,
    settle_closing,
    take_over,
    undo,
)
from bothands.web.live.showing import shown_to_contact
from tests.cast import acts
from tests.laws.test_timeline import Stage


class Undoing(Stage):
    """Agents close and undo, and look on as time passes; the contact writes and looks as they please."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Entry] = []
        self.shown_seq = 0
        self.before: tuple[Conversation, object, object] | None = None
        self.undone: set[int] = set()

    def _stands(self) -> tuple[Conversation, object, object]:
        """All that undoing brings back: only counters may have moved."""
        conversation = msgspec.structs.replace(self.conversation, seq=0, version=0)
        meant = self.db.read_now(lambda records: assignment_of(records, self.conversation_id))
        return conversation, meant, self.db.read_now(held_now)

    @rule()
    def the_contact_writes(self) -> None:
        self._receive(f"c-{len(self.sent)}", "Hello again")

    @rule()
    def somebody_takes_it_and_offers_it_on(self) -> None:
        self._try(take_over, self.conversation_id, self.agents[0])
        self._try(assign, self.conversation_id, self.receivers[1], by=self.agents[0])

    @rule()
    def an_agent_notes_something(self) -> None:
        name = f"n-{len(self.entries)}"
        given = {"by": acts(self.agents[1]), "client_id": name}
        assert self._try(write_note, self.conversation_id, "Look at that.", **given)

    @precondition(lambda self: self.conversation_id and self.conversation.is_open)
    @rule(is_held=st.booleans())
    def an_agent_closes(self, is_held: bool) -> None:
        if is_held:
            self._try(take_over, self.conversation_id, self.agents[0])
        self.before = self._stands()
        by = acts(self.agents[0])
        self.db.write_now(lambda unit: close(unit, self.conversation_id, by=by, reason="solved", agreed="A"))
        self.db.write_now(lambda unit: settle_closing(unit, self.conversation_id))

    @rule()
    def an_agent_undoes_it(self) -> None:
        last = self.entries[-1]
        is_fresh = self.clock.now() <= last.at + timedelta(seconds=UNDO_SECONDS_MAX)
        may = last.kind is EntryKind.CLOSING and "held_until" in last.ref and is_fresh
        assert self._try(undo, self.conversation_id, by=acts(self.agents[0])) is may
        if may:
            assert self._stands() == self.before
            self.undone |= {last.seq, last.seq + 1}

    @rule(seconds=st.integers(1, min(15, OFFER_SECONDS)))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(limit=st.integers(1, 3))
    def the_contact_is_shown_more(self, limit: int) -> None:
        page, seq = self._known(self.shown_seq, limit)
        assert seq >= self.shown_seq
        self.shown += page
        self.shown_seq = seq

    @invariant()
    def what_they_were_shown_is_what_a_fresh_page_shows(self) -> None:
        if not self.conversation_id:
            return
        fresh, _ = self._known(0, 500)
        assert self.shown == [entry for entry in fresh if entry.seq <= self.shown_seq]
        assert not self.undone & {entry.seq for entry in fresh}

    @invariant()
    def a_closing_is_told_when_it_stays_and_not_before(self) -> None:
        closed = [e for e in self.entries if e.kind is EntryKind.CLOSING and e.seq not in self.undone]
        if not closed:
            return
        last, conversation = closed[-1], self.conversation
        is_held = "held_until" in last.ref and not conversation.is_open
        is_due = not is_held or self.clock.now() >= last.at + timedelta(seconds=HELD_SECONDS)
        assert (last.seq in {entry.seq for entry in self._known(0, 500)[0]}) is is_due
        assert is_held or conversation.is_open or conversation.holder_kind is not HolderKind.AGENT

    def _known(self, since: int, limit: int) -> tuple[list[Entry], int]:
        """A page of what the contact may know, and up to where it tells."""

        def look(records: Connection) -> tuple[list[Entry], int]:
            conversation = conversation_of(records, self.conversation_id)
            known = known_to_contact(records, conversation, self.clock.now()).conversation
            page = known_page(records, known, entries_since(records, known.id, since, limit))
            return shown_to_contact(page), page[-1].seq if page else since

        return self.db.read_now(look)


TestUndoing = pytest.mark.slow(Undoing.TestCase)
TestUndoing.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_undoing_brings_back_what_this_very_closing_ended_and_nothing_of_an_older_one() -> None:
    """Found by the law above: of two closings at one instant the older one's taking came back too."""
    state = Undoing()
    try:
        state.open()
        for _ in range(2):
            state.an_agent_closes(is_held=True)
            state.the_contact_writes()
        state.an_agent_closes(is_held=True)
        state.an_agent_undoes_it()
    finally:
        state.teardown()


def closed_and_undone() -> None:
    """The shortest way through the law: shown, closed, shown again, undone, shown again."""
    state = Undoing()
    steps = (
        state.open,
        lambda: state.the_contact_is_shown_more(limit=3),
        lambda: state.an_agent_closes(is_held=True),
        lambda: state.the_contact_is_shown_more(limit=3),
        state.an_agent_undoes_it,
        lambda: state.the_contact_is_shown_more(limit=3),
    )
    try:
        for step in steps:
            step()
            state.what_they_were_shown_is_what_a_fresh_page_shows()
            state.a_closing_is_told_when_it_stays_and_not_before()
    finally:
        state.teardown()


def test_a_closing_undone_at_once_keeps_the_law() -> None:
    closed_and_undone()


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        ("known_to_contact", lambda records, conversation, now: Known(conversation)),
        ("shown_to_contact", list),
        ("undo", undo_closing),
    ],
    ids=["the closing is not held back", "the undone is shown", "the holder stays away"],
)
def test_a_sabotaged_undoing_is_found_out(
    verb: str, wrong: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: without it, the law above could hold because nobody looks."""
    monkeypatch.setattr(f"{__name__}.{verb}", wrong)
    with pytest.raises(AssertionError):
        closed_and_undone()
