"""`overload`: ten times what the server can take, over real sockets; what it accepts, refuses, loses.

Every visitor has a page of their own and behaves as the widget: one message at a time, and when refused it
is sent again under the same id, after the time the server named and a little chance. First a few write as
fast as they are acknowledged: that is what the server can take, replying as well as it can. Then messages are
begun at ten times that rate; a visitor whose last message is still on its way begins none (`held_back`). An
acknowledgement is timed from the sending that was accepted, `waited_ms` from the first one. When the press is
over, newcomers come one by one until acknowledgement and reply are as before. At the end the database is
compared with the visitors' books. The server has one core; `--sabotage` makes it forget, which must show.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import uvloop

from benchmarks.guests import Guest, come_in, invite, send_frame, settings_of
from benchmarks.intervals import Figure, figure
from benchmarks.overload_visiting import Book, Crowd
from benchmarks.serving import (
    Server,
    apart_from_server,
    free_port,
    load_average,
    python_module,
    raise_file_limit,
    running,
)
from benchmarks.turns import is_reply
from benchmarks.wires import Wire
from bothands.app.wiring import open_store
from bothands.conversations import AuthorKind, entries_since, view_page
from bothands.kit import Invalid

TIMES = 10.0
SECONDS = 60.0
VISITORS = 3_000
EAGER = 200
MEASURE_SECONDS = 4.0
MEMORY_LOOK_SECONDS = 0.25
# As before: no more than this much later than the calm server acknowledged and replied.
CALM_NEWCOMERS = 20
SLACK_SECONDS = 0.05
AGAIN_FACTOR = 2.0
AGAIN_IN_A_ROW = 3
PATIENCE_SECONDS = 120.0
NEWCOMER_SECONDS_MAX = 10.0
NEWCOMERS = 400
PAGE, ENTRIES_MAX = 100, 1_000_000


class Calm(msgspec.Struct, frozen=True):
    """How long a newcomer waits for the acknowledgement, and for the reply."""

    ack: float
    reply: float


class Newcomer:
    """Comes, says one thing, and knows when it was stored and when it was replied to."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._wire: Wire | None = None
        self._stored: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._replied: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def visit(self, port: int, guest: Guest, place: int) -> Calm:
        self._wire = await come_in(port, guest, place, self._hear)
        began = time.perf_counter()
        self._wire.tell(send_frame(f"n-{self._number}", f"Do you repair lamps? ({self._number})"))
        for late in (self._stored, self._replied):
            asyncio.get_running_loop().call_later(NEWCOMER_SECONDS_MAX, _settle, late, float("inf"))
        stored, replied = await asyncio.gather(self._stored, self._replied)
        self._wire.close()
        return Calm(stored - began, replied - began)

    def _hear(self, payload: bytes) -> None:
        frame = msgspec.json.decode(payload)
        now = time.perf_counter()
        if frame["is"] == "stored":
            _settle(self._stored, now)
        elif frame["is"] == "refused":  # still too much: as late as can be
            _settle(self._stored, float("inf"))
            _settle(self._replied, float("inf"))
        elif is_reply(frame):
            _settle(self._replied, now)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long it is pressed")
    parser.add_argument("--visitors", type=int, default=VISITORS, help="open pages")
    parser.add_argument("--times", type=float, default=TIMES, help="of what it can take")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE_SECONDS, help="seconds in which it must be normal again"
    )
    parser.add_argument("--sabotage", action="store_true", help="forget messages; the count must show it")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    most = raise_file_limit()
    if not EAGER <= arguments.visitors <= most or not 1 <= arguments.seconds <= 3600:
        raise Invalid(
            f"visitors = {arguments.visitors}, seconds = {arguments.seconds}",
            f"from {EAGER} to {most} pages can be open here, for up to an hour",
            "raise the limit of open files, or ask for less",
        )
    with tempfile.TemporaryDirectory(prefix="overload-") as folder, apart_from_server() as core:
        return uvloop.run(_run(Path(folder), core, arguments))


async def _run(data: Path, core: int, arguments: argparse.Namespace) -> dict[str, Any]:
    party = await invite(data, arguments.visitors + NEWCOMERS, held=False)
    port = free_port()
    words = python_module(
        "benchmarks.overload_serving", data, port, *(["--sabotage"] if arguments.sabotage else [])
    )
    async with running(Server(words, port, data / "server.log", core=core)) as server:
        figures, book = await _press(server, party.guests, arguments)
        figures["unanswered_jobs"] = await server.settle(arguments.patience)
    return {
        "benchmark": "overload",
        "n": len(book.acknowledged),
        **figures,
        **_compare(data, book),
        "machine_load": load_average(),
        "sabotaged": arguments.sabotage,
        "baseline": {"method": "none: nobody publishes this for a desk"},
    }


