"""Typed, prefixed, time-ordered ids such as `conv_01JD3K…`.

The first ten characters are milliseconds (ULID layout, Crockford's base 32), so new rows land at the
right edge of an index; the other sixteen are random, so an id cannot be guessed from its neighbour.
Ids of one process sort as they were made, within a millisecond too.
"""

import random
import threading
from datetime import datetime
from typing import Protocol

from bothands.kit.clock import Clock

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# Two characters at a time: every message makes four ids.
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
TIME_CHARS = 10
RANDOM_CHARS = 16
RANDOM_BITS = 5 * RANDOM_CHARS
# Wide enough that nobody guesses it, small enough that a busy millisecond has room.
STEP_BITS = 64


class Ids(Protocol):
    """Where new ids come from."""

    def new(self, prefix: str) -> str: ...


class RandomIds:
    """Ids from a clock and a source of randomness; both are handed in."""

    def __init__(self, clock: Clock, source: random.Random) -> None:
        self._clock = clock
        self._source = source
        self._lock = threading.Lock()
        self._last = 0

    def new(self, prefix: str) -> str:
        with self._lock:
            fresh = int(self._clock.now().timestamp() * 1000) << RANDOM_BITS
            if fresh >> RANDOM_BITS > self._last >> RANDOM_BITS:
                self._last = fresh | self._source.getrandbits(RANDOM_BITS)
            else:
                # The same millisecond, or a clock that jumped back: a random step further, never backwards.
                self._last += 1 + self._source.getrandbits(STEP_BITS)
            value = self._last
        return f"{prefix}_{_base32(value)}"


def first_id(prefix: str, at: datetime) -> str:
    """No id of that prefix made at `at` or later sorts before this one."""
    return f"{prefix}_{_base32(max(int(at.timestamp() * 1000), 0) << RANDOM_BITS)}"


def _base32(value: int) -> str:
    chars = []
    for _ in range((TIME_CHARS + RANDOM_CHARS) // 2):
        chars.append(PAIRS[value & 1023])
        value >>= 10
    return "".join(reversed(chars))
