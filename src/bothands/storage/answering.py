"""How whoever waits for a write hears back: threads at once, an event loop by one wake for a whole commit."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

Waiting = Future[Any] | asyncio.Future[Any]
W = TypeVar("W", Future[Any], "asyncio.Future[Any]")


class Answer(NamedTuple):
    """The result, or where there is one the error."""

    waiting: Waiting
    result: Any = None
    error: BaseException | None = None


def is_awaited(waiting: Waiting) -> bool:
    """Whether somebody still wants it; from now on a thread that waits cannot change its mind."""
    if isinstance(waiting, Future):
        return waiting.set_running_or_notify_cancel()
    return not waiting.cancelled()


def answer(answers: Iterable[Answer]) -> None:
    """Callable on any thread."""
    on_loops: defaultdict[asyncio.AbstractEventLoop, list[Answer]] = defaultdict(list)
    for one in answers:
        if isinstance(one.waiting, Future):
            _give(one.waiting, one)
        else:
            on_loops[one.waiting.get_loop()].append(one)
    for loop, theirs in on_loops.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended, and all that waited there with it
            loop.call_soon_threadsafe(_hand_out, theirs)


def _hand_out(answers: Sequence[Answer]) -> None:
    for one in answers:
        if not one.waiting.done():  # or it was cancelled meanwhile
            _give(one.waiting, one)


def _give(waiting: Waiting, given: Answer) -> None:
    if given.error is not None:
        waiting.set_exception(given.error)
    else:
        waiting.set_result(given.result)
