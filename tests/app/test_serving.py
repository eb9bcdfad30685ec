"""The server as a process: it says when it serves, owns its folder, and ends when told to."""

import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from bothands.app.settings import DATABASE
from tests.app.conftest import Run, rows_of, serving

ENDS_SECONDS_MAX = 60


def test_it_serves_owns_its_folder_and_ends_when_told(
    company_data: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(company_data) as (process, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 200
        assert run("serve", "--data", company_data, "--port", 0) == 2
        assert f"process {process.pid} has it open" in capsys.readouterr().err
        assert run("upgrade", "--data", company_data) == 2
        assert run("backup", tmp_path / "b.zip", "--data", company_data) == 0
        process.send_signal(signal.SIGTERM)
        # Whoever started it learns from the signal or the code 0 that it ended as told.
        assert process.wait(ENDS_SECONDS_MAX) in (0, -signal.SIGTERM)
    assert run("restore", tmp_path / "b.zip", "--data", tmp_path / "new") == 0
    assert (
        rows_of(tmp_path / "new" / DATABASE)["app_company"] == rows_of(company_data / DATABASE)["app_company"]
    )


def test_a_taken_port_is_named(company_data: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--data", company_data, "--port", port) == 2
    said = capsys.readouterr()
    assert f"Port {port} of 127.0.0.1" in said.err
    assert "--port" in said.err
    assert "Serving" not in said.out


def test_without_a_company_it_says_what_to_do(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("serve", "--data", tmp_path / "data", "--port", 0) == 2
    assert "bothands import" in capsys.readouterr().err
