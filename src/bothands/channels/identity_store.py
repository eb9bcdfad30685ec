"""The tables behind signed identity: each inbox's secrets, and the tokens that were used; all their SQL."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from bothands.channels.model import InboxSecret
from bothands.storage import Data, Moment, Until, as_struct, keeps, metadata, take_turns

secret_table = Table(
    "channels_inbox_secret",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("inbox_id", String(40), ForeignKey("conversations_inbox.id"), nullable=False),
    # Sealed by the key file: checking a signature takes the secret itself, a hash would not do.
    Column("sealed", Text, nullable=False),
    Column("hint", String(12), nullable=False),
    # Empty: from the command line.
    Column("made_by_id", String(40), ForeignKey("people_agent.id")),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    Index("ix_channels_inbox_secret_inbox_id", "inbox_id", "revoked_at"),
    info=keeps(
        Data.SECRET,
        "Check that the company's own server signed who a visitor is",
        Until("it is revoked: then only that there was one stays"),
        withheld=("sealed",),
    ),
)

spent_token_table = Table(
    "channels_spent_token",
    metadata,
    # Of the inbox and the token's jti.
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Index("ix_channels_spent_token_expires_at", "expires_at"),
    info=keeps(Data.SECRET, "Take each signed token once", Until("the token expires: the job drop_expired")),
)

_SECRET = tuple(column for column in secret_table.c if column.name != "sealed")


def insert_secret(records: Connection, secret: InboxSecret, sealed: str) -> None:
    records.execute(insert(secret_table).values(**msgspec.structs.asdict(secret), sealed=sealed))


def living_secrets(records: Connection, inbox_id: str) -> list[InboxSecret]:
    """Newest first. In a write, two who make or revoke one at this inbox take turns."""
    take_turns(records, f"secrets {inbox_id}")
    rows = records.execute(
        select(*_SECRET)
        .where((secret_table.c.inbox_id == inbox_id) & secret_table.c.revoked_at.is_(None))
        .order_by(secret_table.c.created_at.desc(), secret_table.c.id.desc())
    )
    return [as_struct(InboxSecret, row) for row in rows]


def sealed_secrets(records: Connection, inbox_id: str) -> dict[str, str]:
    """id → sealed, of those that are valid, newest first."""
    rows = records.execute(
        select(secret_table.c.id, secret_table.c.sealed)
        .where((secret_table.c.inbox_id == inbox_id) & secret_table.c.revoked_at.is_(None))
        .order_by(secret_table.c.created_at.desc(), secret_table.c.id.desc())
    )
    return {row.id: row.sealed for row in rows}


def all_sealed(records: Connection) -> list[str]:
    """Those of all inboxes that are valid."""
    lives = secret_table.c.revoked_at.is_(None)
    return [str(sealed) for sealed in records.execute(select(secret_table.c.sealed).where(lives)).scalars()]


def change_secret(records: Connection, inbox_id: str, secret_id: str, values: dict[str, Any]) -> bool:
    """False when this inbox has no such secret, or no longer."""
    lives = secret_table.c.revoked_at.is_(None)
    mine = (secret_table.c.id == secret_id) & (secret_table.c.inbox_id == inbox_id) & lives
    return records.execute(update(secret_table).where(mine).values(**values)).rowcount == 1


def last_use_of(records: Connection, secret_id: str) -> tuple[bool, datetime | None]:
    """Whether the secret is valid, and when it was last used."""
    row = records.execute(
        select(secret_table.c.last_used_at, secret_table.c.revoked_at).where(secret_table.c.id == secret_id)
    ).first()
    return (row is not None and row.revoked_at is None), row.last_used_at if row else None


def is_spent(records: Connection, parts: Sequence[str]) -> bool:
    found = select(spent_token_table.c.token_hash).where(spent_token_table.c.token_hash == _hash(parts))
    return records.execute(found).first() is not None


def spend(records: Connection, parts: Sequence[str], expires_at: datetime) -> None:
    """Its primary key lets one of many through, whichever process they are in."""
    records.execute(insert(spent_token_table).values(token_hash=_hash(parts), expires_at=expires_at))


def drop_spent(records: Connection, before: datetime) -> None:
    records.execute(delete(spent_token_table).where(spent_token_table.c.expires_at < before))


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
