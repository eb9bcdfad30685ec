"""The doctor names what is wrong and what to do, changes nothing, and works beside a running server."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bothands.app import doctor
from bothands.app.doctor import Check, examine, python_finding
from bothands.app.settings import DATABASE
from bothands.storage import open_seal
from tests.app.conftest import Run, files_in, rows_of, serving, settings_of
from tests.mailbox import mailbox


@pytest.fixture(autouse=True)
def front_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built front end, whether or not this checkout has one."""
    static = tmp_path / "static"
    (static / "desk").mkdir(parents=True)
    (static / "widget.js").touch()
    (static / "desk" / "index.html").touch()
    monkeypatch.setattr(doctor, "STATIC_FOLDER", static)
    return static


def checks(data: Path, **given: str) -> dict[str, Check]:
    return {check.name: check for check in examine(settings_of(data, **given))}


def troubles(data: Path) -> dict[str, str]:
    return {name: check.words for name, check in checks(data).items() if not check.is_fine}


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as records, records:
        records.execute(statement)


def test_a_company_in_order_is_fine(company_data: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert troubles(company_data) == {}
    assert run("doctor", "--data", company_data) == 0
    said = capsys.readouterr().out
    assert "ok   company: Alder & Loft, inbox shop" in said
    assert "LOOK" not in said
    assert run("doctor", "--data", company_data, "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [check["name"] for check in listed] == [
        *("bothands", "python", "sqlite", "front end", "weights", "data folder"),
        *("disk", "clock", "schema", "company", "queue", "mail", "secrets"),
    ]
    assert set(listed[0]) == {"name", "is_fine", "words", "is_note"}


def test_before_the_first_import_it_says_what_to_do(tmp_path: Path, run: Run) -> None:
    found = troubles(tmp_path / "data")
    assert set(found) == {"schema", "company"}
    assert "bothands import" in found["company"]
    assert run("doctor", "--data", tmp_path / "data") == 1
    # Looking is not making.
    assert not (tmp_path / "data").exists()


def test_nothing_is_changed(company_data: Path) -> None:
    before = files_in(company_data)
    examine(settings_of(company_data))
    after = files_in(company_data)
    # Readers share an index of the log, and asking for the lock writes who asked.
    passing = {f"{DATABASE}-shm", f"{DATABASE}-wal", f"{DATABASE}.lock"}
    assert {name for name in before if before[name] != after.get(name)} <= passing
    assert set(after) - set(before) <= passing
    assert after.get(f"{DATABASE}-wal", b"") == before.get(f"{DATABASE}-wal", b"")


@pytest.mark.slow
def test_it_looks_beside_a_running_server(company_data: Path) -> None:
    with serving(company_data) as (process, _):
        found = checks(company_data)
        assert f"process {process.pid}" in found["schema"].words
        assert found["company"].is_fine
        assert found["queue"].is_fine


def test_jobs_that_were_given_up_are_named(company_data: Path) -> None:
    change(
        company_data,
        "INSERT INTO jobs_job (id, kind, body, attempts, run_at, created_at, failed_at, last_error) "
        "VALUES ('job_1', 'take_turn', '{}', 9, 1, 1, 2, 'Traceback\nKeyError: x')",
    )
    assert "1 were given up (take_turn: KeyError: x)" in troubles(company_data)["queue"]


@pytest.mark.parametrize(("revision", "word"), [("0000", "bothands upgrade"), ("9999", "newer release")])
def test_another_releases_schema(company_data: Path, revision: str, word: str) -> None:
    change(company_data, f"UPDATE alembic_version SET version_num = '{revision}'")
    assert word in troubles(company_data)["schema"]


def test_what_is_no_database(company_data: Path) -> None:
    (company_data / DATABASE).write_bytes(b"nonsense " * 1_000)
    for log in company_data.glob(f"{DATABASE}-*"):
        log.unlink()
    assert set(troubles(company_data)) == {"schema", "company", "queue", "secrets"}
    (company_data / DATABASE).unlink()
    with closing(sqlite3.connect(company_data / DATABASE)) as other:
        other.execute("CREATE TABLE theirs (x)")
    assert "none of ours" in troubles(company_data)["schema"]


def full_disk(monkeypatch: pytest.MonkeyPatch, data: Path, static: Path) -> None:
    monkeypatch.setattr(doctor, "DISK_BYTES_MIN", 10**18)


def no_front_end(monkeypatch: pytest.MonkeyPatch, data: Path, static: Path) -> None:
    (static / "widget.js").unlink()


def no_weights(monkeypatch: pytest.MonkeyPatch, data: Path, static: Path) -> None:
    def gone(settings: object) -> None:
        raise FileNotFoundError("model.onnx")

    monkeypatch.setattr(doctor, "open_model", gone)


def clock_behind(monkeypatch: pytest.MonkeyPatch, data: Path, static: Path) -> None:
    os.utime(data / DATABASE, (4_000_000_000, 4_000_000_000))


def clock_in_the_past(monkeypatch: pytest.MonkeyPatch, data: Path, static: Path) -> None:
    monkeypatch.setattr(doctor, "CLOCK_YEAR_MIN", 3_000)


@pytest.mark.parametrize(
    ("break_it", "name", "word"),
    [
        (full_disk, "disk", "MB free"),
        (no_front_end, "front end", "widget.js not built"),
        (no_weights, "weights", "model.onnx"),
        (clock_behind, "clock", "2096"),
        (clock_in_the_past, "clock", "set it"),
    ],
)
def test_one_broken_part_is_one_trouble(
    company_data: Path,
    front_end: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch, Path, Path], None],
    name: str,
    word: str,
) -> None:
    break_it(monkeypatch, company_data, front_end)
    found = troubles(company_data)
    assert list(found) == [name]
    assert word in found[name]


