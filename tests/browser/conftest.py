"""The demo, served for browsers: a process of its own on a free port, as `make demo` starts it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS_MAX = 300


@dataclass(frozen=True)
class Served:
    base: str
    links: dict[str, str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next((p for p in map(shutil.which, PLACES) if p), None)
    if found is None:
        words = "no Chromium found: `apt-get install chromium`, or name one in CHROMIUM"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(words)
        pytest.skip(words)
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Served]:
    """The demo with nobody in it but the test."""
    with _demo(tmp_path_factory.mktemp("served"), "--no-customers") as quiet:
        yield quiet


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Served]:
    """The demo as newcomers meet it, with simulated customers and colleagues."""
    with _demo(tmp_path_factory.mktemp("living"), "--every", "5") as busy:
        yield busy


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Served]:
    """A demo of its own: each of its links signs in once."""
    with _demo(tmp_path_factory.mktemp("searched"), "--no-customers") as quiet:
        yield quiet


@contextmanager
def _demo(folder: Path, *words: str) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "demo.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from bothands.app.cli import main; raise SystemExit(main())",
                "demo",
                *words,
                "--port",
                str(port),
                "--data",
                str(folder / "demo"),
            ],
            stdout=out,
            stderr=out,
        )
    try:
        yield _served(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(20)


def _served(base: str, process: subprocess.Popen[bytes], log: Path) -> Served:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/ready", timeout=2).close()
        except OSError:
            time.sleep(0.2)
            continue
        found = re.findall(r"As (admin|lead|agent)\s+(\S+)", log.read_text())
        return Served(base, dict(found))
    raise AssertionError(f"The demo did not start: {log.read_text()[-2000:]}")
