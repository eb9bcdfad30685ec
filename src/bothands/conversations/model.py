"""The shared timeline as values: conversations, entries, who holds, who wrote."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class HolderKind(StrEnum):
    """Who has the conversation: exactly one of these, always."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    AGENT = "agent"


class AuthorKind(StrEnum):
    CONTACT = "contact"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"


class EntryKind(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    READING = "reading"
    DECISION = "decision"
    TRANSFER = "transfer"
    CLOSING = "closing"
    REOPENING = "reopening"
    RATING = "rating"
    TAGGING = "tagging"


# What a contact may see of the timeline. Everything else stays at the desk.
SHOWN_TO_CONTACT = frozenset({EntryKind.MESSAGE, EntryKind.TRANSFER, EntryKind.CLOSING, EntryKind.REOPENING})


class Author(msgspec.Struct, frozen=True):
    """Who says something to a contact, and how that is disclosed.

    There is no default: a message without author and disclosure cannot be constructed, and the database
    refuses it too (CHECK `authored`).
    """

    kind: AuthorKind
    id: str
    name: str
    disclosure: str

    def __post_init__(self) -> None:
        if self.kind is AuthorKind.CONTACT:
            raise ValueError("Author of an outbound message: a contact cannot be one. Use receive().")
        if not self.name.strip() or not self.disclosure.strip():
            raise ValueError("Author: name and disclosure must not be empty. Say who speaks.")


class Holder(msgspec.Struct, frozen=True):
    kind: HolderKind
    id: str | None = None
    name: str = ""


class Conversation(msgspec.Struct, frozen=True):
    """One matter after another with one contact. `matter_seq`: entries up to it belong to closed matters."""

    id: str
    inbox_id: str
    contact_id: str
    holder_kind: HolderKind
    holder_id: str | None
    holder_name: str
    version: int
    seq: int
    matter_seq: int
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    waiting_since: datetime | None
    subject: str
    topic: str | None
    reason_code: str | None
    reason_words: str | None
    mood: str
    mood_trend: list[float]
    needs_reply: bool
    preview: str

    @property
    def holder(self) -> Holder:
        return Holder(self.holder_kind, self.holder_id, self.holder_name)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Entry(msgspec.Struct, frozen=True):
    """One line of the timeline. `(conversation_id, seq)` orders it and never has a gap."""

    conversation_id: str
    seq: int
    id: str
    kind: EntryKind
    author_kind: AuthorKind
    author_id: str | None
    author_name: str | None
    disclosure: str | None
    body: str
    ref: dict[str, Any]
    at: datetime
    client_id: str | None = None


class Tag(msgspec.Struct, frozen=True):
    """A word the desk sorts conversations by; contacts never see it."""

    id: str
    name: str


class Mention(msgspec.Struct, frozen=True):
    """A note that mentions an agent."""

    conversation_id: str
    seq: int
    at: datetime
    read_at: datetime | None


class Unsent(msgspec.Struct, frozen=True):
    """What an agent is writing; `mode` is reply or note."""

    mode: str
    text: str
    written_at: datetime


class Inbox(msgspec.Struct, frozen=True):
    """An address contacts write to. `origins`: web pages that may embed the chat besides our own."""

    id: str
    slug: str
    name: str
    channel: str
    origins: list[str]
    assistant_name: str
    disclosure: str
    tone: str


class Sight(msgspec.Struct, frozen=True):
    """What an agent may know of: all but the conversations of the hidden inboxes, by id."""

    hidden: frozenset[str] = frozenset()

    def shows(self, inbox_id: str) -> bool:
        return inbox_id not in self.hidden


ALL = Sight()


class Inbound(msgspec.Struct, frozen=True):
    """A contact's message as a channel hands it over. `client_id` makes a repeat harmless."""

    inbox_id: str
    contact_id: str
    client_id: str
    text: str
    attachments: tuple[dict[str, Any], ...] = ()


class Received(msgspec.Struct, frozen=True):
    entry: Entry
    conversation: Conversation
    is_new: bool


class Reply(msgspec.Struct, frozen=True):
    """What is said to the contact, with the author that makes it lawful."""

    conversation_id: str
    author: Author
    text: str
    client_id: str
    ref: dict[str, Any] = msgspec.field(default_factory=dict)


class Scene(msgspec.Struct, frozen=True):
    """All that a turn may look at: the message and what came before it in the present matter."""

    inbox: Inbox
    conversation: Conversation
    message: Entry
    earlier: tuple[Entry, ...]

    @property
    def pending_asks(self) -> dict[str, Any] | None:
        """What the assistant asked last, if the contact's message is the next thing said."""
        for entry in reversed(self.earlier):
            if entry.kind is EntryKind.TRANSFER:
                return None
            if entry.kind is EntryKind.MESSAGE and entry.author_kind is not AuthorKind.CONTACT:
                asks = entry.ref.get("asks")
                return dict(asks) if isinstance(asks, dict) else None
        return None

    def said_by(self, kind: AuthorKind) -> tuple[Entry, ...]:
        return tuple(e for e in self.earlier if e.kind is EntryKind.MESSAGE and e.author_kind is kind)
