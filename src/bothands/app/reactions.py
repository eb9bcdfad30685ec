"""When this event, these jobs; and what each job kind does. One flat list each."""

from collections.abc import Mapping

import msgspec

from bothands.conversations import ConversationClosed, MessageReceived
from bothands.handoff import FORGET
from bothands.jobs import event_kind

REACTIONS: tuple[tuple[type[msgspec.Struct], str], ...] = (
    # event, job kind
    (MessageReceived, "take_turn"),
    (ConversationClosed, "settle_closing"),
    (ConversationClosed, FORGET),
)


def reactions() -> Mapping[str, tuple[str, ...]]:
    """Event kind → job kinds, as `Database.react` takes it."""
    table: dict[str, tuple[str, ...]] = {}
    for event, job_kind in REACTIONS:
        kind = event_kind(event)
        table[kind] = (*table.get(kind, ()), job_kind)
    return table
