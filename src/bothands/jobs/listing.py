"""Read the events one after another, for those who tell the outside what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from bothands.jobs.store import event_table
from bothands.storage import as_struct


class Event(msgspec.Struct, frozen=True):
    """Something that happened, as its row."""

    id: str
    kind: str
    body: dict[str, Any]
    at: datetime


def events_after(records: Connection, after: str, kinds: Sequence[str], limit: int) -> list[Event]:
    """Events of these kinds in the order of their ids, which is that of time."""
    table = event_table
    rows = records.execute(
        select(table.c.id, table.c.kind, table.c.body, table.c.at)
        .where(and_(table.c.id > after, table.c.kind.in_(kinds)))
        .order_by(table.c.id)
        .limit(limit)
    )
    return [as_struct(Event, row) for row in rows]
