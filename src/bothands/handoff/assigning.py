"""Whom a conversation is meant for next: the queue prefers them. Nobody else is kept from taking it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.conversations import (
    SYSTEM,
    AuthorKind,
    By,
    Conversation,
    EntryKind,
    HolderKind,
    add_entry,
    conversation_of,
)
from bothands.handoff.assignment_store import (
    assignment_by_id,
    assignments_by_conversation,
    assignments_to,
    assignments_to_team,
    end_assignment,
    insert_assignment,
)
from bothands.handoff.choosing import receiver_of
from bothands.handoff.events import Assigned, AssignmentEnded
from bothands.handoff.model import LEADS, Assignment, ConversationTaken, NotWaiting, Receiver, ReceiverKind
from bothands.jobs import announce
from bothands.kit import Invalid, NotFound
from bothands.people import Agent, teams_of
from bothands.storage import Unit

NOTE_CHARS_MAX = 2_000
OFFERS_SHOWN_MAX = 50


def assign(unit: Unit, conversation_id: str, to: Receiver, *, by: Agent, note: str = "") -> Assignment:
    """A conversation that waits is meant for this person or team; it keeps its place in line."""
    conversation = conversation_of(unit.records, conversation_id)
    if not conversation.is_open or conversation.holder_kind is not HolderKind.QUEUE:
        raise NotWaiting(
            f"conversation {conversation_id}",
            "it does not wait for a person",
            "transfer it if you have it, or take it over first",
        )
    to = receiver_of(unit.records, conversation, to).receiver
    return put_assignment(unit, conversation, to, by=by, note=note)


def unassign(unit: Unit, conversation_id: str, *, by: Agent) -> None:
    """It is meant for nobody in particular again. An offer is declined by whom it is for, or taken back."""
    conversation = conversation_of(unit.records, conversation_id)
    known = assignment_of(unit.records, conversation_id)
    if known is None:
        raise NotFound(f"assignment of {conversation_id}", "it is meant for nobody", "assign it first")
    is_theirs = is_meant_for(unit.records, known, by)
    may_end = is_theirs or by.role in LEADS or conversation.holder_id in (None, by.id)
    if not may_end:
        raise ConversationTaken(
            f"conversation {conversation_id}",
            f"{conversation.holder_name} has it and offered it to {known.to.name}",
            f"ask {conversation.holder_name} or a lead",
        )
    is_declined = is_theirs and known.lapses_at is not None
    _end(unit, known, "declined" if is_declined else "withdrawn")
    words = f"{by.name} cannot take it" if is_declined else f"No longer for {known.to.name}"
    _note(unit, conversation_id, words, None, by=By(AuthorKind.AGENT, by.id, by.name))


def put_assignment(
    unit: Unit,
    conversation: Conversation,
    to: Receiver,
    *,
    by: Agent,
    note: str,
    lapses_after: timedelta | None = None,
) -> Assignment:
    """In place of what was said before; the desk sees it with the note, the contact sees nothing."""
    if len(note) > NOTE_CHARS_MAX:
        raise Invalid("note", f"it has more than {NOTE_CHARS_MAX} characters", "shorten it")
    drop_assignment(unit, conversation.id, "replaced")
    lapses_at = unit.now + lapses_after if lapses_after else None
    assignment = Assignment(unit.ids.new("asgn"), conversation.id, to, by.id, by.name, unit.now, lapses_at)
    insert_assignment(unit.records, assignment)
    words = f"Offered to {to.name}" if lapses_at else f"For {to.name}"
    said = note.strip()
    _note(
        unit,
        conversation.id,
        f"{words}: {said}" if said else words,
        {"kind": to.kind.value, "id": to.id, "name": to.name, "note": said},
        by=By(AuthorKind.AGENT, by.id, by.name),
    )
    announce(unit, Assigned(conversation.id, to.kind.value, to.id, by.id))
    return assignment


def drop_assignment(unit: Unit, conversation_id: str, how: str) -> None:
    """What was meant is settled; harmless where nothing was."""
    if known := assignment_of(unit.records, conversation_id):
        _end(unit, known, how)


def lapse_assignment(unit: Unit, assignment_id: str) -> None:
    """An offer that nobody accepted in time returns to whoever has the conversation all along."""
    offer = assignment_by_id(unit.records, assignment_id)
    if offer is None:
        return
    conversation = conversation_of(unit.records, offer.conversation_id)
    # Only now, with the conversation held, is it certain that nobody accepts at this very moment.
    known = assignment_of(unit.records, conversation.id)
    if known is None or known.id != offer.id or known.lapses_at is None or known.lapses_at > unit.now:
        return
    _end(unit, known, "lapsed")
    still = f"{conversation.holder_name} still has it" if conversation.holder_name else "It waits on"
    _note(unit, conversation.id, f"{known.to.name} did not take it in time. {still}.", None, by=SYSTEM)


def release_receiver(unit: Unit, *, agent_id: str | None = None, team_id: str | None = None) -> None:
    """They are no longer there: what was meant for them is for everybody."""
    found = assignments_to(unit.records, agent_id) if agent_id else []
    found += assignments_to_team(unit.records, team_id) if team_id else []
    release_assignments(unit, found)


def release_assignments(unit: Unit, assignments: Iterable[Assignment]) -> None:
    """What was meant for somebody in particular is for everybody."""
    for known in assignments:
        _end(unit, known, "released")


def assignment_of(records: Connection, conversation_id: str) -> Assignment | None:
    return assignments_by_conversation(records, [conversation_id]).get(conversation_id)


def assignments_of(records: Connection, conversation_ids: Collection[str]) -> dict[str, Assignment]:
    """Whom each of these is meant for next, where it is for somebody."""
    return assignments_by_conversation(records, conversation_ids)


def offers_to(records: Connection, agent_id: str, now: datetime) -> list[str]:
    """The ids of the conversations that a colleague offers to this agent right now."""
    found = assignments_to(records, agent_id, OFFERS_SHOWN_MAX)
    return [one.conversation_id for one in found if one.lapses_at is not None and one.lapses_at > now]


def is_meant_for(records: Connection, assignment: Assignment, agent: Agent) -> bool:
    if assignment.to.kind is ReceiverKind.AGENT:
        return assignment.to.id == agent.id
    return assignment.to.id in teams_of(records, agent.id)


def _end(unit: Unit, assignment: Assignment, how: str) -> None:
    end_assignment(unit.records, assignment.id, unit.now, how)
    announce(unit, AssignmentEnded(assignment.conversation_id, how))


def _note(unit: Unit, conversation_id: str, words: str, to: Mapping[str, str] | None, *, by: By) -> None:
    add_entry(unit, conversation_id, EntryKind.NOTE, words, {"assignment": to and dict(to)}, by=by)
