"""A backup holds all that was acknowledged, comes back row for row, and damage is always found."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bothands.app import archiving, backing_up, restoring
from bothands.app.archiving import DATABASE, MANIFEST, BackupDamaged
from bothands.app.backing_up import back_up, verify
from bothands.app.restoring import restore
from bothands.app.wiring import open_store
from bothands.kit import BothandsError, Conflict, NotFound, Unavailable
from bothands.storage import DatabaseOwned, SchemaUnknown
from tests.app.conftest import Run, Writing, files_in, fill, rows_of, settings_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def client_ids(database: Path) -> set[str]:
    return {str(value) for rows in rows_of(database).values() for row in rows for value in row}


def test_everything_acknowledged_before_is_in_it_while_the_desk_goes_on(
    writing: Writing, tmp_path: Path, run: Run
) -> None:
    for number in range(3):
        writing.wait_for(len(writing.acknowledged) + 400)
        before, images = set(writing.acknowledged), set(writing.images)
        file, restored = tmp_path / f"{number}.zip", tmp_path / f"restored-{number}"
        assert run("backup", file, "--data", writing.folder) == 0
        # Whoever writes was not stopped by it.
        writing.wait_for(len(before) + 50)
        assert run("backup", "--verify", file) == 0
        assert run("restore", file, "--data", restored) == 0
        assert before <= client_ids(restored / DATABASE)
        for sha256 in images:
            name = f"{sha256[:2]}/{sha256}"
            assert files_in(restored / "images")[name] == files_in(writing.folder / "images")[name]
        # What is in it is what was: no row that the desk does not have, but those that changed since.
        restored_rows, live = rows_of(restored / DATABASE), rows_of(writing.folder / DATABASE)
        assert set(restored_rows["conversations_entry"]) <= set(live["conversations_entry"])
        assert set(restored_rows["jobs_event"]) <= set(live["jobs_event"])


def test_row_for_row_and_image_for_image(data: Path, tmp_path: Path) -> None:
    manifest = back_up(data, tmp_path / "b.zip", NOW)
    restored = restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert rows_of(tmp_path / "new" / DATABASE) == rows_of(data / DATABASE)
    assert files_in(tmp_path / "new" / "images") == files_in(data / "images")
    assert restored.manifest == manifest == verify(tmp_path / "b.zip")
    assert restored.aside is None
    assert manifest.rows["conversations_entry"] == 3
    assert manifest.images == 2
    # And it can be worked with.
    open_store(settings_of(tmp_path / "new")).close()


def test_after_a_crash_the_log_is_backed_up_too(writing: Writing, tmp_path: Path) -> None:
    writing.wait_for(300)
    writing.stop()
    acknowledged = set(writing.acknowledged)
    log = writing.folder / f"{DATABASE}-wal"
    size = log.stat().st_size
    assert size > 0
    file_before = (writing.folder / DATABASE).read_bytes()
    back_up(writing.folder, tmp_path / "b.zip", NOW)
    # Only the owner may checkpoint: file and log are as the crash left them.
    assert (log.stat().st_size, (writing.folder / DATABASE).read_bytes()) == (size, file_before)
    restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert acknowledged <= client_ids(tmp_path / "new" / DATABASE)
    assert rows_of(tmp_path / "new" / DATABASE) == rows_of(writing.folder / DATABASE)


def test_a_backup_without_the_log_is_found_out(
    writing: Writing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage: were only the file copied, the tests above would be red."""
    writing.wait_for(300)
    monkeypatch.setattr(backing_up, "copy_database", shutil.copyfile)
    before = set(writing.acknowledged)
    try:
        back_up(writing.folder, tmp_path / "b.zip", NOW)
        restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    except BothandsError:
        return
    assert not before <= client_ids(tmp_path / "new" / DATABASE)


