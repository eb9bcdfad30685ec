"""`sockets`: memory of an open chat, and how long a message takes to the visitor's other tab.

Every visitor has two tabs open. Memory is what the server holds more of after all came in and were welcomed,
divided by the tabs. Then visitors write at a fixed rate, spread over many, and each message is timed from
its sending to its arrival at the other tab: stored, told and delivered. An agent holds the conversations.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.guests import Guest, come_in, invite, send_frame
from benchmarks.intervals import Figure, figure
from benchmarks.serving import (
    Server,
    apart_from_server,
    free_port,
    load_average,
    python_module,
    raise_file_limit,
    running,
)
from benchmarks.wires import Wire
from benchmarks.writing import in_turns
from bothands.kit import Invalid

SOCKETS = 5_000
SOCKETS_MIN = 2
WRITERS = 500
MESSAGES_PER_SECOND = 50.0
SECONDS = 20.0
CALM_SECONDS = 3.0
SETTLE_SECONDS_MAX = 60.0
LATE_SECONDS_MAX = 10.0
MESSAGE = "Is my lamp on its way? {}"


class Pair:
    """One visitor with two tabs; times what is written in the one until it shows in the other."""

    def __init__(self, number: int) -> None:
        self.delivered: list[float] = []
        self._number = number
        self._writing: Wire | None = None
        self._sent: dict[str, float] = {}

    async def come_in(self, port: int, guest: Guest) -> None:
        place = 2 * self._number
        self._writing = await come_in(port, guest, place, lambda payload: None)
        await come_in(port, guest, place + 1, self._hear)

    @property
    def open_messages(self) -> int:
        return len(self._sent)

    def write(self) -> None:
        assert self._writing is not None, "a visitor writes once they came in"
        client_id = f"p{self._number}-{len(self.delivered) + len(self._sent)}"
        self._sent[client_id] = time.perf_counter()
        self._writing.tell(send_frame(client_id, MESSAGE.format(client_id)))

    def _hear(self, payload: bytes) -> None:
        now = time.perf_counter()
        for entry in msgspec.json.decode(payload).get("entries", ()):
            sent_at = self._sent.pop(entry["client_id"] or "", None)
            if sent_at is not None:
                self.delivered.append(now - sent_at)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--n", type=int, default=SOCKETS, help="sockets, two of each visitor")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of writing")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    most = raise_file_limit()
    if not SOCKETS_MIN <= arguments.n <= most or not 0 < arguments.seconds <= 3600:
        raise Invalid(
            f"n = {arguments.n}", f"from {SOCKETS_MIN} to {most} sockets", "raise the limit of open files"
        )
    with tempfile.TemporaryDirectory(prefix="sockets-") as folder, apart_from_server() as core:
        return asyncio.run(_run(Path(folder), core, arguments))


async def _run(data: Path, core: int, arguments: argparse.Namespace) -> dict[str, Any]:
    party = await invite(data, arguments.n // 2, held=True)
    ours, bare = await _measured(data, core, party.guests, "benchmarks.wide_serving", arguments.seconds)
    return {"benchmark": "sockets", **ours, "machine_load": load_average(), "baseline": bare}


async def _measured(
    data: Path, core: int, guests: tuple[Guest, ...], module: str, seconds: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    port, bare_port = free_port(), free_port()
    async with running(
        Server(python_module(module, data, port), port, data / "server.log", core=core)
    ) as ours:
        await ours.settle(SETTLE_SECONDS_MAX)
        pairs = [Pair(number) for number in range(len(guests))]
        per_socket = await _memory(ours, pairs, guests)
        print(f"{2 * len(pairs)} tabs are open; now they write", file=sys.stderr, flush=True)
        delivered = await _write(pairs[:WRITERS], seconds)
        rest = ours.memory_bytes()
    words = python_module("benchmarks.echo_serving", bare_port)
    async with running(Server(words, bare_port, data / "echo.log", core=core)) as echo:
        bare = await _memory(echo, [Pair(number) for number in range(len(guests))], guests)
    figures = {
        "n": 2 * len(guests),
        "kb_per_socket": round(per_socket / 1024, 1),
        "server_mb": round(rest / 1024 / 1024, 1),
        "delivered": len(delivered),
        "delivery_ms": {"p50": _quantile(delivered, 0.5), "p99": _quantile(delivered, 0.99)},
    }
    return figures, {"method": "the bare framework: an echo", "kb_per_socket": round(bare / 1024, 1)}


async def _memory(server: Server, pairs: list[Pair], guests: tuple[Guest, ...]) -> float:
    """Bytes a socket, once all are in and quiet."""
    before = server.memory_bytes()
    await in_turns([pair.come_in(server.port, guest) for pair, guest in zip(pairs, guests, strict=True)])
    await asyncio.sleep(CALM_SECONDS)
    return (server.memory_bytes() - before) / (2 * len(pairs))


async def _write(pairs: list[Pair], seconds: float) -> list[float]:
    began = time.perf_counter()
    for number in range(int(MESSAGES_PER_SECOND * seconds)):
        await asyncio.sleep(max(0.0, began + number / MESSAGES_PER_SECOND - time.perf_counter()))
        pairs[number % len(pairs)].write()
    await asyncio.sleep(1.0)
    late = sum(pair.open_messages for pair in pairs)
    if late:
        await asyncio.sleep(LATE_SECONDS_MAX)
        late = sum(pair.open_messages for pair in pairs)
    if late:
        raise SystemExit(f"Server: {late} messages never reached the other tab.")
    return [one for pair in pairs for one in pair.delivered]


def _quantile(times: list[float], share: float) -> Figure:
    ms = np.array(times) * 1000
    return figure(lambda rows: float(np.quantile(ms[rows], share)), range(len(ms)))
