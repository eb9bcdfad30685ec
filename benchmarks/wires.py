"""A socket client that costs next to nothing, so that what is measured is the server and not its load."""

import asyncio
import base64
import struct
from collections.abc import Callable
from typing import Any

import msgspec

CONNECT_SECONDS_MAX = 30.0
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
# A client must mask what it sends; a mask of zeros does, and leaves the bytes as they are.
MASK = b"\0\0\0\0"
SHORT, SHORT_16 = 126, 127

Hear = Callable[[bytes], None]
_encode = msgspec.json.Encoder().encode


class Wire(asyncio.Protocol):
    """One open socket: `hear` is called with each frame's payload, on the loop's thread."""

    def __init__(self, hear: Hear, greeting: bytes) -> None:
        self.hear = hear
        self.is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._greeting = greeting
        self._transport: Any = None
        self._bytes = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._greeting)

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        if not self.is_open and not self._open():
            return
        at = 0
        while (found := _frame(self._bytes, at)) is not None:
            opcode, payload, at = found
            if opcode == TEXT:
                self.hear(payload)
            elif opcode == PING:
                self._write(PONG, payload)
            elif opcode == CLOSE:
                self.close()
        self._bytes = self._bytes[at:]

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("the server closed the socket"))

    def tell(self, frame: dict[str, Any]) -> None:
        self._write(TEXT, _encode(frame))

    def close(self) -> None:
        self.is_open = False
        self._transport.close()

    def _open(self) -> bool:
        head, found, rest = self._bytes.partition(b"\r\n\r\n")
        if not found:
            return False
        status = head.split(b"\r\n", 1)[0]
        if b" 101 " not in status + b" ":
            self.opened.set_exception(ConnectionError(status.decode(errors="replace")))
            self.close()
            return False
        self._bytes = rest
        self.is_open = True
        self.opened.set_result(None)
        return True

    def _write(self, opcode: int, payload: bytes) -> None:
        self._transport.write(_framed(opcode, payload))


def text_frame(frame: dict[str, Any]) -> bytes:
    """As a client sends it."""
    return _framed(TEXT, _encode(frame))


def _framed(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < SHORT:
        head = bytes((FINAL | opcode, MASKED | size))
    else:
        head = bytes((FINAL | opcode, MASKED | SHORT)) + struct.pack("!H", size)
    return head + MASK + payload


def _frame(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Opcode, payload and where the next frame begins; None while it is incomplete. Servers do not mask."""
    if len(data) < at + 2:
        return None
    size, start = data[at + 1], at + 2
    if size == SHORT:
        size, start = int.from_bytes(data[start : start + 2], "big"), start + 2
    elif size == SHORT_16:
        size, start = int.from_bytes(data[start : start + 8], "big"), start + 8
    if len(data) < start + size:
        return None
    return data[at] & 0x0F, data[start : start + size], start + size


async def open_wire(
    port: int, path: str, hear: Hear, *, address: str = "127.0.0.1", headers: str = ""
) -> Wire:
    """Connect from `address`, so that the server sees as many households as it would."""
    greeting = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n{headers}\r\n"
    )
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_SECONDS_MAX):
        _, wire = await loop.create_connection(
            lambda: Wire(hear, greeting.encode()), "127.0.0.1", port, local_addr=(address, 0)
        )
        await wire.opened
    return wire
