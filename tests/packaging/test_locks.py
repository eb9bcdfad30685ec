"""The locks work behind any mirror, on any platform."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_python_lock_names_no_host_and_has_a_hash_for_everything() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "index-url" not in lock
    requirements = [line for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert len(requirements) == len(entries)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_python_lock_has_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    declared = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[^A-Za-z0-9_.-]", one)[0].lower().replace("_", "-") for one in declared}
    assert names <= locked, f"{sorted(names - locked)}: run tools/lock.sh"


def test_the_node_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]
    assert [entry["resolved"] for entry in packages.values() if "://" in entry.get("resolved", "")] == []
    fetched = {
        name: entry for name, entry in packages.items() if "node_modules/" in name and not entry.get("link")
    }
    assert [name for name, entry in fetched.items() if "integrity" not in entry] == []


def test_the_node_lock_has_the_binaries_of_every_platform() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]
    bindings = [name for name in packages if "/@rolldown/binding-" in name]
    wanted = packages["node_modules/rolldown"]["optionalDependencies"]
    assert len(bindings) == len(wanted) >= 15, "made over an existing node_modules: run tools/lock.sh"


def test_nothing_fetched_by_node_runs_a_script_when_installed() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]
    scripts = [
        name
        for name, entry in packages.items()
        if entry.get("hasInstallScript") and not entry.get("optional")
    ]
    assert scripts == [], "`npm ci --ignore-scripts` leaves these half installed: choose others"


def test_the_node_lock_fits_the_workspaces() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]
    for file in [ROOT / "ui/package.json", *(ROOT / "ui").glob("*/package.json")]:
        declared = json.loads(file.read_text())
        name = file.parent.relative_to(ROOT / "ui").as_posix().strip(".")
        for kind in ("dependencies", "devDependencies"):
            locked = packages.get(name, {}).get(kind, {})
            assert declared.get(kind, {}) == locked, f"{name or 'ui'}: run tools/lock.sh and commit the lock"
