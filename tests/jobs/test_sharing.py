"""Several workers on one PostgreSQL: a job has one of them, a period starts one job, a key names one."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bothands.jobs import Job, Recurring, Worker, count_jobs, enqueue, finish
from bothands.jobs.store import claim_period, lease_due, release_dead
from bothands.kit import ManualClock, Unavailable
from bothands.storage import Database, open_database

JOBS = 60


@pytest.fixture
def pair(postgres_fresh: str, clock: ManualClock) -> Iterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell."""
    both = (open_database(postgres_fresh, clock=clock), open_database(postgres_fresh, clock=clock))
    yield both
    for db in both:
        db.close()


async def test_each_job_is_done_by_one_worker_and_all_of_them_work(pair: tuple[Database, Database]) -> None:
    done: list[tuple[str, str]] = []

    def worker(db: Database, owner: str) -> Worker:
        async def work(job: Job) -> None:
            await asyncio.sleep(0.001)
            await db.write(lambda unit: finish(unit, job))
            done.append((owner, job.id))

        return Worker(db, {"light": work}, owner=owner)

    for _ in range(JOBS):
        await pair[0].write(lambda unit: enqueue(unit, "light", {}))
    workers = [worker(db, f"w-{number}") for number, db in enumerate(pair)]
    running = [asyncio.create_task(one.run()) for one in workers]
    async with asyncio.timeout(20):
        while (await pair[0].read(count_jobs))["waiting"]:
            await asyncio.sleep(0.01)
    for one in workers:
        await one.stop()
    await asyncio.gather(*running)
    assert Counter(job_id for _, job_id in done).most_common(1)[0][1] == 1
    assert len(done) == JOBS
    assert {owner for owner, _ in done} == {"w-0", "w-1"}


async def test_what_one_is_leasing_the_other_passes_over(pair: tuple[Database, Database]) -> None:
    here, there = pair
    await here.write(lambda unit: [enqueue(unit, "light", {}) for _ in range(4)])
    leased: list[list[Job]] = await asyncio.gather(
        *(
            db.write(lambda unit, n=n: lease_due(unit, f"w-{n}", 3, unit.now + timedelta(minutes=1)))
            for n, db in enumerate((here, there, here, there))
        )
    )
    ids = [job.id for jobs in leased for job in jobs]
    assert len(ids) == len(set(ids)) == 4


async def test_a_period_is_claimed_once_and_a_key_names_one_job(pair: tuple[Database, Database]) -> None:
    for round_number in range(1, 6):
        later = timedelta(minutes=round_number)
        claims = await asyncio.gather(
            *(
                db.write(lambda unit, at=later: claim_period(unit, f"sweep-{at.seconds}", unit.now + at))
                for db in pair * 3
            )
        )
        assert sum(claims) == 1
        asked = await asyncio.gather(
            *(db.write(lambda unit, at=later: enqueue(unit, "x", {}, key=f"k-{at.seconds}")) for db in pair)
        )
        assert sum(asked) == 1


def test_only_the_leases_of_the_dead_are_given_back(postgres_fresh: str, clock: ManualClock) -> None:
    here, there = (open_database(postgres_fresh, clock=clock) for _ in range(2))
    there.live_as("w-there")
    here.write_now(lambda unit: [enqueue(unit, "light", {}) for _ in range(2)])
    there.write_now(lambda unit: lease_due(unit, "w-there", 1, unit.now + timedelta(minutes=1)))
    here.write_now(lambda unit: lease_due(unit, "w-gone", 1, unit.now + timedelta(minutes=1)))
    assert here.write_now(release_dead) == 1
    there.close()
    ends_at = time.monotonic() + 5
    while not here.write_now(release_dead):
        assert time.monotonic() < ends_at
    here.close()


async def test_a_worker_waits_for_a_database_that_is_away(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real, failures = db.write, 3

    async def away(fn: object) -> object:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise Unavailable("database", "it is away", "wait")
        return await real(fn)  # type: ignore[arg-type]

    async def work(job: Job) -> None:
        done.append(job.kind)

    await db.write(lambda unit: enqueue(unit, "light", {}))
    monkeypatch.setattr(db, "write", away)
    monkeypatch.setattr("bothands.jobs.working.IDLE_SECONDS_MAX", 0.01)
    worker = Worker(db, {"light": work}, owner="w-1", recurring=[Recurring("tick", timedelta(days=1))])
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while not done:
            await asyncio.sleep(0.01)
    await worker.stop()
    await running
    assert done[0] == "light"
