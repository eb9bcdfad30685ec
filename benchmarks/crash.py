"""`crash`: kill -9 servers under load, or trouble their PostgreSQL; count what was lost or doubled.

Visitors keep their own book of what was acknowledged and resend under the same client id; an outside system
keeps a book of the keys it was called under. At the end the database is compared with the books. `--blows`
says what happens, in turn: `kill` a server (every fifth time all of them), or on a PostgreSQL of our own
`stop` it for a moment, `freeze` it, or `restart` it after a crash. `--sabotage` breaks a promise: then the
count must not be 0.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.crash_counting import Ledger, compare
from benchmarks.crash_outside import Outside
from benchmarks.crash_visiting import Book, visit
from benchmarks.guests import settings_of
from benchmarks.own_postgres import OwnPostgres, store
from benchmarks.serving import Server, free_port, load_average, python_module
from bothands.app.importing import import_company
from bothands.app.wiring import open_model, open_store
from bothands.kit import Invalid

OURS = Path(__file__).with_name("crashing")
BLOWS = ("kill", "stop", "freeze", "restart")
VISITORS = 8
PROCESSES_MAX = 16
LIFE_SECONDS = (0.2, 1.2)
AWAY_SECONDS = (0.5, 4.0)
ALL_EVERY = 5
PROMISE_SECONDS_MAX = 5.0
PROMISE_LOOK_SECONDS = 0.005
BACK_SECONDS_MAX = 60.0
SETTLE_SECONDS_MAX = 90.0
SETTLE_SECONDS_SABOTAGED = 5.0
# What 0 failures in n trials still allow, 95 % sure (the rule of three).
RULE_OF_THREE = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=20, help="how many blows")
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1, help="servers on one PostgreSQL")
    parser.add_argument("--blows", nargs="+", choices=BLOWS, default=["kill"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--sabotage",
        nargs="?",
        const="early",
        default="",
        choices=["early", "forgetful", "careless"],
        help="so that the count must turn red: acknowledge early, or forget, at each repetition, under which "
        "id a visitor sent it or the outside was called",
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.kills < 1:
        raise Invalid(f"kills = {arguments.kills}", "that measures nothing", "kill at least once")
    if not 1 <= arguments.processes <= PROCESSES_MAX:
        raise Invalid(f"processes = {arguments.processes}", f"not from 1 to {PROCESSES_MAX}", "take 4, say")
    if arguments.store == "sqlite" and (arguments.processes > 1 or set(arguments.blows) != {"kill"}):
        raise Invalid("store sqlite", "one process owns it, and only that can be hit", "use --store postgres")
    with (
        tempfile.TemporaryDirectory(prefix="crash-") as folder,
        store(arguments.store) as postgres,
        closing(Outside()) as outside,
    ):
        return asyncio.run(Trial(Path(folder), arguments, postgres, outside).run())


class Trial:
    """Some servers on one database, their visitors, and what happens to them."""

    def __init__(
        self, data: Path, arguments: argparse.Namespace, postgres: OwnPostgres | None, outside: Outside
    ) -> None:
        self._arguments = arguments
        self._postgres = postgres
        self._outside = outside
        self._source = random.Random(arguments.seed)
        self._settings = settings_of(data, database=postgres.url if postgres else "")
        self._servers = [self._server(data, number) for number in range(arguments.processes)]
        is_forgetful = arguments.sabotage == "forgetful"
        self._books = [Book(f"v{number}", is_forgetful=is_forgetful) for number in range(VISITORS)]
        self._recoveries: defaultdict[str, list[float]] = defaultdict(list)

    async def run(self) -> dict[str, Any]:
        await self._import()
        try:
            await asyncio.gather(*(server.start() for server in self._servers))
            await self._load()
            patience = SETTLE_SECONDS_SABOTAGED if self._arguments.sabotage else SETTLE_SECONDS_MAX
            left = await self._servers[0].settle(patience)
        finally:
            await asyncio.gather(*(server.stop() for server in self._servers))
        with closing(open_store(self._settings)) as db:
            return self._figures(compare(db, self._books, self._outside.done), left)

    def _server(self, data: Path, number: int) -> Server:
        port = free_port()
        words = (data, port, self._settings.database, self._outside.url, self._arguments.sabotage)
        return Server(python_module("benchmarks.crash_serving", *words), port, data / f"server-{number}.log")

    async def _import(self) -> None:
        with closing(open_store(self._settings)) as db, closing(open_model(self._settings)) as embedder:
            await import_company(db, embedder, OURS)

    async def _load(self) -> None:
        """Visitors write while one blow after the other falls."""
        is_over = asyncio.Event()
        visitors = [
            asyncio.create_task(visit(self._servers, book, random.Random(self._source.random()), is_over))
            for book in self._books
        ]
        for number, blow in enumerate(islice(cycle(self._arguments.blows), self._arguments.kills)):
            await asyncio.sleep(self._source.uniform(*LIFE_SECONDS))
            if number % 2:
                await self._next_promise(PROMISE_SECONDS_MAX)
            seconds = await self._strike(blow, is_for_all=number % ALL_EVERY == ALL_EVERY - 1)
            self._recoveries[blow] += seconds
            print(f"{blow} {number + 1}: well again after {max(seconds):.2f} s", file=sys.stderr, flush=True)
        await asyncio.sleep(LIFE_SECONDS[1])
        is_over.set()
        await asyncio.gather(*visitors)

    async def _strike(self, blow: str, *, is_for_all: bool) -> list[float]:
        """Do it; how long each server took to be ready, or all until the next message was stored."""
        if blow == "kill":
            victims = self._servers if is_for_all else [self._source.choice(self._servers)]
            await asyncio.gather(*(server.kill() for server in victims))
            return await asyncio.gather(*(server.start() for server in victims))
        assert self._postgres is not None, "SQLite has no server that could be hit"
        if blow == "freeze":
            self._postgres.freeze()
            await asyncio.sleep(self._source.uniform(*AWAY_SECONDS))
            self._postgres.thaw()
        else:
            await asyncio.to_thread(self._postgres.stop, crash=blow == "restart")
            if blow == "stop":
                await asyncio.sleep(self._source.uniform(*AWAY_SECONDS))
            await asyncio.to_thread(self._postgres.start)
        return [await self._next_promise(BACK_SECONDS_MAX)]

    async def _next_promise(self, seconds_max: float) -> float:
        """Until something is acknowledged: right after that is the hardest moment to be killed."""
        now = asyncio.get_running_loop().time
        known, began = self._promises(), now()
        while self._promises() == known and now() - began < seconds_max:  # noqa: ASYNC110
            await asyncio.sleep(PROMISE_LOOK_SECONDS)
        return now() - began

    def _promises(self) -> int:
        return sum(len(book.acknowledged) for book in self._books)

    def _figures(self, ledger: Ledger, left: int) -> dict[str, Any]:
        arguments = self._arguments
        return {
            "benchmark": "crash",
            "store": arguments.store,
            "processes": arguments.processes,
            "n": arguments.kills,
            "kills": arguments.kills,
            **msgspec.to_builtins(ledger),
            "outside_calls": self._outside.calls,
            "outside_calls_repeated": self._outside.calls - sum(map(len, self._outside.done.values())),
            "jobs_left": left,
            "lost_per_kill_at_most": round(RULE_OF_THREE / arguments.kills, 4) if not ledger.lost else None,
            **_seconds("recovery_seconds", self._recoveries["kill"]),
            **{
                name: figure
                for blow in BLOWS[1:]
                for name, figure in _seconds(f"stored_again_seconds_{blow}", self._recoveries[blow]).items()
            },
            "machine_load": load_average(),
            "sabotaged": arguments.sabotage or None,
            "baseline": "none: nobody publishes this figure for a desk",
        }


def _seconds(name: str, seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {
        f"{name}_p{round(share * 100)}": round(float(np.quantile(seconds, share)), 2) for share in (0.5, 0.99)
    }
