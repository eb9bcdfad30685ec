"""What waits to go out on one socket: bounded, and whoever is too slow is let go and resumes by `seq`."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketException

FRAMES_WAITING_MAX = 64
HINTS_WAITING_MAX = 1_000
SEND_SECONDS_MAX = 20.0
# What happens within a blink is fetched together.
BLINK_SECONDS = 0.005

CLOSE_GOING_AWAY = 1001
CLOSE_POLICY = 1008
CLOSE_SLOW = 4008
CLOSE_SIGNED_OUT = 4401
CLOSE_FORGOTTEN = 4403
CLOSE_NOT_FOUND = 4404

Frame = dict[str, Any]
Fresh = Callable[[], Awaitable[Sequence[Frame]]]


class Line:
    """The sending half of a socket. Everything but `pump` is called on the loop's thread and never waits.

    Frames keep their order. Hints replace each other by key. `stir` says that there is something new to
    fetch: `fresh` then fetches it once, however often it was stirred meanwhile. Whoever sends entries
    keeps `known_seq`: being told of what was sent already is no reason to look.
    """

    def __init__(self, socket: WebSocket[Any, Any, Any], fresh: Fresh | None = None) -> None:
        self._socket = socket
        self._fresh = fresh
        # Most sockets are silent most of the time: a list and a future cost next to nothing then, a deque and
        # an event 1.5 KB.
        self._frames: list[Frame] = []
        self._hints: dict[str, Frame] = {}
        self._is_stirred = False
        self._must_look = False
        self._stirred_seq = 0
        self._is_woken = False
        self._sleep: asyncio.Future[None] | None = None
        self._close: tuple[int, str] | None = None
        self._is_expecting = False
        self.known_seq = 0
        self.look_seconds: float | None = None

    @contextlib.contextmanager
    def expecting(self) -> Iterator[None]:
        """The page's own message is on its way to the disk: its hint may come before its answer, and the
        answer is as good as a look. Nothing is fetched meanwhile.
        """
        self._is_expecting = True
        try:
            yield
        finally:
            self._is_expecting = False
            if self._is_stirred:
                self._wake()

    def put(self, frame: Frame) -> None:
        if len(self._frames) >= FRAMES_WAITING_MAX:
            self.end(CLOSE_SLOW, "too slow: connect again and resume by seq")
            return
        self._frames.append(frame)
        self._wake()

    def hint(self, key: str, frame: Frame) -> None:
        if len(self._hints) >= HINTS_WAITING_MAX and key not in self._hints:
            self.end(CLOSE_SLOW, "too slow: connect again and fetch anew")
            return
        self._hints[key] = frame
        self._wake()

    def stir(self, seq: int | None = None) -> None:
        """There is something new: at `seq`, or somewhere."""
        self._is_stirred = True
        self._must_look = self._must_look or seq is None
        self._stirred_seq = max(self._stirred_seq, seq or 0)
        self._wake()

    def end(self, code: int, reason: str) -> None:
        """Close as soon as possible; what still waits is dropped."""
        self._close = self._close or (code, reason)
        self._wake()

    async def pump(self) -> None:
        """Send until the end; with `look_seconds`, look for something fresh at least that often."""
        while self._close is None:
            if self.look_seconds is None:
                await self._woken()
            else:
                # Not wait_for, which makes a task of each wait.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.look_seconds):
                        await self._woken()
            if not self._is_woken:
                self._is_stirred = self._must_look = True
            self._is_woken = False
            try:
                await self._send_waiting()
            except TimeoutError:
                self.end(CLOSE_SLOW, "too slow: connect again and resume by seq")
            except (WebSocketException, RuntimeError, OSError):
                return  # the other side is gone; there is nobody to tell
        code, reason = self._close
        with contextlib.suppress(WebSocketException, RuntimeError, OSError, TimeoutError):
            await asyncio.wait_for(self._socket.close(code, reason), SEND_SECONDS_MAX)

    def _wake(self) -> None:
        self._is_woken = True
        if self._sleep is not None and not self._sleep.done():
            self._sleep.set_result(None)

    async def _woken(self) -> None:
        if not self._is_woken:
            self._sleep = asyncio.get_running_loop().create_future()
            try:
                await self._sleep
            finally:
                self._sleep = None

    async def _send_waiting(self) -> None:
        while self._close is None:
            if self._frames or self._hints:
                await self._send_some(len(self._frames) + len(self._hints))
            elif self._is_stirred and self._fresh is not None and not self._is_expecting:
                await self._look(self._fresh)
            else:
                return

    async def _send_some(self, count: int) -> None:
        """What waits now. One deadline for all of it: one each would cost as much as the sending."""
        async with asyncio.timeout(SEND_SECONDS_MAX):
            for _ in range(count):
                if self._close is not None:
                    return
                if self._frames:
                    await self._send(self._frames.pop(0))
                elif self._hints:
                    await self._send(self._hints.pop(next(iter(self._hints))))

    async def _look(self, fresh: Fresh) -> None:
        if self._is_due():
            await asyncio.sleep(BLINK_SECONDS)
        if self._frames or self._is_expecting:
            return  # what was put meanwhile goes first: it may be the very thing
        is_due = self._is_due()
        self._is_stirred = self._must_look = False
        if is_due:
            news = await fresh()
            async with asyncio.timeout(SEND_SECONDS_MAX):
                for frame in news:
                    await self._send(frame)

    def _is_due(self) -> bool:
        return self._must_look or self._stirred_seq > self.known_seq

    async def _send(self, frame: Frame) -> None:
        await self._socket.send_text(msgspec.json.encode(frame).decode())
