"""The database as the rooms see it: read, write, write many."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from sqlalchemy import Connection, Engine

from bothands.kit import Clock, Ids, Invalid, RandomIds, SystemClock, Unavailable
from bothands.storage.engine import (
    READERS_MAX,
    SQLITE_MANNERS,
    compact,
    own,
    sqlite_readers,
    sqlite_writer,
)
from bothands.storage.hearsay import Hearsay
from bothands.storage.manners import Manners, Trouble, plainly
from bothands.storage.migrating import migrate
from bothands.storage.postgres import (
    POSTGRES_MANNERS,
    check_server,
    conninfo,
    postgres_readers,
    postgres_url,
    postgres_writer,
)
from bothands.storage.unit import Unit
from bothands.storage.writer import Listener, Measure, Writer

T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Store:
    """The opened ends of one store: a file that is ours alone, or a server shared with other processes."""

    writing: Engine
    reading: Engine
    manners: Manners
    lock: IO[str] | None = None
    conninfo: str | None = None


class Database:
    """One database, opened. Make it with `open_database`."""

    def __init__(self, store: Store, *, clock: Clock, ids: Ids, source: random.Random) -> None:
        self.clock = clock
        self.ids = ids
        self.random = source
        self.reads = 0
        self._store = store
        self._reactions: Mapping[str, Sequence[str]] = {}
        self._listeners: list[Listener] = []
        self._readers = ThreadPoolExecutor(READERS_MAX, thread_name_prefix="bothands-reader")
        self._writer = Writer(store.writing, self._begin, store.manners)
        self._hearsay = Hearsay(store.conninfo, self._hear) if store.conninfo else None
        if self._hearsay is not None:
            self._writer.listen(self._hearsay.tell)

    def react(self, reactions: Mapping[str, Sequence[str]]) -> None:
        """Say once, at wiring, which job kinds follow which event kind."""
        self._reactions = reactions

    def listen(self, listener: Listener) -> None:
        """Hear the events of every commit, after it, on the writer's thread.

        What other processes committed is heard too, as a hint, on a thread of its own.
        """
        self._listeners.append(listener)
        self._writer.listen(listener)

    @property
    def is_alone(self) -> bool:
        """Whether no other process can have this database open."""
        return self._store.lock is not None

    def live_as(self, owner: str) -> None:
        """Let other processes see that `owner` lives, until this process ends in whatever way."""
        if self._hearsay is not None:
            self._hearsay.live_as(owner)

    def tell(self, hints: Sequence[object]) -> None:
        """Whisper to other processes what no commit carries, and what may be lost."""
        if self._hearsay is not None:
            self._hearsay.whisper(hints)

    def measure(self, measure: Measure) -> None:
        """Tell `measure` of each commit: how many writes, how many seconds; on the writer's thread."""
        self._writer.measure = measure

    @property
    def writes_waiting(self) -> int:
        return self._writer.waiting

    def read_now(self, fn: Callable[[Connection], T]) -> T:
        """Run a read on this thread, in one snapshot; after a lost connection, once more on a new one."""
        for is_last in (False, True):
            try:
                return self._read(fn)
            except Exception as error:
                if self._store.manners.trouble_of(error) is not Trouble.LOST:
                    if (told := plainly(error)) is not error:
                        raise told from error
                    raise
                if is_last:
                    raise Unavailable("database", "it cannot be reached", "try again in a moment") from error
        raise AssertionError("the last try returned or raised")

    def _read(self, fn: Callable[[Connection], T]) -> T:
        with self._store.reading.connect() as records, records.begin():
            return fn(records)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run a read in the readers' pool, in one snapshot."""
        self.reads += 1
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, fn)

    def write_now(self, fn: Callable[[Unit], T]) -> T:
        """Run a write on the writer's thread and wait until it is on disk."""
        result: T = self._writer.submit(fn, Future()).result()
        return result

    async def write(self, fn: Callable[[Unit], T]) -> T:
        """Run a write on the writer's thread; returns once it is on disk.

        `fn` may run again when another process was in its way: only rows and its Unit may bear its marks.
        """
        result: T = await self._writer.submit(fn, asyncio.get_running_loop().create_future())
        return result

    async def write_many(self, many: Callable[[Unit, Sequence[V]], Sequence[T]], value: V) -> T:
        """As `write`, for the message path: waiting values of the same `many` go in one call."""
        waiting = asyncio.get_running_loop().create_future()
        result: T = await self._writer.submit_many(many, value, waiting)
        return result

    async def compact(self) -> None:
        """Let nothing that was deleted be found in a file's bytes; writes wait meanwhile.

        A server does so by itself in its own time (PostgreSQL's autovacuum), and is left alone.
        """
        if self.is_alone:
            await self._writer.submit_apart(compact, asyncio.get_running_loop().create_future())

    def close(self) -> None:
        """Finish the accepted writes, then let go of the files."""
        self._writer.close()
        if self._hearsay is not None:
            self._hearsay.close()
        self._readers.shutdown()
        self._store.reading.dispose()
        self._store.writing.dispose()
        if self._store.lock is not None:
            self._store.lock.close()

    def _begin(self, connection: Connection) -> Unit:
        return Unit(connection, self.clock.now(), self.ids, self.random, self._reactions)

    def _hear(self, events: Sequence[object]) -> None:
        for listener in self._listeners:
            listener(events)


def open_database(
    url: str, *, clock: Clock | None = None, ids: Ids | None = None, source: random.Random | None = None
) -> Database:
    """Migrate and open the database behind `sqlite:///path` or `postgresql://name@host/base`.

    Raises DatabaseOwned when another process has the file, SchemaUnknown when a newer release made it,
    Unavailable when no server answers.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        store = _open_file(Path(rest[1:]))
    elif scheme in ("postgresql", "postgres"):
        store = _open_server(f"postgresql://{rest}")
    else:
        raise Invalid(
            f"database {scheme}://…",
            "only sqlite:///path and postgresql://name@host/base are known",
            "write sqlite:///data/bothands.db",
        )
    clock = clock or SystemClock()
    source = source or random.SystemRandom()
    return Database(store, clock=clock, ids=ids or RandomIds(clock, source), source=source)


def _open_file(path: Path) -> Store:
    lock = own(path)
    try:
        writing = sqlite_writer(path)
        migrate(writing)
    except BaseException:
        lock.close()
        raise
    return Store(writing, sqlite_readers(path), SQLITE_MANNERS, lock=lock)


def _open_server(address: str) -> Store:
    url = postgres_url(address)
    writing = postgres_writer(url)
    check_server(writing, url)
    migrate(writing)
    return Store(writing, postgres_readers(url), POSTGRES_MANNERS, conninfo=conninfo(url))
