"""The tables of endpoints and deliveries, and all their SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bothands.storage import Data, Days, Json, Lead, Moment, Until, keeps, metadata, steady
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint

endpoint_table = Table(
    "webhooks_endpoint",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("url", String(2_000), nullable=False),
    Column("event_types", Json, nullable=False),
    Column("include_text", Boolean, nullable=False),
    Column("description", String(200), nullable=False),
    Column("secret", String(300), nullable=False),
    Column("old_secret", String(300)),
    Column("old_secret_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("told_from", Moment, nullable=False),
    Column("told_to", Moment, nullable=False),
    Column("failing_since", Moment),
    Column("disabled_at", Moment),
    Column("disabled_reason", String(300)),
    Column("sending_job", String(40)),
    Column("sending_until", Moment),
    info=keeps(
        Data.SECRET,
        "Which systems of the company are told what happens, and how it is signed",
        Until("an admin deletes it"),
        withheld=("secret", "old_secret"),
    ),
)

delivery_table = Table(
    "webhooks_delivery",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("endpoint_id", String(40), ForeignKey("webhooks_endpoint.id"), nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("event_type", String(60), nullable=False),
    Column("conversation_id", String(40)),
    Column("body", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("last_at", Moment),
    Column("last_code", Integer),
    Column("last_milliseconds", Integer),
    Column("last_error", Text),
    UniqueConstraint("endpoint_id", "event_id"),
    Index("ix_webhooks_delivery_due", "endpoint_id", "state", "next_at"),
    Index("ix_webhooks_delivery_created_at", "created_at"),
    Index("ix_webhooks_delivery_conversation_id", "conversation_id"),
    info=keeps(
        Data.PERSONAL,
        "What the company's systems were told, in ids and times, and what they answered",
        Days(30, since="created_at"),
        leads=Lead("conversation_id", to="conversations_conversation.id"),
    ),
)

_IS_WAITING = delivery_table.c.state == DeliveryState.WAITING.value


def insert_endpoint(records: Connection, endpoint: Endpoint) -> None:
    records.execute(insert(endpoint_table).values(**msgspec.structs.asdict(endpoint)))


def endpoint_by_id(records: Connection, endpoint_id: str) -> Endpoint | None:
    """In a write this row is the lock of all that is done for the endpoint."""
    query = select(endpoint_table).where(endpoint_table.c.id == endpoint_id)
    row = records.execute(steady(records, query)).first()
    return _endpoint(row) if row else None


def all_endpoints(records: Connection) -> list[Endpoint]:
    rows = records.execute(select(endpoint_table).order_by(endpoint_table.c.created_at, endpoint_table.c.id))
    return [_endpoint(row) for row in rows]


def change_endpoint(records: Connection, endpoint_id: str, values: dict[str, Any]) -> None:
    records.execute(update(endpoint_table).where(endpoint_table.c.id == endpoint_id).values(**values))


def delete_endpoint(records: Connection, endpoint_id: str) -> None:
    records.execute(delete(delivery_table).where(delivery_table.c.endpoint_id == endpoint_id))
    records.execute(delete(endpoint_table).where(endpoint_table.c.id == endpoint_id))


def insert_deliveries(records: Connection, deliveries: Sequence[Delivery]) -> None:
    records.execute(insert(delivery_table), [msgspec.structs.asdict(delivery) for delivery in deliveries])


def known_events(records: Connection, endpoint_id: str, event_ids: Sequence[str]) -> set[str]:
    """Of these events, those that the endpoint has a delivery for."""
    rows = records.execute(
        select(delivery_table.c.event_id).where(
            and_(delivery_table.c.endpoint_id == endpoint_id, delivery_table.c.event_id.in_(event_ids))
        )
    )
    return set(rows.scalars())


def delivery_by_id(records: Connection, endpoint_id: str, delivery_id: str) -> Delivery | None:
    row = records.execute(
        select(delivery_table).where(
            and_(delivery_table.c.endpoint_id == endpoint_id, delivery_table.c.id == delivery_id)
        )
    ).first()
    return _delivery(row) if row else None


def due_deliveries(records: Connection, endpoint_id: str, now: datetime, limit: int) -> list[Delivery]:
    rows = records.execute(
        select(delivery_table)
        .where(
            and_(delivery_table.c.endpoint_id == endpoint_id, _IS_WAITING, delivery_table.c.next_at <= now)
        )
        .order_by(delivery_table.c.next_at, delivery_table.c.id)
        .limit(limit)
    )
    return [_delivery(row) for row in rows]


def endpoints_with_due(records: Connection, now: datetime) -> list[str]:
    """The endpoints that are not disabled and have something to be sent."""
    rows = records.execute(
        select(endpoint_table.c.id)
        .where(
            and_(
                endpoint_table.c.disabled_at.is_(None),
                select(delivery_table.c.id)
                .where(
                    and_(
                        delivery_table.c.endpoint_id == endpoint_table.c.id,
                        _IS_WAITING,
                        delivery_table.c.next_at <= now,
                    )
                )
                .exists(),
            )
        )
        .order_by(endpoint_table.c.id)
    )
    return list(rows.scalars())


def change_delivery(records: Connection, delivery_id: str, values: dict[str, Any]) -> None:
    records.execute(update(delivery_table).where(delivery_table.c.id == delivery_id).values(**values))


def send_again(records: Connection, endpoint_id: str, since: datetime, now: datetime) -> int:
    """Make all deliveries of events since then due."""
    done = records.execute(
        update(delivery_table)
        .where(and_(delivery_table.c.endpoint_id == endpoint_id, delivery_table.c.at >= since))
        .values(state=DeliveryState.WAITING.value, attempts=0, next_at=now)
    )
    return int(done.rowcount)


def delivery_page(
    records: Connection, endpoint_id: str, state: str | None, limit: int, before: tuple[datetime, str] | None
) -> list[Delivery]:
    """Newest first, after the cursor `before` = (created_at, id)."""
    query = select(delivery_table).where(delivery_table.c.endpoint_id == endpoint_id)
    if state is not None:
        query = query.where(delivery_table.c.state == state)
    if before is not None:
        at, delivery_id = before
        bound = tuple_(bindparam("before_at", at, type_=Moment()), bindparam("before_id", delivery_id))
        query = query.where(tuple_(delivery_table.c.created_at, delivery_table.c.id) < bound)
    newest = query.order_by(delivery_table.c.created_at.desc(), delivery_table.c.id.desc())
    return [_delivery(row) for row in records.execute(newest.limit(limit))]


def count_waiting(records: Connection) -> dict[str, int]:
    """Endpoint id → deliveries that still wait."""
    rows = records.execute(
        select(delivery_table.c.endpoint_id, func.count())
        .where(_IS_WAITING)
        .group_by(delivery_table.c.endpoint_id)
    )
    return {str(endpoint_id): int(count) for endpoint_id, count in rows}


def _endpoint(row: Row[*tuple[Any, ...]]) -> Endpoint:
    values = dict(row._mapping)
    return Endpoint(**values | {"event_types": tuple(values["event_types"])})


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    values = dict(row._mapping)
    return Delivery(**values | {"state": DeliveryState(values["state"])})
