"""Real listeners on loopback: one that nobody may reach, and servers that behave in a given way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from bothands.egress import Caller, Gate
from bothands.egress.checking import ask_resolver
from bothands.kit import Unavailable
from tests.egress.tricks import ANSWERS

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@dataclass
class Listener:
    """Counts whoever connects, keeps what they said first, and answers as told."""

    port: int = 0
    connects: int = 0
    said: list[bytes] = field(default_factory=list)
    behave: Behave | None = None
    answer: bytes = HELLO
    serving: set["asyncio.Task[None]"] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connects += 1
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        try:
            with contextlib.suppress(
                ConnectionError,
                asyncio.IncompleteReadError,
                asyncio.LimitOverrunError,
                asyncio.CancelledError,
            ):
                await self._answer(reader, writer)
        finally:
            writer.transport.abort() if self.behave else writer.close()
            self.serving.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.behave is not None:
            await self.behave(reader, writer)
            await writer.drain()
            writer.write_eof()
            await reader.read()
        else:
            self.said.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(self.answer)
            await writer.drain()


@contextlib.asynccontextmanager
async def listening(*hosts: str, port: int = 0) -> AsyncIterator[Listener]:
    listener = Listener()
    servers = []
    for host in hosts:
        servers.append(await asyncio.start_server(listener.serve, host, listener.port or port))
        listener.port = servers[0].sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        for server in servers:
            server.close()
        for task in list(listener.serving):
            task.cancel()
        await asyncio.gather(*listener.serving, return_exceptions=True)
        await asyncio.sleep(0)


@pytest.fixture
async def private() -> AsyncIterator[Listener]:
    """What must not be reached: all of this machine's own addresses, one port."""
    async with listening("0.0.0.0", "::1") as listener:
        yield listener


@pytest.fixture
async def server() -> AsyncIterator[Listener]:
    """An outside system that the operator named."""
    async with listening("127.0.0.1") as listener:
        yield listener


@pytest.fixture
async def caller(server: Listener) -> AsyncIterator[Caller]:
    """May call `server` and nobody else; waits a second."""
    made = Caller(Gate((f"127.0.0.1:{server.port}",)), seconds_max=1.0)
    yield made
    await made.close()


async def resolve(host: str, port: int) -> Sequence[str]:
    """Names by the table of the tests, numbers as the system reads them; no real server is asked."""
    name = host.rstrip(".").lower()
    if name in ANSWERS:
        return ANSWERS[name]
    if name == "localhost" or name[:1].isdigit() or ":" in name:
        return await ask_resolver(host, port)
    raise Unavailable(f"host {host}", "its name cannot be resolved")
