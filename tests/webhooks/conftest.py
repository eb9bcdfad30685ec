"""A receiver in a process of its own, and a company that has something to tell."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bothands.conversations import receive
from bothands.egress import Caller, Gate
from bothands.jobs import Worker, enqueue
from bothands.storage import Database, Seal
from bothands.webhooks import SEND, TELL, Courier, Endpoint, Terms, register
from bothands.webhooks.viewing import deliveries_of
from tests.cast import ada, says, shop

ROOT = Path(__file__).parents[2]
SEAL = Seal.fresh()
ALL = ("conversation.opened", "message.received", "conversation.closed")


@dataclass
class Receiver:
    """What the receiving system got so far."""

    port: int
    log: Path

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def got(self) -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def accepted(self) -> list[str]:
        """The ids of what it took, each time it did."""
        return [item["headers"]["webhook-id"] for item in self.got if item["code"] < 300]


def verified(secret: str, request: dict[str, Any]) -> dict[str, Any]:
    """The payload, if its signature is right: written from the specification, not from our code."""
    headers = request["headers"]
    key = base64.b64decode(secret[len("whsec_") :])
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{request['body']}"
    wanted = base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()
    assert f"v1,{wanted}" in headers["webhook-signature"].split(" ")
    payload: dict[str, Any] = json.loads(request["body"])
    return payload


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    log = tmp_path / "received.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.webhooks.receiver", str(log)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield Receiver(int(process.stdout.readline()), log)
    process.kill()
    process.wait()
    process.stdout.close()


@dataclass
class Post:
    """Everything between the database and the receiver, moved by hand."""

    db: Database
    courier: Courier
    worker: Worker

    def add(self, url: str, *event_types: str, **more: Any) -> tuple[Endpoint, str]:
        return self.db.write_now(lambda unit: register(unit, SEAL, url, event_types or ALL, **more))

    async def deliver(self, look_back_seconds: float = 5) -> None:
        """Gather what happened, and send what is due."""
        await self.courier.gather_all(timedelta(seconds=look_back_seconds))
        await self.worker.drain()

    async def look_round(self) -> None:
        """What the clock asks for once a minute."""
        self.db.write_now(lambda unit: enqueue(unit, TELL, {}))
        await self.worker.drain()

    def write(self, *texts: str) -> str:
        """Ada writes to the shop; her conversation."""

        def say(unit: Any) -> str:
            inbox, contact = shop(unit), ada(unit)
            for number, text in enumerate(texts):
                received = receive(unit, says(inbox, contact, text, f"c-{number}"))
            return received.conversation.id

        return self.db.write_now(say)

    def deliveries(self, endpoint: Endpoint, limit: int = 50) -> list[Any]:
        return self.db.read_now(lambda records: deliveries_of(records, endpoint.id, limit=limit))


@pytest.fixture
async def post(db: Database, receiver: Receiver) -> AsyncIterator[Post]:
    caller = Caller(Gate((f"127.0.0.1:{receiver.port}",)), seconds_max=1.0)
    courier = Courier(db, caller, SEAL, Terms())
    yield Post(db, courier, Worker(db, {SEND: courier.send, TELL: courier.tell}, owner="w-1"))
    await caller.close()
