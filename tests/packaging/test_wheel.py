"""What somebody installs carries all it needs: it serves where there is no Node."""

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
WHEEL_BYTES_MAX = 60_000_000
SECONDS_MAX = 180

pytestmark = pytest.mark.slow


# `make setup` has built both parts; what is tested here is that they are carried.
BUILT = {"BOTHANDS_UI": "skip", "BOTHANDS_WEIGHTS": "skip"}


def python(*arguments: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    environment = {**(os.environ if env is None else env), **BUILT}
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    return next(folder.glob("*.whl"))


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_weights_and_front_ends_and_no_sources_of_them(wheel: Path) -> None:
    names = names_in(wheel)
    weights = "bothands/models/weights"
    assert {
        f"{weights}/{name}" for name in ("minilm.weights", "minilm.fp32.onnx", "minilm.int8.onnx")
    } <= names
    assert "bothands/web/static/widget.js" in names
    assert any(name.startswith("bothands/web/static/widget/panel") for name in names)
    assert "bothands/web/static/desk/index.html" in names
    assert "bothands/examples/retail/company.toml" in names
    assert any(name.endswith("/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("ui/", "tests/")) or "node_modules" in name]
    assert wheel.stat().st_size < WHEEL_BYTES_MAX


def test_the_source_distribution_builds_the_same_wheel_without_node(wheel: Path, tmp_path: Path) -> None:
    python("-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(folder for folder in tmp_path.iterdir() if folder.is_dir())
    without_node = {"PATH": str(Path(sys.executable).parent), "HOME": str(tmp_path)}
    assert not shutil.which("node", path=without_node["PATH"])
    python("-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=source, env=without_node)
    assert names_in(next(tmp_path.glob("*.whl"))) == names_in(wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, beside the dependencies of this one (found by a .pth file)."""
    folder = tmp_path_factory.mktemp("installed")
    python("-m", "venv", "--without-pip", folder)
    packages = next(folder.glob("lib/python3*/site-packages"))
    ours = Path(os.path.dirname(pytest.__file__)).parent
    (packages / "dependencies.pth").write_text(f"{ours}\n")
    python(
        "-m", "pip", "--python", folder / "bin/python", "install", "--no-deps", "--ignore-installed", wheel
    )
    return folder


def test_the_installed_wheel_is_what_runs(installed: Path) -> None:
    code = "import bothands, sys; print(bothands.__file__)"
    done = subprocess.run(
        [installed / "bin/python", "-c", code], capture_output=True, text=True, check=True, cwd=installed
    )
    assert str(installed) in done.stdout


def test_the_installed_wheel_serves_with_no_node_on_the_path(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "PATH": str(installed / "bin"),
        "HOME": str(tmp_path),
        "BOTHANDS_DATA": str(tmp_path / "data"),
        "BOTHANDS_PORT": str(port),
    }
    assert not shutil.which("node", path=environment["PATH"])
    log = tmp_path / "log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [installed / "bin/bothands", "demo", "--no-customers"],
            env=environment,
            cwd=tmp_path,
            stdout=out,
            stderr=out,
        ) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_it_answers(f"{base}/health", server, log)
            assert "currentScript" in httpx.get(f"{base}/widget.js").text
            assert "<script" in httpx.get(f"{base}/desk/", follow_redirects=True).text
        finally:
            server.terminate()
            server.wait(SECONDS_MAX)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer:\n{log.read_text()}")
