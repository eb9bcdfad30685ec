"""Find, erase and expire the rows that tell of one subject, over every table that says so (`keeping.py`).

Rows are taken some at a time, farthest from the subject first, so that what leads to it is there until the
end: whoever was stopped in the middle begins again and finds only what is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
    update,
)

from bothands.storage.columns import metadata
from bothands.storage.keeping import Days, Emptied, Mentions, kept_by, next_on_the_way

ROWS_AT_ONCE_MAX = 200
# Each is one more search of a whole text column.
NAMES_PER_QUERY_MAX = 100

Row = Mapping[str, Any]
# For those who hand a table on to these functions, and ask it nothing themselves.
DeclaredTable = Table


@dataclass(frozen=True, slots=True)
class Subject:
    """A row that others tell of, and the ids by which texts may name it."""

    table: Table
    id: str
    names: tuple[str, ...]


def subject_of(records: Connection, table_name: str, row_id: str) -> Subject:
    """The subject in this row, named by its own id and those of its rows that others lead to."""
    table = metadata.tables[table_name]
    alone = Subject(table, row_id, (row_id,))
    names = [row_id]
    for hub in {step[1] for other in _all() if (step := next_on_the_way(other))}:
        if hub.table is not table and (about := _leads_to(hub.table, alone)) is not None:
            names += map(str, records.execute(select(hub).where(about)).scalars())
    return Subject(table, row_id, tuple(names))


def tables_about(table_name: str) -> list[Table]:
    """The tables whose rows may tell of such a subject: each before those that it leads or refers to."""
    subject = Subject(metadata.tables[table_name], "", ())
    found = [t for t in _all() if _mentions(t) or _leads_to(t, subject) is not None]
    before: dict[Table, set[Table]] = {table: set() for table in found}
    for table in found:
        parents = {key.column.table for key in table.foreign_keys}
        if step := next_on_the_way(table):
            parents.add(step[1].table)
        for parent in parents & before.keys() - {table}:
            before[parent].add(table)
    return list(TopologicalSorter(before).static_order())


def rows_about(records: Connection, table: Table, subject: Subject) -> Iterator[Row]:
    """All that the table's rows tell of the subject, but for what is withheld."""
    kept = kept_by(table)
    shown = [column for column in table.c if column.name not in kept.withheld]
    for about in _about(table, subject):
        for row in records.execute(select(*shown).where(about).order_by(*table.primary_key)):
            # Plain names: the database's own kind of text is not taken by every encoder.
            yield {str(name): value for name, value in row._mapping.items()}


def erase_some(records: Connection, table: Table, subject: Subject, limit: int = ROWS_AT_ONCE_MAX) -> int:
    """Delete or empty up to `limit` rows that tell of the subject; 0 when none is left."""
    for about in _about(table, subject):
        keys = _found(records, table, and_(about, _is_told(table)), limit)
        if keys:
            return _erase(records, table, _is_one_of(table, keys))
    return 0


def untold(records: Connection, subject: Subject) -> dict[str, int]:
    """Table → how many of its rows still tell of the subject; empty when all are erased."""
    left = {}
    for table in tables_about(subject.table.name):
        count = sum(
            records.execute(
                select(func.count()).select_from(table).where(and_(about, _is_told(table)))
            ).scalar_one()
            for about in _about(table, subject)
        )
        if count:
            left[table.name] = count
    return left


def tables_that_expire() -> list[tuple[Table, Days]]:
    return [(table, lasts) for table in _all() if isinstance(lasts := kept_by(table).lasts, Days)]


def overdue_rows(
    records: Connection, table: Table, since: str, before: datetime, limit: int = ROWS_AT_ONCE_MAX
) -> list[tuple[Any, ...]]:
    """The keys of some rows whose time is over; of those that are emptied, not the emptied ones."""
    is_over = table.c[since] < before
    emptied = kept_by(table).emptied
    if emptied is not None and emptied.values:
        is_over = and_(is_over, _is_told(table))
    return _found(records, table, is_over, limit)


def expire_rows(
    records: Connection, table: Table, since: str, before: datetime, keys: Sequence[tuple[Any, ...]]
) -> int:
    """Delete these rows, if their time is still over."""
    is_over = and_(_is_one_of(table, keys), table.c[since] < before)
    return int(records.execute(delete(table).where(is_over)).rowcount)


def _all() -> list[Table]:
    return metadata.sorted_tables


def _mentions(table: Table) -> bool:
    return isinstance(kept_by(table).leads, Mentions)


def _about(table: Table, subject: Subject) -> Iterator[ColumnElement[bool]]:
    """Conditions which together find the rows that tell of the subject."""
    leads = kept_by(table).leads
    if not isinstance(leads, Mentions):
        about = _leads_to(table, subject)
        if about is not None:
            yield about
        return
    for start in range(0, len(subject.names), NAMES_PER_QUERY_MAX):
        names = subject.names[start : start + NAMES_PER_QUERY_MAX]
        yield or_(
            *(_text(table.c[one]).contains(name, autoescape=True) for one in leads.columns for name in names)
        )


def _text(column: Column[Any]) -> ColumnElement[str]:
    return type_coerce(column, Text)


def _leads_to(table: Table, subject: Subject) -> ColumnElement[bool] | None:
    if table is subject.table:
        return table.primary_key.columns[0] == subject.id
    step = next_on_the_way(table)
    if step is None:
        return None
    column, target = step
    if target.table is subject.table:
        return column == subject.id
    there = _leads_to(target.table, subject)
    return None if there is None else column.in_(select(target).where(there))


def _is_told(table: Table) -> ColumnElement[bool]:
    """Whether erasing a row would still take something away."""
    emptied = kept_by(table).emptied
    if emptied is None:
        return true()
    fixed = [(table.c[name], value) for name, value in emptied.values.items() if not callable(value)]
    return or_(false(), *(column.is_distinct_from(literal(value, column.type)) for column, value in fixed))


def _found(
    records: Connection, table: Table, where: ColumnElement[bool], limit: int
) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in records.execute(select(*table.primary_key).where(where).limit(limit))]


def _is_one_of(table: Table, keys: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)


def _erase(records: Connection, table: Table, where: ColumnElement[bool]) -> int:
    emptied = kept_by(table).emptied
    if emptied is None:
        return int(records.execute(delete(table).where(where)).rowcount)
    fixed = {name: value for name, value in emptied.values.items() if not callable(value)}
    _rewrite(records, table, emptied, where)
    return int(records.execute(update(table).where(where).values(**fixed)).rowcount)


def _rewrite(records: Connection, table: Table, emptied: Emptied, where: ColumnElement[bool]) -> None:
    """What takes the place of a value may depend on it: those rows are changed one by one."""
    changes = {name: change for name, change in emptied.values.items() if callable(change)}
    if not changes:
        return
    for row in records.execute(select(table).where(where)).mappings().all():
        key = tuple(row[column.name] for column in table.primary_key)
        values = {name: change(row[name]) for name, change in changes.items()}
        records.execute(update(table).where(_is_one_of(table, [key])).values(**values))
