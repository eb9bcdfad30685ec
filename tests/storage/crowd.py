"""One process of several on a PostgreSQL database: a desk that writes, or a worker. Prints its book as JSON.

python -m tests.storage.crowd write NAME URL SABOTAGE    what was stored, what was refused, what failed
python -m tests.storage.crowd work NAME URL SABOTAGE     works until its input ends
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine, event, text

from bothands.balance import Reason
from bothands.conversations import (
    SYSTEM,
    EntryKind,
    Inbound,
    add_entry,
    inbox_of,
    receive_many,
    write_note,
)
from bothands.handoff import Desk, bring_in, hand_back, take_over
from bothands.jobs import Job, Recurring, Worker, enqueue, finish
from bothands.kit import BothandsError
from bothands.people import agent_of_email
from bothands.storage import Database, Unit, database, line, open_database
from bothands.storage.manners import Manners, Trouble
from tests.cast import ECHO, acts

MESSAGES = 120
HANDS = 12
STATEMENT_SECONDS = 0.002
FRONT = Desk(ECHO)
WISH = Reason("wish", "The customer asked for a person")
# The newest message's job stands for those before it; of the changes of hands each has its own.
REACTIONS = {"message_received": ("read",), "holder_changed": ("read",)}


class Written(msgspec.Struct):
    """What a writing process was told."""

    stored: dict[str, tuple[str, int]]
    refused: int = 0
    failed: list[str] = []


def sabotage(how: str) -> None:
    """Break what keeps several processes apart."""
    if how == "unlocked":
        line.WRITES = "nobody looks at this"
        # Long enough transactions that the two cannot but meet.
        event.listen(Engine, "after_cursor_execute", lambda *_: time.sleep(STATEMENT_SECONDS))
    elif how == "impatient":
        database.POSTGRES_MANNERS = Manners(16, lambda error: Trouble.OWN, lambda connection: None)


async def write(db: Database, name: str) -> None:
    dice = random.Random(name)
    inbox = db.read_now(lambda records: inbox_of(records, "shop"))
    agent = db.read_now(lambda records: agent_of_email(records, f"{name}@shop.example"))
    contacts = db.read_now(
        lambda records: list(records.execute(text("SELECT id FROM people_contact ORDER BY id")).scalars())
    )
    assert agent is not None
    book = Written({})
    plan = [(contacts[number % len(contacts)], number) for number in range(MESSAGES)]

    async def one(contact_id: str, number: int) -> None:
        # Every third message comes in by both processes, as a resend after a lost line does.
        client_id = f"both-{number}" if number % 3 == 0 else f"{name}-{number}"
        said = Inbound(inbox.id, contact_id, client_id, f"Message {number}")
        received = await db.write_many(receive_many, said)
        book.stored[client_id] = (received.conversation.id, received.entry.seq)
        conversation_id = received.conversation.id
        deeds: list[Callable[[Unit], Any]] = [
            lambda unit: take_over(unit, conversation_id, agent),
            lambda unit: hand_back(unit, conversation_id, agent, note=""),
            lambda unit: bring_in(unit, conversation_id, reason=WISH, desk=FRONT),
            lambda unit: write_note(
                unit, conversation_id, "Hm.", by=acts(agent), client_id=f"note-{name}-{number}"
            ),
            lambda unit: enqueue(unit, "sweep", {}, key="sweep"),
        ]
        await db.write(dice.choice(deeds))

    async def hand() -> None:
        while plan:
            try:
                await one(*plan.pop(0))
            except BothandsError:
                book.refused += 1
            except Exception as error:
                book.failed.append(f"{type(error).__name__}: {error}"[:300])

    await asyncio.gather(*(hand() for _ in range(HANDS)))
    print(msgspec.json.encode(book).decode(), flush=True)


async def work(db: Database, name: str) -> None:
    async def read(job: Job) -> None:
        def effect(unit: Unit) -> None:
            add_entry(
                unit,
                job.body["conversation_id"],
                EntryKind.READING,
                "",
                {"of": job.body["seq"]},
                by=SYSTEM,
            )
            finish(unit, job)

        await db.write(effect)

    async def sweep(job: Job) -> None:
        await db.write(lambda unit: finish(unit, job))

    async def freeze(job: Job) -> None:
        print(f"{name} has it", flush=True)
        await asyncio.sleep(3_600 if name == "stuck" else 0)

    worker = Worker(
        db,
        {"read": read, "sweep": sweep, "freeze": freeze, "tick": sweep},
        owner=name,
        recurring=[Recurring("tick", timedelta(milliseconds=200))],
    )
    loop = asyncio.get_running_loop()
    db.listen(lambda events: loop.call_soon_threadsafe(worker.wake) and None)
    running = asyncio.create_task(worker.run())
    await asyncio.to_thread(sys.stdin.read)
    await worker.stop()
    await running
    print("{}", flush=True)


def main() -> None:
    role, name, url, how = sys.argv[1:]
    sabotage(how)
    db = open_database(url)
    db.react(REACTIONS)
    print("ready", flush=True)
    if role == "write":
        sys.stdin.readline()
    asyncio.run(write(db, name) if role == "write" else work(db, name))
    db.close()


if __name__ == "__main__":
    main()
