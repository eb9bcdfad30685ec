"""Connections that hold us up are let go: no request in time, nothing taken in time, too much at once.

uvicorn bounds none of these by itself.
"""

import asyncio
import os
import socket as sockets
from collections.abc import Sequence
from typing import cast

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEADER_SECONDS_MAX = 10.0
BODY_SECONDS_MAX = 120.0
# What was sent and is not taken for so long, nobody reads.
UNTAKEN_SECONDS_MAX = 20.0
UNSENT_BYTES_MAX = 64 * 1024
FRAMES_UNREAD_MAX = 128
CLOSE_POLICY = 1008


def bound_kernel(listening: Sequence[sockets.socket]) -> None:
    """How much the system itself keeps for a connection, and how long for one whose peer takes nothing.

    Linux hands this on to each connection it accepts; where a system knows no such option, it goes without.
    """
    options = {
        "TCP_NOTSENT_LOWAT": UNSENT_BYTES_MAX,
        "TCP_USER_TIMEOUT": int(UNTAKEN_SECONDS_MAX * 1000),
    }
    for one in listening:
        # The event loop's own face of a socket does not set options.
        with sockets.socket(fileno=os.dup(one.fileno())) as own:
            for name, value in options.items():
                if hasattr(sockets, name):
                    own.setsockopt(sockets.IPPROTO_TCP, getattr(sockets, name), value)


class Page(HttpToolsProtocol):
    """A connection for requests: each must arrive in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEADER_SECONDS_MAX)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect(HEADER_SECONDS_MAX)

    def on_headers_complete(self) -> None:
        self._expect(BODY_SECONDS_MAX)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._expect(None)
        super().handle_websocket_upgrade()

    def _expect(self, seconds: float | None) -> None:
        """What is due next must come within `seconds`; None: nothing is due."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort) if seconds else None


class Frames:
    """As asyncio.Queue, for one who takes: of 3 KB, which each silent socket would hold, nothing is left."""

    __slots__ = ("_items", "_taker")

    def __init__(self) -> None:
        self._items: list[ASGIReceiveEvent] = []
        self._taker: asyncio.Future[None] | None = None

    def put_nowait(self, item: ASGIReceiveEvent) -> None:
        self._items.append(item)
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        while not self._items:
            self._taker = asyncio.get_running_loop().create_future()
            try:
                await self._taker
            finally:
                self._taker = None
        return self._items.pop(0)

    def empty(self) -> bool:
        return not self._items

    def qsize(self) -> int:
        return len(self._items)


# Set, and never cleared: what all sockets share that may be written to.
WRITABLE = asyncio.Event()
WRITABLE.set()


class Chat(WebSocketsSansIOProtocol):
    """A socket: whoever does not take what is sent is cut off, and nobody can make us keep much."""

    _untaken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.queue = Frames()  # type: ignore[assignment]
        self.writable = WRITABLE
        cast(asyncio.Transport, transport).set_write_buffer_limits(high=UNSENT_BYTES_MAX)

    def connection_lost(self, exc: Exception | None) -> None:
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self.writable = asyncio.Event()
        self._untaken = self.loop.call_later(UNTAKEN_SECONDS_MAX, self.transport.abort)

    def resume_writing(self) -> None:
        self._taken()
        self.writable.set()
        self.writable = WRITABLE

    def start_keepalive(self) -> None:
        super().start_keepalive()
        del self.request, self.response  # both are done with, once the socket is open

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        # Closing waits for the peer to take what was sent before; it has just shown that it does not.
        self.loop.call_soon(self.transport.abort)

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:  # who does not read our answers gets no more of them
            self.conn.data_to_send()

    def send_receive_event_to_app(self) -> None:
        super().send_receive_event_to_app()
        if self.queue.qsize() > FRAMES_UNREAD_MAX and not self.close_sent:
            self.conn.fail(CLOSE_POLICY, "too many frames at once")
            self.handle_parser_exception()

    def _taken(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None
