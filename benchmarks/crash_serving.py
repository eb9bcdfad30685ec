"""The server that gets killed. It also calls outside for each message it takes up, as webhooks and mails do.

Sabotage breaks a promise on purpose, so that the count must turn red. `early`: a write is acknowledged before
it is committed, and the commit is late; what a kill meets between the two was acknowledged and is lost.
`forgetful`: each try of an outside call goes under a key of its own.
"""

import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import uvloop

from bothands.app import wiring
from bothands.app.reactions import reactions
from bothands.app.serving import run_server
from bothands.app.settings import read_settings
from bothands.egress import Caller, Gate, host_and_port
from bothands.jobs import Job, finish
from bothands.storage import answering, writer

LATE_SECONDS = 0.4
RECEIVED, OUTSIDE_JOB = "message_received", "tell_outside"


def call_outside(url: str, *, is_forgetful: bool) -> None:
    """Let one more job follow each message: tell `url`, under a key that stays the same over all tries."""
    caller = Caller(Gate([host_and_port(url)]))
    works = wiring._works

    def reactions_too() -> Mapping[str, Sequence[str]]:
        known = reactions()
        return {**known, RECEIVED: (*known[RECEIVED], OUTSIDE_JOB)}

    def works_too(desk: Callable[[], Any]) -> dict[str, wiring.Work]:
        async def tell(job: Job) -> None:
            key = uuid.uuid4().hex if is_forgetful else job.id
            await caller.post(url, {"entry_id": job.body["entry_id"]}, headers={"idempotency-key": key})
            await desk().db.write(lambda unit: finish(unit, job))

        return {**works(desk), OUTSIDE_JOB: tell}

    wiring.reactions = reactions_too  # type: ignore[attr-defined, assignment]
    wiring._works = works_too


def acknowledge_early() -> None:
    """Make every acknowledgement a lie for a while."""
    run_items = writer.Writer._run_items

    def lie(self: writer.Writer, connection: Any, batch: Sequence[Any], **given: Any) -> int:
        done = run_items(self, connection, batch, **given)
        early = [item for item in batch[:done] if item.error is None]
        answering.answer(answering.Answer(item.waiting, item.result) for item in early)
        for item in early:
            # The real commit's own answer comes too late and must find nobody waiting.
            item.waiting = Future()
        time.sleep(LATE_SECONDS)
        return done

    writer.Writer._run_items = lie  # type: ignore[method-assign]


def main(words: Sequence[str]) -> None:
    data, port, database, outside, sabotage = words
    call_outside(outside, is_forgetful=sabotage == "forgetful")
    if sabotage == "early":
        acknowledge_early()
    uvloop.run(run_server(read_settings({"data": data, "port": port, "database": database})))


if __name__ == "__main__":
    main(sys.argv[1:])
