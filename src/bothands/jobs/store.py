"""The tables of events, jobs and the schedule, and all their SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bothands.jobs.model import Job
from bothands.storage import (
    Data,
    Days,
    Json,
    Lead,
    Mentions,
    Moment,
    Renewing,
    Unit,
    Until,
    as_struct,
    insert_together,
    is_living,
    keeps,
    metadata,
)

ERROR_CHARS_MAX = 2_000
_NEWEST = Renewing("key", ("body", "event_id", "created_at"))

event_table = Table(
    "jobs_event",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(80), nullable=False),
    Column("subject_id", String(40)),
    Column("body", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_jobs_event_subject_id", "subject_id", "at"),
    Index("ix_jobs_event_at", "at"),
    info=keeps(
        Data.PERSONAL,
        "What happened, for those who follow it up",
        Days(90, since="at"),
        leads=Lead("subject_id", to="conversations_conversation.id"),
    ),
)

job_table = Table(
    "jobs_job",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(80), nullable=False),
    Column("body", Json, nullable=False),
    Column("key", String(200), unique=True),
    Column("event_id", String(40)),
    Column("run_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(60)),
    Column("leased_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("failed_at", Moment),
    Column("last_error", Text),
    Index("ix_jobs_job_due", "failed_at", "run_at"),
    info=keeps(
        Data.PERSONAL,
        "Work to be done; done jobs are deleted at once, dead ones wait for somebody to look",
        Days(30, since="failed_at"),
        leads=Mentions(("body", "last_error")),
    ),
)

schedule_table = Table(
    "jobs_schedule",
    metadata,
    Column("kind", String(80), primary_key=True),
    Column("next_at", Moment, nullable=False),
    info=keeps(Data.OPERATIONAL, "When recurring work runs next", Until("the next run replaces it")),
)

_JOB = (
    job_table.c.id,
    job_table.c.kind,
    job_table.c.body,
    job_table.c.attempts,
    job_table.c.created_at,
    job_table.c.lease_owner,
)


# Built once: on the path of a turn, making these anew cost more than running them.
_DUE = (
    select(job_table.c.id)
    .where(
        and_(
            job_table.c.failed_at.is_(None),
            job_table.c.run_at <= bindparam("b_now"),
            or_(job_table.c.leased_until.is_(None), job_table.c.leased_until < bindparam("b_now")),
        )
    )
    .order_by(job_table.c.run_at, job_table.c.id)
    .limit(bindparam("b_limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(job_table)
    .where(job_table.c.id.in_(bindparam("b_ids", expanding=True)))
    # A key is for those that wait: once begun, the next of its kind may be asked for.
    .values(
        key=None,
        lease_owner=bindparam("b_owner"),
        leased_until=bindparam("b_until"),
        attempts=job_table.c.attempts + 1,
    )
    .returning(*_JOB)
)
_DELETE_DONE = delete(job_table).where(
    and_(
        job_table.c.id.in_(bindparam("b_ids", expanding=True)),
        job_table.c.lease_owner == bindparam("b_owner"),
    )
)
_NEXT_DUE = select(func.min(job_table.c.run_at)).where(
    and_(job_table.c.failed_at.is_(None), job_table.c.leased_until.is_(None))
)
_DELETE_LEASED = delete(job_table).where(
    and_(job_table.c.id == bindparam("b_id"), job_table.c.lease_owner == bindparam("b_owner"))
)


def insert_events(records: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert_together(records, event_table, rows)


def insert_jobs(records: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert_together(records, job_table, rows)


def put_jobs(records: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """As insert_jobs; one of the same key, which then still waits, is renewed in its place in line."""
    insert_together(records, job_table, rows, renewing=_NEWEST)


def has_key(records: Connection, key: str) -> bool:
    return records.execute(select(job_table.c.id).where(job_table.c.key == key)).first() is not None


def lease_due(unit: Unit, owner: str, limit: int, until: datetime) -> list[Job]:
    """Take up to `limit` due jobs for `owner`; a lease that ran out is due again."""
    ids = list(unit.records.execute(_DUE, {"b_now": unit.now, "b_limit": limit}).scalars())
    if not ids:
        return []
    rows = unit.records.execute(_LEASE, {"b_ids": ids, "b_owner": owner, "b_until": until})
    return sorted((as_struct(Job, row) for row in rows), key=lambda job: job.id)


def next_due_at(records: Connection) -> datetime | None:
    """When the earliest living job becomes due, leased ones aside."""
    found: datetime | None = records.execute(_NEXT_DUE).scalar()
    return found


def delete_leased(records: Connection, job: Job) -> bool:
    """Remove a job if its lease is still ours."""
    done = records.execute(_DELETE_LEASED, {"b_id": job.id, "b_owner": job.lease_owner})
    return done.rowcount == 1


def delete_done(records: Connection, owner: str, jobs: Sequence[Job]) -> None:
    """Remove what is done and was not deleted with its effect, as far as the leases are still ours."""
    if jobs:
        records.execute(_DELETE_DONE, {"b_ids": [job.id for job in jobs], "b_owner": owner})


def reschedule(records: Connection, job: Job, run_at: datetime, error: str) -> None:
    records.execute(
        update(job_table)
        .where(and_(job_table.c.id == job.id, job_table.c.lease_owner == job.lease_owner))
        .values(lease_owner=None, leased_until=None, run_at=run_at, last_error=error[:ERROR_CHARS_MAX])
    )


def bury(records: Connection, job: Job, at: datetime, error: str) -> bool:
    """Whether the lease was still ours."""
    done = records.execute(
        update(job_table)
        .where(and_(job_table.c.id == job.id, job_table.c.lease_owner == job.lease_owner))
        .values(
            # The key is set free: a dead job must not keep the next one of its kind from being asked for.
            key=None,
            lease_owner=None,
            leased_until=None,
            failed_at=at,
            last_error=error[:ERROR_CHARS_MAX],
        )
    )
    return done.rowcount == 1


def revive(unit: Unit, job_id: str) -> bool:
    """Give a dead job another life."""
    done = unit.records.execute(
        update(job_table)
        .where(and_(job_table.c.id == job_id, job_table.c.failed_at.is_not(None)))
        .values(failed_at=None, attempts=0, run_at=unit.now)
    )
    return done.rowcount == 1


def release_leases(unit: Unit, owner: str) -> int:
    """Give back what this owner still holds, at an orderly stop."""
    done = unit.records.execute(
        update(job_table).where(job_table.c.lease_owner == owner).values(lease_owner=None, leased_until=None)
    )
    return int(done.rowcount)


def release_dead(unit: Unit) -> int:
    """Give back the leases of workers whose process ended: nobody holds their sign of life any more."""
    leased = select(job_table.c.lease_owner).where(job_table.c.lease_owner.is_not(None)).distinct()
    owners = [str(owner) for owner in unit.records.execute(leased).scalars()]
    return sum(release_leases(unit, owner) for owner in owners if not is_living(unit.records, owner))


def release_all(unit: Unit) -> int:
    """At the start of the one process that owns a SQLite file, every old lease is a dead process's."""
    done = unit.records.execute(
        update(job_table)
        .where(job_table.c.lease_owner.is_not(None))
        .values(lease_owner=None, leased_until=None)
    )
    return int(done.rowcount)


