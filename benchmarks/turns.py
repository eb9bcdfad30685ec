"""`turns`: from the acknowledgement of a real message to the assistant's reply, and how many it gives.

A server of its own learns its topics from the train file, as in `mainjob`; its answers are ours. Every
message is one new conversation over the widget's socket. First customers arrive at a fixed rate; then there
are always some waiting, which gives the rate that can be kept up. What counts as a reply is what ends the
customer's wait: the assistant's message, or being handed to a person. The server has one core, or `--cores`.
"""

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.guests import Guest, come_in, invite, send_frame
from benchmarks.intervals import Figure, figure
from benchmarks.mainjob_running import company_folder
from benchmarks.rows import labelled
from benchmarks.serving import Server, apart_from_server, free_port, load_average, python_module, running
from benchmarks.wires import Wire
from benchmarks.writing import in_turns
from bothands.kit import Invalid
from bothands.models import open_embedder

INTENTS = Path("../shared/data/intents")
TRAIN = INTENTS / "hint3_sofmattress_train.jsonl"
TEST = INTENTS / "hint3_sofmattress_test.jsonl"
RATE = 50.0
RATE_RANGE = (0.1, 10_000.0)
SECONDS = 10.0
WARM_CUSTOMERS = 50
KEPT_UP_CUSTOMERS = 1_500
WAITING_AT_ONCE = 32
REPLY_SECONDS_MAX = 60.0


class Replied(msgspec.Struct, frozen=True):
    at: float
    acknowledged_seconds: float
    reply_seconds: float


class Customer:
    """Connected already; says one thing, and knows when it was stored and when it was replied to."""

    def __init__(self, number: int) -> None:
        self.wire: Wire | None = None
        self._number = number
        self._stored_at = 0.0
        self._replied: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def come_in(self, port: int, guest: Guest) -> None:
        self.wire = await come_in(port, guest, self._number, self._hear)

    async def ask(self, text: str) -> Replied:
        assert self.wire is not None, "a customer asks once they came in"
        began = time.perf_counter()
        self.wire.tell(send_frame(f"c-{self._number}", text))
        async with asyncio.timeout(REPLY_SECONDS_MAX):
            replied_at = await self._replied
        self.wire.close()
        # A reply can overtake the acknowledgement on its way out; then nobody waited.
        stored_at = self._stored_at or replied_at
        return Replied(replied_at, stored_at - began, max(0.0, replied_at - stored_at))

    def _hear(self, payload: bytes) -> None:
        now = time.perf_counter()
        frame = msgspec.json.decode(payload)
        if frame["is"] == "stored":
            self._stored_at = now
        elif frame["is"] == "refused":
            raise SystemExit(f"Customer: the server refused the message: {frame['error']}")
        elif is_reply(frame) and not self._replied.done():
            self._replied.set_result(now)


def is_reply(frame: dict[str, Any]) -> bool:
    """Whether this ends a customer's wait: words of the assistant, or somebody else who has it now."""
    said = any(
        entry["author_kind"] == "assistant" and entry["kind"] in ("message", "transfer")
        for entry in frame.get("entries", ())
    )
    holder = (frame.get("state") or {}).get("holder", {}).get("kind", "assistant")
    return said or holder != "assistant"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=RATE, help="customers a second")
    parser.add_argument("--train", type=Path, nargs="+", default=[TRAIN], help="intents rows: text, label")
    parser.add_argument("--test", type=Path, nargs="+", default=[TEST], help="the same; what customers say")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long they arrive at that rate")
    parser.add_argument("--cores", type=int, default=1, help="of the server; the load has the others")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    low, high = RATE_RANGE
    if not low <= arguments.rate <= high or not 1 <= arguments.seconds <= 3600:
        raise Invalid(
            f"rate = {arguments.rate}, seconds = {arguments.seconds}", "out of range", f"rate {low} to {high}"
        )
    ours = sorted(os.sched_getaffinity(0))
    if not 1 <= arguments.cores < max(2, len(ours)):
        raise Invalid(f"cores = {arguments.cores}", f"there are {len(ours)}", "leave one for the load")
    train, test = labelled(arguments.train, "intents"), labelled(arguments.test, "intents")
    with tempfile.TemporaryDirectory(prefix="turns-") as room, apart_from_server() as core:
        cores = ours[-arguments.cores :]
        os.sched_setaffinity(0, set(ours) - set(cores) or set(ours))
        examples = [(row.text, label) for row in train if row.is_ours for label in row.labels]
        folder = company_folder(Path(room) / "company", examples)
        texts = [row.text for row in test]
        figures = asyncio.run(_run(Path(room) / "data", folder, cores, texts, arguments))
        return {"benchmark": "turns", **figures, "baseline": _bare(texts, core)}


