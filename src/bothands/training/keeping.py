"""A visitor's line to the desk, kept as a browser keeps it: by key, seq and client ids, over any break."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from bothands.egress import SocketClosed
from bothands.kit import Clock, Unavailable
from bothands.training.listening import Frame, Visit

STORED_SECONDS_MAX = 60.0
RETRY_SECONDS_MIN = 0.5
RETRY_SECONDS_MAX = 10.0
RECONNECTS_MAX = 40


class Socket(Protocol):
    """An open socket, as far as it is used here."""

    async def send(self, message: str) -> None: ...
    async def recv(self) -> str | bytes: ...
    async def close(self) -> None: ...


OpenSocket = Callable[[], Awaitable[Socket]]


class Leaving(Exception):
    """The customer goes; the text says how it ended."""


class Pace:
    """How fast simulated people are: all their waits go through here, so that a test can hurry them."""

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        self.clock = clock
        self._speed = speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)

    def real(self, seconds: float) -> float:
        return seconds / self._speed


class Line:
    """What a customer hears and says, whatever happens to the socket underneath."""

    def __init__(
        self, open_socket: OpenSocket, pace: Pace, source: random.Random, greeting: dict[str, object]
    ) -> None:
        self.visit = Visit()
        self.reconnects = 0
        self._open_socket = open_socket
        self._pace = pace
        self._source = source
        self._greeting = greeting
        self._socket: Socket | None = None
        self._changed = asyncio.Condition()
        self._away_until = 0.0

    async def keep(self) -> None:
        """Open the socket, read it, open it again when it breaks; returns when there is no hope."""
        wait = RETRY_SECONDS_MIN
        while self.reconnects <= RECONNECTS_MAX:
            await asyncio.sleep(max(0.0, self._away_until - self._pace.clock.monotonic()))
            try:
                socket = await self._open_socket()
                await self._greet(socket)
                wait = RETRY_SECONDS_MIN
                while True:
                    await self._take(await socket.recv())
            except (SocketClosed, Unavailable):
                self._socket = None
                self.reconnects += 1
                await self._pace.sleep(wait * self._source.uniform(0.5, 1.5))
                wait = min(RETRY_SECONDS_MAX, wait * 2)

    async def store(self, frame: Frame) -> None:
        """Send until the server says that it is on disk."""
        client_id = f"c-{self._source.getrandbits(80):020x}"
        self.visit.outbox[client_id] = {**frame, "client_id": client_id}
        await self.post(self.visit.outbox[client_id])
        if not await self.until(lambda: client_id not in self.visit.outbox, STORED_SECONDS_MAX):
            raise Leaving("never_stored")

    async def post(self, frame: Frame) -> None:
        """Send once, if there is a line."""
        if self._socket is not None:
            with contextlib.suppress(SocketClosed):
                await self._socket.send(msgspec.json.encode(frame).decode())

    async def until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Whether it became so within real `seconds`."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(is_so)
        except TimeoutError:
            return False
        return True

    async def drop(self, seconds: float = 0.0) -> None:
        """Hang up; the line comes back by itself after `seconds`."""
        self._away_until = self._pace.clock.monotonic() + self._pace.real(seconds)
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    async def _greet(self, socket: Socket) -> None:
        await socket.send(msgspec.json.encode(self.visit.hello(**self._greeting)).decode())
        await self._take(await socket.recv())
        self._socket = socket
        for frame in list(self.visit.outbox.values()):
            await self.post(frame)

    async def _take(self, data: str | bytes) -> None:
        frame: Any = msgspec.json.decode(data)
        async with self._changed:
            self.visit.take(frame)
            self._changed.notify_all()
