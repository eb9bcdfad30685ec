"""An export has everything: a word in every column that tells of a contact is in it, and nobody else's."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bothands.kit import ManualClock, NotFound
from bothands.privacy import Places, ask_for_export, claim_file, make_export, request_of
from bothands.privacy.requesting import ExportGone
from bothands.storage import Database
from tests.privacy.conftest import EVE_SAYS, Past
from tests.privacy.planting import plant

NOTE = "She sounds tired"


def ask(db: Database, past: Past, with_notes: bool = True) -> str:
    return db.write_now(
        lambda unit: ask_for_export(
            unit, past.ada.id, by_id=past.agent.id, by_name=past.agent.name, with_notes=with_notes
        )
    ).id


def export(db: Database, places: Places, past: Past, *, with_notes: bool = True) -> Path:
    request_id = ask(db, past, with_notes)
    asyncio.run(make_export(db, places, request_id, "Alder & Loft"))
    return places.export_of(request_id)


def data_in(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("data.json").decode()


def test_a_word_in_every_column_is_found_in_it(db: Database, past: Past, places: Places) -> None:
    planted = plant(db, past.ada.id)
    data = data_in(export(db, places, past))
    missing = [f"{c.table.name}.{c.column}" for c in planted if c.is_shown and c.word not in data]
    assert missing == []
    hidden = [c for c in planted if not c.is_shown]
    assert [c for c in hidden if c.word in data] == []


def test_it_reads_as_data_and_has_nobody_elses(db: Database, past: Past, places: Places) -> None:
    path = export(db, places, past)
    data: dict[str, Any] = json.loads(data_in(path))
    tables = {table["table"]: table["rows"] for table in data["tables"]}
    assert data["contact_id"] == past.ada.id
    assert tables["people_contact"][0]["name"] == "Ada"
    assert [row["body"] for row in tables["conversations_entry"] if row["kind"] == "note"] == [NOTE]
    assert EVE_SAYS not in data_in(path)
    assert past.eve.id not in data_in(path)


def test_notes_stay_at_the_desk_unless_they_are_asked_for(db: Database, past: Past, places: Places) -> None:
    assert NOTE not in data_in(export(db, places, past, with_notes=False))
    assert NOTE in data_in(export(db, places, past))


def test_files_go_along_under_their_ids(db: Database, past: Past, places: Places) -> None:
    content = places.images.path_of("a" * 64)
    content.parent.mkdir(parents=True)
    content.write_bytes(b"picture")
    with zipfile.ZipFile(export(db, places, past)) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("files/")]
        assert name.endswith("-a.png")
        assert archive.read(name) == b"picture"
        assert "Alder & Loft" in archive.read("README.txt").decode()


def test_it_is_fetched_once_within_a_day(
    db: Database, past: Past, places: Places, clock: ManualClock
) -> None:
    request_id = ask(db, past)
    fetch: Callable[[], Any] = lambda: db.write_now(lambda unit: claim_file(unit, request_id))  # noqa: E731
    with pytest.raises(ExportGone, match="still being made"):
        fetch()
    asyncio.run(make_export(db, places, request_id, "Alder & Loft"))
    fetch()
    with pytest.raises(ExportGone, match="fetched already"):
        fetch()
    late = ask(db, past)
    asyncio.run(make_export(db, places, late, "Alder & Loft"))
    clock.advance(timedelta(hours=25).total_seconds())
    with pytest.raises(ExportGone):
        db.write_now(lambda unit: claim_file(unit, late))


def test_nobody_has_no_export(db: Database) -> None:
    with pytest.raises(NotFound):
        db.write_now(lambda unit: ask_for_export(unit, "contact_nobody", by_id=None, by_name="Chi"))
    with pytest.raises(NotFound):
        db.read_now(lambda records: request_of(records, "req_nobody"))
