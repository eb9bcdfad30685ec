"""A small stage that speaks the widget's socket protocol, so that simulated customers can be watched."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from bothands.egress import Gate, open_socket
from bothands.kit import SystemClock
from bothands.training import Customer, Outcome, Pace, Scenario
from bothands.training.scripting import scenario_from

Frame = dict[str, Any]
SPEED = 60.0


def assistant_says(body: str, **ref: Any) -> Frame:
    return {"kind": "message", "author_kind": "assistant", "author_name": "Echo", "body": body, "ref": ref}


def agent_says(body: str) -> Frame:
    return {"kind": "message", "author_kind": "agent", "author_name": "Bo", "body": body, "ref": {}}


def state(holder: str = "assistant", **more: Any) -> Frame:
    people = {"on_duty": True, "open_until": "20:00", "next_open_at": None, "wait": None}
    plain = {"holder": {"kind": holder, "name": ""}, "closed": None, "rated": False}
    return {**plain, "people": people, "queue": None, **more}


class Stage:
    """One conversation, its entries and what the customer did. `on_frame` plays the desk."""

    def __init__(self) -> None:
        self.entries: list[Frame] = []
        self.frames: list[Frame] = []
        self.state = state()
        self.on_frame: Callable[[Frame], None] = lambda frame: None
        self.lines: set[ServerConnection] = set()
        self._server: Server | None = None
        self.port = 0

    async def open(self) -> None:
        self._server = await serve(self._serve, "127.0.0.1", self.port)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def cut(self) -> None:
        """As a tunnel does: no goodbye, and what was being told is lost."""
        for line in list(self.lines):
            line.transport.abort()

    @property
    def texts(self) -> list[str]:
        return [entry["body"] for entry in self.entries if entry["author_kind"] == "contact"]

    def did(self, what: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["do"] == what]

    def add(self, entry: Frame) -> None:
        self.entries.append({**entry, "conversation_id": "conv_1", "seq": len(self.entries) + 1})

    def turn_to(self, holder: str, **more: Any) -> None:
        self.state = state(holder, **more)

    async def _serve(self, line: ServerConnection) -> None:
        self.lines.add(line)
        try:
            hello = json.loads(await line.recv())
            self.frames.append(hello)
            await self._tell(
                line, {"is": "welcome", "key": "vk_1", "conversation_id": None, "state": self.state}
            )
            shown = hello["since"]
            await self._show(line, shown)
            shown = len(self.entries)
            async for data in line:
                frame = json.loads(data)
                self.frames.append(frame)
                stored = self._receive(frame)
                self.on_frame(frame)
                if stored:
                    await self._tell(line, stored)
                await self._tell(line, {"is": "state", "state": self.state})
                await self._show(line, shown)
                shown = len(self.entries)
        except ConnectionClosed:
            pass
        finally:
            self.lines.discard(line)

    def _receive(self, frame: Frame) -> Frame | None:
        if frame["do"] == "send" and all(e.get("client_id") != frame["client_id"] for e in self.entries):
            told = {"kind": "message", "author_kind": "contact", "body": frame["text"], "ref": {}}
            self.add({**told, "client_id": frame["client_id"]})
        if "client_id" not in frame:
            return None
        return {"is": "stored", "client_id": frame["client_id"], "seq": len(self.entries)}

    async def _show(self, line: ServerConnection, since: int) -> None:
        if len(self.entries) > since:
            await self._tell(
                line, {"is": "entries", "entries": self.entries[since:], "seq": len(self.entries)}
            )

    async def _tell(self, line: ServerConnection, frame: Frame) -> None:
        await line.send(json.dumps(frame))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.open()
    yield stage
    await stage.close()


@pytest.fixture
def pace() -> Pace:
    return Pace(SystemClock(), SPEED)


@pytest.fixture
def play(stage: Stage, pace: Pace) -> Callable[[Scenario], Any]:
    async def dial() -> Any:
        return await open_socket(f"ws://127.0.0.1:{stage.port}", gate=Gate((f"127.0.0.1:{stage.port}",)))

    async def play(scenario: Scenario) -> Outcome:
        async with asyncio.timeout(20):
            return await Customer(scenario, dial, pace, random.Random(3)).converse()

    return play


@pytest.fixture
def ada() -> Callable[..., Scenario]:
    """Ada with the steps and traits a test needs."""

    def ada(*says: str | Frame, **traits: Any) -> Scenario:
        steps = [{"say": one} if isinstance(one, str) else one for one in says]
        return scenario_from({"name": "Ada", "step": steps, **traits}, Path("ada.toml"))

    return ada
