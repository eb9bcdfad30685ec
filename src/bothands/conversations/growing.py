"""Several entries at once, and all they change of their conversation, with the statements of a single one."""

from typing import Any

import msgspec

from bothands.conversations.errors import IsClosed, NotHolder
from bothands.conversations.events import EntryAdded, MessagePosted
from bothands.conversations.holding import check_marks
from bothands.conversations.model import (
    Author,
    AuthorKind,
    Conversation,
    Entry,
    EntryKind,
    HolderKind,
    Reply,
)
from bothands.conversations.noting import SYSTEM, By, entry_after
from bothands.conversations.store import insert_entries, update_conversation
from bothands.jobs import announce
from bothands.kit import Invalid, excerpt
from bothands.storage import Unit

REPLY_CHARS_MAX = 8_000
PREVIEW_CHARS = 120


class Growth:
    """Gathers what a verb adds to a conversation that it has read in this unit; `write` stores it."""

    def __init__(self, unit: Unit, conversation: Conversation) -> None:
        self.conversation = conversation
        self._unit = unit
        self._entries: list[Entry] = []
        self._changes: dict[str, Any] = {}
        self._events: list[msgspec.Struct] = []

    def add(self, kind: EntryKind, body: str, ref: dict[str, Any], *, by: By = SYSTEM) -> Entry:
        """As `add_entry`."""
        if kind is EntryKind.MESSAGE:
            raise ValueError("add: messages have a way of their own. Use say.")
        entry = self._grown(entry_after(self._unit, self.conversation, kind, body, ref, author=by))
        self._events.append(EntryAdded(entry.conversation_id, entry.seq, entry.kind.value))
        return entry

    def say(self, reply: Reply) -> Entry:
        """Something to the contact: with an author, by the holder. That it is no repeat, the caller knows."""
        _check(self.conversation, reply)
        self._changes |= _moved_by(self._unit, self.conversation, reply)
        entry = self._grown(
            entry_after(
                self._unit,
                self.conversation,
                EntryKind.MESSAGE,
                reply.text,
                reply.ref,
                author=reply.author,
                client_id=reply.client_id,
            )
        )
        said_by = reply.author.kind.value
        self._events.append(MessagePosted(entry.conversation_id, entry.id, entry.seq, said_by))
        return entry

    def mark(self, **values: Any) -> None:
        """As `mark`."""
        check_marks(values)
        self._changes |= values

    def write(self) -> None:
        """Store it all; called once."""
        insert_entries(self._unit.records, self._entries)
        update_conversation(
            self._unit.records, self.conversation.id, {"seq": self.conversation.seq, **self._changes}
        )
        announce(self._unit, *self._events)

    def _grown(self, entry: Entry) -> Entry:
        self._entries.append(entry)
        self.conversation = msgspec.structs.replace(self.conversation, seq=entry.seq)
        return entry


def _moved_by(unit: Unit, conversation: Conversation, reply: Reply) -> dict[str, Any]:
    is_queued = conversation.holder_kind is HolderKind.QUEUE
    return {
        "version": conversation.version + 1,
        "updated_at": unit.now,
        "preview": excerpt(reply.text, PREVIEW_CHARS),
        "needs_reply": False,
        # In the queue the clock goes on: words of the assistant are not the person asked for.
        "waiting_since": conversation.waiting_since if is_queued else None,
    }


def _check(conversation: Conversation, reply: Reply) -> None:
    if not reply.text.strip() and not reply.ref.get("attachments"):
        raise Invalid("reply", "it is empty", "write something first")
    if len(reply.text) > REPLY_CHARS_MAX:
        raise Invalid(
            "reply", f"it has more than {REPLY_CHARS_MAX} characters", "send it in several messages"
        )
    if not conversation.is_open:
        raise IsClosed(f"conversation {conversation.id}", "it was closed", "reopen it, then send your reply")
    _check_holder(conversation, reply.author)


def _check_holder(conversation: Conversation, author: Author) -> None:
    if author.kind is AuthorKind.AGENT:
        holds = conversation.holder_kind is HolderKind.AGENT and conversation.holder_id == author.id
        cure = "take the conversation over first"
    else:
        holds = conversation.holder_kind is HolderKind.ASSISTANT
        cure = "stay silent until the conversation is handed back"
    if not holds:
        holder = conversation.holder_name or conversation.holder_kind.value
        raise NotHolder(f"conversation {conversation.id}", f"{holder} has it, not {author.name}", cure)
