"""Who has the conversation. Changing hands is one entry, one row, one transaction."""

from collections.abc import Mapping
from typing import Any

from bothands.conversations.errors import IsClosed, Superseded
from bothands.conversations.events import HolderChanged
from bothands.conversations.model import Conversation, EntryKind, Holder, HolderKind, Scene
from bothands.conversations.noting import By, append
from bothands.conversations.store import move_if, update_conversation
from bothands.conversations.viewing import conversation_of
from bothands.jobs import announce
from bothands.storage import Unit


def claim(unit: Unit, scene: Scene) -> Conversation:
    """The conversation, if nothing was said and nobody took it since the scene was read; else Superseded."""
    conversation = conversation_of(unit.records, scene.conversation.id)
    if conversation.version != scene.conversation.version:
        raise Superseded(
            f"conversation {conversation.id}",
            "a newer message or a person came first",
            "let the newer turn or the person answer",
        )
    return conversation


def change_holder(
    unit: Unit,
    conversation_id: str,
    to: Holder,
    *,
    reason_code: str,
    words: str,
    by: By,
    begins_matter: bool = False,
) -> Conversation:
    """Hand the conversation to `to`. From this transaction on nobody else may speak in it.

    `begins_matter`: what was said so far belongs to a matter that is done, and is not dragged along.
    """
    conversation = conversation_of(unit.records, conversation_id)
    if not conversation.is_open:
        raise IsClosed(f"conversation {conversation.id}", "it was closed", "reopen it first")
    if conversation.holder == to:
        return conversation
    entry = append(
        unit,
        conversation,
        EntryKind.TRANSFER,
        words,
        {
            "from": _plain(conversation.holder),
            "to": _plain(to),
            "reason": reason_code,
            "words": words,
        },
        author=by,
    )
    values = {
        "version": conversation.version + 1,
        "reason_code": reason_code,
        "reason_words": words,
        **_held_by(unit, to),
    }
    if begins_matter:
        values["matter_seq"] = entry.seq
    # The writer runs one transaction at a time; on PostgreSQL this is what makes two takers one winner.
    if not move_if(unit.records, conversation.id, conversation.version, values):
        raise Superseded(
            f"conversation {conversation.id}", "somebody else moved it", "look again, then decide"
        )
    announce(
        unit,
        HolderChanged(conversation.id, entry.seq, conversation.holder_kind.value, to.kind.value, to.id),
    )
    return conversation_of(unit.records, conversation_id)


def _held_by(unit: Unit, to: Holder) -> dict[str, Any]:
    """The columns that say who has it, and whether somebody waits because of that."""
    values: dict[str, Any] = {
        "holder_kind": to.kind.value,
        "holder_id": to.id,
        "holder_name": to.name,
        "updated_at": unit.now,
    }
    if to.kind is HolderKind.QUEUE:
        values |= {"waiting_since": unit.now, "needs_reply": True}
    elif to.kind is HolderKind.ASSISTANT:
        values |= {"waiting_since": None, "needs_reply": False}
    return values


def mark(unit: Unit, conversation_id: str, **values: Any) -> None:
    """Set what the desk shows of a conversation, without moving it or its version."""
    check_marks(values)
    update_conversation(unit.records, conversation_id, values)


def check_marks(values: Mapping[str, Any]) -> None:
    unknown = set(values) - {"subject", "topic", "mood", "mood_trend", "reason_code", "reason_words"}
    if unknown:
        raise ValueError(f"mark: {sorted(unknown)} cannot be set here. Use the verb that owns it.")


def _plain(holder: Holder) -> dict[str, Any]:
    return {"kind": holder.kind.value, "id": holder.id, "name": holder.name}
