"""Bring a database to the schema of this release, or refuse a schema it does not know."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from bothands.kit import Conflict
from bothands.storage.keeping import check_tables

# Any number that nothing else takes as an advisory lock.
MIGRATING_LOCK = 7_240_531_118
MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaUnknown(Conflict):
    code = "schema-unknown"
    title = "The database was made by another release"


def newest_schema() -> str:
    """The revision that `migrate` leads to."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrade to `target`; raises SchemaUnknown before touching what this release does not know.

    Undeclared is raised before that, for a table of ours that does not say what it keeps.
    """
    check_tables(is_whole=False)
    with _at_work(engine) as (connection, config):
        _check(connection, config)
        command.upgrade(config, target)


def migrate_down(engine: Engine, target: str) -> None:
    """Back to an earlier schema, `base` for none; what only the later one can hold is dropped."""
    with _at_work(engine) as (connection, config):
        _check(connection, config)
        command.downgrade(config, target)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def _at_work(engine: Engine) -> Iterator[tuple[Connection, Config]]:
    """One transaction in which nobody else migrates: all of it is done, or nothing."""
    config = _config()
    with engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Processes that start together: one migrates, the others wait and find it done.
            for limit in ("lock", "statement", "idle_in_transaction_session"):
                connection.exec_driver_sql(f"SET LOCAL {limit}_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING_LOCK})")
        config.attributes["connection"] = connection
        yield connection, config


def _check(connection: Connection, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise SchemaUnknown(
            f"schema {current!r}",
            "this release does not know it, so a newer one made it",
            "run that newer release, or restore a backup made by this one",
        )
    strange = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    if current is None and strange:
        raise SchemaUnknown(
            "database",
            f"it holds tables that no release of ours made ({strange[0]}, say)",
            "give Bothands an empty database of its own",
        )
