"""Durable work as rows: events, jobs with leases and retries, the clock's schedule.

A job is written in the transaction of what caused it, and deleted in the transaction of its effect,
so its effect on the database happens exactly once. Outside effects need an idempotency key.
"""

from bothands.jobs.announcing import announce, enqueue
from bothands.jobs.listing import Event, events_after
from bothands.jobs.model import Job, Recurring, event_kind
from bothands.jobs.store import count_jobs, dead_jobs, events_of, jobs_by_kind, revive
from bothands.jobs.working import JobGone, Worker, finish

__all__ = [
    "Event",
    "Job",
    "JobGone",
    "Recurring",
    "Worker",
    "announce",
    "count_jobs",
    "dead_jobs",
    "enqueue",
    "event_kind",
    "events_after",
    "events_of",
    "finish",
    "jobs_by_kind",
    "revive",
]