def count_jobs(records: Connection) -> dict[str, int]:
    """How many jobs wait and how many are dead."""
    dead = job_table.c.failed_at.is_not(None)
    waiting = records.execute(select(func.count()).select_from(job_table).where(~dead)).scalar_one()
    buried = records.execute(select(func.count()).select_from(job_table).where(dead)).scalar_one()
    return {"waiting": waiting, "dead": buried}


def jobs_by_kind(records: Connection) -> list[tuple[str, str, int]]:
    """Kind, `waiting` or `dead`, and how many."""
    is_dead = job_table.c.failed_at.is_not(None)
    rows = records.execute(
        select(job_table.c.kind, is_dead, func.count()).group_by(job_table.c.kind, is_dead)
    )
    return [(str(kind), "dead" if dead else "waiting", int(count)) for kind, dead, count in rows]


def dead_jobs(records: Connection, limit: int = 50) -> list[dict[str, Any]]:
    rows = records.execute(
        select(*_JOB, job_table.c.last_error, job_table.c.failed_at)
        .where(job_table.c.failed_at.is_not(None))
        .order_by(job_table.c.failed_at.desc(), job_table.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in rows]


def events_of(records: Connection, subject_id: str, limit: int = 1_000) -> list[dict[str, Any]]:
    """The events told of one conversation (or another subject), oldest first."""
    rows = records.execute(
        select(event_table)
        .where(event_table.c.subject_id == subject_id)
        .order_by(event_table.c.at, event_table.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in rows]


def next_period(records: Connection, kinds: Sequence[str]) -> datetime | None:
    """When the first of these is to run next."""
    wanted = select(func.min(schedule_table.c.next_at)).where(schedule_table.c.kind.in_(kinds))
    found: datetime | None = records.execute(wanted).scalar()
    return found


def claim_period(unit: Unit, kind: str, next_at: datetime) -> bool:
    """True for the one caller that moves this schedule row past the present."""
    known = unit.records.execute(select(schedule_table.c.kind).where(schedule_table.c.kind == kind)).first()
    if known is None:
        unit.records.execute(insert(schedule_table).values(kind=kind, next_at=next_at))
        return True
    done = unit.records.execute(
        update(schedule_table)
        .where(and_(schedule_table.c.kind == kind, schedule_table.c.next_at <= unit.now))
        .values(next_at=next_at)
    )
    return done.rowcount == 1
