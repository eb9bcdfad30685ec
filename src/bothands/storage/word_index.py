"""Find rows by their words: FTS5 on SQLite, a GIN index of tsvectors on PostgreSQL.

The index is derived from a text column that holds folded words (`kit.folded_words`): it is made when it is
missing, kept by the database itself from then on, and left out of copies of a database.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, Connection, Select, Table, bindparam, column, func, table, text

MARK = "_fts"


class Sought(msgspec.Struct, frozen=True):
    """Words that stand one after the other; `begins`: of the last one the beginning is enough."""

    words: tuple[str, ...]
    begins: bool = False


def is_derived(table_name: str) -> bool:
    """Whether a table is part of an index: made anew where it is missing, never copied."""
    return MARK in table_name


class WordIndex:
    """The index of `words`, a column of a table whose primary key is the number `key`."""

    def __init__(self, rows: Table, key: Column[int], words: Column[str]) -> None:
        self._rows, self._key, self._words = rows, key, words
        self._name = f"{rows.name}{MARK}"
        self._fts = table(self._name, column("rowid"))

    def is_made(self, records: Connection) -> bool:
        if records.dialect.name == "postgresql":
            known = text("SELECT to_regclass(:name) IS NOT NULL")
            return bool(records.execute(known, {"name": self._name}).scalar())
        # A migration that builds the table anew takes its triggers away.
        known = text("SELECT count(*) FROM sqlite_master WHERE name IN (:table, :ai, :ad, :au)")
        names = {"table": self._name, **{of: f"{self._name}_{of}" for of in ("ai", "ad", "au")}}
        return records.execute(known, names).scalar() == len(names)

    def make(self, records: Connection) -> None:
        """Inside a write: make it from the rows that are there."""
        postgresql = records.dialect.name == "postgresql"
        for statement in self._for_postgresql() if postgresql else self._for_sqlite():
            records.exec_driver_sql(statement)

    def newest(self, records: Connection, query: Select[*tuple[object, ...]], sought: Sequence[Sought]) -> (
        Select[*tuple[object, ...]]
    ):  # fmt: skip
        """`query`, which selects from the table, of the rows with all that is sought; highest key first."""
        if records.dialect.name == "postgresql":
            vector = func.to_tsvector(text("'simple'"), self._words)
            wanted = func.to_tsquery(text("'simple'"), " & ".join(map(_tsquery, sought)))
            return query.where(vector.op("@@")(wanted)).order_by(self._key.desc())
        matches = text(f"{self._name} MATCH :sought").bindparams(
            bindparam("sought", " AND ".join(map(_fts_query, sought)), unique=True)
        )
        found = query.join(self._fts, self._fts.c.rowid == self._key).where(matches)
        # By its own row id, in which order FTS5 finds: nothing is sorted.
        return found.order_by(self._fts.c.rowid.desc())

    def _for_postgresql(self) -> tuple[str, ...]:
        vector = f"to_tsvector('simple', {self._words.name})"
        return (
            "SET LOCAL statement_timeout = 0",
            f"CREATE INDEX IF NOT EXISTS {self._name} ON {self._rows.name} USING gin ({vector})",
        )

    def _for_sqlite(self) -> tuple[str, ...]:
        name, rows, key, words = self._name, self._rows.name, self._key.name, self._words.name
        add = f"INSERT INTO {name}(rowid, {words}) VALUES (new.{key}, new.{words});"
        drop = f"INSERT INTO {name}({name}, rowid, {words}) VALUES ('delete', old.{key}, old.{words});"
        return (
            *(f"DROP TRIGGER IF EXISTS {name}_{of}" for of in ("ai", "ad", "au")),
            f"DROP TABLE IF EXISTS {name}",
            f"CREATE VIRTUAL TABLE {name} USING fts5({words}, content='{rows}', content_rowid='{key}',"
            " tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
            f"INSERT INTO {name}({name}) VALUES ('rebuild')",
            f"CREATE TRIGGER {name}_ai AFTER INSERT ON {rows} BEGIN {add} END",
            f"CREATE TRIGGER {name}_ad AFTER DELETE ON {rows} BEGIN {drop} END",
            f"CREATE TRIGGER {name}_au AFTER UPDATE OF {words} ON {rows} BEGIN {drop} {add} END",
        )


def _fts_query(sought: Sought) -> str:
    return f'"{" ".join(sought.words)}"' + (" *" if sought.begins else "")


def _tsquery(sought: Sought) -> str:
    words = [f"'{word}'" for word in sought.words]
    return f"({' <-> '.join(words)}{':*' if sought.begins else ''})"
