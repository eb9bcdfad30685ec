"""Visitors who keep their own book: what they sent, what was acknowledged, and whom they resend to."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import connect

from benchmarks.serving import Server

STORED_SECONDS_MAX = 3.0
PAUSE_SECONDS = (0.02, 0.12)
AGAIN_SHARE = 0.2
# How often a page is reloaded: then it comes to any of the servers.
RELOAD_SHARE = 0.03


@dataclass
class Book:
    """One visitor's own record: the ledger that the database is compared with."""

    name: str
    key: str | None = None
    sent: int = 0
    # Sabotage: every send gets a client id of its own, so that a repeat can no longer be told.
    is_forgetful: bool = False
    sends: int = 0
    acknowledged: list[str] = field(default_factory=list)


async def visit(servers: Sequence[Server], book: Book, source: random.Random, is_over: asyncio.Event) -> None:
    """Send, insist until acknowledged, go on; over every kill, at any server, by the same client id."""
    pending: str | None = None
    while not is_over.is_set() or pending is not None:
        try:
            async with _line(source.choice(servers)) as line:
                book.key = await _greet(line, book.key)
                while not is_over.is_set() or pending is not None:
                    if pending is None:
                        book.sent += 1
                        pending = f"{book.name}-{book.sent}"
                    book.acknowledged.append(await _insist(line, book, pending))
                    if source.random() < AGAIN_SHARE:
                        # An answer that got lost on the way makes browsers send again.
                        await _insist(line, book, pending)
                    pending = None
                    await asyncio.sleep(source.uniform(*PAUSE_SECONDS))
                    if source.random() < RELOAD_SHARE:
                        break
        except (OSError, TimeoutError, websockets.WebSocketException):
            await asyncio.sleep(source.uniform(*PAUSE_SECONDS))


def _line(server: Server) -> Any:
    url = f"{server.base.replace('http', 'ws', 1)}/ws/chat/shop"
    return connect(url, origin=server.base, compression=None, proxy=None, open_timeout=2)  # type: ignore[arg-type]


async def _greet(line: Any, key: str | None) -> str:
    await line.send(json.dumps({"do": "hello", "key": key, "since": 0, "page": "", "language": "en"}))
    async with asyncio.timeout(STORED_SECONDS_MAX):
        while True:
            frame = json.loads(await line.recv())
            if frame["is"] == "welcome":
                return str(frame["key"])


async def _insist(line: Any, book: Book, name: str) -> str:
    """Send what is called `name` and wait until it is stored; gives the client id that it went by."""
    book.sends += 1
    client_id = f"{name}-{book.sends}" if book.is_forgetful else name
    frame = {"do": "send", "client_id": client_id, "text": f"thanks, {name}", "attachments": []}
    await line.send(json.dumps(frame))
    async with asyncio.timeout(STORED_SECONDS_MAX):
        while True:
            heard = json.loads(await line.recv())
            if heard["is"] == "stored" and heard["client_id"] == client_id:
                return client_id
            if heard["is"] == "refused" and heard["client_id"] == client_id:
                await asyncio.sleep(heard["error"].get("retry_after_seconds") or 1)
                raise TimeoutError
