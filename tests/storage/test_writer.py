"""One writer: what it answers for is on disk; one bad item costs nobody else; a full queue says so."""

import asyncio
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, text

from bothands.kit import Overloaded
from bothands.storage import Database, DatabaseOwned, Unit, open_database
from bothands.storage import writer as writing

TABLE = text("CREATE TABLE thing (name TEXT PRIMARY KEY)")


def put(name: str) -> Any:
    return lambda unit: unit.records.execute(text("INSERT INTO thing VALUES (:n)"), {"n": name})


def names(db: Database) -> list[str]:
    return db.read_now(
        lambda records: list(records.execute(text("SELECT name FROM thing ORDER BY name")).scalars())
    )


def test_one_failing_write_of_a_batch_rolls_back_alone(db: Database) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))

    async def go() -> list[Any]:
        return await asyncio.gather(
            db.write(put("a")), db.write(put("a")), db.write(put("b")), return_exceptions=True
        )

    outcomes = asyncio.run(go())
    assert [isinstance(outcome, exc.IntegrityError) for outcome in outcomes] == [False, True, False]
    assert names(db) == ["a", "b"]


def test_a_set_based_batch_that_fails_is_tried_item_by_item(db: Database) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))

    def put_many(unit: Unit, values: Any) -> list[str]:
        unit.records.execute(text("INSERT INTO thing VALUES (:n)"), [{"n": value} for value in values])
        return list(values)

    async def go() -> list[Any]:
        return await asyncio.gather(
            *(db.write_many(put_many, value) for value in ("a", "b", "a", "c")), return_exceptions=True
        )

    outcomes = asyncio.run(go())
    assert sum(isinstance(outcome, exc.IntegrityError) for outcome in outcomes) == 1
    assert names(db) == ["a", "b", "c"]


def test_a_full_queue_refuses_before_anything_is_accepted(db: Database) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))
    started, gate = threading.Event(), threading.Event()

    def block(unit: Unit) -> None:
        started.set()
        gate.wait(30)

    blocked = threading.Thread(target=lambda: db.write_now(block))
    blocked.start()
    started.wait(30)

    async def flood() -> int:
        accepted = [
            asyncio.wrap_future(db._writer.submit(put(f"n{n}"), Future()))
            for n in range(writing.WRITES_WAITING_MAX)
        ]
        with pytest.raises(Overloaded) as refused:
            db._writer.submit(put("one too many"), Future())
        assert refused.value.retry_after_seconds == 1
        gate.set()
        await asyncio.gather(*accepted)
        return len(accepted)

    accepted = asyncio.run(flood())
    blocked.join()
    assert len(names(db)) == accepted
    assert "one too many" not in names(db)


def test_a_reader_cannot_write(db: Database) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))
    with pytest.raises(exc.DBAPIError, match=r"read-?only"):
        db.read_now(lambda records: records.execute(text("INSERT INTO thing VALUES ('x')")))


def test_listeners_hear_of_events_only_after_the_commit(db: Database) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))
    seen: list[list[str]] = []
    db.listen(lambda told: seen.append(names(db)))

    def write(unit: Unit) -> None:
        put("a")(unit)
        unit.told.append("something happened")

    db.write_now(write)
    assert seen == [["a"]]


def test_a_listener_that_fails_undoes_nothing(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    db.write_now(lambda unit: unit.records.execute(TABLE))

    def fail(_: object) -> None:
        raise RuntimeError("deaf")

    db.listen(fail)

    def write(unit: Unit) -> None:
        put("a")(unit)
        unit.told.append("something happened")

    db.write_now(write)
    assert names(db) == ["a"]
    assert "listener failed" in caplog.text


def test_close_finishes_what_was_accepted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    db = open_database(url)
    db.write_now(lambda unit: unit.records.execute(TABLE))
    futures = [db._writer.submit(put(f"n{number}"), Future()) for number in range(200)]
    db.close()
    assert all(future.done() for future in futures)
    again = open_database(url)
    assert len(names(again)) == 200
    again.close()


def test_a_second_owner_of_the_file_is_refused_by_name_cause_and_cure(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    first = open_database(url)
    with pytest.raises(DatabaseOwned, match=r"has it open\. Stop that process"):
        open_database(url)
    first.close()
    open_database(url).close()
