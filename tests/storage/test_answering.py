"""Whoever waits hears back; an event loop is woken once for a whole commit."""

import asyncio
from concurrent.futures import Future
from typing import Any

import pytest

from bothands.storage.answering import Answer, answer, is_awaited


async def test_a_loop_hears_all_of_a_commit_in_one_wake(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    wakes: list[object] = []
    wake = loop.call_soon_threadsafe
    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *words: (wakes.append(words), wake(*words)))
    stored, refused, gone = (loop.create_future() for _ in range(3))
    gone.cancel()

    await asyncio.to_thread(
        answer, [Answer(stored, 7), Answer(refused, error=ValueError("no")), Answer(gone, 8)]
    )

    # The thread that answered woke the loop once more by ending.
    assert await stored == 7
    assert len(wakes) == 2
    with pytest.raises(ValueError, match="no"):
        await refused
    assert gone.cancelled()


def test_a_thread_hears_at_once() -> None:
    waiting: Future[Any] = Future()
    assert is_awaited(waiting)
    answer([Answer(waiting, 7)])
    assert waiting.result(0) == 7


async def test_what_nobody_awaits_any_more_is_not_begun() -> None:
    waiting = asyncio.get_running_loop().create_future()
    assert is_awaited(waiting)
    waiting.cancel()
    assert not is_awaited(waiting)


def test_a_loop_that_has_ended_is_no_trouble() -> None:
    loop = asyncio.new_event_loop()
    waiting, other = loop.create_future(), Future[Any]()
    loop.close()
    answer([Answer(waiting, 1), Answer(other, 2)])
    assert other.result(0) == 2
