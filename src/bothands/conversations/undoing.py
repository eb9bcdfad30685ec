"""For a moment a closing is the desk's alone: it can be undone, and then the contact never knew of it.

What a contact knows is a beginning of the record that only ever grows: it ends before a closing that is held
back. Undoing ends earlier than that, so that nothing is undone which somebody was shown already.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bothands.conversations.closing import NotClosed, last_closing
from bothands.conversations.events import ConversationReopened
from bothands.conversations.model import Conversation, Entry, EntryKind
from bothands.conversations.noting import By, append
from bothands.conversations.store import entries_since, update_conversation
from bothands.conversations.viewing import conversation_of
from bothands.jobs import announce
from bothands.kit import Conflict
from bothands.storage import Unit

# The desk offers it for ten seconds; one more is for its way here.
UNDO_SECONDS_MAX = 11
UNDONE = "undone"


class NotUndone(Conflict):
    code = "closing-stays"
    title = "The closing cannot be undone any more"


class Known(msgspec.Struct, frozen=True):
    """A conversation as its contact may know it, and when there will be more to know."""

    conversation: Conversation
    more_at: datetime | None = None


def undo_closing(unit: Unit, conversation_id: str, *, by: By) -> Entry:
    """Open again exactly as it was, for whoever closed it, while nothing else happened; gives the closing."""
    conversation = conversation_of(unit.records, conversation_id)
    closing = last_closing(unit.records, conversation_id)
    thing = f"closing of {conversation_id}"
    if conversation.is_open or closing is None:
        raise NotClosed(f"conversation {conversation_id}", "it is open already", "just write")
    if closing.author_id != by.id:
        raise NotUndone(thing, f"{closing.author_name or 'somebody else'} closed it", "reopen it instead")
    if "held_until" not in closing.ref or unit.now > closing.at + timedelta(seconds=UNDO_SECONDS_MAX):
        raise NotUndone(thing, "the customer is told of it", "reopen it instead")
    if conversation.seq != closing.seq:
        raise NotUndone(thing, "something happened since", "look at it, and reopen it if need be")
    before = closing.ref["before"]
    waiting_since = before["waiting_since"]
    entry = append(unit, conversation, EntryKind.REOPENING, "", {"why": UNDONE}, author=by)
    update_conversation(
        unit.records,
        conversation_id,
        {
            "closed_at": None,
            "updated_at": datetime.fromisoformat(before["updated_at"]),
            "waiting_since": waiting_since and datetime.fromisoformat(waiting_since),
            "needs_reply": before["needs_reply"],
            "version": conversation.version + 1,
        },
    )
    announce(unit, ConversationReopened(conversation_id, entry.seq))
    return closing


def known_to_contact(records: Connection, conversation: Conversation, now: datetime) -> Known:
    """Open and without its last entries while its closing is held back."""
    if conversation.is_open:
        return Known(conversation)
    closing = last_closing(records, conversation.id)
    more_at = _held_until(closing)
    if closing is None or more_at is None or now >= more_at:
        return Known(conversation)
    return Known(msgspec.structs.replace(conversation, closed_at=None, seq=closing.seq - 1), more_at)


def held_until(records: Connection, conversation: Conversation) -> datetime | None:
    """When its last closing is for good; None where it was from the start."""
    return _held_until(last_closing(records, conversation.id))


def _held_until(closing: Entry | None) -> datetime | None:
    written = closing.ref.get("held_until") if closing else None
    return datetime.fromisoformat(written) if written else None


def known_page(records: Connection, known: Conversation, page: Sequence[Entry]) -> list[Entry]:
    """These entries as far as they are known; a closing never comes without what says if it was undone."""
    entries = [entry for entry in page if entry.seq <= known.seq]
    if entries and entries[-1].kind is EntryKind.CLOSING and entries[-1].seq < known.seq:
        entries += entries_since(records, known.id, entries[-1].seq, 1)
    return entries


def without_undone(entries: Sequence[Entry]) -> list[Entry]:
    """Nothing came between a closing and its undoing: they are neighbours."""
    undone = {entry.seq for entry in entries if is_undoing(entry)}
    return [
        entry
        for entry in entries
        if entry.seq not in undone and not (entry.kind is EntryKind.CLOSING and entry.seq + 1 in undone)
    ]


def is_undoing(entry: Entry) -> bool:
    return entry.kind is EntryKind.REOPENING and entry.ref.get("why") == UNDONE
