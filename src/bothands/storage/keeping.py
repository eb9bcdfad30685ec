"""What each table holds, what for, how long, and which column leads to the one it tells of.

Every table says so in its `info`, or nothing starts. Exporting, erasing and expiring walk these words
(`walking.py`), so that a new table is never forgotten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from bothands.kit import Invalid
from bothands.storage.columns import Json, metadata

KEY = "keeps"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Data(Enum):
    """What a table's rows tell, the most delicate of it."""

    PUBLIC = "public"  # anybody may read it
    OPERATIONAL = "operational"  # how the company works; tells of nobody
    STAFF = "staff"  # tells of somebody who works here
    PERSONAL = "personal"  # tells of somebody from outside
    SENSITIVE = "sensitive"  # may tell of their health, hardship or feelings
    SECRET = "secret"  # opens a door


@dataclass(frozen=True, slots=True)
class Until:
    """Kept until something happens, which whoever does it sees to."""

    what: str


@dataclass(frozen=True, slots=True)
class Days:
    """Deleted by the clock, `count` days after the moment in column `since`; a row without it stays.

    A name instead of a number is a setting, in which 0 means: kept.
    """

    count: int | str
    since: str


@dataclass(frozen=True, slots=True)
class Lead:
    """A column that names a row elsewhere without being a foreign key: `to` is `table.column`."""

    column: str
    to: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """No column leads there, but the text of these columns has the ids of those it tells of."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Emptied:
    """Erased rows stay for the figures: `values` take the place of what is told, `stays` tells nothing.

    Numbers, moments, keys and foreign keys stay by themselves.
    """

    values: Mapping[str, Any]
    stays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A table's declaration; made by `keeps`."""

    data: Data
    purpose: str
    lasts: Until | Days
    leads: str | Lead | Mentions | None
    # What erasing does to a row; None: it is deleted.
    emptied: Emptied | None
    # Columns that no export shows: secrets, and what only a machine can read.
    withheld: tuple[str, ...]
    # Rows with these values are exported only when asked for.
    on_request: Mapping[str, Any]


class Undeclared(Invalid):
    code = "table-undeclared"
    title = "A table does not say what it keeps"


def keeps(
    data: Data,
    purpose: str,
    lasts: Until | Days,
    leads: str | Lead | Mentions | None = None,
    emptied: Emptied | None = None,
    withheld: tuple[str, ...] = (),
    on_request: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """A table's `info`: the class of its data, what for, how long, and the rest as in `Kept`.

    `leads="conversation_id"` names the column, a foreign key, on the way to the one the rows tell of.
    """
    return {KEY: Kept(data, purpose, lasts, leads, emptied, withheld, on_request)}


def kept_by(table: Table) -> Kept:
    """Its declaration; raises Undeclared."""
    kept = table.info.get(KEY)
    if not isinstance(kept, Kept):
        raise Undeclared(
            f"table {table.name}",
            "it does not say what it keeps, what for and how long",
            "give the Table info=keeps(Data.…, purpose, Until(…) or Days(…), leads=…): see storage.keeps",
        )
    return kept


def check_tables(tables: MetaData = metadata, *, is_whole: bool = True) -> None:
    """Raise Undeclared for the first table whose declaration is missing or cannot be true.

    Not `is_whole`: a program may have loaded some rooms only, so a way into the others is taken on trust.
    """
    for table in tables.sorted_tables:
        for cause, cure in _faults(table, kept_by(table), is_whole):
            raise Undeclared(f"table {table.name}", cause, cure)


def next_on_the_way(table: Table) -> tuple[Column[Any], Column[Any]] | None:
    """The column that leads away from here, and the one it leads to; None where no way begins or goes on."""
    leads = kept_by(table).leads
    if leads is None or isinstance(leads, Mentions):
        return None
    if isinstance(leads, Lead):
        name, _, column = leads.to.partition(".")
        return table.c[leads.column], table.metadata.tables[name].c[column]
    target = next((key.column for key in table.c[leads].foreign_keys), None)
    return None if target is None else (table.c[leads], target)


def end_of_the_way(table: Table) -> Table:
    """Whose rows this table's rows tell of in the end; itself when nothing leads on."""
    seen = {table}
    while (step := next_on_the_way(table)) and step[1].table not in seen:
        table = step[1].table
        seen.add(table)
    return table


def tells(column: Column[Any]) -> bool:
    """Whether it can hold words: what is not a number, a moment, a yes or no, or a reference."""
    is_reference = column.primary_key or bool(column.foreign_keys)
    return isinstance(column.type, String | Json | LargeBinary) and not is_reference


def _faults(table: Table, kept: Kept, is_whole: bool) -> Iterator[tuple[str, str]]:
    """(cause, cure) of each thing that cannot be true."""
    named = [*kept.withheld, *kept.on_request]
    if isinstance(kept.lasts, Days):
        named.append(kept.lasts.since)
    if isinstance(kept.leads, str):
        named.append(kept.leads)
    elif isinstance(kept.leads, Lead):
        named.append(kept.leads.column)
    elif isinstance(kept.leads, Mentions):
        named += kept.leads.columns
    if kept.emptied is not None:
        named += [*kept.emptied.values, *kept.emptied.stays]
    for name in named:
        if name not in table.c:
            yield f"its declaration names a column {name!r} that it does not have", "correct the name"
            return
    if kept.data in (Data.PERSONAL, Data.SENSITIVE) and kept.leads is None:
        yield (
            "its data is personal, and nothing leads to whom it tells of",
            "add leads=, the column on the way there; for people who work here the class is Data.STAFF",
        )
    yield from _gaps_on_the_way(table, kept, is_whole)
    if kept.emptied is not None:
        said = {*kept.emptied.values, *kept.emptied.stays}
        if untold := [column.name for column in table.c if tells(column) and column.name not in said]:
            yield (
                f"erasing would leave what {', '.join(untold)} says",
                "name it in Emptied(values) with what takes its place, or in stays if it tells of nobody",
            )


def _gaps_on_the_way(table: Table, kept: Kept, is_whole: bool) -> Iterator[tuple[str, str]]:
    if isinstance(kept.leads, Lead):
        name, _, column = kept.leads.to.partition(".")
        other = table.metadata.tables.get(name)
        if is_whole if other is None else column not in other.c:
            yield f"it leads to {kept.leads.to}, where nothing is", "write it as table.column"
    elif isinstance(kept.leads, str):
        column_ = table.c[kept.leads]
        if not column_.foreign_keys and not column_.primary_key:
            yield f"its column {kept.leads} leads nowhere", "name a foreign key, or use Lead(column, to)"
