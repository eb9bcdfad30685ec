"""The table of requests for a contact's data, and all its SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    insert,
    select,
    update,
)

from bothands.privacy.model import DataRequest, RequestKind
from bothands.storage import Data, Days, Emptied, Json, Moment, keeps, metadata

PROOF_DAYS = 1_095

request_table = Table(
    "privacy_request",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("contact_id", String(40), ForeignKey("people_contact.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("with_notes", Boolean, nullable=False),
    Column("asked_at", Moment, nullable=False),
    # No foreign key: whoever has the command line is no agent.
    Column("by_id", String(40)),
    Column("by_name", String(200), nullable=False),
    Column("contents", Json, nullable=False),
    Column("done_at", Moment),
    Column("expires_at", Moment),
    Column("size_bytes", Integer),
    Column("taken_at", Moment),
    CheckConstraint("kind IN ('export','erasure')", name="kind"),
    Index("ix_privacy_request_contact_id", "contact_id", "kind"),
    info=keeps(
        Data.STAFF,
        "Who had a contact's data exported or erased, and when: the proof that it was done",
        Days(PROOF_DAYS, since="done_at"),
        leads="contact_id",
        emptied=Emptied({}, stays=("kind", "by_id", "by_name", "contents")),
        withheld=("contents",),
    ),
)


def insert_request(records: Connection, request: DataRequest) -> None:
    values = msgspec.structs.asdict(request) | {"kind": request.kind.value}
    records.execute(insert(request_table).values(**values))


def request_by_id(records: Connection, request_id: str) -> DataRequest | None:
    row = records.execute(select(request_table).where(request_table.c.id == request_id)).first()
    return _request(row) if row else None


def open_request(records: Connection, contact_id: str, kind: RequestKind) -> DataRequest | None:
    """One that is not done yet."""
    row = records.execute(
        select(request_table).where(
            and_(
                request_table.c.contact_id == contact_id,
                request_table.c.kind == kind.value,
                request_table.c.done_at.is_(None),
            )
        )
    ).first()
    return _request(row) if row else None


def exports_of(records: Connection, contact_id: str) -> list[str]:
    """The ids of all exports of a contact: each may have a file."""
    found = records.execute(
        select(request_table.c.id).where(
            and_(request_table.c.contact_id == contact_id, request_table.c.kind == RequestKind.EXPORT.value)
        )
    )
    return [str(request_id) for request_id in found.scalars()]


def to_be_fetched(records: Connection, request_ids: Sequence[str], now: datetime) -> set[str]:
    """Those of these exports whose file may still be fetched, or is being made."""
    found = records.execute(
        select(request_table.c.id, request_table.c.expires_at).where(
            and_(request_table.c.id.in_(request_ids), request_table.c.taken_at.is_(None))
        )
    )
    return {str(row.id) for row in found if row.expires_at is None or row.expires_at > now}


def change_request(records: Connection, request_id: str, values: dict[str, Any]) -> None:
    records.execute(update(request_table).where(request_table.c.id == request_id).values(**values))


def take_once(records: Connection, request_id: str, now: datetime) -> bool:
    """True for the one caller who may fetch the file."""
    done = records.execute(
        update(request_table)
        .where(
            and_(
                request_table.c.id == request_id,
                request_table.c.taken_at.is_(None),
                request_table.c.expires_at > now,
            )
        )
        .values(taken_at=now)
    )
    return done.rowcount == 1


def _request(row: Any) -> DataRequest:
    values = dict(row._mapping)
    values["kind"] = RequestKind(values["kind"])
    values["contents"] = tuple(values["contents"])
    return DataRequest(**values)
