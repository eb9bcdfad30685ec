"""What was deleted from a file is gone from its bytes once it is compacted, from an index of words too."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert

from bothands.storage import Database, Unit, WordIndex
from tests.privacy.planting import left_in_files

WORD = "zqbookcaseqz"
rows = Table("row", MetaData(), Column("number", Integer, primary_key=True), Column("words", Text))
index = WordIndex(rows, rows.c.number, rows.c.words)


@pytest.fixture
def filled(db: Database) -> Iterator[Database]:
    """Many rows with their words indexed; some of them have the word."""

    def fill(unit: Unit) -> None:
        rows.create(unit.records)
        index.make(unit.records)
        texts = [
            {"number": n, "words": f"{'plain words ' * 40}{WORD if n % 7 == 0 else n}"} for n in range(400)
        ]
        unit.records.execute(insert(rows), texts)

    db.write_now(fill)
    yield db
    db.write_now(lambda unit: rows.drop(unit.records))


def test_what_was_deleted_is_not_in_the_file_any_more(filled: Database, tmp_path: Path) -> None:
    if not filled.is_alone:
        pytest.skip("a server sees to its files by itself")
    filled.write_now(lambda unit: unit.records.execute(delete(rows).where(rows.c.number % 7 == 0)))
    assert left_in_files(tmp_path, [WORD]), "without compacting it would stay: else this proves nothing"
    asyncio.run(filled.compact())
    assert left_in_files(tmp_path, [WORD]) == {}
    assert left_in_files(tmp_path, ["plain words"])


def test_writes_go_on_after_it_and_a_server_is_left_alone(filled: Database) -> None:
    asyncio.run(filled.compact())
    filled.write_now(lambda unit: unit.records.execute(insert(rows).values(number=1_000, words="later")))
