"""The sending half of a socket, with a socket that is as slow as the test wants."""

import asyncio
import json
from typing import Any

from bothands.web.live.line import FRAMES_WAITING_MAX, HINTS_WAITING_MAX, Line


class Slow:
    """A socket whose other side reads only while `open_gate` is set."""

    def __init__(self) -> None:
        self.open_gate = asyncio.Event()
        self.sent: list[Any] = []
        self.closed: tuple[int, str] | None = None

    async def send_text(self, text: str) -> None:
        await self.open_gate.wait()
        self.sent.append(json.loads(text))

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


async def test_hints_of_one_kind_become_one_while_the_reader_is_slow() -> None:
    slow = Slow()
    line = Line(slow)  # type: ignore[arg-type]
    pump = asyncio.create_task(line.pump())
    for seq in range(500):
        line.hint("changed conv_1", {"is": "changed", "seq": seq})
        await asyncio.sleep(0)
    slow.open_gate.set()
    await asyncio.sleep(0.05)
    assert slow.sent[-1]["seq"] == 499
    assert len(slow.sent) <= 2
    line.end(1001, "done")
    await pump


async def test_whoever_is_too_slow_is_told_to_resume() -> None:
    slow = Slow()
    line = Line(slow)  # type: ignore[arg-type]
    for n in range(FRAMES_WAITING_MAX + 1):
        line.put({"is": "pong", "n": n})
    await asyncio.wait_for(line.pump(), 5)
    assert slow.closed is not None
    assert slow.closed[0] == 4008
    assert "resume" in slow.closed[1]


async def test_a_flood_of_hints_about_everything_ends_the_line_too() -> None:
    slow = Slow()
    line = Line(slow)  # type: ignore[arg-type]
    for n in range(HINTS_WAITING_MAX + 1):
        line.hint(f"changed conv_{n}", {"is": "changed"})
    await asyncio.wait_for(line.pump(), 5)
    assert slow.closed is not None


async def test_what_is_fresh_is_fetched_once_however_often_it_was_stirred() -> None:
    slow = Slow()
    slow.open_gate.set()
    fetched = []

    async def fresh() -> list[dict[str, Any]]:
        fetched.append(1)
        return [{"is": "entries", "n": len(fetched)}]

    line = Line(slow, fresh)  # type: ignore[arg-type]
    for _ in range(100):
        line.stir()
    pump = asyncio.create_task(line.pump())
    await asyncio.sleep(0.05)
    assert len(fetched) == 1
    line.end(1001, "done")
    await pump


async def test_with_a_rhythm_it_looks_again_by_itself() -> None:
    slow = Slow()
    slow.open_gate.set()
    fetched = []

    async def fresh() -> list[dict[str, Any]]:
        fetched.append(1)
        return []

    line = Line(slow, fresh)  # type: ignore[arg-type]
    line.look_seconds = 0.02
    pump = asyncio.create_task(line.pump())
    await asyncio.sleep(0.2)
    line.end(1001, "done")
    await pump
    assert len(fetched) >= 3


async def test_while_its_own_message_is_on_its_way_a_page_is_not_fetched_for() -> None:
    slow = Slow()
    slow.open_gate.set()
    looks: list[int] = []

    async def fresh() -> list[Any]:
        looks.append(1)
        return []

    line = Line(slow, fresh)  # type: ignore[arg-type]
    pump = asyncio.create_task(line.pump())
    with line.expecting():
        line.stir(7)
        await asyncio.sleep(0.03)
        line.known_seq = 7
    await asyncio.sleep(0.03)
    assert looks == []
    with line.expecting():
        line.stir(9)
        await asyncio.sleep(0.03)
        line.known_seq = 8
    await asyncio.sleep(0.03)
    assert looks == [1], "what somebody else wrote meanwhile is fetched afterwards"
    line.end(1001, "done")
    await pump
