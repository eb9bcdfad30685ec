"""Add to the timeline what the contact does not see: notes, readings, decisions."""

from collections.abc import Collection
from typing import Any

import msgspec

from bothands.conversations.events import EntryAdded
from bothands.conversations.masking import mask
from bothands.conversations.mentioning import keep_mentions, mentioned_in
from bothands.conversations.model import Author, AuthorKind, Conversation, Entry, EntryKind
from bothands.conversations.store import entries_by_client_id, insert_entries, update_conversation
from bothands.conversations.viewing import conversation_of
from bothands.jobs import announce
from bothands.kit import Invalid
from bothands.storage import Unit

NOTE_CHARS_MAX = 8_000


class By(msgspec.Struct, frozen=True):
    """Who did something at the desk; for what the contact is told, an `Author` is needed."""

    kind: AuthorKind
    id: str | None = None
    name: str | None = None


SYSTEM = By(AuthorKind.SYSTEM)


def write_note(
    unit: Unit,
    conversation_id: str,
    text: str,
    *,
    by: By,
    client_id: str,
    mentions: Collection[str] = (),
) -> Entry:
    """A note for the desk, and for the agents it mentions by id; a repeat of the same `client_id` returns
    the stored one.
    """
    known = entries_by_client_id(unit.records, [(conversation_id, client_id)])
    if repeat := known.get((conversation_id, client_id)):
        return repeat
    if not text.strip() or len(text) > NOTE_CHARS_MAX:
        raise Invalid(
            "note", f"it must have 1 to {NOTE_CHARS_MAX} characters", "shorten it or write something"
        )
    text = mask(text)
    conversation = conversation_of(unit.records, conversation_id)
    spans = mentioned_in(unit.records, conversation, text, mentions)
    ref = {"mentions": spans} if spans else {}
    entry = append(unit, conversation, EntryKind.NOTE, text, ref, author=by, client_id=client_id)
    keep_mentions(unit, entry)
    announce(unit, EntryAdded(conversation_id, entry.seq, entry.kind.value))
    return entry


def add_entry(
    unit: Unit, conversation_id: str, kind: EntryKind, body: str, ref: dict[str, Any], *, by: By = SYSTEM
) -> Entry:
    """A reading, decision or rating; never a message: those go through `receive` and `post_reply`."""
    if kind is EntryKind.MESSAGE:
        raise ValueError("add_entry: messages have ways of their own. Use receive or post_reply.")
    entry = append(unit, conversation_of(unit.records, conversation_id), kind, body, ref, author=by)
    announce(unit, EntryAdded(conversation_id, entry.seq, entry.kind.value))
    return entry


def append(
    unit: Unit,
    conversation: Conversation,
    kind: EntryKind,
    body: str,
    ref: dict[str, Any],
    *,
    author: Author | By,
    client_id: str | None = None,
) -> Entry:
    """Write the next entry and move the conversation's counter; inside this room only."""
    entry = entry_after(unit, conversation, kind, body, ref, author=author, client_id=client_id)
    insert_entries(unit.records, [entry])
    update_conversation(unit.records, conversation.id, {"seq": entry.seq})
    return entry


def entry_after(
    unit: Unit,
    conversation: Conversation,
    kind: EntryKind,
    body: str,
    ref: dict[str, Any],
    *,
    author: Author | By,
    client_id: str | None = None,
) -> Entry:
    """The next entry, not stored yet."""
    is_message = isinstance(author, Author)
    return Entry(
        conversation.id,
        conversation.seq + 1,
        unit.ids.new("msg" if is_message else "ent"),
        kind,
        author.kind,
        author.id,
        author.name,
        author.disclosure if isinstance(author, Author) else None,
        body,
        ref,
        unit.now,
        client_id,
    )
