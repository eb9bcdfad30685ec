"""Data folders with something in them, and a process that goes on writing into one."""

import asyncio
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bothands.app.cli import main
from bothands.app.importing import import_company
from bothands.app.settings import Settings, read_settings
from bothands.app.wiring import open_store
from bothands.conversations import receive
from bothands.models import Embedder
from tests.app.company import lay_out
from tests.app.desk_writing import picture
from tests.cast import ada, bo, says, shop

ROOT = Path(__file__).parents[2]
WAIT_SECONDS_MAX = 30

Rows = dict[str, list[tuple[Any, ...]]]
Run = Callable[..., int]


def settings_of(folder: Path, **given: str) -> Settings:
    return read_settings({"data": str(folder), **given}, {})


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATA",
        "HOST",
        "PORT",
        "BASE_URL",
        "PRECISION",
        "THREADS",
        "ORDERS_URL",
        "LOG_LEVEL",
        "SMTP_URL",
        "MAIL_FROM",
    ):
        monkeypatch.delenv(f"BOTHANDS_{name}", raising=False)


def rows_of(database: Path) -> Rows:
    """Every table of a database file, row for row."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as records:
        names = [
            name
            for (name,) in records.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {name: sorted(records.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(folder: Path, messages: int = 3) -> Path:
    """A data folder with an agent, some messages and two pictures."""
    db = open_store(settings_of(folder))
    inbox, contact, _ = db.write_now(lambda unit: (shop(unit), ada(unit), bo(unit)))
    for number in range(messages):
        db.write_now(lambda unit, n=number: receive(unit, says(inbox, contact, f"Hello {n}", f"c-{n}")))  # type: ignore[misc]
    db.close()
    for number in (1, 2):
        image = picture(number)
        name = f"{number:02x}" + "ab" * 31
        (folder / "images" / name[:2]).mkdir(parents=True)
        (folder / "images" / name[:2] / name).write_bytes(image)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path / "data")


@pytest.fixture
def run() -> Run:
    """The command line, in this process: the exit code."""
    return lambda *words: main([str(word) for word in words])


@dataclass
class Writing:
    """A running process that writes into `folder`; what it acknowledged so far."""

    folder: Path
    process: "subprocess.Popen[str]"
    acknowledged: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word = line.strip()
            if word.startswith("image "):
                self.images.append(word.removeprefix("image "))
            else:
                self.acknowledged.append(word)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while len(self.acknowledged) < count:
            assert time.monotonic() < deadline, f"only {len(self.acknowledged)} messages"
            assert self.process.poll() is None, "it ended"
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Writing]:
    folder = tmp_path / "live"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.desk_writing", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    started = Writing(folder, process)
    listening = Thread(target=started.listen, daemon=True)
    listening.start()
    yield started
    started.stop()
    listening.join()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A data folder into which the small company was taken in; copy it."""
    folder = tmp_path_factory.mktemp("taken-in")
    db = open_store(settings_of(folder / "data"))
    asyncio.run(import_company(db, embedder, lay_out(folder / "company")))
    db.close()
    return folder / "data"


@pytest.fixture
def company_data(taken_in: Path, tmp_path: Path) -> Path:
    """A data folder that a server can be started on."""
    shutil.copytree(taken_in, tmp_path / "company-data")
    (tmp_path / "company-data").chmod(0o700)
    return tmp_path / "company-data"


@contextmanager
def serving(data: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`bothands serve` as a process of its own, once it serves, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bothands.app.cli", "serve", "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "Serving" in process.stdout.readline()
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
