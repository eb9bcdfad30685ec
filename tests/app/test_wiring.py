"""What runs beside the requests runs on, whatever comes in between."""

import asyncio
from typing import Any

import pytest

from bothands.app import wiring
from bothands.kit import Unavailable
from bothands.storage import Missed
from bothands.web import Hub


class Shelf:
    """Cannot be rebuilt while the database is away, which it is for as long as `failures` lasts."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.is_new = False

    async def refresh(self) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise Unavailable("database", "it cannot be reached", "try again in a moment")
        self.is_new = True


async def test_the_library_is_rebuilt_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "RENEW_AGAIN_SECONDS", 0.01)
    hub, shelf = Hub(), Shelf(failures=2)
    hub.start()
    library: Any = shelf
    renewing = wiring._renew_on_change(hub, library)
    hub.hear([Missed()])
    async with asyncio.timeout(10):
        while not (shelf.is_new or renewing.done()):
            await asyncio.sleep(0.01)
    assert shelf.is_new
    renewing.cancel()
