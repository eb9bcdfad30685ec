"""Jobs run once for the database, again after a failure, and are buried when hopeless."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, ClassVar

import msgspec
import pytest
from sqlalchemy import text

from bothands.jobs import (
    Job,
    JobGone,
    Recurring,
    Worker,
    announce,
    count_jobs,
    dead_jobs,
    enqueue,
    finish,
    revive,
    working,
)
from bothands.kit import ManualClock, Overloaded
from bothands.storage import Database, Unit


class LampLit(msgspec.Struct, frozen=True):
    conversation_id: str


class WickTurned(msgspec.Struct, frozen=True):
    newest_is_enough: ClassVar[bool] = True

    conversation_id: str
    height: int


def worker(db: Database, **work: object) -> Worker:
    return Worker(db, work, owner="w-1")  # type: ignore[arg-type]


async def test_an_event_becomes_one_job_per_reaction(db: Database) -> None:
    db.react({"lamp_lit": ("count", "tell")})
    done: list[str] = []

    async def work(job: Job) -> None:
        done.append(f"{job.kind} {job.body['conversation_id']}")

    await db.write(lambda unit: announce(unit, LampLit("conv_1")))
    await worker(db, count=work, tell=work).drain()
    assert sorted(done) == ["count conv_1", "tell conv_1"]
    assert await db.read(count_jobs) == {"waiting": 0, "dead": 0}


async def test_of_a_burst_only_the_newest_is_worked_on_at_the_place_of_the_first(
    db: Database, clock: ManualClock
) -> None:
    db.react({"wick_turned": ("trim",)})
    done: list[tuple[str, int]] = []

    async def trim(job: Job) -> None:
        done.append((job.body["conversation_id"], job.body["height"]))

    await db.write(lambda unit: announce(unit, WickTurned("conv_1", 1)))
    clock.advance(1)
    await db.write(lambda unit: announce(unit, WickTurned("conv_2", 1)))
    clock.advance(1)
    await db.write(lambda unit: announce(unit, WickTurned("conv_1", 2), WickTurned("conv_1", 3)))

    line = await db.read(
        lambda records: list(records.execute(text("SELECT key FROM jobs_job ORDER BY run_at")).scalars())
    )
    assert line == ["trim conv_1", "trim conv_2"]
    await worker(db, trim=trim).drain()
    assert sorted(done) == [("conv_1", 3), ("conv_2", 1)]


async def test_what_comes_while_a_job_is_worked_on_gets_a_job_of_its_own(db: Database) -> None:
    db.react({"wick_turned": ("trim",)})
    done: list[int] = []

    async def trim(job: Job) -> None:
        done.append(job.body["height"])
        if job.body["height"] == 1:
            await db.write(lambda unit: announce(unit, WickTurned("conv_1", 2)))

    await db.write(lambda unit: announce(unit, WickTurned("conv_1", 1)))
    await worker(db, trim=trim).drain()
    assert done == [1, 2]


async def test_a_failed_job_is_tried_again_later(db: Database, clock: ManualClock) -> None:
    tries = 0

    async def work(job: Job) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("not yet")

    await db.write(lambda unit: enqueue(unit, "light", {}))
    hand = worker(db, light=work)
    await hand.drain()
    assert tries == 1
    clock.advance(working.BACKOFF_SECONDS_MAX)
    await hand.drain()
    assert tries == 2
    assert await db.read(count_jobs) == {"waiting": 0, "dead": 0}


async def test_a_hopeless_job_is_buried_with_its_reason_and_can_be_revived(
    db: Database, clock: ManualClock
) -> None:
    buried: list[str] = []

    async def work(job: Job) -> None:
        raise RuntimeError("the lamp is broken")

    await db.write(lambda unit: enqueue(unit, "light", {}, key="lamp"))
    hand = Worker(
        db, {"light": work}, owner="w-1", burials={"light": lambda unit, job: buried.append(job.kind)}
    )
    for _ in range(working.ATTEMPTS_MAX):
        await hand.drain()
        clock.advance(working.BACKOFF_SECONDS_MAX * 2)
    dead = await db.read(dead_jobs)
    assert "the lamp is broken" in dead[0]["last_error"]
    assert buried == ["light"]
    assert await db.write(lambda unit: enqueue(unit, "light", {}, key="lamp")), "its key is free again"
    assert await db.write(lambda unit: revive(unit, dead[0]["id"]))


async def test_what_people_wrote_does_not_stay_behind_in_a_failure(db: Database) -> None:
    await db.write(
        lambda unit: unit.records.execute(text("CREATE TABLE lamp (word TEXT CHECK (word = 'x'))"))
    )

    async def work(job: Job) -> None:
        words = {"word": "my health is failing"}
        await db.write(lambda unit: unit.records.execute(text("INSERT INTO lamp VALUES (:word)"), words))

    await db.write(lambda unit: enqueue(unit, "light", {}))
    await Worker(db, {"light": work}, owner="w-1", patience={"light": 1}).drain()
    (dead,) = await db.read(dead_jobs)
    assert "constraint" in dead["last_error"]
    assert "health" not in dead["last_error"]


async def test_a_job_of_an_unknown_kind_is_buried_at_once(db: Database) -> None:
    await db.write(lambda unit: enqueue(unit, "nobody_knows", {}))
    await worker(db).drain()
    assert await db.read(count_jobs) == {"waiting": 0, "dead": 1}


async def test_an_effect_rolls_back_when_the_lease_was_lost(db: Database, clock: ManualClock) -> None:
    await db.write(lambda unit: unit.records.execute(text("CREATE TABLE lamp (lit INTEGER)")))

    def light(unit: Unit, job: Job) -> None:
        unit.records.execute(text("INSERT INTO lamp VALUES (1)"))
        finish(unit, job)

    async def slow(job: Job) -> None:
        clock.advance(working.LEASE_SECONDS + 1)
        other = Worker(db, {"light": quick}, owner="w-2")
        await other.drain()
        await db.write(lambda unit: light(unit, job))

    async def quick(job: Job) -> None:
        await db.write(lambda unit: light(unit, job))

    await db.write(lambda unit: enqueue(unit, "light", {}))
    await worker(db, light=slow).drain()
    assert await db.read(lambda records: records.execute(text("SELECT count(*) FROM lamp")).scalar()) == 1


async def test_who_lost_the_lease_buries_nothing(db: Database, clock: ManualClock) -> None:
    buried: list[str] = []

    async def slow(job: Job) -> None:
        clock.advance(working.LEASE_SECONDS + 1)
        await Worker(db, {"light": quick}, owner="w-2").drain()
        raise RuntimeError("too late")

    async def quick(job: Job) -> None:
        await db.write(lambda unit: finish(unit, job))

    await db.write(lambda unit: enqueue(unit, "light", {}))
    burials = {"light": lambda unit, job: buried.append(job.id)}
    await Worker(db, {"light": slow}, owner="w-1", burials=burials, patience={"light": 1}).drain()
    assert await db.read(count_jobs) == {"waiting": 0, "dead": 0}
    assert buried == []


def test_a_job_that_is_gone_cannot_be_finished(db: Database, clock: ManualClock) -> None:
    ghost = Job("job_x", "light", {}, 1, clock.now(), "w-1")
    with pytest.raises(JobGone):
        db.write_now(lambda unit: finish(unit, ghost))


async def test_recurring_work_runs_once_per_period(db: Database, clock: ManualClock) -> None:
    runs = 0

    async def sweep(job: Job) -> None:
        nonlocal runs
        runs += 1

    hand = Worker(db, {"sweep": sweep}, owner="w-1", recurring=[Recurring("sweep", timedelta(minutes=5))])
    await hand.drain()
    await hand.drain()
    assert runs == 1
    clock.advance(301)
    await hand.drain()
    assert runs == 2


def test_two_jobs_of_one_key_are_one(db: Database) -> None:
    assert db.write_now(lambda unit: enqueue(unit, "light", {}, key="lamp"))
    assert not db.write_now(lambda unit: enqueue(unit, "light", {}, key="lamp"))
    assert db.read_now(count_jobs)["waiting"] == 1


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_a_worker_goes_on_when_the_line_of_writes_was_full(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    is_held, is_free = threading.Event(), threading.Event()

    async def work(job: Job) -> None:
        done.append(job.kind)

    def hold(unit: Unit) -> None:
        is_held.set()
        is_free.wait(60)

    await db.write(lambda unit: enqueue(unit, "light", {}))
    db._writer.submit(hold, Future())
    is_held.wait(60)
    with pytest.raises(Overloaded):
        while True:
            db._writer.submit(lambda unit: None, Future())
    monkeypatch.setattr(working, "IDLE_SECONDS_MAX", 0.01)
    hand = worker(db, light=work)
    running = asyncio.create_task(hand.run())
    try:
        await until(lambda: running.done() or "The worker waits" in caplog.text)
    finally:
        is_free.set()
    await until(lambda: done)
    await hand.stop()
    await running
    assert done == ["light"]
