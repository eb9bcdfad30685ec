"""The quick start of the API, word for word: its shell blocks, one after another, against a served demo."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bothands.app.demo import RECEIVER

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "quick-start-api.md"
STARTS_SECONDS_MAX = 300
RUNS_SECONDS_MAX = 300

pytestmark = pytest.mark.slow


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def receiver_port() -> int:
    return free_port()


@pytest.fixture
def demo(tmp_path: Path, receiver_port: int) -> Iterator[tuple[int, str]]:
    """The demo as a process of its own: its port, and the admin's link."""
    port = free_port()
    words = ["demo", "--no-customers", "--port", str(port), "--data", str(tmp_path / "demo-data")]
    process = subprocess.Popen(
        [sys.executable, "-m", "bothands.app.cli", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"BOTHANDS_WEBHOOK_HOSTS": f"127.0.0.1:{receiver_port}"},
    )
    assert process.stdout is not None
    said = ""
    while "Stop with" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    links = dict(re.findall(r"As (admin|lead|agent)\s+(\S+)  \(.+, once\)", said))
    assert len(set(links.values())) == 3, said
    assert f"http://127.0.0.1:{port}/demo" in said
    yield port, links["admin"]
    process.send_signal(signal.SIGTERM)
    process.wait(STARTS_SECONDS_MAX)
    process.stdout.close()


def test_every_block_of_the_quick_start_works(
    demo: tuple[int, str], receiver_port: int, tmp_path: Path
) -> None:
    port, link = demo
    folder = tmp_path / "empty"
    folder.mkdir()
    script = "set -euo pipefail\n" + "\n".join(
        f'echo "block {number}"\n{block}' for number, block in enumerate(blocks(), 1)
    )
    assert RECEIVER in script
    # Only the ports differ from the text: others may use those of the text on this machine.
    script = script.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace(
        RECEIVER, f"127.0.0.1:{receiver_port}"
    )
    script = script.replace('("127.0.0.1", 9000)', f'("127.0.0.1", {receiver_port})')
    # A program that is started in the background must not outlive a block that failed.
    script = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + script
    done = subprocess.run(
        ["bash", "-m", "-c", script],
        cwd=folder,
        env=os.environ | {"LINK": link},
        capture_output=True,
        text=True,
        timeout=RUNS_SECONDS_MAX,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert [f"block {number}" for number in range(1, len(blocks()) + 1)] == re.findall(r"block \d+", said)
    assert "Saturday" in said, "the assistant's answer"
    assert "verified message.received How long is the warranty on a mattress?" in said
    assert "verified message.sent" in said
    assert "verified conversation.opened" in said
    assert "verified\n" in said, "the contact's identity"
    assert re.search(r"^conv_\w+$", said, re.MULTILINE)
