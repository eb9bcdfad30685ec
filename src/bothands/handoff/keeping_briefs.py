"""Keep a brief current while its conversation waits, and let a person put it right."""

from sqlalchemy import Connection

from bothands.conversations import By, Conversation, HolderKind, conversation_of, entries_since
from bothands.handoff.briefing import make_brief
from bothands.handoff.events import BriefChanged
from bothands.handoff.model import Brief, Label, Line, Part
from bothands.handoff.store import brief_by_conversation, put_brief, put_corrections
from bothands.jobs import announce
from bothands.kit import Invalid, NotFound, squeeze
from bothands.storage import Unit

ENTRIES_MAX = 500
CORRECTION_CHARS_MAX = 300


def refresh_brief(unit: Unit, conversation_id: str) -> Brief | None:
    """Make the brief anew from the present matter; None while the assistant has the conversation."""
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.holder_kind is HolderKind.ASSISTANT:
        return None
    return _made(unit, conversation)


def make_brief_anew(unit: Unit, conversation_id: str) -> None:
    """What it was made from says less than it did; where there was none, there is none now."""
    if brief_by_conversation(unit.records, conversation_id) is not None:
        _made(unit, conversation_of(unit.records, conversation_id))


def _made(unit: Unit, conversation: Conversation) -> Brief:
    # The newest entries count: of a very long matter the beginning is left out, never the end.
    start = max(conversation.matter_seq, conversation.seq - ENTRIES_MAX)
    entries = entries_since(unit.records, conversation.id, start, ENTRIES_MAX)
    brief = make_brief(entries, made_at=unit.now, matter_seq=conversation.matter_seq)
    put_brief(unit.records, conversation.id, brief, unit.now)
    announce(unit, BriefChanged(conversation.id, None))
    return brief


def brief_of(records: Connection, conversation_id: str) -> Brief | None:
    """The brief of the present matter, with what people put right in it."""
    found = brief_by_conversation(records, conversation_id)
    if found is None or found[0].matter_seq != conversation_of(records, conversation_id).matter_seq:
        return None
    brief, corrections = found
    lines = tuple(
        Line(line.label, (Part(fix["text"]),), True, line.entries, fix["by_name"])
        if (fix := corrections.get(line.label.value))
        else line
        for line in brief.lines
    )
    return Brief(brief.made_at, brief.messages, brief.matter_seq, lines)


def correct_brief(unit: Unit, conversation_id: str, label: Label | str, text: str, *, by: By) -> Brief:
    """A person's own words for one line; they stay when the brief is made anew."""
    conversation = conversation_of(unit.records, conversation_id)
    found = brief_by_conversation(unit.records, conversation_id)
    if found is None or found[0].matter_seq != conversation.matter_seq:
        raise NotFound(f"brief of {conversation_id}", "none was made yet", "take the conversation over first")
    try:
        label = Label(label)
    except ValueError:
        known = ", ".join(known.value for known in Label)
        raise Invalid(
            f"line {str(label)[:40]!r}", "a brief has no such line", f"use one of: {known}"
        ) from None
    words = squeeze(text)
    if not 1 <= len(words) <= CORRECTION_CHARS_MAX:
        raise Invalid(
            "line of the brief", f"it must have 1 to {CORRECTION_CHARS_MAX} characters", "shorten it"
        )
    fixed = {"text": words, "by_id": by.id, "by_name": by.name or by.kind.value, "at": unit.now.isoformat()}
    put_corrections(unit.records, conversation_id, {**found[1], label.value: fixed}, unit.now)
    announce(unit, BriefChanged(conversation_id, fixed["by_name"]))
    brief = brief_of(unit.records, conversation_id)
    assert brief is not None, "it was read a moment ago in this transaction"
    return brief
