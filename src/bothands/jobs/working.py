"""The worker loop: lease, do, finish; retry with backoff; bury what keeps failing."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bothands.jobs.announcing import enqueue
from bothands.jobs.model import Job, Recurring
from bothands.jobs.store import (
    bury,
    claim_period,
    delete_done,
    delete_leased,
    lease_due,
    next_due_at,
    next_period,
    release_all,
    release_dead,
    release_leases,
    reschedule,
)
from bothands.kit import BothandsError, Conflict
from bothands.storage import Database, Unit

LEASE_SECONDS = 60
JOBS_AT_ONCE_MAX = 32
# With so many writes waiting, taking messages in goes first: background work is done a little at a time.
CROWDED_WRITES = 50
JOBS_IN_A_CROWD_MAX = 2
ATTEMPTS_MAX = 8
BACKOFF_SECONDS_MIN = 0.5
BACKOFF_SECONDS_MAX = 600.0
IDLE_SECONDS_MAX = 1.0
LIVING_EVERY_SECONDS = 0.5

log = logging.getLogger(__name__)

Work = Callable[[Job], Awaitable[None]]
Burial = Callable[[Unit, Job], None]


class JobGone(Conflict):
    """The lease ran out and somebody else has the job: our effect must roll back."""

    code = "job-gone"
    title = "Another worker has this job"


class UnknownJob(Exception):
    """No code of this release does jobs of that kind; trying again would not help."""


def finish(unit: Unit, job: Job) -> None:
    """Delete the job in the transaction of its effect; raises JobGone if the lease is no longer ours."""
    if not delete_leased(unit.records, job):
        raise JobGone(
            f"job {job.id}", "its lease ran out while it was worked on", "let the new holder finish it"
        )


class Worker:
    """Runs jobs until told to stop. `work` maps a job kind to the function that does it.

    A function that wants its database effect exactly once calls `finish(unit, job)` in its last write;
    otherwise the worker finishes the job after the function returned (then it must bear repetition).
    `burials` maps a job kind to what happens, in the burying transaction, when it is given up; `patience` to
    how often it is tried before, where that is not ATTEMPTS_MAX.
    """

    def __init__(
        self,
        db: Database,
        work: Mapping[str, Work],
        *,
        owner: str,
        recurring: Sequence[Recurring] = (),
        burials: Mapping[str, Burial] | None = None,
        patience: Mapping[str, int] | None = None,
    ) -> None:
        self._db = db
        self._work = work
        self._owner = owner
        self._recurring = recurring
        self._burials = burials or {}
        self._patience = patience or {}
        self._running: set[asyncio.Task[None]] = set()
        self._done: list[Job] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._look_at = 0.0
        # Until then nothing recurring is to run: no period is ever moved to an earlier time.
        self._period_at: datetime | None = None

    def wake(self) -> None:
        """There may be something to do; call it on the loop's own thread."""
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop`; what is in the way for a while, a database that is away, say, is waited for."""
        is_begun = False
        while not self._stopping:
            try:
                if not is_begun:
                    await self._begin()
                    is_begun = True
                await self._step()
            except Exception as error:
                # Nobody else would do the work, so nothing may end this loop: a full line of writes or a full
                # disk passes.
                log.warning("The worker waits: %s", error, exc_info=not isinstance(error, BothandsError))
                await self._wait(IDLE_SECONDS_MAX)

    async def drain(self, seconds_max: float = 30.0) -> None:
        """For tests and orderly ends: work until nothing is due or running."""
        async with asyncio.timeout(seconds_max):
            while jobs := await self._lease(JOBS_AT_ONCE_MAX):
                await asyncio.gather(*(self._do(job) for job in jobs))

    async def stop(self) -> None:
        """Take nothing new, let what runs come to its end, give back the leases."""
        self._stopping = True
        self._wake.set()
        if self._running:
            await asyncio.wait(self._running, timeout=LEASE_SECONDS / 2)
        try:
            await self._db.write(self._let_go)
        except BothandsError as error:
            log.warning("The leases could not be given back, others will see that we ended: %s", error)

    def _let_go(self, unit: Unit) -> None:
        delete_done(unit.records, self._owner, self._done)
        release_leases(unit, self._owner)

    async def _begin(self) -> None:
        """Leases of processes that ended are void: all of them where we are alone, else those of our name."""
        if self._db.is_alone:
            await self._db.write(release_all)
            return
        await asyncio.to_thread(self._db.live_as, self._owner)
        await self._db.write(lambda unit: release_leases(unit, self._owner))

    async def _step(self) -> None:
        self._wake.clear()
        is_crowded = self._db.writes_waiting >= CROWDED_WRITES
        room = (JOBS_IN_A_CROWD_MAX if is_crowded else JOBS_AT_ONCE_MAX) - len(self._running)
        await self._free_the_dead()
        jobs = await self._lease(room) if room > 0 else []
        for job in jobs:
            task = asyncio.create_task(self._do(job), name=f"job {job.kind}")
            self._running.add(task)
            task.add_done_callback(self._ended)
        if not jobs:
            await self._rest()

    async def _free_the_dead(self) -> None:
        """Once in a while, look whether other workers that hold leases still live."""
        now = self._db.clock.monotonic()
        if self._db.is_alone or now < self._look_at:
            return
        self._look_at = now + LIVING_EVERY_SECONDS
        if freed := await self._db.write(release_dead):
            log.warning("%d jobs of a worker that ended are free again", freed)

    async def _lease(self, limit: int) -> list[Job]:
        done, self._done = self._done, []

        def take(unit: Unit) -> tuple[list[Job], datetime | None]:
            delete_done(unit.records, self._owner, done)
            period_at = self._ask_for_recurring(unit)
            until = unit.now + timedelta(seconds=LEASE_SECONDS)
            return lease_due(unit, self._owner, limit, until), period_at

        try:
            jobs, self._period_at = await self._db.write(take)
        except BaseException:
            self._done += done
            raise
        return jobs

    def _ask_for_recurring(self, unit: Unit) -> datetime | None:
        """When it is to be looked at again."""
        if self._period_at is not None and unit.now < self._period_at:
            return self._period_at
        for recurring in self._recurring:
            if claim_period(unit, recurring.kind, unit.now + recurring.every):
                enqueue(unit, recurring.kind, {}, key=f"every {recurring.kind}")
        return next_period(unit.records, [recurring.kind for recurring in self._recurring])

    async def _rest(self) -> None:
        due = await self._db.read(next_due_at)
        wait = IDLE_SECONDS_MAX
        if due is not None:
            wait = min(wait, max((due - self._db.clock.now()).total_seconds(), 0.005))
        await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    async def _do(self, job: Job) -> None:
        try:
            work = self._work.get(job.kind)
            if work is None:
                raise UnknownJob(f"nothing is registered for jobs of kind {job.kind!r}")
            await work(job)
            self._done.append(job)  # deleted with the next lease, which follows at once
        except JobGone:
            log.info("Job %s was taken over by another worker", job.id)
        except Exception as error:
            await self._fail(job, error)

    async def _fail(self, job: Job, error: Exception) -> None:
        words = _words_of(error)
        if job.attempts >= self._patience.get(job.kind, ATTEMPTS_MAX) or isinstance(error, UnknownJob):
            log.error(
                "Job %s (%s) is given up after %d attempts", job.id, job.kind, job.attempts, exc_info=error
            )
            await self._db.write(lambda unit: self._bury(unit, job, words))
            return
        log.warning("Job %s (%s) failed, attempt %d", job.id, job.kind, job.attempts, exc_info=error)
        wait = min(BACKOFF_SECONDS_MIN * 2 ** (job.attempts - 1), BACKOFF_SECONDS_MAX)
        wait *= 0.5 + self._db.random.random()
        await self._db.write(
            lambda unit: reschedule(unit.records, job, unit.now + timedelta(seconds=wait), words)
        )

    def _bury(self, unit: Unit, job: Job, words: str) -> None:
        is_ours = bury(unit.records, job, unit.now, words)
        if is_ours and (burial := self._burials.get(job.kind)):
            burial(unit, job)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            # Even failing failed (the database is gone, say): the lease runs out and it is tried again.
            log.error("A job could not be settled", exc_info=task.exception())


def _words_of(error: Exception) -> str:
    """Its kind and its first line: further down a database quotes what was to be written."""
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
