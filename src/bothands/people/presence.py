"""Who is connected and who looks at what: leases in memory. Availability, which must last, is rows."""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection

from bothands.jobs import announce
from bothands.kit import Clock
from bothands.people.events import AvailabilityChanged
from bothands.people.hiring import agent_of
from bothands.people.model import Agent
from bothands.people.store import agents_available, is_available, put_availability
from bothands.storage import Unit

LEASE_SECONDS = 45.0
WRITING_SECONDS = 6.0
CONNECTIONS_MAX = 20_000


class Viewer(msgspec.Struct, frozen=True):
    """Somebody who has a conversation open, or is writing in it this moment."""

    id: str
    name: str
    is_writing: bool = False


class Look(msgspec.Struct, frozen=True):
    """What one connection looks at, as one process tells it to another."""

    connection_id: str
    viewer: Viewer
    conversation_id: str | None
    writing_seconds: float = 0.0


class _Lease(msgspec.Struct):
    viewer: Viewer
    until: float
    conversation_id: str | None = None
    writes_until: float = 0.0
    is_ours: bool = True


class Presence:
    """A connection renews its lease; a dead one runs out by itself. Used on the loop's thread only.

    Connections to other processes have leases here too, as far as those tell of them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._leases: dict[str, _Lease] = {}

    def join(self, connection_id: str, viewer: Viewer) -> None:
        if len(self._leases) >= CONNECTIONS_MAX:
            self._drop(lambda lease: lease.until <= self._clock.monotonic())
        if len(self._leases) < CONNECTIONS_MAX:
            self._leases[connection_id] = _Lease(viewer, self._until())

    def renew(self, connection_id: str) -> None:
        if lease := self._leases.get(connection_id):
            lease.until = self._until()

    def view(self, connection_id: str, conversation_id: str | None) -> str | None:
        """This connection now looks at `conversation_id`; returns what it looked at before."""
        lease = self._leases.get(connection_id)
        if lease is None:
            return None
        before, lease.conversation_id = lease.conversation_id, conversation_id
        lease.until = self._until()
        lease.writes_until = 0.0
        return before

    def write(self, connection_id: str, conversation_id: str) -> None:
        """This connection looks at it and writes in it; that lasts a moment, unless it is said again."""
        if lease := self._leases.get(connection_id):
            lease.conversation_id = conversation_id
            lease.writes_until = self._clock.monotonic() + WRITING_SECONDS

    def leave(self, connection_id: str) -> str | None:
        """The connection is gone; returns what it looked at."""
        lease = self._leases.pop(connection_id, None)
        return lease.conversation_id if lease else None

    def look_of(self, connection_id: str) -> Look:
        """What to tell other processes of it; of one that is gone, that it looks at nothing."""
        lease = self._leases.get(connection_id)
        if lease is None:
            return Look(connection_id, Viewer("", ""), None)
        writing_seconds = max(lease.writes_until - self._clock.monotonic(), 0.0)
        return Look(connection_id, lease.viewer, lease.conversation_id, writing_seconds)

    def looks(self) -> list[Look]:
        """Those of our own connections that look at something."""
        now = self._clock.monotonic()
        own = [key for key, one in self._leases.items() if one.is_ours and one.conversation_id]
        return [self.look_of(key) for key in own if self._leases[key].until > now]

    def put(self, look: Look) -> str | None:
        """What another process tells; returns what that connection looked at before."""
        known = self._leases.pop(look.connection_id, None)
        if look.conversation_id is not None:
            self.join(look.connection_id, look.viewer)
            if lease := self._leases.get(look.connection_id):
                lease.is_ours = False
                lease.conversation_id = look.conversation_id
                lease.writes_until = self._clock.monotonic() + min(look.writing_seconds, WRITING_SECONDS)
        return known.conversation_id if known else None

    def viewers(self, conversation_id: str) -> tuple[Viewer, ...]:
        """Each person once, whatever number of tabs they have."""
        now = self._clock.monotonic()
        living = [
            lease
            for lease in self._leases.values()
            if lease.conversation_id == conversation_id and lease.until > now
        ]
        found = {lease.viewer.id: lease.viewer for lease in living}
        writing = {lease.viewer.id for lease in living if lease.writes_until > now}
        return tuple(
            Viewer(viewer.id, viewer.name, viewer.id in writing)
            for viewer in sorted(found.values(), key=lambda viewer: (viewer.name, viewer.id))
        )

    def _until(self) -> float:
        return self._clock.monotonic() + LEASE_SECONDS

    def _drop(self, is_due: Callable[[_Lease], bool]) -> None:
        self._leases = {key: lease for key, lease in self._leases.items() if not is_due(lease)}


def set_availability(unit: Unit, agent_id: str, available: bool) -> None:
    """Whether the agent takes conversations now; holds until they change it."""
    agent_of(unit.records, agent_id)
    put_availability(unit.records, agent_id, available, unit.now)
    announce(unit, AvailabilityChanged(agent_id, available))


def is_agent_available(records: Connection, agent_id: str) -> bool:
    return is_available(records, agent_id)


def available_agents(records: Connection) -> list[Agent]:
    return agents_available(records)
