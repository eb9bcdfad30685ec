"""What one process committed, told to the others over NOTIFY in batches. Always a hint: listeners refetch.

The same connection holds the process's sign of life, an advisory lock: it ends with the process, however
that ends, so others know within a moment whose leases are void.
"""

import contextlib
import logging
import os
import selectors
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, text

from bothands.kit import Unavailable

CHANNEL = "bothands"
# PostgreSQL takes payloads below 8,000 bytes.
PAYLOAD_BYTES_MAX = 7_900
TELLING_MAX = 10_000
CONNECT_AGAIN_SECONDS = 0.5
CONNECT_SECONDS_MAX = 5
LIFE_SECONDS_MAX = 10.0
LOOK_SECONDS = 5.0
OURS = "bothands."

log = logging.getLogger(__name__)


class Missed(msgspec.Struct, frozen=True):
    """Told to listeners after a broken connection: hints may have been lost, so look at everything."""


class Hearsay:
    """One connection, one thread. `hear` is called on it with the events of other processes."""

    def __init__(self, conninfo: str, hear: Callable[[Sequence[object]], None]) -> None:
        self._conninfo = conninfo
        self._hear = hear
        self._telling: deque[object] = deque(maxlen=TELLING_MAX)
        self._bell, self._bell_rope = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._bell_rope, False)
        self._owner: str | None = None
        self._is_alive = threading.Event()
        self._ending = threading.Event()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bothands-hearsay", daemon=True)
        self._thread.start()
        self._is_ready.wait(CONNECT_SECONDS_MAX)

    def tell(self, events: Sequence[object]) -> None:
        """Pass these on when the connection is free; after a commit, on the writer's thread."""
        self._telling.extend(events)
        self._ring()

    def whisper(self, hints: Sequence[object]) -> None:
        """As `tell`, for what may be lost: it never takes the place of what was committed."""
        if len(self._telling) < TELLING_MAX // 2:
            self.tell(hints)

    def live_as(self, owner: str) -> None:
        """From now on, as long as this process lives, `owner` counts as alive."""
        self._is_alive.clear()
        self._owner = owner
        self._ring()
        if not self._is_alive.wait(LIFE_SECONDS_MAX):
            raise Unavailable(
                f"worker {owner}", "its sign of life could not be set in the database", "start it again"
            )

    def close(self) -> None:
        self._ending.set()
        self._ring()
        self._thread.join()
        os.close(self._bell)
        os.close(self._bell_rope)

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is ringing already
            os.write(self._bell_rope, b"!")

    def _run(self) -> None:
        is_again = is_broken = False
        while not self._ending.is_set():
            try:
                with psycopg.connect(
                    self._conninfo,
                    autocommit=True,
                    connect_timeout=CONNECT_SECONDS_MAX,
                    application_name="bothands hearsay",
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._is_ready.set()
                    is_broken = False
                    if is_again:
                        self._deliver([Missed()])
                    is_again = True
                    self._stay(connection)
            except psycopg.Error as error:
                # Once per outage, not once per try.
                log.log(
                    logging.DEBUG if is_broken else logging.WARNING,
                    "The line to the other processes broke: %s",
                    str(error).strip(),
                )
                is_broken = True
                self._is_alive.clear()
                self._ending.wait(CONNECT_AGAIN_SECONDS)

    def _stay(self, connection: "psycopg.Connection[Any]") -> None:
        alive_as: str | None = None
        while not self._ending.is_set():
            if alive_as != self._owner:
                # Waits for whoever is just looking whether we live.
                connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (self._owner,))
                alive_as = self._owner
            if alive_as is not None:
                self._is_alive.set()
            self._pass_on(connection)
            self._listen(connection)
            with contextlib.closing(selectors.DefaultSelector()) as either:
                either.register(connection, selectors.EVENT_READ)
                either.register(self._bell, selectors.EVENT_READ)
                either.select(LOOK_SECONDS)
            self._silence()

    def _silence(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._bell, 4_096):
                pass

    def _pass_on(self, connection: "psycopg.Connection[Any]") -> None:
        events: list[object] = []
        while self._telling:
            events.append(self._telling.popleft())
        for payload in payloads(events):
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    def _listen(self, connection: "psycopg.Connection[Any]") -> None:
        me = connection.info.backend_pid
        heard = [
            event
            for notice in connection.notifies(timeout=0)
            if notice.pid != me
            for event in events_in(notice.payload)
        ]
        if heard:
            self._deliver(heard)

    def _deliver(self, events: Sequence[object]) -> None:
        try:
            self._hear(events)
        except Exception:
            log.exception("A listener failed on what another process told")


def is_living(records: Connection, owner: str) -> bool:
    """Inside a write: whether some process holds this owner's sign of life."""
    if records.dialect.name != "postgresql":
        return True  # the one process there can be is this one
    free = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:owner, 0))")
    return not records.execute(free, {"owner": owner}).scalar_one()


def payloads(events: Sequence[object]) -> Iterator[str]:
    """Events as few texts as fit; one that alone is too long is left out, as it is but a hint."""
    batch: list[str] = []
    size = 2
    for event in events:
        if not type(event).__module__.startswith(OURS):
            continue
        name = f"{type(event).__module__}:{type(event).__qualname__}"
        line = msgspec.json.encode([name, event])
        if len(line) + 2 > PAYLOAD_BYTES_MAX:
            log.warning("The hint %s is too long to be told to other processes", name)
            continue
        if size + len(line) + 1 > PAYLOAD_BYTES_MAX:
            yield f"[{','.join(batch)}]"
            batch, size = [], 2
        batch.append(line.decode())
        size += len(line) + 1
    if batch:
        yield f"[{','.join(batch)}]"


def events_in(payload: str) -> list[object]:
    """What another process told; what this release does not know is left out."""
    found: list[object] = []
    try:
        for name, body in msgspec.json.decode(payload, type=list[tuple[str, Any]]):
            if (kind := _kind_of(name)) is not None:
                found.append(msgspec.convert(body, kind))
    except (msgspec.DecodeError, msgspec.ValidationError):
        log.warning("A hint of another process could not be read")
    return found


def _kind_of(name: str) -> type[msgspec.Struct] | None:
    module, _, kind = name.partition(":")
    if not module.startswith(OURS):
        return None
    found = getattr(sys.modules.get(module), kind, None)
    return found if isinstance(found, type) and issubclass(found, msgspec.Struct) else None