async def _run(
    data: Path, company: Path, cores: Sequence[int], texts: Sequence[str], arguments: argparse.Namespace
) -> dict[str, Any]:
    arriving = max(1, round(arguments.rate * arguments.seconds))
    party = await invite(data, WARM_CUSTOMERS + arriving + KEPT_UP_CUSTOMERS, held=False, company=company)
    port = free_port()
    words = [
        "taskset",
        "-c",
        ",".join(map(str, cores)),
        *python_module("benchmarks.wide_serving", data, port),
    ]
    async with running(Server(words, port, data / "server.log")) as server:
        customers = [Customer(number) for number in range(len(party.guests))]
        await in_turns([one.come_in(port, guest) for one, guest in zip(customers, party.guests, strict=True)])
        # Told apart by a number, as no two customers write alike: nothing is remembered from the one before.
        said = (f"{text} ({number})" for number, text in enumerate(itertools.cycle(texts)))
        await _keep_up(customers[:WARM_CUSTOMERS], said)
        at_rate = await _arrive(customers[WARM_CUSTOMERS:][:arriving], said, arguments.rate)
        print(f"{len(at_rate)} arrived; now as many as it takes", file=sys.stderr, flush=True)
        before, began = server.cpu_seconds(), time.perf_counter()
        kept = await _keep_up(customers[WARM_CUSTOMERS + arriving :], said)
        seconds, worked = time.perf_counter() - began, server.cpu_seconds() - before
    return {
        "n": len(at_rate),
        "rate": arguments.rate,
        "reply_ms": {name: _quantile(at_rate, share) for name, share in QUANTILES.items()},
        "ack_ms_p99": _quantile(at_rate, 0.99, "acknowledged_seconds"),
        "turns_per_second": _per_second(kept, began, seconds),
        "kept_up_n": len(kept),
        "cpu_us_per_turn": round(worked / len(kept) * 1e6),
        "cores": len(cores),
        "core_share": round(worked / seconds / len(cores), 2),
        "machine_load": load_average(),
    }


QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


async def _arrive(customers: Sequence[Customer], said: Iterator[str], rate: float) -> list[Replied]:
    """Each at a time of their own, whether or not the one before was replied to."""
    began = time.perf_counter()
    asking = []
    for number, customer in enumerate(customers):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asking.append(asyncio.ensure_future(customer.ask(next(said))))
    return list(await asyncio.gather(*asking))


async def _keep_up(customers: Sequence[Customer], said: Iterator[str]) -> list[Replied]:
    """Always so many waiting; the next one comes when one was replied to."""
    waiting = iter(customers)
    replied: list[Replied] = []

    async def one_place() -> None:
        for customer in waiting:
            replied.append(await customer.ask(next(said)))

    async with asyncio.TaskGroup() as group:
        for _ in range(WAITING_AT_ONCE):
            group.create_task(one_place())
    return replied


def _quantile(replied: Sequence[Replied], share: float, what: str = "reply_seconds") -> Figure:
    times = np.array([getattr(one, what) * 1000 for one in replied])
    return figure(lambda rows: float(np.quantile(times[rows], share)), range(len(times)))


def _per_second(replied: Sequence[Replied], began: float, seconds: float) -> Figure:
    """Replies over time; the interval draws tenths of the stretch anew."""
    parts = 10
    counts = np.bincount(
        [min(parts - 1, int((one.at - began) / seconds * parts)) for one in replied], minlength=parts
    )
    return figure(lambda rows: float(counts[rows].mean()) * parts / seconds, range(parts))


def _bare(texts: Sequence[str], core: int) -> dict[str, Any]:
    """The same texts through the bare encoder, one by one and many at once, on the server's core."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    embedder = open_embedder(threads=1)
    try:
        embedder.warm_up()
        began = time.perf_counter()
        for number, text in enumerate(texts[:200]):
            embedder.embed_now([f"{text} [{number}]"])
        alone = (time.perf_counter() - began) / len(texts[:200])
        began = time.perf_counter()
        embedder.embed_now([f"{text} [at once, {number}]" for number, text in enumerate(texts)])
        many = len(texts) / (time.perf_counter() - began)
    finally:
        embedder.close()
        os.sched_setaffinity(0, ours)
    return {
        "method": "the bare encoder on the same texts",
        "turns_per_second": round(many, 1),
        "reply_ms": {"p50": round(alone * 1000, 2)},
    }
