"""How a SQLite file is opened. All that differs between the stores is here and in `postgres.py`."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from bothands.kit import Conflict, Unavailable
from bothands.storage.manners import Manners, Trouble

READERS_MAX = 4
BUSY_MILLISECONDS = 5_000


# One writer, so nobody is ever in its way; a savepoint costs next to nothing.
SQLITE_MANNERS = Manners(
    items_per_savepoint=1, trouble_of=lambda error: Trouble.OWN, be_patient=lambda connection: None
)


class DatabaseOwned(Conflict):
    """Two processes on one SQLite file could corrupt it: the second one is refused."""

    code = "database-owned"
    title = "Another process owns this database"


def own(path: Path) -> IO[str]:
    """Take the lock that says: this process, and no other, has the SQLite file open.

    SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at the same
    instant (sqlite.org/wal.html#walresetbug). One process and one writing connection rule that out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = open(path.with_name(path.name + ".lock"), "a+")  # noqa: SIM115 (held for the process's life)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise DatabaseOwned(
            f"database {path.name}",
            f"process {owner} has it open",
            "stop that process first, or give this one another --data folder",
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def sqlite_writer(path: Path) -> Engine:
    """The one connection that writes and checkpoints."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "mmap_size=0",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_readers(path: Path) -> Engine:
    """A small pool of connections that cannot write, whatever they are asked."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=READERS_MAX)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # One snapshot for the whole read, however many statements it takes.
        connection.exec_driver_sql("BEGIN")

    return engine


def compact(file: sqlite3.Connection) -> None:
    """Write the file anew, without what was deleted from it, and leave no log of pages beside it.

    For the one connection that writes, outside of a transaction. Needs as much free disk as the file has.
    """
    # An index of words keeps deleted ones until its parts are merged.
    indexes = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
    for (name,) in file.execute(indexes).fetchall():
        file.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")
    file.execute("PRAGMA temp_store=FILE")
    try:
        file.execute("VACUUM")
    finally:
        file.execute("PRAGMA temp_store=MEMORY")
    (is_busy, *_) = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise Unavailable("database file", "a long read still needs its old pages", "try again in a moment")
