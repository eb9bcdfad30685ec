"""The tables of what opens doors: visitors' keys and API keys; and all their SQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, delete, insert, select, update

from bothands.people.model import ApiKey, VisitorKey
from bothands.people.store import hash_of
from bothands.storage import Data, Json, Moment, Until, as_struct, keeps, metadata

visitor_key_table = Table(
    "people_visitor_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("contact_id", String(40), ForeignKey("people_contact.id"), nullable=False),
    # The inbox at which the company vouched for the contact: the key works there only. Empty: nobody did.
    Column("inbox_id", String(40)),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Index("ix_people_visitor_key_contact_id", "contact_id", "created_at"),
    Index("ix_people_visitor_key_expires_at", "expires_at"),
    info=keeps(
        Data.SECRET,
        "Know a browser again",
        Until("90 days without use, or 14 where the company vouched; or the contact is erased"),
        leads="contact_id",
        withheld=("key_hash",),
    ),
)

api_key_table = Table(
    "people_api_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    # How the key begins, so that a person knows which one it is.
    Column("hint", String(12), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_by_id", String(40), ForeignKey("people_agent.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    info=keeps(
        Data.SECRET,
        "Let programs of the company in",
        Until("the company is given up: what a key did names it"),
        withheld=("key_hash",),
    ),
)

_VISITOR_KEY = tuple(column for column in visitor_key_table.c if column.name != "key_hash")
_API_KEY = tuple(column for column in api_key_table.c if column.name != "key_hash")


# visitors


def insert_visitor_key(records: Connection, known: VisitorKey, key: str) -> None:
    row = msgspec.structs.asdict(known)
    records.execute(insert(visitor_key_table).values(**row, key_hash=hash_of(key)))


def visitor_key(records: Connection, key: str) -> VisitorKey | None:
    row = records.execute(select(*_VISITOR_KEY).where(visitor_key_table.c.key_hash == hash_of(key))).first()
    return as_struct(VisitorKey, row) if row else None


def has_visitor_key(records: Connection, key_id: str, now: datetime) -> bool:
    lives = visitor_key_table.c.expires_at.is_(None) | (visitor_key_table.c.expires_at > now)
    found = select(visitor_key_table.c.id).where((visitor_key_table.c.id == key_id) & lives)
    return records.execute(found).first() is not None


def prolong_visitor_key(records: Connection, key_id: str, expires_at: datetime) -> None:
    mine = visitor_key_table.c.id == key_id
    records.execute(update(visitor_key_table).where(mine).values(expires_at=expires_at))


def visitor_key_ids(records: Connection, contact_id: str) -> list[str]:
    """The contact's, newest first."""
    rows = records.execute(
        select(visitor_key_table.c.id)
        .where(visitor_key_table.c.contact_id == contact_id)
        .order_by(visitor_key_table.c.created_at.desc(), visitor_key_table.c.id.desc())
    )
    return [str(key_id) for key_id in rows.scalars()]


def drop_visitor_keys(records: Connection, key_ids: Collection[str]) -> None:
    records.execute(delete(visitor_key_table).where(visitor_key_table.c.id.in_(key_ids)))


def drop_expired_visitor_keys(records: Connection, now: datetime) -> None:
    records.execute(delete(visitor_key_table).where(visitor_key_table.c.expires_at <= now))


# programs


def insert_api_key(records: Connection, api_key: ApiKey, secret: str) -> None:
    row = msgspec.structs.asdict(api_key)
    records.execute(insert(api_key_table).values(**row, key_hash=hash_of(secret)))


def api_key_by_secret(records: Connection, secret: str) -> ApiKey | None:
    row = records.execute(select(*_API_KEY).where(api_key_table.c.key_hash == hash_of(secret))).first()
    return _api_key(row) if row else None


def living_api_keys(records: Connection) -> list[ApiKey]:
    """Those not revoked, newest first; the expired ones too."""
    rows = records.execute(
        select(*_API_KEY)
        .where(api_key_table.c.revoked_at.is_(None))
        .order_by(api_key_table.c.created_at.desc(), api_key_table.c.id.desc())
    )
    return [_api_key(row) for row in rows]


def change_api_key(records: Connection, key_id: str, values: dict[str, Any]) -> bool:
    """False when there is none, or it is revoked."""
    lives = (api_key_table.c.id == key_id) & api_key_table.c.revoked_at.is_(None)
    return records.execute(update(api_key_table).where(lives).values(**values)).rowcount == 1


def _api_key(row: Any) -> ApiKey:
    values = dict(row._mapping)
    return ApiKey(**values | {"scopes": tuple(values["scopes"])})
