"""Customers who keep arriving: drawn by weight, at a pace, never more at once than the desk should bear."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence

import msgspec

from bothands.training.conversing import Customer
from bothands.training.keeping import OpenSocket, Pace
from bothands.training.model import Outcome, Scenario

CUSTOMERS_AT_ONCE_MAX = 50
RECENT_SCENARIOS = 5
EVERY_SECONDS_MIN = 0.05


class Arrivals(msgspec.Struct, frozen=True):
    """How many come and for how long; `count` or `seconds` None means without end."""

    every_seconds: float = 20.0
    at_once: int = 8
    seconds: float | None = None
    count: int | None = None


class Simulated(msgspec.Struct, frozen=True):
    """What happened, counted by how the conversations ended."""

    conversations: int
    endings: dict[str, int]
    reconnects: int


async def simulate(
    scenarios: Sequence[Scenario],
    open_socket: OpenSocket,
    arrivals: Arrivals,
    pace: Pace,
    source: random.Random,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> Simulated:
    """Let customers arrive until time or number is over, then wait for those still talking."""
    drawing = Drawing(scenarios, source)
    alive: set[asyncio.Task[Outcome]] = set()
    outcomes: list[Outcome] = []
    began = pace.clock.monotonic()
    at_once = max(1, min(arrivals.at_once, CUSTOMERS_AT_ONCE_MAX))
    came = 0
    try:
        while not _is_over(arrivals, came, pace.clock.monotonic() - began):
            if len(alive) < at_once:
                customer = Customer(drawing.draw(), open_socket, pace, random.Random(source.getrandbits(64)))
                alive.add(asyncio.create_task(customer.converse()))
                came += 1
            gap = max(EVERY_SECONDS_MIN, arrivals.every_seconds)
            # Arrivals of people are irregular; capped, so that a demo is never empty for long.
            await pace.sleep(min(source.expovariate(1 / gap), 3 * gap))
            _gather(alive, outcomes, tell)
        if alive:
            await asyncio.wait(alive)
        _gather(alive, outcomes, tell)
    finally:
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)
    endings = Counter(outcome.ending for outcome in outcomes)
    return Simulated(came, dict(endings), sum(outcome.reconnects for outcome in outcomes))


class Drawing:
    """Scenarios by weight, not one of the last few again."""

    def __init__(self, scenarios: Sequence[Scenario], source: random.Random) -> None:
        self._scenarios = tuple(scenarios)
        self._source = source
        self._recent: deque[str] = deque(maxlen=min(RECENT_SCENARIOS, len(self._scenarios) - 1))

    def draw(self) -> Scenario:
        open_ones = [one for one in self._scenarios if one.id not in self._recent]
        chosen = self._source.choices(open_ones, [one.weight for one in open_ones])[0]
        self._recent.append(chosen.id)
        return chosen


def _is_over(arrivals: Arrivals, came: int, passed: float) -> bool:
    return (arrivals.count is not None and came >= arrivals.count) or (
        arrivals.seconds is not None and passed >= arrivals.seconds
    )


def _gather(
    alive: set[asyncio.Task[Outcome]], outcomes: list[Outcome], tell: Callable[[Outcome], None]
) -> None:
    for task in [task for task in alive if task.done()]:
        alive.discard(task)
        outcome = task.result()
        outcomes.append(outcome)
        tell(outcome)
