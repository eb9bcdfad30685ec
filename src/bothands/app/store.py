"""The one row that says which company this is, and a database as a whole: copied, counted, examined.

Where a database is: the path of a SQLite file, or the address of a PostgreSQL database.
"""

import contextlib
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bothands.app.model import Company
from bothands.kit import NotFound, Unavailable
from bothands.storage import Data, Json, Until, is_derived, keeps, metadata, migrate

BUSY_SECONDS_MAX = 10.0
CONNECT_SECONDS_MAX = 5
FAULTS_MAX = 20
ROWS_AT_ONCE = 1_000
REVISION = "alembic_version"

T = TypeVar("T")
Where = Path | str

company_table = Table(
    "app_company",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    info=keeps(
        Data.OPERATIONAL, "Who the company is: name, hours, assistant", Until("the next import replaces it")
    ),
)


def put_company(records: Connection, company: Company) -> None:
    records.execute(delete(company_table))
    records.execute(insert(company_table).values(id=1, body=msgspec.to_builtins(company)))


def company_of(records: Connection) -> Company | None:
    body = records.execute(select(company_table.c.body)).scalar()
    return None if body is None else msgspec.convert(body, Company)


class Contents(msgspec.Struct, frozen=True):
    """What a database holds: the schema's revision, and how many rows each table has."""

    schema: str
    rows: dict[str, int]


def contents_of(where: Where) -> Contents:
    return look(where, _contents)


def _contents(records: Connection) -> Contents:
    names = sorted(name for name in inspect(records).get_table_names() if not is_derived(name))
    if REVISION not in names:
        raise Unavailable("database", "it is none of ours", "check --data and --database")
    rows = {name: _count(records, name) for name in names}
    revision = records.execute(text(f"SELECT version_num FROM {REVISION}")).scalar()
    return Contents(str(revision or ""), rows)


def _count(records: Connection, table: str) -> int:
    return records.execute(select(func.count()).select_from(Table(table, MetaData()))).scalar_one()


def look(where: Where, fn: Callable[[Connection], T]) -> T:
    """Run a read on a database that a running server may be using, in one snapshot; nothing is changed."""
    if isinstance(where, str):
        with _server(where) as engine, engine.connect() as records:
            records.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            return fn(records)
    with _reading(where) as file:
        engine = create_engine("sqlite://", creator=lambda: file, poolclass=NullPool)
        file.execute("BEGIN")
        try:
            with engine.connect() as records:
                return fn(records)
        except SQLAlchemyError as error:
            raise _unreadable(where.name, error) from error


def copy_database(source: Where, target: Path) -> None:
    """All that was committed when this began, as one SQLite file, while others may go on writing.

    A SQLite source is only read: a second process that wrote or checkpointed could damage it
    (storage/engine.py). Rows of a server are written into a file of the same schema.
    """
    if isinstance(source, Path):
        with _reading(source) as records, contextlib.closing(sqlite3.connect(target)) as copy:
            records.backup(copy)
        return
    look(source, lambda records: _copy_into_file(records, target))


def _copy_into_file(records: Connection, target: Path) -> None:
    engine = create_engine(f"sqlite:///{target}", poolclass=NullPool)
    migrate(engine, _contents(records).schema)
    with engine.begin() as copy:
        _copy_rows(records, copy)


def fill_server(url: str, source: Path) -> None:
    """Give an empty PostgreSQL database the tables and rows of a SQLite file."""
    with _server(url) as engine:
        migrate(engine, contents_of(source).schema)
        with engine.begin() as target:
            look(source, lambda records: _copy_rows(records, target))


def _copy_rows(source: Connection, target: Connection) -> None:
    """Every row, parents first, so that no reference is ever without what it refers to."""
    old, new = _tables(source), _tables(target)
    if old.tables.keys() != new.tables.keys():
        strange = ", ".join(sorted(old.tables.keys() ^ new.tables.keys()))
        raise Unavailable("database", f"its schema has other tables ({strange})", "run `bothands upgrade`")
    for table in new.sorted_tables:
        if table.name == REVISION:
            continue
        found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(old.tables[table.name]))
        for rows in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])


def _tables(records: Connection) -> MetaData:
    known = MetaData()
    with warnings.catch_warnings():
        # Indexes it cannot describe do not matter here.
        warnings.simplefilter("ignore", SAWarning)
        known.reflect(bind=records, only=lambda name, _: not is_derived(name))
    return known


def set_schema_aside(url: str, name: str) -> bool:
    """Rename what a PostgreSQL database holds and begin an empty schema; False if there was nothing."""
    with _server(url) as engine, engine.begin() as records:
        if not inspect(records).get_table_names():
            return False
        records.execute(text(f'ALTER SCHEMA public RENAME TO "{name}"'))
        records.execute(text("CREATE SCHEMA public"))
        return True


def drop_schema(url: str, instead: str | None) -> None:
    """Undo a half-filled database: the schema set aside as `instead` is the public one again."""
    with _server(url) as engine, engine.begin() as records:
        records.execute(text("DROP SCHEMA public CASCADE"))
        records.execute(
            text(f'ALTER SCHEMA "{instead}" RENAME TO public' if instead else "CREATE SCHEMA public")
        )


def processes_on(url: str) -> int:
    """How many connections of Bothands a PostgreSQL database has."""
    ours = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND application_name LIKE 'bothands%'"
    )
    return look(url, lambda records: int(records.execute(ours).scalar_one()))


def has_tables(url: str) -> bool:
    return look(url, lambda records: bool(inspect(records).get_table_names()))


def faults_of(path: Path) -> list[str]:
    """What SQLite finds wrong with the file, page by page and reference by reference; empty is good."""
    with _reading(path) as records:
        found = [row[0] for row in records.execute(f"PRAGMA integrity_check({FAULTS_MAX})")]
        broken = records.execute("PRAGMA foreign_key_check").fetchmany(FAULTS_MAX)
    faults = [] if found == ["ok"] else found
    return faults + [
        f"{table}: row {row} refers to {parent}, where it is not" for table, row, parent, _ in broken
    ]


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise NotFound(f"database {path.name}", f"there is none in {path.parent}", "check --data")
    try:
        records = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_SECONDS_MAX
        )
        with contextlib.closing(records):
            records.execute("PRAGMA query_only = ON")
            yield records
    except sqlite3.Error as error:
        raise _unreadable(path.name, error) from error


@contextlib.contextmanager
def _server(url: str) -> Iterator[Engine]:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        yield create_engine(
            address, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS_MAX}
        )
    except (SQLAlchemyError, ArgumentError) as error:
        raise _unreadable("on the server", error) from error


def _unreadable(name: str, error: Exception) -> Unavailable:
    reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
    return Unavailable(
        f"database {name}", f"it cannot be read ({reason})", "check where it is, and its schema"
    )