def test_a_folder_open_to_all_is_noted(company_data: Path, tmp_path: Path) -> None:
    company_data.chmod(0o755)
    found = checks(company_data)["data folder"]
    assert (found.is_fine, found.is_note) == (True, True)
    assert "chmod 700" in found.words
    (tmp_path / "file").touch()
    assert not checks(tmp_path / "file")["data folder"].is_fine


def test_old_pythons_are_told() -> None:
    assert not python_finding((3, 10, 9)).is_fine
    for version, is_note in (
        ((3, 11, 7), True),
        ((3, 12, 5), True),
        ((3, 12, 6), False),
        ((3, 13, 0), False),
    ):
        found = python_finding(version)
        assert (found.is_fine, found.is_note) == (True, is_note)


def test_looking_leaves_every_row(company_data: Path) -> None:
    before = rows_of(company_data / DATABASE)
    examine(settings_of(company_data))
    assert rows_of(company_data / DATABASE) == before


def test_it_says_hello_to_the_mail_server_and_sends_nothing(company_data: Path, tmp_path: Path) -> None:
    assert checks(company_data)["mail"] == Check(
        "mail", True, "none set up: invitations are shown as links", is_note=True
    )
    with mailbox(tmp_path / "box") as box:
        given = {"smtp_url": f"smtp+plain://127.0.0.1:{box.port}", "mail_from": "desk@shop.example"}
        found = checks(company_data, **given)["mail"]
        assert found.is_fine
        assert found.is_note
        assert f"127.0.0.1:{box.port} answers, NOT encrypted" in found.words
        assert "desk@shop.example" in found.words
        assert (box.connects, box.letters()) == (1, [])
    gone = checks(company_data, **given)["mail"]
    assert not gone.is_fine
    assert "Mail server" in gone.words


def test_secrets_without_their_key_file_are_told(company_data: Path, run: Run) -> None:
    assert checks(company_data)["secrets"].words == "no inbox has one"
    assert run("secret", "shop", "--data", company_data) == 0
    assert checks(company_data)["secrets"].words == "1 of inboxes, all readable"
    (company_data / "secrets.key").rename(company_data / "aside.key")
    assert "secrets.key" in troubles(company_data)["secrets"]
    assert not (company_data / "secrets.key").exists(), "nothing is made by looking"
    open_seal(company_data)
    assert "make a new secret" in troubles(company_data)["secrets"]
