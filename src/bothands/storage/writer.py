"""The one thread that writes: many callers, one commit.

Waiting writes are gathered into a batch, kept apart by savepoints, and committed together; a caller
hears back only after the commit, so an answer means "on disk". One failing item rolls back to its
savepoint and spoils nothing else. Items with the same set-based function are run in one call, and item
by item again when that call fails; where they are the whole batch, the transaction is their savepoint.

Where several processes write, a write may find another process in its way. Then the batch ends before
it, is committed (so that nobody waits for our locks meanwhile), and that one write runs again, alone.
So a write may run more than once before it counts: it must have no effect but on rows and its Unit.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, exc

from bothands.kit import Overloaded, Unavailable
from bothands.storage.answering import Answer, W, Waiting, answer, is_awaited
from bothands.storage.line import Line
from bothands.storage.manners import Manners, Trouble, plainly
from bothands.storage.unit import Unit

WRITES_WAITING_MAX = 4_000
BATCH_ITEMS_MAX = 256
# Single writes cost far more each than those of the message path: beside messages only a few go along.
SINGLES_BESIDE_MANY_MAX = 4
ALONE_TRIES_MAX = 4
RETRY_AFTER_SECONDS = 1

log = logging.getLogger(__name__)

One = Callable[[Unit], Any]
Many = Callable[[Unit, Sequence[Any]], Sequence[Any]]
Apart = Callable[[Any], None]
Begin = Callable[[Connection], Unit]
Listener = Callable[[Sequence[object]], None]
Measure = Callable[[int, float], None]  # writes of a commit, its seconds


@dataclass(slots=True, eq=False)
class _Item:
    waiting: Waiting
    one: One | None
    many: Many | None = None
    value: Any = None
    apart: Apart | None = None
    result: Any = None
    error: BaseException | None = None
    told: Sequence[object] = ()


class _Contended(Exception):
    """Another process was in the way of one write."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Spoilt(Exception):
    """One of a batch that was run in one call failed, and with it the transaction."""


def _crowded(cause: BaseException) -> Overloaded:
    error = Overloaded(
        "record",
        "others keep changing it",
        "try again in a moment; nothing of this request was stored",
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )
    error.__cause__ = cause
    return error


