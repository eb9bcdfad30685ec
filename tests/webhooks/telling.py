"""The process that gets killed: people write, and endpoints are told of it, until somebody kills it.

`--sabotage` breaks the promise on purpose: what is due is written down as delivered before it is sent.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bothands.conversations import receive
from bothands.egress import Caller, Gate
from bothands.jobs import Job, Recurring, Worker
from bothands.storage import Database, Seal, Unit, open_database, open_seal
from bothands.webhooks import SEND, TELL, Courier, Terms, sending
from bothands.webhooks.model import Outcome
from tests.cast import ada, says, shop

LOOK_ROUND = Recurring(TELL, timedelta(seconds=0.2))
IMPATIENT = Terms(retry_after=(timedelta(seconds=0.1),) * 50)
LATE_SECONDS = 0.2


def courier_of(db: Database, seal: Seal, port: int) -> tuple[Courier, Worker]:
    courier = Courier(db, Caller(Gate((f"127.0.0.1:{port}",)), seconds_max=2.0), seal, IMPATIENT)
    work = {SEND: courier.send, TELL: courier.tell}
    return courier, Worker(db, work, owner="teller", recurring=[LOOK_ROUND])


def sabotage() -> None:
    """Say delivered first, and send later: what a kill meets between the two is lost."""

    async def lie(db: Database, caller: Caller, seal: Seal, terms: Terms, job: Job) -> None:
        batch = await db.write(lambda unit: sending.begin(unit, seal, job))
        if batch is None:
            return
        done = [(letter.delivery, Outcome(200, 0, None)) for letter in batch.letters]
        await db.write(lambda unit: sending.settle(unit, job, terms, done))
        await asyncio.sleep(LATE_SECONDS)
        for letter in batch.letters:
            await caller.post(batch.endpoint.url, headers=letter.headers)

    sys.modules["bothands.webhooks.telling"].send_due = lie  # type: ignore[attr-defined]


async def run(url: str, folder: Path, port: int) -> None:
    db = open_database(url)
    courier, worker = courier_of(db, open_seal(folder), port)
    db.listen(lambda events: loop.call_soon_threadsafe(courier.hear, events))
    db.listen(lambda events: loop.call_soon_threadsafe(worker.wake))
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(courier.run())]
    print("tells", flush=True)

    def write(unit: Unit) -> None:
        receive(unit, says(shop(unit), ada(unit), "Hello", "c-1"))

    while all(not task.done() for task in tasks):
        await db.write(write)
        await asyncio.sleep(0.005)


def main(words: Sequence[str]) -> None:
    url, folder, port, *rest = words
    if "--sabotage" in rest:
        sabotage()
    asyncio.run(run(url, Path(folder), int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
