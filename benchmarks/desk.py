"""`desk`: a full inbox in a slowed browser while customers write: long tasks, opening times.

All conversations are with the assistant, and an agent has loaded every row. Customers write at a fixed rate
over their sockets, and each second some come in who were not there before, above the others. The browser
(Chromium, slowed by its own throttle) counts tasks over 50 ms, first while the agent only looks, then while
conversations are opened.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.guests import invite
from benchmarks.intervals import figure
from benchmarks.serving import Server, free_port, load_average, python_module, running
from benchmarks.writing import Load
from bothands.kit import Invalid

UI = Path(__file__).parents[1] / "ui"
ROWS, ROWS_MIN = 500, 10
UPDATES_PER_SECOND = 50.0
SECONDS = 20.0
BEGINNINGS_PER_SECOND = 200.0
NEWCOMERS_PER_SECOND = 5
OPENING_SECONDS_MAX = 40
SLOWER = 4
SETTLE_SECONDS_MAX = 120.0
BROWSER_SECONDS_MAX = 240.0


class Seen(msgspec.Struct, frozen=True):
    """What the browser says; milliseconds."""

    watching: list[float]
    openings: list[float]
    opening: list[float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--n", type=int, default=ROWS, help="rows in the inbox")
    parser.add_argument("--rate", type=float, default=UPDATES_PER_SECOND, help="messages a second")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of looking on")
    parser.add_argument(
        "--slower", type=int, default=SLOWER, help="how many times slower the browser computes"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    if (
        arguments.n < ROWS_MIN
        or arguments.rate <= 0
        or not 0 < arguments.seconds <= 3600
        or arguments.slower < 1
    ):
        raise Invalid("arguments", f"at least {ROWS_MIN} rows, a rate above 0, up to an hour", "correct them")
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        seen = asyncio.run(_measured(Path(folder), arguments))
    openings = np.array(seen.openings)
    return {
        "benchmark": "desk",
        "n": arguments.n,
        "updates_per_second": arguments.rate,
        "newcomers_per_second": NEWCOMERS_PER_SECOND,
        "slower": arguments.slower,
        "long_tasks_looking_on": {**_tasks(seen.watching), "seconds": arguments.seconds},
        "long_tasks_opening": _tasks(seen.opening),
        "opening_ms": {
            "n": len(openings),
            "p50": figure(lambda rows: float(np.quantile(openings[rows], 0.5)), range(len(openings))),
            "p95": figure(lambda rows: float(np.quantile(openings[rows], 0.95)), range(len(openings))),
        },
        "machine_load": load_average(),
    }


def _tasks(milliseconds: list[float]) -> dict[str, Any]:
    return {"count": len(milliseconds), "longest_ms": round(max(milliseconds, default=0.0))}


async def _measured(data: Path, arguments: argparse.Namespace) -> Seen:
    seconds = int(arguments.seconds) + OPENING_SECONDS_MAX
    party = await invite(data, arguments.n + NEWCOMERS_PER_SECOND * seconds, held=False)
    known, new = party.guests[: arguments.n], party.guests[arguments.n :]
    loads = [Load(known), *(Load(new[second::seconds]) for second in range(seconds))]
    port = free_port()
    words = python_module("benchmarks.wide_serving", data, port, "--store-only")
    async with running(Server(words, port, data / "server.log")) as server:
        for load in loads:
            await load.come_in(port)
        await loads[0].steady(BEGINNINGS_PER_SECOND, arguments.n / BEGINNINGS_PER_SECOND)
        return await _watched(server, loads, party.link, arguments)


async def _watched(server: Server, loads: Sequence[Load], link: str, arguments: argparse.Namespace) -> Seen:
    browser = await asyncio.create_subprocess_exec(
        "node",
        "e2e/busy-inbox.mjs",
        server.base,
        f"{server.base}/desk/sign-in?token={link}",
        *map(str, (arguments.n, arguments.slower, arguments.seconds)),
        cwd=UI,
        env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
    )
    assert browser.stdout is not None, "its output is piped"
    async with asyncio.timeout(BROWSER_SECONDS_MAX + arguments.seconds):
        ready = await browser.stdout.readline()
        if ready.strip() != b"ready":
            raise SystemExit("Browser: it could not load the inbox; it says why above.")
        rest = asyncio.ensure_future(browser.stdout.read())
        known, *new = loads
        while not rest.done():
            newcomers = [new.pop().steady(NEWCOMERS_PER_SECOND, 1.0)] if new else []
            await asyncio.gather(known.steady(arguments.rate, 1.0), *newcomers)
    if await browser.wait():
        raise SystemExit("Browser: it stopped before the end; it says why above.")
    return msgspec.json.decode(rest.result().strip().splitlines()[-1], type=Seen)
