"""Writers over many sockets: everybody again at once, or messages due at fixed times; and what came of it."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import numpy as np

from benchmarks.guests import Guest, come_in, send_frame
from benchmarks.intervals import Figure, figure
from benchmarks.serving import Server, load_average
from benchmarks.wires import Wire

WARM_SECONDS = 2.0
LATE_SECONDS_MAX = 30.0
TICK_SECONDS = 0.002
CONNECTS_AT_ONCE = 16
STORED = b'{"is":"stored"'
REFUSED = b'{"is":"refused"'
TEXT = "Hello, it is about my lamp again: the shade came with a dent on its left side. What now? No. {}"


class Acknowledged(msgspec.Struct, frozen=True):
    """When it was, by the load's clock, and after which time."""

    at: float
    seconds: float


class Phase(msgspec.Struct, frozen=True):
    """One stretch of load: what was acknowledged in it, and what the server worked for it."""

    acknowledged: tuple[Acknowledged, ...]
    began: float
    seconds: float
    cpu_seconds: float
    load: float

    @property
    def rate(self) -> float:
        return len(self.acknowledged) / self.seconds

    def per_second(self) -> Figure:
        """The rate; its interval draws whole seconds anew."""
        counts = np.bincount(self._seconds_of(), minlength=int(self.seconds))[: int(self.seconds)]
        return figure(lambda rows: float(counts[rows].mean()), range(len(counts)))

    def milliseconds(self, share: float) -> Figure:
        """A quantile of the times; neighbours in time are drawn together."""
        times = np.array([one.seconds * 1000 for one in self.acknowledged])
        return figure(lambda rows: float(np.quantile(times[rows], share)), self._seconds_of())

    def cpu_microseconds(self) -> float | None:
        """What the server worked for one of them, all threads."""
        return round(self.cpu_seconds / len(self.acknowledged) * 1e6, 1) if self.acknowledged else None

    def _seconds_of(self) -> list[int]:
        return [int(one.at - self.began) for one in self.acknowledged]


class Writer:
    """A guest who writes; knows when each message that is still open was due."""

    def __init__(self, number: int, on_stored: Callable[["Writer", float], None]) -> None:
        self.wire: Wire | None = None
        self._number = number
        self._sent = 0
        self._due: deque[float] = deque()
        self._on_stored = on_stored

    @property
    def open_messages(self) -> int:
        return len(self._due)

    def write(self, due: float) -> None:
        assert self.wire is not None, "a writer writes once it came in"
        self._sent += 1
        self._due.append(due)
        name = f"g{self._number}-{self._sent}"
        self.wire.tell(send_frame(name, TEXT.format(name)))

    def hear(self, payload: bytes) -> None:
        if payload.startswith(STORED):
            # The frames of a socket are taken one after the other, so the oldest is meant.
            self._on_stored(self, self._due.popleft())
        elif payload.startswith(REFUSED):
            raise SystemExit(f"Guest: the server refused a message: {payload.decode()[:300]}")


class Load:
    """All writers, and the book of what was acknowledged."""

    def __init__(self, guests: Sequence[Guest]) -> None:
        self._guests = guests
        self._writers = [Writer(number, self._stored) for number in range(len(guests))]
        self._book: list[Acknowledged] = []
        self.beside: list[Wire] = []
        self._is_eager = False

    async def come_in(self, port: int) -> None:
        await in_turns(
            [self._enter(port, place, writer) for place, writer in enumerate(self._writers)],
        )

    def go(self) -> None:
        for writer in self._writers:
            if writer.wire is not None:
                writer.wire.close()
        for wire in self.beside:
            wire.close()

    async def eager(self, seconds: float) -> None:
        """Everybody writes again at once."""
        self._is_eager = True
        now = time.perf_counter()
        for writer in self._writers:
            writer.write(now)
        await asyncio.sleep(seconds)
        self._is_eager = False
        await self._end()

    async def steady(self, rate: float, seconds: float) -> None:
        """Messages are due evenly spread, whether or not the server keeps up."""
        began, sent = time.perf_counter(), 0
        while (now := time.perf_counter()) < began + seconds:
            while (due := began + sent / rate) <= now:
                self._writers[sent % len(self._writers)].write(due)
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        await self._end()

    async def measured(
        self, server: Server, seconds: float, play: Callable[[float], Awaitable[None]]
    ) -> Phase:
        """Warmed up, then counted over `seconds`."""
        self._book.clear()
        playing = asyncio.ensure_future(play(WARM_SECONDS + seconds))
        await asyncio.sleep(WARM_SECONDS)
        began, before = time.perf_counter(), server.cpu_seconds()
        await asyncio.sleep(seconds)
        ended, worked = time.perf_counter(), server.cpu_seconds() - before
        await playing
        book = tuple(one for one in self._book if began <= one.at < ended)
        return Phase(book, began, ended - began, worked, load_average())

    async def _enter(self, port: int, place: int, writer: Writer) -> None:
        writer.wire = await come_in(port, self._guests[place], place, writer.hear)

    async def _end(self) -> None:
        deadline = time.perf_counter() + LATE_SECONDS_MAX
        while any(writer.open_messages for writer in self._writers) and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(TICK_SECONDS)
        late = sum(writer.open_messages for writer in self._writers)
        if late:
            raise SystemExit(f"Server: {late} messages were never acknowledged.")

    def _open_messages(self) -> int:
        return sum(writer.open_messages for writer in self._writers)

    def _stored(self, writer: Writer, due: float) -> None:
        now = time.perf_counter()
        self._book.append(Acknowledged(now, now - due))
        if self._is_eager:
            writer.write(now)


async def in_turns(doings: Sequence[Awaitable[None]]) -> None:
    """All of them, a few at once."""
    room = asyncio.Semaphore(CONNECTS_AT_ONCE)

    async def one(doing: Awaitable[None]) -> None:
        async with room:
            await doing

    async with asyncio.TaskGroup() as group:
        for doing in doings:
            group.create_task(one(doing))
