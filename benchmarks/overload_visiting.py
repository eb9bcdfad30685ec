"""Visitors who write more than is taken, behave as the widget when refused, and keep a book of it all."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from benchmarks.guests import Guest, come_in, send_frame
from benchmarks.wires import Wire
from benchmarks.writing import in_turns

TICK_SECONDS = 0.002
DRAIN_SECONDS_MAX = 60.0
STORED, REFUSED = b'{"is":"stored"', b'{"is":"refused"'
# As ui/protocol/src/line.ts: doubling, half of it left to chance, on top of what the server asks for.
RETRY_FIRST_SECONDS, RETRY_LONGEST_SECONDS = 0.5, 20.0
TEXT = "Hello, it is about my lamp again: the shade came with a dent on its left side. What now? {}"


@dataclass
class Book:
    """What the visitors know: each acknowledgement, each refusal, whether it came with a hint."""

    acknowledged: list[str] = field(default_factory=list)
    # Of each acknowledged message: when, after which time since its last sending, and since its first.
    at: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    since_first: list[float] = field(default_factory=list)
    sent: int = 0
    refused: int = 0
    without_hint: int = 0
    held_back: int = 0


class Visitor:
    """Writes one message at a time; refused, waits and sends it again."""

    def __init__(self, number: int, book: Book, source: random.Random) -> None:
        self.wire: Wire | None = None
        self.pending: str | None = None
        self.is_eager = False
        self._number = number
        self._book = book
        self._random = source
        self._count = 0
        self._attempt = 0
        self._first_at = self._sent_at = 0.0

    async def come_in(self, port: int, guest: Guest) -> None:
        self.wire = await come_in(port, guest, self._number, self._hear)

    def write(self) -> None:
        """Begin a new message, unless the last one is still on its way."""
        if self.pending is not None:
            self._book.held_back += 1
            return
        self._count += 1
        self._attempt = 0
        self.pending = f"v{self._number}-{self._count}"
        self._first_at = time.perf_counter()
        self._send()

    def _send(self) -> None:
        if self.wire is None or not self.wire.is_open or self.pending is None:
            return
        self._book.sent += 1
        self._sent_at = time.perf_counter()
        self.wire.tell(send_frame(self.pending, TEXT.format(self.pending)))

    def _hear(self, payload: bytes) -> None:
        if payload.startswith(STORED):
            self._stored(time.perf_counter())
        elif payload.startswith(REFUSED):
            self._refused(msgspec.json.decode(payload)["error"])

    def _stored(self, now: float) -> None:
        assert self.pending is not None, "only what was sent is acknowledged"
        book = self._book
        book.acknowledged.append(self.pending)
        book.at.append(now)
        book.seconds.append(now - self._sent_at)
        book.since_first.append(now - self._first_at)
        self.pending = None
        if self.is_eager:
            self.write()

    def _refused(self, error: dict[str, object]) -> None:
        self._book.refused += 1
        hint = error["retry_after_seconds"]
        if not isinstance(hint, int) or hint < 1:
            self._book.without_hint += 1
            hint = 1
        longest = min(RETRY_LONGEST_SECONDS, RETRY_FIRST_SECONDS * 2**self._attempt)
        self._attempt += 1
        delay = hint + longest / 2 * (1 + self._random.random())
        asyncio.get_running_loop().call_later(delay, self._send)


class Crowd:
    """All visitors, and their book."""

    def __init__(self, guests: Sequence[Guest]) -> None:
        self.book = Book()
        source = random.Random(0)
        self._guests = guests
        self._visitors = [Visitor(number, self.book, source) for number in range(len(guests))]

    async def come_in(self, port: int) -> None:
        pairs = zip(self._visitors, self._guests, strict=True)
        await in_turns([visitor.come_in(port, guest) for visitor, guest in pairs])

    async def eager(self, count: int, seconds: float) -> float:
        """So many write again as soon as they are acknowledged; gives what was taken a second."""
        some = self._visitors[:count]
        before, began = len(self.book.acknowledged), time.perf_counter()
        for visitor in some:
            visitor.is_eager = True
            visitor.write()
        await asyncio.sleep(seconds)
        for visitor in some:
            visitor.is_eager = False
        rate = (len(self.book.acknowledged) - before) / (time.perf_counter() - began)
        await self.drain()
        return rate

    async def press(self, rate: float, seconds: float) -> None:
        """Begin messages at that rate, by all in turn, whether or not the server keeps up."""
        began, begun = time.perf_counter(), 0
        while (now := time.perf_counter()) < began + seconds:
            while began + begun / rate <= now:
                self._visitors[begun % len(self._visitors)].write()
                begun += 1
            await asyncio.sleep(TICK_SECONDS)

    async def drain(self) -> int:
        """Wait until everything that was begun is stored; how much is not."""
        deadline = time.perf_counter() + DRAIN_SECONDS_MAX
        while (open_messages := self.open_messages) and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(TICK_SECONDS)
        return open_messages

    @property
    def open_messages(self) -> int:
        return sum(visitor.pending is not None for visitor in self._visitors)

    def go(self) -> None:
        for visitor in self._visitors:
            if visitor.wire is not None:
                visitor.wire.close()
