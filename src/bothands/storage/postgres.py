"""How a PostgreSQL database is opened. All that differs between the stores is here and in `engine.py`."""

from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.pool import NullPool, QueuePool

from bothands.kit import Invalid, Unavailable
from bothands.storage.engine import READERS_MAX
from bothands.storage.manners import WRITER_NAME, Manners, Trouble

SERVER_VERSION_MIN = 15
CONNECT_SECONDS_MAX = 5
# In a batch other locks are held already: rather than wait (and perhaps for each other), step back.
LOCK_IN_COMPANY_MILLISECONDS = 40
LOCK_ALONE_MILLISECONDS = 5_000
# A process that freezes between two statements must not keep its locks for ever.
IDLE_IN_TRANSACTION_MILLISECONDS = 10_000
STATEMENT_MILLISECONDS_MAX = 60_000
READ_MILLISECONDS_MAX = 30_000
# A savepoint per item would cost four times as much; one for several is found out item by item if it fails.
ITEMS_PER_SAVEPOINT = 16

_CONTENDED = frozenset(
    {
        "55P03",  # lock not available
        "40P01",  # deadlock
        "40001",  # serialization
        "23505",  # unique: whoever came first is committed now, so looking again finds it
    }
)
_LOST = frozenset({"57P01", "57P02", "57P03", "25P03"})


def trouble_of(error: BaseException) -> Trouble:
    """Whose fault it is, by the server's code."""
    if not isinstance(error, exc.DBAPIError):
        return Trouble.LOST if isinstance(error, exc.PendingRollbackError) else Trouble.OWN
    state = getattr(error.orig, "sqlstate", None)
    if state in _CONTENDED:
        return Trouble.CONTENDED
    is_nameless = state is None and isinstance(error.orig, psycopg.OperationalError)
    if error.connection_invalidated or is_nameless or state in _LOST or str(state).startswith("08"):
        return Trouble.LOST
    return Trouble.OWN


def _be_patient(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_ALONE_MILLISECONDS}"))


POSTGRES_MANNERS = Manners(ITEMS_PER_SAVEPOINT, trouble_of, _be_patient)


def postgres_url(database: str) -> URL:
    """`postgresql://…` as SQLAlchemy wants it; raises Invalid without repeating a password."""
    try:
        url = make_url(database)
    except exc.ArgumentError:
        raise Invalid("database", "its address cannot be read", "write postgresql://name@host/base") from None
    if not url.database:
        raise Invalid(f"database {url}", "it names no database", "write postgresql://name@host/base")
    return url.set(drivername="postgresql+psycopg")


def conninfo(url: URL) -> str:
    """The address as the driver itself takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def postgres_writer(url: URL) -> Engine:
    """The one connection of this process that writes."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        _set(
            connection,
            application_name=f"'{WRITER_NAME}'",
            synchronous_commit="on",
            lock_timeout=LOCK_IN_COMPANY_MILLISECONDS,
            idle_in_transaction_session_timeout=IDLE_IN_TRANSACTION_MILLISECONDS,
            statement_timeout=STATEMENT_MILLISECONDS_MAX,
        )

    return engine


def postgres_readers(url: URL) -> Engine:
    """A small pool of connections that cannot write; each read sees one snapshot."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS_MAX,
        connect_args={"connect_timeout": CONNECT_SECONDS_MAX},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        _set(
            connection,
            application_name="'bothands reader'",
            default_transaction_read_only="on",
            default_transaction_isolation="'repeatable read'",
            idle_in_transaction_session_timeout=IDLE_IN_TRANSACTION_MILLISECONDS,
            statement_timeout=READ_MILLISECONDS_MAX,
        )

    return engine


def check_server(engine: Engine, url: URL) -> None:
    """Raises Unavailable when nobody answers there, or a server too old to rely on."""
    try:
        with engine.connect() as connection:
            number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    except exc.OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        raise Unavailable(
            f"database {url.render_as_string(hide_password=True)}",
            f"it cannot be reached: {reason}",
            "start the server, or correct the address",
        ) from error
    if number // 10_000 < SERVER_VERSION_MIN:
        raise Unavailable(
            f"database {url.render_as_string(hide_password=True)}",
            f"the server is PostgreSQL {number // 10_000}, {SERVER_VERSION_MIN} or later is needed",
            "upgrade the server",
        )


def _set(connection: Any, **settings: object) -> None:
    connection.autocommit = True
    connection.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
    connection.autocommit = False
