"""The PostgreSQL server of this machine, for tests: one database per test process, emptied between tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from bothands.storage import metadata

# Somebody who may make databases there; without it a server is looked for at its usual address.
ADDRESS = os.environ.get("BOTHANDS_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
CONNECT_SECONDS_MAX = 3


def missing(what: str) -> None:
    """Skip loudly, or fail where everything is promised to be there."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what}, and REQUIRE_SERVICES=1")
    pytest.skip(what)


def server() -> str:
    """The address of a server that answers."""
    try:
        psycopg.connect(ADDRESS, connect_timeout=CONNECT_SECONDS_MAX).close()
    except psycopg.OperationalError as error:
        missing(f"no PostgreSQL at {ADDRESS}: {str(error).strip().splitlines()[-1]}")
    return ADDRESS


@contextmanager
def own_database(address: str, name: str) -> Iterator[str]:
    """A database of that name, empty, for as long as this lasts."""
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # Sorted by bytes, as SQLite does, wherever the server stands.
        admin.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    try:
        yield address.rpartition("/")[0] + "/" + name
    finally:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def empty(url: str) -> None:
    """Delete all rows and whatever tables a test made; far quicker than TRUNCATE on small tables."""
    ours = [table.name for table in reversed(metadata.sorted_tables)]
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        strange = {name for (name,) in found} - set(ours) - {"alembic_version"}
        statements = [f'DROP TABLE "{name}" CASCADE' for name in strange]
        connection.execute("; ".join([*statements, *(f'DELETE FROM "{name}"' for name in ours)]))
