"""A demo starts anew each time, and never empties a folder that is not a demo's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bothands.app import demo
from bothands.app.settings import DATABASE, Settings
from bothands.kit import Invalid, Unavailable
from bothands.storage import DatabaseOwned, own
from tests.app.conftest import Run, files_in


def test_a_new_folder_is_marked(tmp_path: Path) -> None:
    folder = demo._fresh(tmp_path / "deep" / "demo")
    assert demo.MARK in (folder / "DEMO").read_text()
    assert folder.stat().st_mode & 0o077 == 0


def test_an_old_demo_is_emptied(tmp_path: Path) -> None:
    folder = demo._fresh(tmp_path / "demo")
    (folder / DATABASE).write_text("of the last demo")
    (folder / "images").mkdir()
    demo._fresh(folder)
    assert list(files_in(folder)) == ["DEMO"]


@pytest.mark.parametrize(
    "files",
    [
        {DATABASE: "a company's"},
        {"notes.txt": "mine"},
        {"DEMO": "tape of my band", "songs.txt": "mine"},
        {"DEMO/readme.txt": "mine"},
        {"sub/deep.txt": "mine"},
        {".hidden": "mine"},
    ],
    ids=str,
)
def test_any_other_folder_is_left_alone(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str], files: dict[str, str]
) -> None:
    folder = tmp_path / "mine"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    before = files_in(folder)
    assert run("demo", "--data", folder, "--no-customers") == 2
    assert "no demo's" in capsys.readouterr().err
    assert files_in(folder) == before


def test_the_default_folder_of_a_real_desk_is_never_the_demos(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / DATABASE).write_text("a company's")
    assert demo._fresh(tmp_path / "data") == tmp_path / "demo-data"
    assert (tmp_path / "data" / DATABASE).read_text() == "a company's"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Invalid):
        demo._fresh(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_demo_that_runs_keeps_its_folder(tmp_path: Path) -> None:
    folder = demo._fresh(tmp_path / "demo")
    running = own(folder / DATABASE)
    (folder / DATABASE).write_text("in use")
    with pytest.raises(DatabaseOwned):
        demo._fresh(folder)
    running.close()
    assert (folder / DATABASE).read_text() == "in use"


def test_the_database_of_a_real_desk_is_not_the_demos(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Settings] = []

    @asynccontextmanager
    async def opened(settings: Settings, prepare: object) -> AsyncIterator[None]:
        used.append(settings)
        raise Unavailable("demo", "it is stopped here")
        yield

    monkeypatch.setattr(demo, "opened", opened)
    assert run("demo", "--data", tmp_path / "demo", "--database", "postgresql://a@127.0.0.1:9/real") == 2
    assert used[0].database_url == f"sqlite:///{tmp_path / 'demo' / DATABASE}"


def test_the_demo_company_is_found() -> None:
    assert (demo.retail_folder() / "company.toml").is_file()
