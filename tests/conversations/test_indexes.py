"""The message path and the desk's views find what they need by an index, however large the tables are."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from benchmarks.growing import grow
from bothands.conversations import view_counts, view_page
from bothands.conversations.store import entries_by_client_id, latest_conversations
from bothands.conversations.view_store import COUNTED_MAX, view_rows
from bothands.storage import Database, Unit
from tests.cast import shop

PAIRS = [(f"one_{number}", f"other_{number}") for number in range(40)]
BEFORE = (datetime(2026, 11, 20, tzinfo=UTC), "conv_1")


def steps_of(db: Database, find: Callable[[Connection], Any]) -> Sequence[str]:
    """What the database says it will do."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        asked.append((statement, values))

    def look(records: Connection) -> list[str]:
        if records.dialect.name != "sqlite":
            pytest.skip("PostgreSQL chooses its plan by statistics")
        event.listen(Engine, "before_cursor_execute", note)
        try:
            find(records)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        plans = [records.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values) for one, values in asked]
        return [str(row[3]) for plan in plans for row in plan]

    return db.read_now(look)


@pytest.mark.parametrize("find", [latest_conversations, entries_by_client_id])
def test_pairs_are_searched_for_and_tables_not_scanned(
    db: Database, find: Callable[[Connection, Any], Any]
) -> None:
    steps = steps_of(db, lambda records: find(records, PAIRS))
    assert any("SEARCH conversations_" in step for step in steps)
    assert not [step for step in steps if "SCAN conversations_" in step]


@pytest.mark.parametrize("before", [None, BEFORE], ids=["first", "later"])
@pytest.mark.parametrize("view", ["handoffs", "ai", "open", "closed"])
def test_a_page_of_a_view_is_read_in_its_order_and_nothing_is_sorted(
    db: Database, view: str, before: Any
) -> None:
    steps = steps_of(db, partial(view_rows, view=view, agent_id="", limit=50, before=before))
    assert len(steps) == 1
    assert "USING INDEX ix_conversations_conversation_" in steps[0]


def test_what_is_counted_is_counted_in_an_index(db: Database) -> None:
    steps = steps_of(db, lambda records: view_counts(records, "agent_1"))
    counted = [step for step in steps if "conversations_conversation" in step]
    assert len(counted) == 4
    assert all("INDEX ix_conversations_conversation_" in step for step in counted)


def test_counting_ends_where_nobody_reads_on(db: Database) -> None:
    def open_all(unit: Unit) -> None:
        unit.records.exec_driver_sql("UPDATE conversations_conversation SET closed_at = NULL")

    grow(db, db.write_now(shop), COUNTED_MAX + 5, seed=1)
    db.write_now(open_all)
    counts = db.read_now(lambda records: view_counts(records, ""))
    assert counts == {"yours": 0, "handoffs": 0, "ai": COUNTED_MAX, "open": COUNTED_MAX}
    assert len(db.read_now(lambda records: view_page(records, "open", "", limit=100))) == 100
