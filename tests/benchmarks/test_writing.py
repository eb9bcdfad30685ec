from pathlib import Path

import pytest

from benchmarks.growing import SAID, grow
from benchmarks.standard import standard_runs
from benchmarks.writing import Acknowledged, Phase
from bothands.conversations import entries_since, open_inbox, view_counts, view_page
from bothands.storage import Database


def test_a_stretch_of_load_gives_its_rate_and_times_with_their_intervals() -> None:
    book = tuple(Acknowledged(10.0 + number / 100, 0.002) for number in range(300))
    phase = Phase(book, 10.0, 3.0, 0.3, 1.0)

    assert phase.rate == 100
    assert phase.per_second() == {"value": 100.0, "low": 100.0, "high": 100.0}
    assert phase.milliseconds(0.99)["value"] == pytest.approx(2.0)
    assert phase.cpu_microseconds() == 1000.0


def test_what_is_grown_is_a_timeline_as_any_other(db: Database) -> None:
    inbox = db.write_now(
        lambda unit: open_inbox(unit, "shop", "Shop", assistant_name="Echo", disclosure="AI assistant.")
    )
    grow(db, inbox, 600, seed=1)

    still_open = db.read_now(lambda records: view_page(records, "open", "", limit=100))
    closed = db.read_now(lambda records: view_page(records, "closed", "", limit=100))
    assert db.read_now(lambda records: view_counts(records, ""))["open"] == len(still_open) > 0
    entries = db.read_now(lambda records: entries_since(records, closed[0].id, 0))
    assert [entry.body for entry in entries] == list(SAID)


def test_the_standard_runs_name_benchmarks_that_are_there() -> None:
    names = {run.argv[0] for run in standard_runs()}
    here = {path.stem for path in (Path(__file__).parents[2] / "benchmarks").glob("*.py")}
    assert {"throughput", "sockets", "growth", "crash"} <= names <= here
