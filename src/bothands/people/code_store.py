"""The table of codes that prove an address, and all its SQL."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, Integer, String, Table, and_, func, insert, select, update

from bothands.people.store import hash_of
from bothands.storage import Data, Days, Json, Moment, keeps, metadata, steady, take_turns

code_table = Table(
    "people_code",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("address", String(254), nullable=False),
    # What the asking browser keeps: six digits are soon guessed from their hash, but open nothing without.
    Column("ask_hash", String(64), nullable=False, unique=True),
    # Several: a mail that is sent anew after an unclear failure carries another code, and either may arrive.
    Column("code_hashes", Json, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("consumed_at", Moment),
    Index("ix_people_code_address", "address", "purpose", "created_at"),
    Index("ix_people_code_created_at", "created_at"),
    info=keeps(
        Data.SECRET,
        "Let somebody prove by a code that an address is theirs",
        Days(2, since="created_at"),
        withheld=("ask_hash", "code_hashes"),
    ),
)


class Asked(NamedTuple):
    """A code somebody asked for, while it may still be used."""

    id: str
    purpose: str
    address: str
    code_hashes: list[str]


_ASKED = tuple(code_table.c[name] for name in Asked._fields)


def insert_code(records: Connection, asked: Asked, ask: str, at: datetime, expires_at: datetime) -> None:
    records.execute(
        insert(code_table).values(
            **asked._asdict(), ask_hash=hash_of(ask), tries=0, created_at=at, expires_at=expires_at
        )
    )


def count_codes(
    records: Connection, purpose: str, address: str, since: datetime
) -> tuple[int, datetime | None]:
    """How many were asked for since then, and when the first of them; whoever asks next waits for us."""
    take_turns(records, f"code {purpose} {address}")
    mine = and_(code_table.c.address == address, code_table.c.purpose == purpose)
    found = select(func.count(), func.min(code_table.c.created_at)).where(
        mine, code_table.c.created_at > since
    )
    count, first_at = records.execute(found).one()
    return int(count), first_at


def code_by_id(records: Connection, code_id: str, now: datetime) -> Asked | None:
    """As long as it may be used; in a write it is held."""
    row = records.execute(
        steady(records, select(*_ASKED).where(code_table.c.id == code_id, _lives(now)))
    ).first()
    return Asked(*row) if row else None


def put_code_hashes(records: Connection, code_id: str, hashes: list[str]) -> None:
    records.execute(update(code_table).where(code_table.c.id == code_id).values(code_hashes=hashes))


def count_try(records: Connection, purpose: str, ask: str, now: datetime, tries_max: int) -> Asked | None:
    """Count one try, if one is left; the UPDATE itself is the counter, so that two at once are two."""
    mine = and_(code_table.c.ask_hash == hash_of(ask), code_table.c.purpose == purpose)
    row = records.execute(
        update(code_table)
        .where(mine, _lives(now), code_table.c.tries < tries_max)
        .values(tries=code_table.c.tries + 1)
        .returning(*_ASKED)
    ).first()
    return Asked(*row) if row else None


def consume_code(records: Connection, code_id: str, at: datetime) -> None:
    records.execute(update(code_table).where(code_table.c.id == code_id).values(consumed_at=at))


def _lives(now: datetime) -> Any:
    return and_(code_table.c.consumed_at.is_(None), code_table.c.expires_at > now)
