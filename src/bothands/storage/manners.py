"""How the writer must treat a store: what went wrong, and how many writes may share a savepoint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, exc, text

from bothands.kit import Invalid

T = TypeVar("T", bound=Select[*tuple[object, ...]])

# The mark of a connection that writes; readers do not carry it.
WRITES = "bothands_writes"
# What the connection that writes calls itself on a server.
WRITER_NAME = "bothands writer"
HELD_QUERIES_MAX = 64


class Trouble(Enum):
    """Whose fault a failed write is, and so what to do about it."""

    OWN = "own"  # the write's own: tell its caller
    CONTENDED = "contended"  # another process was in the way: run it again, alone and patiently
    LOST = "lost"  # the connection is gone: nothing of an uncommitted batch is stored


@dataclass(frozen=True, slots=True)
class Manners:
    """What the writer has to know of the store it writes to."""

    items_per_savepoint: int
    trouble_of: Callable[[BaseException], Trouble]
    # Run first in the transaction of a write that failed in company: it may wait longer for its locks.
    be_patient: Callable[[Connection], None]


def plainly(error: BaseException) -> BaseException:
    """What a caller is told: a value that no database would keep is the value's fault, not ours."""
    is_too_big = isinstance(error, OverflowError) and "SQLite" in str(error)
    if not isinstance(error, exc.DataError) and not is_too_big:
        return error
    refusal = Invalid(
        "value",
        "it cannot be stored: it is too long, too large or has a NUL character",
        "shorten or correct it",
    )
    refusal.__cause__ = error
    return refusal


def steady(records: Connection, query: T, *, of: Table | None = None) -> T:
    """Inside a write: the rows this finds stay as they are until the commit. A read is left as it is.

    Whatever a verb reads in order to change it must be read this way: with several processes writing,
    only a lock makes "read, decide, write" one step. SQLite has one writer, and ignores it.
    """
    if records.dialect.name != "postgresql" or not records.get_execution_options().get(WRITES):
        return query
    held: T = _held(query, of)
    return held


@lru_cache(HELD_QUERIES_MAX)
def _held(query: Any, of: Table | None) -> Any:
    """Made once for a query that is made once."""
    # Not against new rows that merely point here by a foreign key.
    return query.with_for_update(key_share=True, of=of)


def take_turns(records: Connection, name: str, *, shared: bool = False) -> None:
    """Inside a write: wait until nobody else is at `name`; those who share it only wait for who does not.

    For what no row stands for, such as "no stop is pulled". SQLite has one writer, and ignores it.
    """
    if not records.get_execution_options().get(WRITES) or records.dialect.name != "postgresql":
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    records.execute(text(f"SELECT {function}(hashtextextended(:name, 0))"), {"name": f"turns {name}"})


def oldest_open_write(records: Connection) -> datetime | None:
    """When the oldest write began that a process has not committed yet, by the server's clock; None without.

    What is committed after this was asked may have happened as early as that. SQLite has one writer, whose
    writes are over in the order in which they began.
    """
    if records.dialect.name != "postgresql":
        return None
    began = (
        "SELECT min(xact_start) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"
    )
    found: datetime | None = records.execute(text(began), {"name": WRITER_NAME}).scalar()
    return found
