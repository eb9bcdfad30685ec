"""Processes hear of each other's commits; a lost line is mended and said; who ends counts as dead."""

import random
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text

from bothands.conversations import HolderChanged, MessageReceived
from bothands.storage import Database, Missed, is_living, open_database
from bothands.storage.hearsay import PAYLOAD_BYTES_MAX, events_in, payloads

SECONDS_MAX = 30.0


@pytest.fixture
def pair(postgres_fresh: str) -> Iterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell."""
    both = (open_database(postgres_fresh), open_database(postgres_fresh))
    yield both
    for db in both:
        db.close()


def wait_for(is_so: Callable[[], object]) -> None:
    ends_at = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def kill_connections(url: str, kind: str) -> int:
    """End connections of that kind, as a server that restarts does."""
    with psycopg.connect(url, autocommit=True) as admin:
        found = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            (f"bothands {kind}",),
        )
        return len(found.fetchall())


def message(seq: int) -> MessageReceived:
    return MessageReceived("conv_1", f"msg_{seq}", seq)


def test_what_one_commits_the_other_hears_once_as_it_was_told(pair: tuple[Database, Database]) -> None:
    here, there = pair
    heard: tuple[list[object], list[object]] = ([], [])
    here.listen(heard[0].extend)
    there.listen(heard[1].extend)
    events = [message(1), HolderChanged("conv_1", 2, "assistant", "queue", None)]
    here.write_now(lambda unit: unit.told.extend(events))
    wait_for(lambda: len(heard[1]) >= 2)
    assert heard == (events, events)


def test_what_is_rolled_back_is_heard_by_nobody(pair: tuple[Database, Database]) -> None:
    here, there = pair
    heard: list[object] = []
    there.listen(heard.extend)

    def fail(unit: object) -> None:
        unit.told.append(message(1))  # type: ignore[attr-defined]
        raise ValueError

    with pytest.raises(ValueError):
        here.write_now(fail)
    here.write_now(lambda unit: unit.told.append(message(2)))
    wait_for(lambda: heard)
    assert heard == [message(2)]


def test_after_a_broken_line_listeners_are_told_that_they_may_have_missed_something(
    pair: tuple[Database, Database], postgres_fresh: str
) -> None:
    here, there = pair
    heard: list[object] = []
    there.listen(heard.extend)
    assert kill_connections(postgres_fresh, "hearsay") == 2
    wait_for(lambda: Missed() in heard)
    here.write_now(lambda unit: unit.told.append(message(3)))
    wait_for(lambda: message(3) in heard)


def test_who_lives_is_seen_and_who_has_ended_too(postgres_fresh: str) -> None:
    here, there = open_database(postgres_fresh), open_database(postgres_fresh)
    there.live_as("w-there")
    assert here.write_now(lambda unit: is_living(unit.records, "w-there"))
    assert not here.write_now(lambda unit: is_living(unit.records, "w-nobody"))
    kill_connections(postgres_fresh, "hearsay")
    wait_for(lambda: here.write_now(lambda unit: is_living(unit.records, "w-there")))
    there.close()
    wait_for(lambda: not here.write_now(lambda unit: is_living(unit.records, "w-there")))
    here.close()


def test_reads_and_writes_go_on_over_a_server_that_lost_every_connection(
    pair: tuple[Database, Database], postgres_fresh: str
) -> None:
    db, _ = pair
    db.write_now(lambda unit: unit.records.execute(text("CREATE TABLE thing (name TEXT PRIMARY KEY)")))
    assert db.read_now(lambda records: records.execute(text("SELECT count(*) FROM thing")).scalar()) == 0
    assert kill_connections(postgres_fresh, "writer") == 1
    assert kill_connections(postgres_fresh, "reader") == 1
    db.write_now(lambda unit: unit.records.execute(text("INSERT INTO thing VALUES ('a')")))
    assert db.read_now(lambda records: records.execute(text("SELECT count(*) FROM thing")).scalar()) == 1


def test_many_events_are_few_payloads_that_fit() -> None:
    dice = random.Random(1)
    events = [message(dice.randrange(10**9)) for _ in range(500)]
    texts = list(payloads(events))
    assert len(texts) < 10
    assert max(len(text.encode()) for text in texts) <= PAYLOAD_BYTES_MAX
    assert [event for text in texts for event in events_in(text)] == events


def test_what_cannot_be_read_or_is_not_ours_is_left_out() -> None:
    assert events_in("not json") == []
    assert events_in('[["os:stat_result", {}]]') == []
    assert events_in('[["bothands.conversations.events:OfALaterRelease", {}]]') == []
    assert events_in('[["bothands.conversations.events:MessageReceived", {"seq": 1}]]') == []
    assert list(payloads([object(), message(1)])) == list(payloads([message(1)]))