async def _press(
    server: Server, guests: Sequence[Guest], arguments: argparse.Namespace
) -> tuple[dict[str, Any], Book]:
    crowd = Crowd(guests[: arguments.visitors])
    newcomers = iter(list(enumerate(guests))[arguments.visitors :])
    await crowd.come_in(server.port)
    calm = [await _newcomer(server, *next(newcomers)) for _ in range(CALM_NEWCOMERS)]
    taken = await crowd.eager(EAGER, MEASURE_SECONDS)
    rate = arguments.times * taken
    print(f"it takes {taken:.0f} a second; now {rate:.0f}", file=sys.stderr, flush=True)
    memory = asyncio.ensure_future(_watch(server))
    begin, began = len(crowd.book.acknowledged), time.perf_counter()
    sent, refused, held_back = crowd.book.sent, crowd.book.refused, crowd.book.held_back
    await crowd.press(rate, arguments.seconds)
    ended = time.perf_counter()
    print("pressed; now until it is normal again", file=sys.stderr, flush=True)
    again = await _normal_again(server, newcomers, _slowest(calm), ended + arguments.patience)
    again = {name: at and round(at - ended, 1) for name, at in again.items()}
    never = await crowd.drain()
    memory.cancel()
    crowd.go()
    book = crowd.book
    pressed = range(begin, len(book.acknowledged))
    return {
        "pages": arguments.visitors,
        "seconds_pressed": round(ended - began, 1),
        "taken_per_second": round(taken, 1),
        "wanted_per_second": round(rate, 1),
        "accepted_per_second": _per_second(book, began, ended),
        "sent_per_second": round((book.sent - sent) / (ended - began), 1),
        "refused": book.refused - refused,
        "refused_without_hint": book.without_hint,
        "held_back": book.held_back - held_back,
        "accepted_ack_ms": _quantiles([book.seconds[place] for place in pressed]),
        "waited_ms": _quantiles([book.since_first[place] for place in pressed]),
        "never_stored": never,
        **again,
        **_flat([mb for at, mb in _LOOKS if began <= at <= ended]),
    }, book


_LOOKS: list[tuple[float, float]] = []


async def _watch(server: Server) -> None:
    _LOOKS.clear()
    while True:
        _LOOKS.append((time.perf_counter(), server.memory_bytes() / 1024 / 1024))
        await asyncio.sleep(MEMORY_LOOK_SECONDS)


async def _newcomer(server: Server, place: int, guest: Guest) -> Calm:
    return await Newcomer(place).visit(server.port, guest, place)


def _slowest(calm: Sequence[Calm]) -> Calm:
    """What still counts as before."""
    return Calm(
        max(one.ack for one in calm) * AGAIN_FACTOR + SLACK_SECONDS,
        max(one.reply for one in calm) * AGAIN_FACTOR + SLACK_SECONDS,
    )


async def _normal_again(
    server: Server, newcomers: Iterator[tuple[int, Guest]], slowest: Calm, deadline: float
) -> dict[str, float | None]:
    """When newcomers, one after the other, are served as before: acknowledged, and replied to."""
    found: dict[str, float] = {}
    rows = {"ack": 0, "reply": 0}
    while len(found) < len(rows) and time.perf_counter() < deadline:
        began = time.perf_counter()
        calm = await _newcomer(server, *next(newcomers))
        for name in rows:
            rows[name] = rows[name] + 1 if getattr(calm, name) <= getattr(slowest, name) else 0
            if rows[name] == AGAIN_IN_A_ROW:
                found.setdefault(name, began)
    return {f"normal_again_seconds_{name}": found.get(name) for name in rows}


def _per_second(book: Book, began: float, ended: float) -> Figure:
    counts = np.bincount([int(at - began) for at in book.at if began <= at < ended])[: int(ended - began)]
    return figure(lambda rows: float(counts[rows].mean()), range(len(counts)))


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    return {
        f"p{share * 100:g}": round(float(np.quantile(seconds, share)) * 1000, 1) for share in (0.5, 0.99, 1)
    }


def _flat(megabytes: Sequence[float]) -> dict[str, float]:
    """Memory at the beginning of the press, its last quarter against its second, and its peak."""
    quarter = max(1, len(megabytes) // 4)
    second, last = megabytes[quarter : 2 * quarter] or megabytes, megabytes[-quarter:]
    return {
        "server_mb": round(megabytes[0], 1),
        "server_mb_peak": round(max(megabytes), 1),
        "server_mb_grown_late": round(float(np.median(last) - np.median(second)), 1),
    }


def _compare(data: Path, book: Book) -> dict[str, int]:
    """The books against the database."""
    db = open_store(settings_of(data))
    stored: Counter[str | None] = Counter()
    before = None
    try:
        while page := db.read_now(partial(view_page, view="open", agent_id="", limit=PAGE, before=before)):
            before = (page[-1].updated_at, page[-1].id)
            for one in page:
                entries = db.read_now(
                    partial(entries_since, conversation_id=one.id, seq=0, limit=ENTRIES_MAX)
                )
                said = Counter(entry.body for entry in entries if entry.author_kind is AuthorKind.CONTACT)
                stored.update(entry.client_id for entry in entries)
                stored["doubled"] += sum(count - 1 for count in said.values())
    finally:
        db.close()
    lost = sum(stored[client_id] == 0 for client_id in book.acknowledged)
    return {"lost": lost, "doubled": stored["doubled"]}


def _settle(future: "asyncio.Future[float]", value: float) -> None:
    if not future.done():
        future.set_result(value)
