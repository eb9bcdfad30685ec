"""`python -m bothands.training`: simulated customers arrive at a running desk until stopped.

With --shift FILE, simulated agents serve them: one for each one-time sign-in link read from the standard
input, a link per line up to an empty line (an argument would show in the list of processes).
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import msgspec

from bothands.egress import Caller, Gate, host_and_port, open_socket
from bothands.kit import BothandsError, SystemClock
from bothands.training.keeping import Pace, Socket
from bothands.training.model import Outcome
from bothands.training.scripting import read_scenarios
from bothands.training.shifting import AGENTS_MAX, Colleague, keep_shift, read_shift
from bothands.training.simulating import CUSTOMERS_AT_ONCE_MAX, Arrivals, Simulated, simulate


def main(words: list[str] | None = None) -> int:
    """Exit code 0 when done, 2 when the arguments or the scenarios cannot be used."""
    parser = _parser()
    given = parser.parse_args(words)
    links = list(itertools.takewhile(str.strip, sys.stdin))[:AGENTS_MAX] if given.shift else []
    if given.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        done = asyncio.run(_run(given, links))
    except BothandsError as error:
        print(str(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    print(msgspec.json.encode(done).decode())
    return 0


def _end_with_parent() -> None:
    """Whoever started us holds the other end of the pipe: when they are gone, however, so are we."""
    sys.stdin.buffer.read()
    os._exit(0)


async def _run(given: argparse.Namespace, links: list[str]) -> Simulated:
    scenarios = read_scenarios(given.scenarios)
    if given.only:
        scenarios = tuple(one for one in scenarios if one.id in given.only)
    if not scenarios:
        raise SystemExit(
            f"No scenario is called {', '.join(given.only)}. See the folder {given.scenarios.name}."
        )
    base = given.url.rstrip("/")
    address = f"{base}/ws/chat/{quote(given.inbox)}"
    origin = base.replace("ws", "http", 1)

    gate = Gate((host_and_port(base),))

    async def dial() -> Socket:
        return await open_socket(address, gate=gate, origin=origin)

    arrivals = Arrivals(given.every, given.at_once, given.seconds, given.count)
    pace = Pace(SystemClock(), given.speed)
    source = random.Random(given.seed)
    tell = (lambda outcome: None) if given.quiet else _tell
    async with _on_shift(given, links, origin, pace, source):
        return await simulate(scenarios, dial, arrivals, pace, source, tell)


@contextlib.asynccontextmanager
async def _on_shift(
    given: argparse.Namespace, links: list[str], base: str, pace: Pace, source: random.Random
) -> AsyncIterator[None]:
    """Simulated agents at work for as long as customers arrive; none without --shift."""
    if given.shift is None:
        yield
        return
    shift = read_shift(given.shift)
    caller = Caller(Gate((host_and_port(base),)))
    colleagues = [Colleague(base, caller, shift, pace, random.Random(source.getrandbits(64))) for _ in links]
    for colleague, link in zip(colleagues, links, strict=True):
        await colleague.sign_in(link)
    working = asyncio.create_task(keep_shift(colleagues))
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await caller.close()


def _tell(outcome: Outcome) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(
            f"{outcome.scenario_id}: {outcome.ending} after {outcome.seconds:.0f} s "
            f"({outcome.conversation_id or 'no conversation'})",
            file=sys.stderr,
            flush=True,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bothands.training", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--url", default="ws://127.0.0.1:8000", help="the desk, as ws:// or wss://")
    parser.add_argument("--inbox", default="shop")
    parser.add_argument("--scenarios", type=Path, required=True, help="a folder of *.toml")
    parser.add_argument("--shift", type=Path, metavar="FILE", help="simulated agents say what FILE holds")
    parser.add_argument("--only", nargs="*", default=[], metavar="ID", help="play only these")
    parser.add_argument("--every", type=float, default=20.0, help="mean seconds between arrivals")
    parser.add_argument("--at-once", type=int, default=8, help=f"at most {CUSTOMERS_AT_ONCE_MAX}")
    parser.add_argument("--for", dest="seconds", type=float, default=None, help="stop after so many seconds")
    parser.add_argument("--count", type=int, default=None, help="stop after so many customers")
    parser.add_argument("--speed", type=float, default=1.0, help="2 = everybody is twice as fast")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same customers")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--with-parent", action="store_true", help="end when the standard input ends")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
