"""Many rows in one statement are the same rows, on each store."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bothands.jobs.store import event_table
from bothands.kit import Invalid
from bothands.storage import Database, given, insert_together, packed, types_of

AT = datetime(2026, 11, 20, 14, 0, 0, 123_457, tzinfo=UTC)
WORDS = (
    "plain",
    "",
    "'\"\\",
    "\\u0000 typed",
    "line\nbreak\ttab",
    "emoji 🪔 and 漢字",
    "%s :rows ?",
    "x" * 9_000,
)
COLUMNS = ("id", "kind", "subject_id", "body", "at")


def event(number: int, words: str) -> dict[str, Any]:
    subject = words[:30] or None
    return {
        "id": f"evt_{number}",
        "kind": "said",
        "subject_id": subject,
        "body": {"w": [words, None]},
        "at": AT,
    }


ROWS = [event(number, words) for number, words in enumerate(WORDS)]


def test_what_is_written_together_is_read_as_it_was(db: Database) -> None:
    db.write_now(lambda unit: insert_together(unit.records, event_table, ROWS))
    db.write_now(lambda unit: insert_together(unit.records, event_table, []))
    found = db.read_now(lambda records: records.execute(select(event_table).order_by(event_table.c.id)).all())
    assert [{name: row._mapping[name] for name in COLUMNS} for row in found] == ROWS


def test_rows_that_are_given_come_as_they_were(db: Database) -> None:
    types = types_of(event_table, *COLUMNS)
    query = select(given("postgresql" if not db.is_alone else "sqlite", types))
    found = db.read_now(lambda records: records.execute(query, packed(types, ROWS)).all())
    assert [dict(row._mapping) for row in found] == ROWS


def test_a_text_that_would_be_cut_is_refused() -> None:
    types = types_of(event_table, "id", "kind")
    for words in ("a\x00b", "\\\x00", "\x00"):
        with pytest.raises(Invalid):
            packed(types, [{"id": "evt_1", "kind": words}])
