"""`slow`: what an acknowledgement takes beside pages that hold the server up, against without them.

Writers send at a fixed rate. Bad pages of each kind keep coming in, so many a second: those that read nothing
though much is sent to them, those that read a byte a second, those that vanish without a word (no answer to a
ping, no end), and those that never say hello. The writers are measured before, beside them, and when the
server has let go of them all, which is told by its open files. The server has one core and only stores: a
turn would hide the difference.
"""

import argparse
import asyncio
import base64
import contextlib
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.guests import GUESTS_PER_ADDRESS, INBOX, Guest, invite, settings_of
from benchmarks.serving import (
    Server,
    apart_from_server,
    free_port,
    load_average,
    python_module,
    raise_file_limit,
    running,
)
from benchmarks.wires import CONNECT_SECONDS_MAX, text_frame
from benchmarks.writing import Load
from bothands.app.wiring import open_store
from bothands.conversations import Inbound, inbox_of, receive_many
from bothands.kit import Invalid
from bothands.storage import Unit

WRITERS = 100
RATE = 300.0
SECONDS = 10.0
PER_SECOND = 40.0
# Until as many go as come.
WARM_SECONDS = 25.0
KINDS = ("reads_nothing", "reads_slowly", "vanished", "never_says_hello")
# What is sent to pages that do not read: a few hundred kilobytes each.
HISTORY_MESSAGES, HISTORY_CHARS = 100, 4_000
ROOM_BYTES = 4_096
SLOW_SECONDS = 1.0
GONE_SECONDS_MAX = 90.0
LOOK_SECONDS = 0.5
FIRST_ADDRESS = 100


class Bad:
    """A page of one bad kind, with next to no room for what arrives."""

    def __init__(self, kind: str, place: int, key: str) -> None:
        self._kind = kind
        self._address = f"127.0.0.{FIRST_ADDRESS + place // GUESTS_PER_ADDRESS}"
        self._key = key
        self._socket = socket.socket()
        self._reading: asyncio.Task[None] | None = None

    async def come_in(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM_BYTES)
        self._socket.setblocking(False)
        self._socket.bind((self._address, 0))
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await loop.sock_connect(self._socket, ("127.0.0.1", port))
            await loop.sock_sendall(self._socket, _greeting(port))
            await loop.sock_recv(self._socket, 512)
            if self._kind != "never_says_hello":
                hello = {"do": "hello", "key": self._key, "since": 0, "page": "", "language": "en"}
                await loop.sock_sendall(self._socket, text_frame(hello))
        if self._kind == "reads_slowly":
            self._reading = asyncio.ensure_future(self._read())

    def go(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._socket.close()

    async def _read(self) -> None:
        with contextlib.suppress(OSError):
            while await asyncio.get_running_loop().sock_recv(self._socket, 1):  # noqa: ASYNC110
                await asyncio.sleep(SLOW_SECONDS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="bad pages coming in")
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second by the others")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each stretch")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    most = raise_file_limit()
    pages = arguments.per_second * (arguments.seconds + WARM_SECONDS)
    if not 1 <= pages <= most or not 2 <= arguments.seconds <= 3600:
        raise Invalid(
            f"per_second = {arguments.per_second}, seconds = {arguments.seconds}",
            f"at most {most} pages can be open here, for 2 to 3600 seconds",
            "raise the limit of open files, or ask for less",
        )
    with tempfile.TemporaryDirectory(prefix="slow-") as folder, apart_from_server() as core:
        return asyncio.run(_run(Path(folder), core, arguments))


async def _run(data: Path, core: int, arguments: argparse.Namespace) -> dict[str, Any]:
    party = await invite(data, WRITERS + 1, held=False)
    _write_history(data, party.guests[WRITERS])
    port = free_port()
    words = [*python_module("benchmarks.wide_serving", data, port), "--store-only"]
    async with running(Server(words, port, data / "server.log", core=core)) as server:
        load, crowd = Load(party.guests[:WRITERS]), Crowd(server, party.guests[WRITERS].key)
        try:
            figures = await _measure(server, load, crowd, arguments)
        finally:
            crowd.go()
    return {"benchmark": "slow", **figures, "machine_load": load_average()}


class Crowd:
    """Bad pages of all kinds in turn, and how many of them the server still keeps."""

    def __init__(self, server: Server, key: str) -> None:
        self.pages: list[Bad] = []
        self._server = server
        self._key = key
        self._files = 0

    async def come(self, per_second: float) -> None:
        """For ever."""
        self._files = self._open_files()
        began = time.perf_counter()
        while True:
            place = len(self.pages)
            await asyncio.sleep(max(0.0, began + place / per_second - time.perf_counter()))
            self.pages.append(Bad(KINDS[place % len(KINDS)], place, self._key))
            await self.pages[-1].come_in(self._server.port)

    def kept(self) -> int:
        return max(0, self._open_files() - self._files)

    def go(self) -> None:
        for page in self.pages:
            page.go()

    def _open_files(self) -> int:
        return len(os.listdir(f"/proc/{self._server.process.pid}/fd"))


async def _measure(server: Server, load: Load, crowd: Crowd, arguments: argparse.Namespace) -> dict[str, Any]:
    await load.come_in(server.port)

    async def steady(long: float) -> None:
        await load.steady(arguments.rate, long)

    before = await load.measured(server, arguments.seconds, steady)
    memory = server.memory_bytes()
    coming = asyncio.ensure_future(crowd.come(arguments.per_second))
    await asyncio.sleep(WARM_SECONDS)
    beside = await load.measured(server, arguments.seconds, steady)
    coming.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await coming
    kept, grown, ended = crowd.kept(), server.memory_bytes() - memory, time.perf_counter()
    print(f"{kept} bad pages are kept of {len(crowd.pages)}", file=sys.stderr, flush=True)
    while crowd.kept() and time.perf_counter() < ended + GONE_SECONDS_MAX:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    gone = time.perf_counter() - ended
    after = await load.measured(server, arguments.seconds, steady)
    load.go()
    alone = {"ack_ms_p99": before.milliseconds(0.99), "ack_ms_p99_after": after.milliseconds(0.99)}
    usual = float(np.mean([one["value"] or 0 for one in alone.values()]))
    p99 = beside.milliseconds(0.99)
    return {
        "n": len(beside.acknowledged),
        "bad_pages": len(crowd.pages),
        "bad_pages_kept": kept,
        "ack_ms_p50": beside.milliseconds(0.5),
        "ack_ms_p99": p99,
        "times_of_alone": round(float(p99["value"] or 0) / usual, 2),
        "kb_per_page_kept": round(grown / max(1, kept) / 1024, 1),
        "all_gone_after_seconds": round(gone, 1),
        "still_kept": crowd.kept(),
        "baseline": {"method": "the same writers alone", **alone, "ack_ms_p50": before.milliseconds(0.5)},
    }


def _write_history(data: Path, guest: Guest) -> None:
    db = open_store(settings_of(data))

    def write(unit: Unit) -> None:
        inbox = inbox_of(unit.records, INBOX)
        receive_many(
            unit,
            [
                Inbound(inbox.id, guest.contact_id, f"h-{number}", "x" * HISTORY_CHARS)
                for number in range(HISTORY_MESSAGES)
            ],
        )

    try:
        db.write_now(write)
    finally:
        db.close()


def _greeting(port: int) -> bytes:
    key = base64.b64encode(bytes(16)).decode()
    return (
        f"GET /ws/chat/{INBOX} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()
