"""A contact's message comes in: stored once, in order, with the event that starts everything else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from bothands.conversations.events import ConversationOpened, ConversationReopened, MessageReceived
from bothands.conversations.masking import mask
from bothands.conversations.model import (
    AuthorKind,
    Conversation,
    Entry,
    EntryKind,
    HolderKind,
    Inbound,
    Received,
)
from bothands.conversations.store import (
    Pair,
    entries_by_client_id,
    insert_conversations,
    insert_entries,
    latest_conversations,
    update_conversation,
    update_many,
)
from bothands.jobs import announce
from bothands.kit import Invalid, excerpt
from bothands.people import hold_contacts, refuse_erased
from bothands.storage import Unit

MESSAGE_CHARS_MAX = 4_000
ATTACHMENTS_MAX = 5
CLIENT_ID_CHARS_MAX = 80
PREVIEW_CHARS = 120
SUBJECT_CHARS = 80
# A message this soon after a closing goes on in the same conversation, as a new matter.
REOPEN_DAYS_MAX = 7
# A lone surrogate: no text that could be written down anywhere.
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


@dataclass(slots=True)
class _Line:
    """A conversation as it grows while a batch is being received."""

    conversation: Conversation
    is_new: bool = False
    is_reopened: bool = False
    entries: list[Entry] = field(default_factory=list)


def check_inbound(inbound: Inbound) -> None:
    """Refuse what may not be stored; called at the edge, so that one bad message costs nobody else."""
    text = inbound.text
    if not text.strip() and not inbound.attachments:
        raise Invalid("message", "it is empty", "write something, or add a photo")
    if len(text) > MESSAGE_CHARS_MAX:
        raise Invalid(
            "message",
            f"it has {len(text)} characters, at most {MESSAGE_CHARS_MAX} are taken",
            "send it in several messages",
        )
    if "\x00" in text:
        raise Invalid("message", "it contains a NUL character", "remove it and send again")
    if _HALF_CHARACTER.search(text):
        raise Invalid("message", "it contains half a character", "remove it and send again")
    if len(inbound.attachments) > ATTACHMENTS_MAX:
        raise Invalid(
            "message",
            f"it has {len(inbound.attachments)} photos",
            f"send at most {ATTACHMENTS_MAX} at a time",
        )
    if not 1 <= len(inbound.client_id) <= CLIENT_ID_CHARS_MAX:
        raise Invalid(
            "client_id", f"it must have 1 to {CLIENT_ID_CHARS_MAX} characters", "make one id per message"
        )


def receive(unit: Unit, inbound: Inbound) -> Received:
    """Store one message; a repeat of the same `client_id` returns what is stored already."""
    return receive_many(unit, [inbound])[0]


def receive_many(unit: Unit, inbounds: Sequence[Inbound]) -> list[Received]:
    """Store a batch with a fixed number of statements; all of it or, when it raises, none."""
    for inbound in inbounds:
        check_inbound(inbound)
    # Here, where every contact's message comes by, whatever brought it.
    inbounds = [msgspec.structs.replace(inbound, text=mask(inbound.text)) for inbound in inbounds]
    keys = list(dict.fromkeys((i.inbox_id, i.contact_id) for i in inbounds))
    lines = _known_lines(unit, keys)
    stored = entries_by_client_id(
        unit.records,
        [
            (line.conversation.id, i.client_id)
            for i in inbounds
            if (line := lines.get((i.inbox_id, i.contact_id)))
        ],
    )
    received: list[tuple[Pair, Entry, bool]] = []
    for inbound in inbounds:
        key = (inbound.inbox_id, inbound.contact_id)
        line = _line_for(unit, inbound, lines.get(key), stored)
        lines[key] = line
        repeat = stored.get((line.conversation.id, inbound.client_id))
        if repeat is not None:
            received.append((key, repeat, False))
            continue
        entry = _append(unit, line, inbound)
        stored[(line.conversation.id, inbound.client_id)] = entry
        received.append((key, entry, True))
    _write(unit, list(lines.values()))
    events = [MessageReceived(e.conversation_id, e.id, e.seq) for _, e, is_new in received if is_new]
    if events:
        announce(unit, *_beginnings(lines.values()), *events)
    return [Received(entry, lines[key].conversation, is_new) for key, entry, is_new in received]


def _beginnings(lines: Iterable[_Line]) -> Iterator[ConversationOpened | ConversationReopened]:
    for line in lines:
        if line.is_new:
            yield ConversationOpened(line.conversation.id)
        elif line.is_reopened:
            yield ConversationReopened(line.conversation.id, line.conversation.matter_seq)


def _known_lines(unit: Unit, keys: Sequence[Pair]) -> dict[Pair, _Line]:
    """The newest conversation of each key, held until the commit."""
    found = latest_conversations(unit.records, keys)
    # Whoever is erased has no open conversation: only what would begin or begin anew needs a look.
    if starting := [key for key in keys if key not in found or not found[key].is_open]:
        refuse_erased(unit.records, [contact_id for _, contact_id in starting])
    if new := [key for key in keys if key not in found or not _goes_on(unit, found[key])]:
        # Another process may begin the same conversation right now: the contact is what both must hold.
        hold_contacts(unit.records, [contact_id for _, contact_id in new])
        found |= latest_conversations(unit.records, new)
    return {key: _Line(known) for key, known in found.items()}


def _goes_on(unit: Unit, known: Conversation) -> bool:
    """Whether a message now belongs to this conversation, reopened if need be."""
    return known.closed_at is None or unit.now - known.closed_at <= timedelta(days=REOPEN_DAYS_MAX)


def _line_for(unit: Unit, inbound: Inbound, line: _Line | None, stored: dict[Pair, Entry]) -> _Line:
    """The line this message goes to: the open one, a reopened one or a new one."""
    if line is not None:
        known = line.conversation
        if known.is_open or (known.id, inbound.client_id) in stored:
            return line
        if _goes_on(unit, known):
            _begin_matter(unit, line)
            return line
    return _Line(_new_conversation(unit, inbound), is_new=True)


def _new_conversation(unit: Unit, inbound: Inbound) -> Conversation:
    return Conversation(
        id=unit.ids.new("conv"),
        inbox_id=inbound.inbox_id,
        contact_id=inbound.contact_id,
        holder_kind=HolderKind.ASSISTANT,
        holder_id=None,
        holder_name="",
        version=0,
        seq=0,
        matter_seq=0,
        opened_at=unit.now,
        updated_at=unit.now,
        closed_at=None,
        waiting_since=None,
        subject=excerpt(inbound.text, SUBJECT_CHARS) or "Photo",
        topic=None,
        reason_code=None,
        reason_words=None,
        mood="neutral",
        mood_trend=[],
        needs_reply=True,
        preview="",
    )


def _begin_matter(unit: Unit, line: _Line) -> None:
    """Reopen for something new: what was closed stays closed and is not dragged along."""
    old = line.conversation
    reopening = Entry(
        old.id,
        old.seq + 1,
        unit.ids.new("ent"),
        EntryKind.REOPENING,
        AuthorKind.CONTACT,
        old.contact_id,
        None,
        None,
        "",
        {"why": "new_message"},
        unit.now,
    )
    line.entries.append(reopening)
    line.is_reopened = True
    line.conversation = _changed(
        old,
        seq=old.seq + 1,
        matter_seq=old.seq + 1,
        closed_at=None,
        holder_kind=HolderKind.ASSISTANT,
        holder_id=None,
        holder_name="",
        waiting_since=None,
        topic=None,
        reason_code=None,
        reason_words=None,
        mood="neutral",
        mood_trend=[],
    )


def _append(unit: Unit, line: _Line, inbound: Inbound) -> Entry:
    before = line.conversation
    entry = Entry(
        before.id,
        before.seq + 1,
        unit.ids.new("msg"),
        EntryKind.MESSAGE,
        AuthorKind.CONTACT,
        before.contact_id,
        None,
        None,
        inbound.text,
        {"attachments": list(inbound.attachments)} if inbound.attachments else {},
        unit.now,
        inbound.client_id,
    )
    line.entries.append(entry)
    line.conversation = _changed(
        before,
        seq=entry.seq,
        version=before.version + 1,
        updated_at=unit.now,
        needs_reply=True,
        waiting_since=before.waiting_since or unit.now,
        preview=excerpt(inbound.text, PREVIEW_CHARS) or "Photo",
    )
    return entry


def _write(unit: Unit, lines: Sequence[_Line]) -> None:
    grown = [line for line in lines if line.entries]
    new = [_row(line.conversation) for line in grown if line.is_new]
    if new:
        insert_conversations(unit.records, new)
    for line in grown:
        if line.is_reopened:
            update_conversation(unit.records, line.conversation.id, _row(line.conversation))
    update_many(
        unit.records,
        [_moved(line.conversation) for line in grown if not line.is_new and not line.is_reopened],
    )
    entries = [entry for line in grown for entry in line.entries]
    if entries:
        insert_entries(unit.records, entries)


def _moved(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "seq": conversation.seq,
        "version": conversation.version,
        "updated_at": conversation.updated_at,
        "waiting_since": conversation.waiting_since,
        "preview": conversation.preview,
        "needs_reply": conversation.needs_reply,
    }


def _row(conversation: Conversation) -> dict[str, Any]:
    return {name: getattr(conversation, name) for name in conversation.__struct_fields__}


def _changed(conversation: Conversation, **values: Any) -> Conversation:
    return msgspec.structs.replace(conversation, **values)