def test_only_whoever_runs_the_desk_can_read_a_backup(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_an_existing_file_is_never_replaced(data: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"an older one")
    with pytest.raises(Conflict, match="exists"):
        back_up(data, tmp_path / "b.zip", NOW)
    assert (tmp_path / "b.zip").read_bytes() == b"an older one"


@pytest.mark.parametrize("at", ["copy", "pack", "sync"])
def test_a_full_disk_leaves_no_half_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def full(*given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    if at == "sync":
        monkeypatch.setattr(archiving.os, "fsync", full)
    else:
        monkeypatch.setattr(backing_up, {"copy": "copy_database", "pack": "add_file"}[at], full)
    folder = tmp_path / "kept"
    folder.mkdir()
    with pytest.raises(Unavailable, match="No space left"):
        back_up(data, folder / "b.zip", NOW)
    assert list(folder.iterdir()) == []


def test_nothing_to_back_up_and_nowhere_to_put_it(data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match=r"bothands\.db"):
        back_up(tmp_path / "empty", tmp_path / "b.zip", NOW)
    with pytest.raises(Unavailable, match="cannot be written"):
        back_up(data, tmp_path / "no such folder" / "b.zip", NOW)
    assert not (tmp_path / "b.zip").exists()


def test_half_written_pictures_stay_behind(data: Path, tmp_path: Path) -> None:
    (data / "images" / "01" / ".part-xyz").write_bytes(b"half")
    (data / "images" / "notes.txt").write_bytes(b"not ours")
    assert back_up(data, tmp_path / "b.zip", NOW).images == 2


def test_a_picture_erased_meanwhile_is_no_trouble(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(archiving.images_in(data))
    found[0][0].unlink()
    monkeypatch.setattr(backing_up, "images_in", lambda folder: found)
    assert back_up(data, tmp_path / "b.zip", NOW).images == 1
    assert verify(tmp_path / "b.zip").images == 1


def test_killed_at_any_moment_it_leaves_no_half_file(data: Path, tmp_path: Path) -> None:
    """What appears under the name is whole; before that there is nothing."""
    kept = tmp_path / "kept"
    kept.mkdir()
    words = [sys.executable, "-m", "bothands.app.cli", "backup", str(kept / "b.zip"), "--data", str(data)]
    process = subprocess.Popen(words)
    deadline = time.monotonic() + 30
    while not list(kept.iterdir()) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    process.kill()
    process.wait()
    if (kept / "b.zip").exists():
        assert verify(kept / "b.zip").images == 2
    # And what was left behind is in nobody's way.
    (kept / "b.zip").unlink(missing_ok=True)
    assert back_up(data, kept / "b.zip", NOW).images == 2


def changed(
    file: Path, to: Path, changes: dict[str, bytes | None], added: dict[str, bytes] | None = None
) -> Path:
    """A copy of a backup in which some files are other ones, are missing, or are added."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return to


def test_whatever_was_changed_in_a_backup_is_refused(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        database, manifest = archive.read(DATABASE), json.loads(archive.read(MANIFEST))
        image = next(name for name in archive.namelist() if name.startswith("images/"))

    def says(**other: object) -> dict[str, bytes | None]:
        return {MANIFEST: json.dumps({**manifest, **other}).encode()}

    escaping = [{"name": "../evil", "bytes": 1, "sha256": ""}, *manifest["files"]]
    damaged = [
        ({DATABASE: database[:-1] + b"x"}, {}),
        ({DATABASE: database[: len(database) // 2]}, {}),
        ({DATABASE: database + b"\0" * 9_999_999}, {}),
        ({DATABASE: None}, {}),
        ({image: b"another picture"}, {}),
        ({image: None}, {}),
        ({MANIFEST: None}, {}),
        ({MANIFEST: b"{}"}, {}),
        ({MANIFEST: b"nonsense"}, {}),
        ({}, {"images/extra": b"1"}),
        (says(files=escaping), {"../evil": b"1"}),
        (says(rows={**manifest["rows"], "conversations_entry": 4}), {}),
        (says(format=2), {}),
        (says(files=[]), {}),
        (says(schema="0000"), {}),
    ]
    for number, (changes, added) in enumerate(damaged):
        file = changed(tmp_path / "b.zip", tmp_path / f"bad-{number}.zip", changes, added)  # type: ignore[arg-type]
        for attempt in (lambda f=file: verify(f), lambda f=file: restore(f, tmp_path / "new", NOW)):
            with pytest.raises(BackupDamaged):
                attempt()
        assert not (tmp_path / "new").exists(), number
    assert not (tmp_path.parent / "evil").exists()


def test_a_flipped_byte_is_found_wherever_it_is(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    whole = (tmp_path / "b.zip").read_bytes()
    rows, source = rows_of(data / DATABASE), random.Random(7)
    refused = 0
    for number in range(60):
        place = source.randrange(len(whole))
        broken = tmp_path / "broken.zip"
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        target = tmp_path / f"flipped-{number}"
        try:
            restore(broken, target, NOW)
        except BackupDamaged:
            refused += 1
            assert not target.exists()
        else:
            # A time stamp or an attribute inside the zip: nothing of ours was hit.
            assert rows_of(target / DATABASE) == rows
            assert files_in(target / "images") == files_in(data / "images")
    assert refused >= 40


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_cut_off_backup_is_refused(data: Path, tmp_path: Path, share: float) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupDamaged):
        restore(tmp_path / "cut.zip", tmp_path / "new", NOW)
    assert not (tmp_path / "new").exists()


def test_a_folder_in_use_is_left_alone(writing: Writing, data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    writing.wait_for(10)
    with pytest.raises(DatabaseOwned):
        restore(tmp_path / "b.zip", writing.folder, NOW, force=True)
    writing.wait_for(len(writing.acknowledged) + 50)


def test_what_is_in_a_folder_is_only_set_aside_when_told(data: Path, tmp_path: Path) -> None:
    other = fill(tmp_path / "other", messages=1)
    back_up(other, tmp_path / "b.zip", NOW)
    (data / "notes.txt").touch()
    rows, images = rows_of(data / DATABASE), files_in(data / "images")
    with pytest.raises(Conflict, match="not empty"):
        restore(tmp_path / "b.zip", data, NOW)
    assert rows_of(data / DATABASE) == rows
    aside = restore(tmp_path / "b.zip", data, NOW, force=True).aside
    assert aside is not None
    assert rows_of(data / DATABASE) == rows_of(other / DATABASE)
    assert (rows_of(aside / DATABASE), files_in(aside / "images")) == (rows, images)
    assert (data / "notes.txt").exists()
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def test_an_old_log_is_not_played_into_the_restored_database(
    writing: Writing, data: Path, tmp_path: Path
) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    writing.wait_for(200)
    writing.stop()
    assert (writing.folder / f"{DATABASE}-wal").stat().st_size > 0
    restore(tmp_path / "b.zip", writing.folder, NOW, force=True)
    assert rows_of(writing.folder / DATABASE) == rows_of(data / DATABASE)


def test_a_newer_releases_backup_is_refused(data: Path, tmp_path: Path) -> None:
    with sqlite3.connect(data / DATABASE) as records:
        records.execute("UPDATE alembic_version SET version_num = '9999'")
    records.close()
    back_up(data, tmp_path / "b.zip", NOW)
    with pytest.raises(SchemaUnknown):
        restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert not (tmp_path / "new").exists()


def test_a_disk_that_fills_up_while_restoring_leaves_the_folder_as_it_was(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(data, tmp_path / "b.zip", NOW)
    rows = rows_of(data / DATABASE)

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "unpack", full)
    with pytest.raises(Unavailable, match="No space left"):
        restore(tmp_path / "b.zip", data, NOW, force=True)
    assert rows_of(data / DATABASE) == rows
    assert not [path for path in data.iterdir() if path.name.startswith((".", "before"))]


def test_the_commands_speak_plainly(
    data: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b.zip"
    assert run("backup", file, "--data", data) == 0
    assert "2 images" in capsys.readouterr().out
    assert run("backup", file, "--data", data) == 2
    assert "never replaced" in capsys.readouterr().err
    assert run("backup", "--verify", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"]["conversations_entry"] == 3
    assert run("restore", file, "--data", data) == 2
    assert "--force" in capsys.readouterr().err
    assert run("restore", file, "--data", data, "--force") == 0
    assert "before-" in capsys.readouterr().out
    assert run("restore", tmp_path / "none.zip", "--data", tmp_path / "new") == 2
    assert "Check the path" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
