"""Canaries in every column that can tell of a contact, and where they are found again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    exc,
    insert,
    select,
    update,
)

from bothands.storage import (
    Database,
    Json,
    Lead,
    Mentions,
    Moment,
    Subject,
    Unit,
    kept_by,
    metadata,
    rows_about,
    subject_of,
    tables_about,
)
from bothands.storage.keeping import next_on_the_way, tells

CONTACTS = "people_contact"
NAMES_OF_FILES = ("sha256",)


@dataclass(frozen=True)
class Canary:
    word: str
    table: Table
    column: str

    @property
    def is_shown(self) -> bool:
        """Whether an export without notes has it."""
        kept = kept_by(self.table)
        return self.column not in kept.withheld


def plant(db: Database, contact_id: str) -> list[Canary]:
    """A row in every table that may tell of the contact, and a word of its own in every column of it."""
    return db.write_now(lambda unit: list(_plant(unit, contact_id)))


def _plant(unit: Unit, contact_id: str) -> Iterator[Canary]:
    numbers = count(1)
    for table in reversed(tables_about(CONTACTS)):
        subject = subject_of(unit.records, CONTACTS, contact_id)
        if not list(rows_about(unit.records, table, subject)):
            _add_row(unit, table, subject)
    subject = subject_of(unit.records, CONTACTS, contact_id)
    for table in tables_about(CONTACTS):
        for column in table.c:
            word = f"zq{next(numbers):03d}qz"
            if _can_tell(table, column) and _write(unit, table, column, word, subject):
                yield Canary(word, table, column.name)


def _can_tell(table: Table, column: Column[Any]) -> bool:
    kept = kept_by(table)
    stays = kept.emptied.stays if kept.emptied else ()
    led = kept.leads.column if isinstance(kept.leads, Lead) else kept.leads
    return tells(column) and column.name not in (*stays, *kept.on_request, led, *NAMES_OF_FILES)


def _write(unit: Unit, table: Table, column: Column[Any], word: str, subject: Subject) -> bool:
    """Write the word; False where the column only takes certain words."""
    kept = kept_by(table)
    value: Any = word
    if isinstance(column.type, Json):
        value = {"says": word}
        if kept.emptied is not None and callable(kept.emptied.values.get(column.name)):
            value = [{"code": "wish", "words": word}]
        if table.name == "people_contact":
            value = {"says": word}
    elif isinstance(column.type, LargeBinary):
        value = word.encode()
    if isinstance(kept.leads, Mentions) and column.name in kept.leads.columns:
        value = {"of": subject.id, "says": word} if isinstance(column.type, Json) else f"{subject.id} {word}"
    keys = [
        {key.name: row[key.name] for key in table.primary_key}
        for row in rows_about(unit.records, table, subject)
    ]
    where = [table.c[name] == found for name, found in keys[-1].items()]
    try:
        with unit.records.begin_nested():
            unit.records.execute(update(table).where(*where).values({column.name: value}))
    except exc.IntegrityError as error:
        assert "CHECK" in str(error).upper(), f"{table.name}.{column.name}: {error}"
        return False
    return True


def _add_row(unit: Unit, table: Table, subject: Subject) -> None:
    """As little as the table asks for; of columns that it wants one of, one after the other."""
    values = {column.name: _some(unit, table, column, subject) for column in table.c}
    on_the_way = next_on_the_way(table)
    spare = [c for c in table.c if c.nullable and (on_the_way is None or c is not on_the_way[0])]
    least = values | {column.name: None for column in spare}
    for one in [None, *spare]:
        try:
            with unit.records.begin_nested():
                filled = least if one is None else least | {one.name: values[one.name]}
                unit.records.execute(insert(table).values(**filled))
            return
        except exc.IntegrityError as error:
            trouble = error
    raise AssertionError(
        f"{table.name}: no row can be made up. Let tests/privacy/conftest.py make one."
    ) from trouble


def _some(unit: Unit, table: Table, column: Column[Any], subject: Subject) -> Any:
    """A value that the column takes, leading to the subject where it leads anywhere."""
    leads = kept_by(table).leads
    if isinstance(leads, Lead) and column.name == leads.column:
        name, _, target = leads.to.partition(".")
        return _one_of(unit, metadata.tables[name].c[target], subject)
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return _one_of(unit, key.column, subject)
    if isinstance(leads, Mentions) and column.name in leads.columns:
        return {"of": subject.id} if isinstance(column.type, Json) else f"of {subject.id}"
    if allowed := _allowed(table, column):
        return allowed
    kinds: dict[type, Any] = {Moment: unit.now, Json: {}, LargeBinary: b"x", Integer: 1, Float: 1.0}
    if isinstance(column.type, String):
        return f"x{unit.random.randrange(10**9)}"[: column.type.length or 40]
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), False)


def _one_of(unit: Unit, target: Column[Any], subject: Subject) -> Any:
    table = target.table
    assert isinstance(table, Table)
    about = table in tables_about(CONTACTS)
    rows = list(rows_about(unit.records, table, subject)) if about else []
    if rows:
        return rows[0][target.name]
    found = unit.records.execute(select(target).limit(1)).scalar()
    if found is None:
        _add_row(unit, table, subject)
        found = unit.records.execute(select(target).limit(1)).scalar()
    return found


def _allowed(table: Table, column: Column[Any]) -> str | None:
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            found = re.match(rf"{column.name} IN \('(\w+)'", str(check.sqltext))
            if found:
                return found[1]
    return None


def left_in_tables(db: Database, words: list[str]) -> dict[str, str]:
    """Word → a table that still has it, whatever the declarations say."""

    def look(records: Any) -> dict[str, str]:
        found = {}
        for table in metadata.sorted_tables:
            for row in records.execute(select(table)):
                said = msgspec.json.encode(list(row), enc_hook=repr).decode() + repr(tuple(row))
                found.update({word: table.name for word in words if word in said})
        return found

    return db.read_now(look)


def left_in_files(folder: Path, words: list[str]) -> dict[str, str]:
    """Word → a file in whose bytes it stands."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found.update({word: path.name for word in words if word.encode() in data})
    return found
