"""Which events a company may be told of, under which names, and how each is written."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from bothands.conversations import (
    ConversationClosed,
    ConversationOpened,
    ConversationReopened,
    EntryKind,
    MessagePosted,
    MessageReceived,
    conversation_of,
    entries_since,
)
from bothands.handoff import HandedBack, PersonAsked, TakenOver
from bothands.jobs import event_kind
from bothands.kit import NotFound

TEST_TYPE = "webhook.test"


class EventType(NamedTuple):
    name: str
    event: type[msgspec.Struct]
    # What of the event is told. Texts that people wrote, reasons too, are not among it.
    fields: tuple[str, ...]
    help: str


EVENT_TYPES = (
    EventType("conversation.opened", ConversationOpened, (), "A conversation began."),
    EventType(
        "message.received",
        MessageReceived,
        ("entry_id", "seq"),
        "A contact wrote.",
    ),
    EventType(
        "message.sent",
        MessagePosted,
        ("entry_id", "seq", "author_kind"),
        "The assistant or an agent wrote to the contact.",
    ),
    EventType(
        "conversation.handed_over",
        PersonAsked,
        ("on_duty",),
        "The assistant brought a person in; the contact waits.",
    ),
    EventType(
        "conversation.taken_over",
        TakenOver,
        ("agent_id", "from_kind"),
        "An agent has it now.",
    ),
    EventType(
        "conversation.handed_back",
        HandedBack,
        ("agent_id",),
        "The assistant has it again.",
    ),
    EventType(
        "conversation.closed",
        ConversationClosed,
        ("seq", "by_kind"),
        "It ended for now.",
    ),
    EventType(
        "conversation.reopened",
        ConversationReopened,
        ("seq",),
        "It goes on.",
    ),
)
_BY_KIND = {event_kind(item.event): item for item in EVENT_TYPES}
_BY_NAME = {item.name: item for item in EVENT_TYPES}


def type_names() -> tuple[str, ...]:
    return tuple(_BY_NAME)


def type_of_kind(kind: str) -> str:
    return _BY_KIND[kind].name


def kinds_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """The event kinds behind these names."""
    return tuple(event_kind(_BY_NAME[name].event) for name in names if name in _BY_NAME)


def is_told(event: object) -> bool:
    """Whether somebody could want to hear of it."""
    return any(isinstance(event, item.event) for item in EVENT_TYPES)


def thin(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an event for its delivery: ids, kinds and numbers."""
    fields = ("conversation_id", *_BY_KIND[kind].fields)
    return {name: body[name] for name in fields if name in body}


def payload_of(
    records: Connection, event_type: str, at: datetime, body: dict[str, Any], *, include_text: bool
) -> dict[str, Any]:
    """What is sent. A message's text is read only now, so that none is kept beside the timeline."""
    data = dict(body)
    if conversation_id := body.get("conversation_id"):
        try:
            conversation = conversation_of(records, conversation_id)
            data |= {"contact_id": conversation.contact_id, "inbox_id": conversation.inbox_id}
        except NotFound:
            pass  # erased meanwhile: the ids are all that is left to tell
        if include_text and event_type.startswith("message."):
            data["text"] = _text(records, conversation_id, body["seq"])
    return {"type": event_type, "timestamp": at, "data": data}


def _text(records: Connection, conversation_id: str, seq: int) -> str | None:
    found = entries_since(records, conversation_id, seq - 1, 1)
    return found[0].body if found and found[0].kind is EntryKind.MESSAGE else None
