"""However often the process that tells is killed: each event is taken by the receiver, under its one id."""

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bothands.jobs import events_after
from bothands.storage import Database, Seal, open_database, open_seal
from bothands.webhooks import DeliveryState, Endpoint, list_endpoints, register
from bothands.webhooks.describing import kinds_of
from bothands.webhooks.viewing import deliveries_of
from tests.webhooks.conftest import Receiver
from tests.webhooks.telling import courier_of

ROOT = Path(__file__).parents[2]
KILLS = 5
EVENTS_MAX = 10_000
DELIVER_SECONDS_MAX = 60

pytestmark = pytest.mark.slow


@pytest.fixture
def address(store_url: str) -> str:
    """A database that nobody has open."""
    open_database(store_url).close()
    return store_url


def kill_often(url: str, folder: Path, port: int, *words: str) -> None:
    dice = random.Random(3)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.webhooks.telling", url, str(folder), str(port), *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "tells\n"
        time.sleep(dice.uniform(0.3, 1.2))
        process.kill()
        process.wait()
        process.stdout.close()


async def deliver_all(db: Database, seal: Seal, port: int) -> None:
    """A process that nobody kills ends the work."""
    courier, worker = courier_of(db, seal, port)
    until = time.monotonic() + DELIVER_SECONDS_MAX
    await worker._begin()
    while True:
        await courier.tell(None)  # type: ignore[arg-type]
        await worker.drain()
        [(_, waiting)] = db.read_now(list_endpoints)
        if not waiting:
            return
        assert time.monotonic() < until, f"{waiting} still wait"
        await asyncio.sleep(0.1)


async def told(
    url: str, folder: Path, receiver: Receiver, *words: str
) -> tuple[set[str], Endpoint, Database]:
    """The ids of all events that should have been told."""
    seal, db = open_seal(folder), open_database(url)
    types = ("conversation.opened", "message.received")
    endpoint, _ = db.write_now(lambda unit: register(unit, seal, receiver.url("/shy?times=1"), types))
    db.close()
    kill_often(url, folder, receiver.port, *words)
    db = open_database(url)
    await deliver_all(db, seal, receiver.port)
    events = db.read_now(lambda records: events_after(records, "", kinds_of(types), EVENTS_MAX))
    return {event.id for event in events}, endpoint, db


async def test_kills_lose_nothing(address: str, receiver: Receiver, tmp_path: Path) -> None:
    events, endpoint, db = await told(address, tmp_path, receiver)
    deliveries = db.read_now(lambda records: deliveries_of(records, endpoint.id, limit=EVENTS_MAX))
    db.close()
    assert len(events) > 30, "too little happened to prove anything"
    assert set(receiver.accepted) == events
    assert sorted(delivery.event_id for delivery in deliveries) == sorted(events), "one delivery for each"
    assert {delivery.state for delivery in deliveries} == {DeliveryState.DELIVERED}


async def test_a_delivery_that_is_noted_before_it_is_sent_is_found_out(
    sqlite_url: str, receiver: Receiver, tmp_path: Path
) -> None:
    """The sabotage switch."""
    events, _, db = await told(sqlite_url, tmp_path, receiver, "--sabotage")
    db.close()
    assert events - set(receiver.accepted)