class Writer:
    """Owns the writing connection. Started at once; `close` finishes what was accepted."""

    def __init__(self, engine: Engine, begin: Begin, manners: Manners) -> None:
        self._line = Line(engine, manners)
        self._begin = begin
        self._manners = manners
        self._waiting: queue.Queue[_Item | None] = queue.Queue(WRITES_WAITING_MAX)
        self._singles: deque[_Item] = deque()
        self._listeners: list[Listener] = []
        self.measure: Measure = lambda writes, seconds: None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="bothands-writer", daemon=True)
        self._thread.start()

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the events of each commit, after it, on this thread."""
        self._listeners.append(listener)

    def submit(self, one: One, waiting: W) -> W:
        self._accept(_Item(waiting, one))
        return waiting

    def submit_many(self, many: Many, value: Any, waiting: W) -> W:
        self._accept(_Item(waiting, None, many, value))
        return waiting

    def submit_apart(self, apart: Apart, waiting: W) -> W:
        """Run between two transactions, with the driver's own connection."""
        self._accept(_Item(waiting, None, apart=apart))
        return waiting

    @property
    def waiting(self) -> int:
        return self._waiting.qsize() + len(self._singles)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._line.hurry()
            self._waiting.put(None)
            self._thread.join()

    def _accept(self, item: _Item) -> None:
        if self._closed:
            raise Unavailable("database", "it is closing", "try again after the restart")
        try:
            self._waiting.put_nowait(item)
        except queue.Full:
            raise Overloaded(
                "write queue",
                f"{WRITES_WAITING_MAX} writes are waiting already",
                "try again in a moment; nothing of this request was stored",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            ) from None

    def _run(self) -> None:
        while (batch := self._gather()) is not None:
            awaited = [item for item in batch if is_awaited(item.waiting)]
            rest = [item for item in awaited if item.apart is None]
            while rest:
                rest = rest[self._commit(rest) :]
                if rest:
                    self._commit_alone(rest.pop(0))
            for item in awaited:
                if item.apart is not None:
                    self._run_apart(item, item.apart)
        self._line.close()

    def _gather(self) -> list[_Item] | None:
        """What waits, the message path first; None when the end was asked for and nothing is left."""
        together: list[_Item] = []
        while len(together) + len(self._singles) < BATCH_ITEMS_MAX:
            try:
                item = self._waiting.get(block=not together and not self._singles)
            except queue.Empty:
                break
            if item is None:
                if not together and not self._singles:
                    return None
                # This batch first, then stop.
                self._waiting.put(None)
                break
            (self._singles if item.many is None else together).append(item)
        beside = min(len(self._singles), SINGLES_BESIDE_MANY_MAX if together else BATCH_ITEMS_MAX)
        return [*together, *(self._singles.popleft() for _ in range(beside))]

    def _run_apart(self, item: _Item, apart: Apart) -> None:
        try:
            self._line.apart(apart)
        except BaseException as error:
            self._refuse([item], error)
        else:
            self._settle([item])

    # committing

    def _commit(self, batch: Sequence[_Item]) -> int:
        """Commit a batch, or as much of its beginning as could be run; how many items are settled."""
        began = perf_counter()
        try:
            try:
                done = self._line.transact(lambda connection: self._run_items(connection, batch))
            except _Spoilt:
                done = self._line.transact(
                    lambda connection: self._run_items(connection, batch, is_kept=True)
                )
        except BaseException as error:  # the commit itself failed: nothing of the batch is stored
            is_lost = self._manners.trouble_of(error) is Trouble.LOST
            log.warning("A batch of %d writes could not be committed", len(batch), exc_info=not is_lost)
            self._refuse(batch, error)
            return len(batch)
        self.measure(done, perf_counter() - began)
        self._settle(batch[:done])
        return done

    def _commit_alone(self, item: _Item) -> None:
        """Run a write that another process was in the way of: patiently, holding nobody else up."""

        def run(connection: Connection) -> None:
            self._manners.be_patient(connection)
            self._run_item(connection, item)

        cause: BaseException | None = None
        for _ in range(ALONE_TRIES_MAX):
            began = perf_counter()
            try:
                self._line.transact(run)
            except _Contended as contended:
                cause = contended.cause
                continue
            except BaseException as error:
                self._refuse([item], error)
                return
            self.measure(1, perf_counter() - began)
            self._settle([item])
            return
        assert cause is not None, "every try was contended"
        told = cause if isinstance(cause, exc.IntegrityError) else _crowded(cause)
        answer([Answer(item.waiting, error=told)])

    def _refuse(self, batch: Iterable[_Item], error: BaseException) -> None:
        if self._manners.trouble_of(error) is Trouble.LOST:
            kept = "it may be stored or not" if self._line.is_committing else "nothing was stored"
            error = Unavailable(
                "database",
                f"the connection to it was lost; {kept}",
                "try again in a moment, under the same id",
            )
        answer(Answer(item.waiting, error=error) for item in batch)

    def _settle(self, batch: Sequence[_Item]) -> None:
        _tell(self._listeners, batch)
        answer(Answer(item.waiting, item.result, item.error) for item in batch)

    # running

    def _run_items(self, connection: Connection, batch: Sequence[_Item], *, is_kept: bool = False) -> int:
        """Run items in order; how many, when one of them was contended. `is_kept`: savepoints for all."""
        groups = list(_groups(batch, self._manners.items_per_savepoint))
        if len(groups) == 1 and batch[0].many is not None and not is_kept:
            self._run_whole(connection, batch[0].many, batch)
            return len(batch)
        done = 0
        for many, group in groups:
            try:
                if self._try_together(connection, many, group):
                    done += len(group)
                    continue
                for item in group:
                    self._run_item(connection, item)
                    done += 1
            except _Contended:
                break
        return done

    def _try_together(self, connection: Connection, many: Many | None, group: Sequence[_Item]) -> bool:
        """Run a group in one savepoint; False when it has to be found out, one by one, which item fails."""
        if many is None and len(group) == 1:
            return False
        try:
            with connection.begin_nested():
                if many is None:
                    for item in group:
                        unit = self._begin(connection)
                        assert item.one is not None, "an item without `many` has `one`"
                        item.result, item.told, item.error = item.one(unit), unit.told, None
                    return True
                self._run_many(connection, many, group)
                return True
        except Exception as error:
            if self._manners.trouble_of(error) is Trouble.LOST:
                raise
            for item in group:
                item.result, item.told = None, ()
            return False

    def _run_whole(self, connection: Connection, many: Many, batch: Sequence[_Item]) -> None:
        """Two statements fewer than with a savepoint, which count where each is a way to a server."""
        try:
            self._run_many(connection, many, batch)
        except Exception as error:
            if self._manners.trouble_of(error) is Trouble.LOST:
                raise
            raise _Spoilt from error

    def _run_many(self, connection: Connection, many: Many, group: Sequence[_Item]) -> None:
        unit = self._begin(connection)
        results = many(unit, [item.value for item in group])
        for item, result in zip(group, results, strict=True):
            item.result, item.told, item.error = result, (), None
        group[0].told = unit.told

    def _run_item(self, connection: Connection, item: _Item) -> None:
        item.error = None
        unit = self._begin(connection)
        try:
            with connection.begin_nested():
                if item.one is not None:
                    item.result = item.one(unit)
                elif item.many is not None:
                    item.result = item.many(unit, [item.value])[0]
            item.told = unit.told
        except Exception as error:
            trouble = self._manners.trouble_of(error)
            if trouble is Trouble.LOST:
                raise
            if trouble is Trouble.CONTENDED:
                raise _Contended(error) from error
            item.error = plainly(error)


def _groups(batch: Sequence[_Item], singles: int) -> Iterator[tuple[Many | None, list[_Item]]]:
    """What shares a savepoint: so many single writes, or all with the same function."""
    for many, found in groupby(batch, key=lambda item: item.many):
        group = list(found)
        size = singles if many is None else len(group)
        for start in range(0, len(group), size):
            yield many, group[start : start + size]


def _tell(listeners: Iterable[Listener], batch: Iterable[_Item]) -> None:
    told = [event for item in batch for event in item.told]
    if told:
        for listener in listeners:
            try:
                listener(told)
            except Exception:
                # A hint that is lost is fetched again; a write that is stored stays stored.
                log.exception("A listener failed after a commit")
