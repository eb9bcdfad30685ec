"""Tell what happened, and ask for what should follow, as rows of the same transaction.

An event whose class says `newest_is_enough = True` speaks for earlier ones of its subject: their job that
nobody has begun becomes its own, so that a burst leaves one job, at the place in line of its first.
"""

from datetime import datetime
from typing import Any

import msgspec

from bothands.jobs.model import event_kind
from bothands.jobs.store import has_key, insert_events, insert_jobs, put_jobs
from bothands.storage import Unit


def announce(unit: Unit, *events: msgspec.Struct) -> None:
    """Write each event, and one job per reaction registered for its kind."""
    event_rows: list[dict[str, Any]] = []
    job_rows: list[dict[str, Any]] = []
    newest: dict[str, dict[str, Any]] = {}
    for event in events:
        kind = event_kind(type(event))
        body = msgspec.to_builtins(event)
        event_id = unit.ids.new("evt")
        event_rows.append(
            {
                "id": event_id,
                "kind": kind,
                "subject_id": body.get("conversation_id"),
                "body": body,
                "at": unit.now,
            }
        )
        for reaction in unit.reactions.get(kind, ()):
            if getattr(event, "newest_is_enough", False):
                key = f"{reaction} {body['conversation_id']}"
                newest[key] = _job_row(unit, reaction, body, unit.now, key=key, event_id=event_id)
            else:
                job_rows.append(_job_row(unit, reaction, body, unit.now, event_id=event_id))
    insert_events(unit.records, event_rows)
    put_jobs(unit.records, list(newest.values()))
    insert_jobs(unit.records, job_rows)
    unit.told.extend(events)


def enqueue(
    unit: Unit, kind: str, body: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None
) -> bool:
    """Ask for one job; False when a job of the same key waits already."""
    if key is not None and has_key(unit.records, key):
        return False
    insert_jobs(unit.records, [_job_row(unit, kind, body, run_at or unit.now, key=key)])
    return True


def _job_row(
    unit: Unit,
    kind: str,
    body: dict[str, Any],
    run_at: datetime,
    *,
    key: str | None = None,
    event_id: str | None = None,
) -> dict[str, Any]:
    return {
        "id": unit.ids.new("job"),
        "kind": kind,
        "body": body,
        "key": key,
        "event_id": event_id,
        "run_at": run_at,
        "attempts": 0,
        "created_at": unit.now,
    }
