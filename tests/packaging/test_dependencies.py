"""What the code imports is declared, and what is declared is imported."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Chosen by name at run time, never imported by us.
NAMED_NOT_IMPORTED = {"uvloop", "httptools"}
# Imported where an operator installed it, done without elsewhere.
OPTIONAL = {"opentelemetry"}


def imported() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"bothands"} - OPTIONAL


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {normal(re.split(r"[^A-Za-z0-9_.-]", one)[0]) for one in project["dependencies"]}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_imported_package_is_declared_and_every_declared_one_imported() -> None:
    carried_by = packages_distributions()
    used = {
        normal(distribution) for module in imported() for distribution in carried_by.get(module, [module])
    }
    assert used - declared() == set(), "add these to pyproject.toml and run tools/lock.sh"
    assert declared() - used - NAMED_NOT_IMPORTED == set(), "nobody imports these: remove them"
