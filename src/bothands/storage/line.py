"""The writing connection: made when first needed, and anew after a loss."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from bothands.storage.manners import WRITES, Manners, Trouble

CONNECT_TRIES_MAX = 6
CONNECT_AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)

T = TypeVar("T")


class Line:
    """One connection, used on one thread. `is_committing`: a commit was asked for last, and not refused."""

    def __init__(self, engine: Engine, manners: Manners) -> None:
        self._engine = engine
        self._manners = manners
        self._ending = threading.Event()
        self._connection: Connection | None = None
        self.is_committing = False

    def transact(self, run: Callable[[Connection], T]) -> T:
        """Run in one transaction. Lost before the commit was asked for, it is stored nowhere: once more."""
        for is_last in (False, True):
            self.is_committing = False
            try:
                connection = self._connected()
                with connection.begin():
                    result = run(connection)
                    self.is_committing = True
                return result
            except BaseException as error:
                self._recover()
                is_lost = self._manners.trouble_of(error) is Trouble.LOST
                if is_lost:
                    self.close()
                if is_last or not is_lost or self.is_committing:
                    raise
        raise AssertionError("the last try returned or raised")

    def apart(self, run: Callable[[Any], None]) -> None:
        """Run with the driver's own connection, outside of a transaction."""
        run(self._connected().connection.driver_connection)

    def hurry(self) -> None:
        """Wait no longer for a database that is away; the only call from another thread."""
        self._ending.set()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                log.debug("A lost connection could not be closed", exc_info=True)

    def _connected(self) -> Connection:
        """The connection; waits a moment for a database that restarts."""
        if self._connection is not None:
            return self._connection
        for attempt in range(CONNECT_TRIES_MAX):
            try:
                self._connection = self._engine.connect().execution_options(**{WRITES: True})
                return self._connection
            except Exception:
                if attempt + 1 == CONNECT_TRIES_MAX:
                    raise
                self._ending.wait(CONNECT_AGAIN_SECONDS)
        raise AssertionError("the last try returned or raised")

    def _recover(self) -> None:
        if self._connection is not None and self._connection.in_transaction():
            try:
                self._connection.rollback()
            except Exception:
                self.close()
