"""Many rows at once: one statement then does for a hundred messages what it does for one.

Row by row, drivers and what is wrapped around them cost several times what the database itself does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Insert, Subquery, Table, column, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from bothands.kit import Invalid

Types = Mapping[str, TypeEngine[Any]]
Row = Mapping[str, Any]


class Renewing(NamedTuple):
    """Of a row whose unique `key` is there already, these columns are replaced; the others stay."""

    key: str
    columns: tuple[str, ...]


# As JSON writes it, and not the same letters after a backslash that somebody typed.
_NUL_LETTERS = rb"\u0000"
_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")
_encode = msgspec.json.Encoder().encode


def given(dialect: str, types: Types) -> Subquery:
    """What `packed` packed, as a table named `given` with these columns; takes the parameter `rows`."""
    if dialect == "postgresql":
        server = postgresql.dialect()  # type: ignore[no-untyped-call]
        kinds = [f'"{name}" {kind.compile(server)}' for name, kind in types.items()]
        words = f"SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS one ({', '.join(kinds)})"
    else:
        reads = [f"json_extract(value, '$.{name}') AS \"{name}\"" for name in types]
        words = f"SELECT {', '.join(reads)} FROM json_each(:rows)"
    return text(words).columns(*(column(name, kind) for name, kind in types.items())).subquery("given")


def packed(types: Types, rows: Sequence[Row]) -> dict[str, str]:
    """The parameter for a statement over `given`; raises Invalid for a text that no database keeps whole."""
    writers = [(name, write) for name, write in _writers(types) if write is not None]
    document = _encode([{**row, **{name: write(row[name]) for name, write in writers}} for row in rows])
    if _NUL_LETTERS in document and _NUL.search(document):  # the first alone is a hundred times quicker
        raise Invalid("value", "it has a NUL character", "remove it")
    return {"rows": document.decode()}


def insert_together(
    records: Connection, table: Table, rows: Sequence[Row], *, renewing: Renewing | None = None
) -> None:
    """Rows that all name the same columns; with `renewing`, one that is there already is made anew."""
    if not rows:
        return
    names = tuple(rows[0])
    types = types_of(table, *names)
    if records.dialect.name == "postgresql":
        records.execute(_insertion(table, names, renewing), packed(types, rows))
        return
    # SQLite is quicker row by row than in reading JSON, as long as nothing is wrapped around it.
    writers = _writers(types)
    values = [tuple([write(row[name]) if write else row[name] for name, write in writers]) for row in rows]
    records.exec_driver_sql(_insertion_by_row(table, names, renewing), values)


@cache
def types_of(table: Table, *names: str) -> Types:
    return {name: table.c[name].type for name in names}


@cache
def _insertion(table: Table, names: tuple[str, ...], renewing: Renewing | None) -> Insert:
    rows = given("postgresql", types_of(table, *names))
    adding = postgresql.insert(table).from_select(list(names), select(*(rows.c[name] for name in names)))
    if renewing is None:
        return adding
    renewed = {name: adding.excluded[name] for name in renewing.columns}
    return adding.on_conflict_do_update(index_elements=[renewing.key], set_=renewed)


@cache
def _insertion_by_row(table: Table, names: tuple[str, ...], renewing: Renewing | None) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    adding = f"INSERT INTO {table.name} ({listed}) VALUES ({', '.join('?' * len(names))})"
    if renewing is None:
        return adding
    renewed = ", ".join(f'"{name}" = excluded."{name}"' for name in renewing.columns)
    return f'{adding} ON CONFLICT ("{renewing.key}") DO UPDATE SET {renewed}'


def _writers(types: Types) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """By column, what turns a value of ours into one of the database's; None where they are the same."""
    return [
        (name, _writer(kind) if isinstance(kind, TypeDecorator) else None) for name, kind in types.items()
    ]


@cache
def _writer(kind: TypeDecorator[Any]) -> Callable[[Any], Any]:
    no_dialect: Any = None  # what is ours is written alike for both
    return lambda value: kind.process_bind_param(value, no_dialect)
