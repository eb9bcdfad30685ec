"""The courier: hears what was committed, gathers at once, and once a minute what was missed."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bothands.egress import Caller
from bothands.jobs import Job
from bothands.storage import Database, Missed, Seal, Unit, oldest_open_write
from bothands.webhooks.describing import is_told
from bothands.webhooks.gathering import ask_to_send, gather, start_of
from bothands.webhooks.model import Endpoint, Terms
from bothands.webhooks.sending import send_due
from bothands.webhooks.store import all_endpoints, endpoints_with_due

# So that a thousand messages a second are gathered in a few transactions.
PAUSE_SECONDS = 0.1
QUICK_LOOK_BACK = timedelta(seconds=5)
# The clocks of machines differ by less.
SURE_LOOK_BACK = timedelta(minutes=5)
FAR_OFF = datetime.max.replace(tzinfo=UTC)

log = logging.getLogger(__name__)


class Courier:
    """Tells endpoints what happened. `hear` on the loop's thread; `tell` and `send` are jobs."""

    def __init__(self, db: Database, caller: Caller, seal: Seal, terms: Terms | None = None) -> None:
        self._db = db
        self._caller = caller
        self._seal = seal
        self._terms = terms or Terms()
        self._heard = asyncio.Event()

    async def close(self) -> None:
        await self._caller.close()

    def hear(self, events: Sequence[object]) -> None:
        if any(is_told(event) or isinstance(event, Missed) for event in events):
            self._heard.set()

    async def run(self) -> None:
        """Gather whenever something happened; a hint that is lost costs a minute at most."""
        while True:
            await self._heard.wait()
            await asyncio.sleep(PAUSE_SECONDS)
            self._heard.clear()
            try:
                await self.gather_all(QUICK_LOOK_BACK)
            except Exception as error:
                # The job that looks round once a minute finds what was left.
                log.warning("Events are gathered for webhooks later", exc_info=error)

    async def gather_all(self, look_back: timedelta) -> None:
        """One pass for each endpoint over the events it may not have been told of."""
        for endpoint in await self._db.read(all_endpoints):
            if endpoint.disabled_at is None:
                await self._gather(endpoint, look_back)

    async def _gather(self, endpoint: Endpoint, look_back: timedelta) -> None:
        # Asked first: a write that ends later is open now, and one that ended is seen by the pass.
        open_since = await self._db.read(oldest_open_write)
        began_at = min(self._db.clock.now(), open_since or FAR_OFF)
        after: str | None = start_of(endpoint, look_back)
        while after is not None:
            page = after
            after = await self._db.write(lambda unit: gather(unit, endpoint, page, began_at))  # noqa: B023

    async def tell(self, _: Job) -> None:
        """Once a minute: what hints missed, and what is due again."""
        await self.gather_all(SURE_LOOK_BACK)

        def look_round(unit: Unit) -> None:
            for endpoint_id in endpoints_with_due(unit.records, unit.now):
                ask_to_send(unit, endpoint_id)

        await self._db.write(look_round)

    async def send(self, job: Job) -> None:
        """Send one endpoint what is due."""
        await send_due(self._db, self._caller, self._seal, self._terms, job)
