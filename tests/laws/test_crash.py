"""Whatever is acknowledged survives kill -9 and a troubled PostgreSQL, once; and the count tells when not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.own_postgres import programs
from tests.servers import missing

ROOT = Path(__file__).parents[2]
PROMISES = (
    "lost",
    "duplicated_messages",
    "duplicated_replies",
    "duplicated_effects",
    "duplicated_outside_effects",
    "lost_outside_effects",
    "unanswered",
    "jobs_left",
)

pytestmark = pytest.mark.slow


def crash(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "crash", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(json.loads(done.stdout))


def broken_promises(figures: dict[str, Any]) -> dict[str, int]:
    return {name: figures[name] for name in PROMISES if figures[name]}


@pytest.fixture
def own_postgres() -> None:
    """The benchmark starts a server of its own, which it may stop, freeze and crash."""
    if programs() is None:
        missing("no server programs of PostgreSQL are installed here")


def test_twenty_kills_lose_and_double_nothing() -> None:
    figures = crash("--kills", "20")
    assert figures["acknowledged"] > 100
    assert broken_promises(figures) == {}


def test_an_early_acknowledgement_is_found_out() -> None:
    assert crash("--kills", "4", "--sabotage", "early")["lost"] > 0


def test_forgotten_ids_are_found_out() -> None:
    figures = crash("--kills", "4", "--sabotage", "forgetful")
    assert figures["duplicated_messages"] > 0
    assert figures["duplicated_outside_effects"] > 0


def test_servers_and_their_postgres_hit_in_turn_lose_and_double_nothing(own_postgres: None) -> None:
    blows = ("kill", "stop", "freeze", "kill", "restart")
    figures = crash("--store", "postgres", "--processes", "2", "--kills", "5", "--blows", *blows)
    assert figures["acknowledged"] > 50
    assert broken_promises(figures) == {}


def test_an_early_acknowledgement_is_found_out_on_postgres(own_postgres: None) -> None:
    words = ("--store", "postgres", "--kills", "3", "--blows", "restart", "--sabotage", "early")
    assert crash(*words)["lost"] > 0
