"""A conversation ends for now, comes back, is rated. A closing is a row: who, when, why."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bothands.conversations.errors import IsClosed
from bothands.conversations.events import ConversationClosed, ConversationReopened, EntryAdded
from bothands.conversations.model import AuthorKind, Conversation, Entry, EntryKind, HolderKind
from bothands.conversations.noting import By, append
from bothands.conversations.store import last_entry_of, update_conversation
from bothands.conversations.viewing import conversation_of
from bothands.jobs import announce
from bothands.kit import Conflict, Invalid
from bothands.storage import Unit

REASON_CHARS_MAX = 300
COMMENT_CHARS_MAX = 2_000
# So long the contact is not told that an agent closed it; longer than it can be undone.
HELD_SECONDS = 13
SOLVED = ("yes", "partly", "no")


class NotClosed(Conflict):
    code = "conversation-open"
    title = "The conversation is open"


def close(unit: Unit, conversation_id: str, *, by: By, reason: str, agreed: str | None = None) -> Entry:
    """End it for now. `agreed`: what was promised, shown to the contact."""
    conversation = conversation_of(unit.records, conversation_id)
    if not conversation.is_open:
        raise IsClosed(f"conversation {conversation_id}", "it is closed already", "reopen it to go on")
    if len(reason) > REASON_CHARS_MAX or len(agreed or "") > REASON_CHARS_MAX:
        raise Invalid(
            "closing", f"reason and agreement have at most {REASON_CHARS_MAX} characters", "shorten it"
        )
    ref: dict[str, Any] = {"reason": reason, "agreed": agreed, "by": {"kind": by.kind.value, "name": by.name}}
    if by.kind is AuthorKind.AGENT and conversation.holder_kind is HolderKind.AGENT:
        ref |= _held(conversation, unit.now)
    entry = append(unit, conversation, EntryKind.CLOSING, agreed or "", ref, author=by)
    update_conversation(
        unit.records,
        conversation_id,
        {
            "closed_at": unit.now,
            "updated_at": unit.now,
            "waiting_since": None,
            "needs_reply": False,
            "version": conversation.version + 1,
        },
    )
    announce(unit, ConversationClosed(conversation_id, entry.seq, by.kind.value, reason))
    return entry


def _held(conversation: Conversation, now: datetime) -> dict[str, Any]:
    """Until when the contact is not told, and how things stood, for `undo_closing`."""
    waiting_since = conversation.waiting_since
    return {
        "held_until": (now + timedelta(seconds=HELD_SECONDS)).isoformat(),
        "before": {
            "updated_at": conversation.updated_at.isoformat(),
            "waiting_since": waiting_since and waiting_since.isoformat(),
            "needs_reply": conversation.needs_reply,
        },
    }


def reopen(unit: Unit, conversation_id: str, *, by: By) -> Conversation:
    """Go on with the same matter: the earlier entries stay part of it. The assistant holds it first."""
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.is_open:
        raise NotClosed(f"conversation {conversation_id}", "it is open already", "just write")
    entry = append(unit, conversation, EntryKind.REOPENING, "", {"why": "asked"}, author=by)
    update_conversation(
        unit.records,
        conversation_id,
        {
            "closed_at": None,
            "updated_at": unit.now,
            "holder_kind": HolderKind.ASSISTANT.value,
            "holder_id": None,
            "holder_name": "",
            "version": conversation.version + 1,
        },
    )
    announce(unit, ConversationReopened(conversation_id, entry.seq))
    return conversation_of(unit.records, conversation_id)


def rate(
    unit: Unit, conversation_id: str, *, by: By, solved: str | None, score: int | None, comment: str = ""
) -> Entry:
    """The contact's own word on whether it was solved; kept beside the closing, never assumed."""
    conversation = conversation_of(unit.records, conversation_id)
    if solved is None and score is None and not comment.strip():
        raise Invalid("rating", "it says nothing", "say if it was solved, pick a number or write a word")
    if solved is not None and solved not in SOLVED:
        raise Invalid(f"rating {solved!r}", "it is not known", f"use one of: {', '.join(SOLVED)}")
    if score is not None and not 1 <= score <= 5:
        raise Invalid(f"score {score}", "it is outside 1 to 5", "choose 1, 2, 3, 4 or 5")
    if len(comment) > COMMENT_CHARS_MAX:
        raise Invalid("comment", f"it has more than {COMMENT_CHARS_MAX} characters", "shorten it")
    ref = {"solved": solved, "score": score}
    entry = append(unit, conversation, EntryKind.RATING, comment, ref, author=by)
    announce(unit, EntryAdded(conversation_id, entry.seq, entry.kind.value))
    return entry


def last_closing(records: Connection, conversation_id: str) -> Entry | None:
    return last_entry_of(records, conversation_id, EntryKind.CLOSING)


def last_rating(records: Connection, conversation_id: str) -> Entry | None:
    return last_entry_of(records, conversation_id, EntryKind.RATING)
