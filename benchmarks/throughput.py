"""`throughput`: durable messages a second on one core over the whole path, and what an `ack` takes.

Guests in conversations that an agent holds write over their own sockets; the agent's desk listens. A message
counts when the server said `stored`, which it says after the commit is on disk. The server has one core, the
load has the others, and so has PostgreSQL (a server of our own). First everybody writes again as soon as they
were acknowledged; then, at half the rate this gave, messages are due at fixed times, and an acknowledgement
is timed from when its message was due.

Messages to an agent need no turn, but the product reads them for the mood and the brief, in the background on
the same core: `while_read_too` is with that, the figures proper are with the worker standing still.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from benchmarks.guests import Party, invite
from benchmarks.own_postgres import store
from benchmarks.serving import Server, apart_from_server, free_port, python_module, running
from benchmarks.wires import open_wire
from benchmarks.writing import Load, Phase
from bothands.kit import Invalid

GUESTS = 200
SECONDS = 10.0
SECONDS_RANGE = (1.0, 3600.0)
SETTLE_SECONDS_MAX = 60.0
CALM_SECONDS = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each stretch")
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    low, high = SECONDS_RANGE
    if not low <= arguments.seconds <= high:
        raise Invalid(f"seconds = {arguments.seconds}", f"not from {low} to {high}", "measure for ten, say")
    with (
        tempfile.TemporaryDirectory(prefix="throughput-") as folder,
        apart_from_server() as core,
        store(arguments.store) as postgres,
    ):
        return asyncio.run(_run(Path(folder), core, arguments, postgres.url if postgres else ""))


async def _run(data: Path, core: int, arguments: argparse.Namespace, database: str) -> dict[str, Any]:
    party = await invite(data, GUESTS, held=True, database=database)
    port, bare_port = free_port(), free_port()
    words = python_module("benchmarks.wide_serving", data, port, database)
    async with running(Server(words, port, data / "server.log", core=core)) as ours:
        await ours.settle(SETTLE_SECONDS_MAX)
        cookies = await _sign_in(ours, party)
        read_too = await _measure(ours, party, arguments.seconds, cookies)
    async with running(Server([*words, "--store-only"], port, data / "server.log", core=core)) as ours:
        figures = await _measure(ours, party, arguments.seconds, cookies)
    words = python_module("benchmarks.echo_serving", bare_port)
    async with running(Server(words, bare_port, data / "echo.log", core=core)) as bare:
        beside = await _measure(bare, party, arguments.seconds)
    return {
        "benchmark": "throughput",
        "store": arguments.store,
        **figures,
        "while_read_too": read_too,
        "baseline": {"method": "the bare framework: an echo of the same frames", **beside},
    }


async def _sign_in(server: Server, party: Party) -> str:
    async with httpx.AsyncClient(base_url=server.base, trust_env=False) as page:
        signed = await page.post("/api/v1/sign-in/link", json={"token": party.link})
        signed.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in page.cookies.items())


async def _measure(
    server: Server, party: Party, seconds: float, cookies: str | None = None
) -> dict[str, Any]:
    """`cookies`: the agent's; then their desk listens too, as it would."""
    load = Load(party.guests)
    await load.come_in(server.port)
    if cookies is not None:
        headers = f"Cookie: {cookies}\r\n"
        load.beside.append(await open_wire(server.port, "/ws/desk", lambda payload: None, headers=headers))
    full = await load.measured(server, seconds, load.eager)
    print(f"{full.rate:.0f} a second at full load; now half of it", file=sys.stderr, flush=True)
    await asyncio.sleep(CALM_SECONDS)
    half = await load.measured(server, seconds, lambda long: load.steady(full.rate / 2, long))
    load.go()
    return {
        "n": len(full.acknowledged),
        "messages_per_second": full.per_second(),
        "cpu_us_per_message": full.cpu_microseconds(),
        "core_share": round(full.cpu_seconds / full.seconds, 2),
        "full_load_ack_ms": _times(full),
        "half_load_per_second": round(half.rate, 1),
        "half_load_ack_ms": _times(half),
        "machine_load": half.load,
    }


def _times(phase: Phase) -> dict[str, Any]:
    return {"p50": phase.milliseconds(0.5), "p99": phase.milliseconds(0.99)}
