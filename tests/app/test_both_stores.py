"""One format of backup for both stores: a desk can move from its file to a server, and back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bothands.app import restoring
from bothands.app.archiving import DATABASE
from bothands.app.backing_up import back_up, verify
from bothands.app.doctor import examine
from bothands.app.restoring import restore
from bothands.app.store import contents_of, has_tables
from bothands.app.upgrading import UpgradeFailed, upgrade
from bothands.app.wiring import open_store
from bothands.conversations import Received, receive
from bothands.kit import Conflict, Unavailable
from bothands.storage import newest_schema
from tests.app.conftest import Run, files_in, fill, rows_of, settings_of
from tests.app.test_upgrading import COLUMN, add_migration, release
from tests.cast import ada, says, shop
from tests.servers import own_database, server

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
LATER = NOW.replace(hour=3)

__all__ = ["release"]


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database of a real server."""
    with own_database(server(), f"bothands_backup_{os.getpid()}") as address:
        yield address


def moved(data: Path, url: str, tmp_path: Path) -> Path:
    """The data folder of a desk whose rows were moved to the server."""
    back_up(data, tmp_path / "file.zip", NOW)
    restore(tmp_path / "file.zip", tmp_path / "moved", NOW, server=url)
    return tmp_path / "moved"


def write_more(data: Path, url: str) -> Received:
    db = open_store(settings_of(data, database=url))
    try:
        inbox, contact = db.write_now(lambda unit: (shop(unit), ada(unit)))
        return db.write_now(lambda unit: receive(unit, says(inbox, contact, "Zwölf 🚚", "c-more")))
    finally:
        db.close()


def test_from_file_to_server_and_back_row_for_row(data: Path, url: str, tmp_path: Path) -> None:
    folder = moved(data, url, tmp_path)
    assert not (folder / DATABASE).exists()
    assert files_in(folder / "images") == files_in(data / "images")
    assert contents_of(url) == contents_of(data / DATABASE)
    manifest = back_up(folder, tmp_path / "server.zip", NOW, url)
    assert verify(tmp_path / "server.zip") == manifest
    restore(tmp_path / "server.zip", tmp_path / "back", NOW)
    assert rows_of(tmp_path / "back" / DATABASE) == rows_of(data / DATABASE)
    assert files_in(tmp_path / "back" / "images") == files_in(data / "images")


def test_a_server_is_backed_up_while_it_is_written_to(data: Path, url: str, tmp_path: Path, run: Run) -> None:
    folder = moved(data, url, tmp_path)
    received = write_more(folder, url)
    db = open_store(settings_of(folder, database=url))
    try:
        assert run("backup", tmp_path / "b.zip", "--data", folder, "--database", url) == 0
    finally:
        db.close()
    restore(tmp_path / "b.zip", tmp_path / "back", NOW)
    assert any(
        received.entry.id in row for row in rows_of(tmp_path / "back" / DATABASE)["conversations_entry"]
    )


def test_a_full_or_busy_server_is_left_alone(
    data: Path, url: str, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = moved(data, url, tmp_path)
    other = fill(tmp_path / "other", messages=1)
    back_up(other, tmp_path / "other.zip", NOW)
    before = contents_of(url)
    with pytest.raises(Conflict, match="not empty"):
        restore(tmp_path / "other.zip", tmp_path / "new", NOW, server=url)
    db = open_store(settings_of(folder, database=url))
    with pytest.raises(Conflict, match="has it open"):
        upgrade(folder, NOW, url)
    with pytest.raises(Conflict, match="has it open"):
        restore(tmp_path / "other.zip", tmp_path / "new", NOW, server=url, force=True)
    db.close()
    assert contents_of(url) == before
    words = ("restore", tmp_path / "other.zip", "--data", tmp_path / "new", "--database", url, "--force")
    assert run(*words) == 0
    assert contents_of(url) == contents_of(other / DATABASE)
    assert "1 images" not in capsys.readouterr().out


def test_a_restore_that_fails_leaves_the_server_as_it_was(
    data: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(data, tmp_path / "b.zip", NOW)

    def failing(address: str, source: Path) -> None:
        raise Unavailable("server", "it went away")

    monkeypatch.setattr(restoring, "fill_server", failing)
    with pytest.raises(Unavailable, match="went away"):
        restore(tmp_path / "b.zip", tmp_path / "new", NOW, server=url)
    assert not has_tables(url)
    monkeypatch.undo()
    moved(data, url, tmp_path)
    before = contents_of(url)
    monkeypatch.setattr(restoring, "fill_server", failing)
    with pytest.raises(Unavailable, match="went away"):
        restore(tmp_path / "b.zip", tmp_path / "new", LATER, server=url, force=True)
    assert contents_of(url) == before
    assert not (tmp_path / "new").exists()


def test_an_upgrade_of_a_server_succeeds_or_is_undone(
    data: Path, url: str, tmp_path: Path, release: Path
) -> None:
    folder = moved(data, url, tmp_path)
    before, old = contents_of(url), newest_schema()
    add_migration(release, COLUMN)
    broken = add_migration(release, "op.execute('DELETE FROM jobs_event'); raise RuntimeError('the flood')")
    with pytest.raises(UpgradeFailed, match="all is as before"):
        upgrade(folder, NOW, url)
    assert contents_of(url) == before
    script = release / "versions" / f"{broken}_later.py"
    # It ends well, says the server, but what it left is not what is expected.
    script.write_text(
        script.read_text().replace("raise RuntimeError('the flood')", "op.drop_table('app_company')")
    )
    write_company(url)
    before = contents_of(url)
    with pytest.raises(UpgradeFailed):
        upgrade(folder, LATER, url)
    assert contents_of(url) == before
    script.unlink()
    done = upgrade(folder, NOW.replace(hour=4), url)
    assert (done.before, done.now) == (old, newest_schema())
    assert contents_of(url).rows == before.rows


def write_company(url: str) -> None:
    body = '{"name": "Alder", "slug": "alder", "inbox": "shop"}'
    with psycopg.connect(url, autocommit=True) as records:
        records.execute("INSERT INTO app_company (id, body) VALUES (1, %s)", [body])


def test_the_doctor_looks_at_a_server_too(data: Path, url: str, tmp_path: Path) -> None:
    folder = moved(data, url, tmp_path)
    found = {check.name: check for check in examine(settings_of(folder, database=url))}
    assert "on a server" in found["schema"].words
    assert found["queue"].is_fine
    gone = {
        check.name: check for check in examine(settings_of(folder, database="postgresql://a@127.0.0.1:9/b"))
    }
    assert not gone["schema"].is_fine
    assert "cannot be read" in gone["schema"].words
