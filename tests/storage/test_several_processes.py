"""Four processes on one PostgreSQL: one holder, no gap, nothing lost or twice; and one that is killed."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from bothands.conversations import AuthorKind, Entry, EntryKind, conversation_of, entries_since
from bothands.jobs import count_jobs, enqueue
from bothands.kit import SystemClock
from bothands.people import meet
from bothands.storage import Database, open_database
from tests.cast import bo, chi, shop
from tests.storage.crowd import MESSAGES, Written

ROOT = Path(__file__).parents[2]
CONTACTS = 12
SETTLE_SECONDS_MAX = 60
FREED_SECONDS_MAX = 10.0


@pytest.fixture
def shared(postgres_fresh: str) -> Iterator[Database]:
    """The database all processes use, with people in it and time that passes."""
    db = open_database(postgres_fresh, clock=SystemClock())
    db.write_now(shop)
    db.write_now(lambda unit: (bo(unit), chi(unit)))
    for _ in range(CONTACTS):
        db.write_now(lambda unit: meet(unit, None))
    yield db
    db.close()


class Process:
    """A `tests.storage.crowd` that runs beside us."""

    def __init__(self, role: str, name: str, url: str, sabotage: str = "none") -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.crowd", role, name, url, sabotage],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def line(self) -> str:
        assert self.child.stdout is not None
        return self.child.stdout.readline().strip()

    def go(self) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write("go\n")
        self.child.stdin.flush()

    def end(self, *, kill: bool = False) -> None:
        if kill:
            self.child.kill()
        self.child.communicate()


def crowd(url: str, db: Database, sabotage: str = "none") -> list[Written]:
    """Two that write and two that work, until all is done; what the writers were told."""
    workers = [Process("work", f"worker-{number}", url) for number in (1, 2)]
    writers = [Process("write", name, url, sabotage) for name in ("bo", "chi")]
    try:
        assert [process.line() for process in (*workers, *writers)] == ["ready"] * 4
        for process in writers:
            process.go()
        books = [msgspec.json.decode(process.line(), type=Written) for process in writers]
        settle(db)
    finally:
        for process in (*writers, *workers):
            process.end()
    return books


def settle(db: Database) -> None:
    """Wait until the workers have done what is to do, the clock's own work aside."""
    ends_at = time.monotonic() + SETTLE_SECONDS_MAX
    open_jobs = text("SELECT count(*) FROM jobs_job WHERE kind <> 'tick'")
    while db.read_now(lambda records: records.execute(open_jobs).scalar_one()):
        assert time.monotonic() < ends_at, db.read_now(count_jobs)
        time.sleep(0.05)


def complaints(db: Database, books: list[Written]) -> list[str]:
    """Every promise that was not kept."""
    found = [f"failed: {words}" for book in books for words in book.failed]
    pairs = db.read_now(
        lambda records: records.execute(text("SELECT id, contact_id FROM conversations_conversation")).all()
    )
    found += [f"{who} has {n} conversations" for who, n in Counter(who for _, who in pairs).items() if n > 1]
    stored: Counter[str] = Counter()
    places: dict[str, tuple[str, int]] = {}
    for conversation_id, _ in pairs:
        entries = db.read_now(lambda records, key=conversation_id: entries_since(records, key, 0, 10_000))
        found += broken_order(db, conversation_id, entries)
        for entry in entries:
            if entry.kind is EntryKind.MESSAGE and entry.client_id and "handoff" not in entry.client_id:
                stored[entry.client_id] += 1
                places[entry.client_id] = (conversation_id, entry.seq)
    found += [f"{name} is stored {n} times" for name, n in stored.items() if n != 1]
    found += [
        f"{name} was acknowledged as {place} and is {places.get(name)}"
        for book in books
        for name, place in book.stored.items()
        if places.get(name) != tuple(place)
    ]
    return found


def broken_order(db: Database, conversation_id: str, entries: list[Entry]) -> list[str]:
    """Gaps in one timeline, hands that changed twice, and takings that nobody has."""
    found = []
    conversation = db.read_now(lambda records: conversation_of(records, conversation_id))
    if [entry.seq for entry in entries] != list(range(1, conversation.seq + 1)):
        found.append(f"{conversation_id} has a gap")
    done = Counter(entry.ref["of"] for entry in entries if entry.kind is EntryKind.READING)
    owed = {entry.seq for entry in entries if entry.kind is EntryKind.TRANSFER}
    owed.add(max(entry.seq for entry in entries if entry.author_kind is AuthorKind.CONTACT))
    found += [f"the job of {conversation_id} {seq} was done {n} times" for seq, n in done.items() if n > 1]
    found += [f"the job of {conversation_id} {seq} was lost" for seq in owed - set(done)]
    hands = [entry.ref for entry in entries if entry.kind is EntryKind.TRANSFER]
    if any(one["to"] != other["from"] for one, other in pairwise(hands)):
        found.append(f"{conversation_id} changed hands twice at once")
    if hands and hands[-1]["to"]["id"] != conversation.holder_id:
        found.append(f"{conversation_id} is not with whom it was given to")
    having = text("SELECT agent_id FROM handoff_taking WHERE conversation_id = :id AND ended_at IS NULL")
    agents = db.read_now(lambda records: list(records.execute(having, {"id": conversation_id}).scalars()))
    if agents != ([conversation.holder_id] if conversation.holder_id else []):
        found.append(f"{conversation_id} is with {conversation.holder_id}, taken by {agents}")
    return found


def test_four_processes_lose_nothing_and_do_nothing_twice(postgres_fresh: str, shared: Database) -> None:
    books = crowd(postgres_fresh, shared)
    assert complaints(shared, books) == []
    assert all(len(book.stored) == MESSAGES for book in books)
    assert any(book.refused for book in books), "the two were never at odds, so this shows nothing"
    assert shared.read_now(count_jobs)["dead"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("how", ["unlocked", "impatient"])
def test_without_what_keeps_them_apart_it_would_show(postgres_fresh: str, shared: Database, how: str) -> None:
    books = crowd(postgres_fresh, shared, how)
    assert complaints(shared, books) != []


def test_what_a_killed_worker_had_is_done_by_another_at_once(postgres_fresh: str, shared: Database) -> None:
    stuck = Process("work", "stuck", postgres_fresh)
    assert stuck.line() == "ready"
    shared.write_now(lambda unit: enqueue(unit, "freeze", {}))
    assert stuck.line() == "stuck has it"
    other = Process("work", "other", postgres_fresh)
    try:
        assert other.line() == "ready"
        time.sleep(1.5)
        assert held_by(shared) == "stuck", "while it lives, it keeps what it has"
        stuck.end(kill=True)
        killed_at = time.monotonic()
        assert other.line() == "other has it"
        assert time.monotonic() - killed_at < FREED_SECONDS_MAX
    finally:
        stuck.end(kill=True)
        other.end()


def held_by(db: Database) -> Any:
    query = text("SELECT lease_owner FROM jobs_job WHERE kind = 'freeze'")
    return db.read_now(lambda records: records.execute(query).scalar())
