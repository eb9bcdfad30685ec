"""`growth`: pages, searches and a turn at 10k, 100k and 1M conversations: does it stay quick?

Conversations of six messages are written in bulk through the product's own store functions, a few of each
hundred still open. After each size the server is started on them: the desk's pages are fetched by a signed-in
agent over HTTP, the same reads and searches are timed without HTTP, and customers get replies. What is
searched for stands in every conversation or in one.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.growing import grow
from benchmarks.guests import INBOX, Guest, invite, settings_of
from benchmarks.intervals import Figure, figure
from benchmarks.serving import Server, apart_from_server, free_port, load_average, python_module, running
from benchmarks.turns import Customer
from bothands.app.wiring import open_store
from bothands.conversations import conversation_of, entries_since, inbox_of, search, view_counts, view_page
from bothands.kit import Invalid
from bothands.people import contacts_of, make_link_token
from bothands.storage import Database

SIZES = (10_000, 100_000, 1_000_000)
CONVERSATIONS = 100_000
CONVERSATIONS_RANGE = (1_000, 10_000_000)
READS = 200
PAGE_ROWS = 50
CUSTOMERS = 40
WARM = 10
SEARCHED = ("depot", '"guest {}"', 'from:"guest {}"', "street 14 is:closed")
QUESTION = "Hello, which lamps do you have? ({})"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help="the last and largest size")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    low, high = CONVERSATIONS_RANGE
    if not low <= arguments.conversations <= high:
        raise Invalid(f"conversations = {arguments.conversations}", f"not from {low} to {high}", "try 100000")
    sizes = [*(size for size in SIZES if size < arguments.conversations), arguments.conversations]
    with tempfile.TemporaryDirectory(prefix="growth-") as folder, apart_from_server() as core:
        return asyncio.run(_run(Path(folder), core, sizes))


async def _run(data: Path, core: int, sizes: Sequence[int]) -> dict[str, Any]:
    party = await invite(data, (CUSTOMERS + WARM) * len(sizes), held=False)
    figures: dict[str, Any] = {}
    there = 0
    for number, size in enumerate(sizes):
        guests = party.guests[number * (CUSTOMERS + WARM) :][: CUSTOMERS + WARM]
        figures[str(size)] = await _at_size(data, core, size, there, party.agent.id, guests)
        print(f"{size} conversations: {figures[str(size)]}", file=sys.stderr, flush=True)
        there = size
    return {
        "benchmark": "growth",
        "n": sizes[-1],
        "at": figures,
        "machine_load": load_average(),
        "baseline": {"method": f"the same at {sizes[0]} conversations", "at": figures[str(sizes[0])]},
    }


async def _at_size(
    data: Path, core: int, size: int, there: int, agent_id: str, guests: Sequence[Guest]
) -> dict[str, Any]:
    db = open_store(settings_of(data))
    try:
        began = time.perf_counter()
        grow(db, db.read_now(lambda records: inbox_of(records, INBOX)), size - there, seed=size)
        import_seconds = time.perf_counter() - began
        ids = _some_conversations(db, agent_id)
        bare = _bare_reads(db, agent_id, ids) | {"search_ms": _searches(db, size)}
        link = db.write_now(lambda unit: make_link_token(unit, agent_id))
    finally:
        db.close()
    port = free_port()
    words = python_module("benchmarks.wide_serving", data, port)
    async with running(Server(words, port, data / "server.log", core=core)) as server:
        pages = await _pages(server, link, ids)
        turn = await _turns(server, guests)
    megabytes = (data / "bothands.db").stat().st_size / 1e6
    grown = {"import_seconds": round(import_seconds, 1), "database_mb": round(megabytes, 1)}
    return {**bare, **pages, "turn_ms": turn, **grown}


def _some_conversations(db: Database, agent_id: str) -> list[str]:
    """Some from all over the closed ones, and the newest open ones."""
    found = db.read_now(partial(view_page, view="open", agent_id=agent_id, limit=100))
    found += db.read_now(partial(view_page, view="closed", agent_id=agent_id, limit=100))
    return [conversation.id for conversation in found]


def _bare_reads(db: Database, agent_id: str, ids: Sequence[str]) -> dict[str, Any]:
    """What the desk's pages read, without HTTP."""

    def page() -> None:
        def look(records: Any) -> None:
            rows = view_page(records, "open", agent_id, limit=PAGE_ROWS + 1)
            contacts_of(records, [row.contact_id for row in rows])

        db.read_now(look)

    def load(conversation_id: str) -> None:
        db.read_now(lambda records: conversation_of(records, conversation_id))
        db.read_now(lambda records: entries_since(records, conversation_id, 0, 200))

    return {
        "inbox_read_ms": _times([partial(_timed, page) for _ in range(READS)]),
        "counts_read_ms": _times(
            [partial(_timed, lambda: db.read_now(lambda records: view_counts(records, agent_id)))] * 50
        ),
        "conversation_read_ms": _times([partial(_timed, partial(load, one)) for one in ids[:READS]]),
    }


def _searches(db: Database, size: int) -> dict[str, Figure]:
    """A page of hits each; contacts are numbered, the newest is Guest 1."""
    numbers = np.linspace(1, size - 1, READS // len(SEARCHED), dtype=int)
    wanted = [words.format(number) for number in numbers for words in SEARCHED]
    return _times([partial(_timed, partial(db.read_now, partial(search, words=words))) for words in wanted])


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def _times(reads: Sequence[Callable[[], float]]) -> dict[str, Figure]:
    for read in reads[:WARM]:
        read()
    return _quantiles([read() for read in reads])


async def _pages(server: Server, link: str, ids: Sequence[str]) -> dict[str, Any]:
    """The desk's own requests, one after the other, by a signed-in agent."""
    async with httpx.AsyncClient(base_url=f"{server.base}/api/v1", trust_env=False, timeout=30) as desk:
        (await desk.post("/sign-in/link", json={"token": link})).raise_for_status()

        async def inbox(_: str) -> None:
            (await desk.get("/conversations?view=open")).raise_for_status()

        async def load(conversation_id: str) -> None:
            (await desk.get(f"/conversations/{conversation_id}")).raise_for_status()
            (await desk.get(f"/conversations/{conversation_id}/entries")).raise_for_status()

        return {
            "inbox_page_ms": await _fetched(inbox, ids[:READS]),
            "conversation_load_ms": await _fetched(load, ids[:READS]),
        }


async def _fetched(fetch: Callable[[str], Awaitable[None]], ids: Sequence[str]) -> dict[str, Figure]:
    times = []
    for number, one in enumerate([*ids[:WARM], *ids]):
        began = time.perf_counter()
        await fetch(one)
        if number >= WARM:
            times.append((time.perf_counter() - began) * 1000)
    return _quantiles(times)


async def _turns(server: Server, guests: Sequence[Guest]) -> dict[str, Figure]:
    times = []
    for number, guest in enumerate(guests):
        customer = Customer(number)
        await customer.come_in(server.port, guest)
        replied = await customer.ask(QUESTION.format(number))
        if number >= WARM:
            times.append(replied.reply_seconds * 1000)
    return _quantiles(times)


def _quantiles(times: Sequence[float]) -> dict[str, Figure]:
    ms = np.array(times)
    return {
        name: figure(lambda rows, share=share: float(np.quantile(ms[rows], share)), range(len(ms)))  # type: ignore[misc]
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
