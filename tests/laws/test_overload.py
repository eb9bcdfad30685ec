"""Ten times too much: what is accepted is kept, the rest is told when to come back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# How soon it is acknowledged, `make bench` measures: here others may use the machine too.
MEMORY_GROWTH_MB_MAX = 64
SHORT = "--seconds 3 --visitors 600 --patience 3".split()

pytestmark = pytest.mark.slow


def overload(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "overload", *SHORT, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(json.loads(done.stdout))


def test_too_much_is_refused_with_a_hint_and_nothing_accepted_is_lost() -> None:
    figures = overload()
    assert figures["refused"] > 0, "it was not too much"
    assert figures["refused_without_hint"] == 0
    assert (figures["lost"], figures["doubled"], figures["never_stored"]) == (0, 0, 0)
    assert figures["server_mb_grown_late"] < MEMORY_GROWTH_MB_MAX


def test_a_server_that_forgets_is_found_out() -> None:
    assert overload("--sabotage")["lost"] > 0
