"""What was to be kept for a time is gone after it, and not before."""

import asyncio
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bothands.conversations import SYSTEM, close, conversation_of, entries_since
from bothands.kit import ManualClock
from bothands.people import contact_of
from bothands.privacy import Places, expire
from bothands.storage import Database, Days, kept_by, metadata, overdue_rows, tables_that_expire
from tests.laws.planning import GROWING, recorded, scans
from tests.privacy.conftest import EVE_SAYS, Past
from tests.privacy.planting import left_in_tables

KEEP = {"keep_conversations_days": 0}


def run(db: Database, places: Places, days: int = 0) -> int:
    return asyncio.run(expire(db, places, {"keep_conversations_days": days}))


def count(db: Database, table: str) -> int:
    return len(db.read_now(lambda records: records.execute(select(metadata.tables[table])).all()))


def test_events_go_when_their_time_is_over_and_not_before(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    lasts = kept_by(metadata.tables["jobs_event"]).lasts
    assert isinstance(lasts, Days)
    assert isinstance(lasts.count, int)
    before = count(db, "jobs_event")
    assert before > 3
    clock.advance((timedelta(days=lasts.count) - timedelta(minutes=1)).total_seconds())
    run(db, places)
    assert count(db, "jobs_event") == before
    clock.advance(timedelta(minutes=2).total_seconds())
    assert run(db, places) >= before
    assert count(db, "jobs_event") == 0


def test_more_rows_than_go_at_once_all_go(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    links = metadata.tables["people_link"]
    rows = [
        {
            "token_hash": f"{n}",
            "agent_id": past.agent.id,
            "created_at": clock.now(),
            "expires_at": clock.now(),
        }
        for n in range(450)
    ]
    db.write_now(lambda unit: unit.records.execute(insert(links), rows))
    clock.advance(timedelta(days=2).total_seconds())
    run(db, places)
    assert count(db, "people_link") == 0


def test_conversations_are_kept_until_the_company_says_otherwise(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    db.write_now(lambda unit: close(unit, past.conversation_id, by=SYSTEM, reason="done"))
    clock.advance(timedelta(days=1_000).total_seconds())
    run(db, places)
    assert len(db.read_now(lambda records: entries_since(records, past.conversation_id, 0))) > 3


def test_a_closed_conversation_goes_with_its_contact_after_its_days(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    db.write_now(lambda unit: close(unit, past.conversation_id, by=SYSTEM, reason="done"))
    clock.advance(timedelta(days=31).total_seconds())
    run(db, places, days=30)
    assert db.read_now(lambda records: entries_since(records, past.conversation_id, 0)) == []
    assert db.read_now(lambda records: conversation_of(records, past.conversation_id)).preview == ""
    assert db.read_now(lambda records: contact_of(records, past.ada.id)).name is None
    assert left_in_tables(db, [EVE_SAYS]).keys() == {EVE_SAYS}, "an open one stays, however old"
    assert run(db, places, days=30) == 0, "what is done is not done again"


def test_of_a_contact_with_a_younger_conversation_only_the_old_one_goes(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    db.write_now(lambda unit: close(unit, past.conversation_id, by=SYSTEM, reason="done"))
    conversations = metadata.tables["conversations_conversation"]
    db.write_now(
        lambda unit: unit.records.execute(
            update(conversations).where(conversations.c.id == past.eves_id).values(contact_id=past.ada.id)
        )
    )
    clock.advance(timedelta(days=31).total_seconds())
    run(db, places, days=30)
    assert db.read_now(lambda records: entries_since(records, past.conversation_id, 0)) == []
    assert [e.body for e in db.read_now(lambda records: entries_since(records, past.eves_id, 0))] == [
        EVE_SAYS
    ]
    assert db.read_now(lambda records: contact_of(records, past.ada.id)).name == "Ada"


def aged(path: Path, hours: float, clock: ManualClock) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    at = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))
    return path


def test_contents_that_no_file_has_go_after_a_day(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    hers = aged(places.images.path_of("a" * 64), 48, clock)
    stray = aged(places.images.path_of("c" * 64), 48, clock)
    coming = aged(places.images.path_of("d" * 64), 1, clock)
    run(db, places)
    assert (hers.exists(), stray.exists(), coming.exists()) == (True, False, True)


def test_exports_that_nobody_may_fetch_go(db: Database, places: Places, clock: ManualClock) -> None:
    old = aged(places.export_of("req_nobody"), 2, clock)
    part = aged(places.exports / ".part-x", 0.5, clock)
    run(db, places)
    assert (old.exists(), part.exists()) == (False, True)


@pytest.mark.parametrize("days", [KEEP])
def test_every_setting_that_a_table_names_is_one(days: dict[str, int]) -> None:
    named: list[Any] = [lasts.count for _, lasts in tables_that_expire() if isinstance(lasts.count, str)]
    assert set(named) <= days.keys()


def test_looking_for_what_is_over_goes_through_no_history(db: Database, clock: ManualClock) -> None:
    growing = [(table, lasts) for table, lasts in tables_that_expire() if table.name in GROWING]
    assert {"jobs_event", "conversations_conversation"} <= {table.name for table, _ in growing}
    with recorded(db) as statements:
        for table, lasts in growing:
            db.read_now(partial(overdue_rows, table=table, since=lasts.since, before=clock.now()))
    assert len(statements) == len(growing)
    with db._store.writing.connect() as records, records.begin():
        assert scans(records, statements) == []
    with db._store.writing.connect() as records, records.begin() as broken:
        records.exec_driver_sql("DROP INDEX ix_conversations_unsent_written_at")
        assert scans(records, statements) != [], "nobody would miss the index"
        broken.rollback()
