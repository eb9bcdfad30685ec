"""Somebody asks for their data, and whoever has the command line answers."""

import json
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bothands.app.wiring import open_store
from bothands.conversations import receive_many
from bothands.people import update_contact
from tests.app.conftest import ROOT, Run, Writing, settings_of
from tests.cast import ada, says, shop
from tests.privacy.planting import left_in_files

EMAIL = "ada@ada.example"
SAID = "zqada000qz"


@pytest.fixture
def adas_id(data: Path) -> str:
    """A contact in the data folder who told a name that nobody else has."""
    db = open_store(settings_of(data))
    contact = db.write_now(lambda unit: update_contact(unit, ada(unit).id, name=SAID, email=EMAIL))
    db.close()
    return contact.id


def test_everything_on_a_contact_goes_into_a_new_file(
    run: Run, data: Path, adas_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ada.zip"
    assert run("export", "contact", EMAIL, file, "--data", data, "--json") == 0
    assert json.loads(capsys.readouterr().out)["contact_id"] == adas_id
    with zipfile.ZipFile(file) as archive:
        assert SAID in archive.read("data.json").decode()
    assert run("export", "contact", adas_id, file, "--data", data) == 2, "no file is replaced"
    assert run("export", "contact", "nobody@ada.example", tmp_path / "no.zip", "--data", data) == 2


def test_it_is_exported_while_the_server_goes_on_and_erased_when_it_rests(
    run: Run, writing: Writing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writing.wait_for(3)
    folder = writing.folder
    assert run("export", "contact", "nobody@ada.example", tmp_path / "no.zip", "--data", folder) == 2
    assert "nobody told us this address" in capsys.readouterr().err
    assert run("erase", "contact", "contact_x", "--confirm", "contact_x", "--data", folder) == 2
    assert "has it open" in capsys.readouterr().err


def test_all_of_it_is_erased_when_the_contact_is_named_again(
    run: Run, data: Path, adas_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left_in_files(data, [SAID])
    assert run("erase", "contact", EMAIL, "--confirm", "Eve", "--data", data) == 2
    assert left_in_files(data, [SAID])
    assert run("erase", "contact", EMAIL, "--confirm", SAID, "--data", data) == 0
    assert f"{adas_id} is erased" in capsys.readouterr().out
    assert left_in_files(data, [SAID, EMAIL]) == {}
    assert run("erase", "contact", adas_id, "--confirm", adas_id, "--data", data) == 0, "again does no harm"


MESSAGES = 4_000


def messages_in(data: Path) -> int:
    with closing(sqlite3.connect(f"{(data / 'bothands.db').as_uri()}?mode=ro", uri=True)) as records:
        found = records.execute("SELECT count(*) FROM conversations_entry WHERE body LIKE ?", (f"%{SAID}%",))
        return int(found.fetchone()[0])


@pytest.mark.slow
def test_killed_in_the_middle_again_and_again_it_is_done_in_the_end(
    run: Run, data: Path, adas_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    db = open_store(settings_of(data))
    inbox = db.write_now(shop)
    contact = db.write_now(lambda unit: update_contact(unit, adas_id, name=SAID))
    for start in range(0, MESSAGES, 500):
        some = [says(inbox, contact, f"{SAID} {n}", f"c-{n}") for n in range(start, start + 500)]
        db.write_now(lambda unit, some=some: receive_many(unit, some))  # type: ignore[misc]
    db.close()
    words = ["erase", "contact", adas_id, "--confirm", adas_id, "--data", str(data)]
    seen = [messages_in(data)]
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-m", "bothands.app.cli", *words], cwd=ROOT)
        while (now := messages_in(data)) == seen[-1] and process.poll() is None:
            time.sleep(0.002)
        process.kill()
        process.wait()
        seen.append(messages_in(data))
        assert now < seen[0]
    assert seen[0] == MESSAGES
    assert any(0 < count < MESSAGES for count in seen), "no kill hit the middle: this proves nothing"
    assert run(*words) == 0
    assert left_in_files(data, [SAID, EMAIL]) == {}
