"""Events and jobs as values."""

import re
from datetime import datetime, timedelta
from typing import Any

import msgspec

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class Job(msgspec.Struct, frozen=True):
    """A piece of work that somebody leased: do it, then `finish` it in the transaction of its effect."""

    id: str
    kind: str
    body: dict[str, Any]
    attempts: int
    created_at: datetime
    lease_owner: str | None = None


class Recurring(msgspec.Struct, frozen=True):
    """Work that the clock starts: one job per period, whichever process notices first."""

    kind: str
    every: timedelta


def event_kind(event: type[msgspec.Struct]) -> str:
    """`MessageReceived` → `message_received`."""
    return _CAPITAL.sub("_", event.__name__).lower()
