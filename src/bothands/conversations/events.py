"""What happened on a timeline."""

from typing import ClassVar

import msgspec


class ConversationOpened(msgspec.Struct, frozen=True):
    """A contact's first message began it."""

    conversation_id: str


class MessageReceived(msgspec.Struct, frozen=True):
    """A contact wrote; the assistant may owe a turn, which takes all that was written into account."""

    newest_is_enough: ClassVar[bool] = True

    conversation_id: str
    entry_id: str
    seq: int


class MessagePosted(msgspec.Struct, frozen=True):
    """Something was said to the contact, by the assistant or an agent."""

    conversation_id: str
    entry_id: str
    seq: int
    author_kind: str


class EntryAdded(msgspec.Struct, frozen=True):
    """A note, reading, decision or rating joined the timeline."""

    conversation_id: str
    seq: int
    kind: str


class HolderChanged(msgspec.Struct, frozen=True):
    """The conversation went from one holder to another; why is told on the timeline alone."""

    conversation_id: str
    seq: int
    from_kind: str
    to_kind: str
    to_id: str | None


class ConversationClosed(msgspec.Struct, frozen=True):
    """It ended for now; `by_kind` and `reason` say who ended it and why."""

    conversation_id: str
    seq: int
    by_kind: str
    reason: str


class ConversationReopened(msgspec.Struct, frozen=True):
    """It goes on: asked for, with the same matter."""

    conversation_id: str
    seq: int


class MentionsChanged(msgspec.Struct, frozen=True):
    """A note mentions these agents, or they have read one that does."""

    agent_ids: tuple[str, ...]


class InboxLimited(msgspec.Struct, frozen=True):
    """The conversations of an inbox are for other teams now, or for everybody."""

    inbox_id: str
