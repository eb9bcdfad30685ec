"""What a database would do for the statements that were run: which growing tables it would go through.

SQLite plans by the shape of the tables alone. PostgreSQL plans by their size too, so it is asked what it
would do if the ways of small tables were forbidden: what it goes through all the same, no index spares it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, event

from bothands.storage import Database, metadata

# These have a row for each conversation, message or deed: a million conversations, some millions of rows.
GROWING = (
    "approvals_approval",
    "balance_decision",
    "channels_file",
    "conversations_conversation",
    "conversations_entry",
    "conversations_mention",
    "conversations_search",
    "conversations_tagging",
    "conversations_unsent",
    "handoff_assignment",
    "handoff_brief",
    "handoff_taking",
    "handoff_waiting",
    "jobs_event",
    "jobs_job",
    "people_contact",
    "people_visitor_key",
    "webhooks_delivery",
)
# What PostgreSQL does where there is little to read.
WAYS_OF_SMALL_TABLES = ("seqscan", "mergejoin", "hashjoin", "material")
# What it has counted of tables that are small here, it would go by; uncounted ones it takes for large.
UNCOUNTED = (
    "DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace)",
    "UPDATE pg_class SET reltuples = -1 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
)
PLANNED = ("SELECT", "UPDATE", "DELETE", "WITH")

Statement = tuple[str, Any]
Node = dict[str, Any]


@contextmanager
def recorded(db: Database) -> Iterator[list[Statement]]:
    """The statements that this database runs meanwhile, each once, with what it was last given."""
    found: dict[str, Any] = {}

    def keep(_: Any, __: Any, words: str, given: Any, ___: Any, many: bool) -> None:
        if words.lstrip().upper().startswith(PLANNED):
            found[words] = given[0] if many else given

    statements: list[Statement] = []
    ends = (db._store.reading, db._store.writing)
    for end in ends:
        event.listen(end, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        for end in ends:
            event.remove(end, "before_cursor_execute", keep)
        statements.extend(found.items())


def scans(records: Connection, statements: list[Statement]) -> list[str]:
    """Where a growing table is gone through: what the plan says, and the statement."""
    is_server = records.dialect.name == "postgresql"
    if is_server:
        for words in UNCOUNTED:
            records.exec_driver_sql(words)
        for way in WAYS_OF_SMALL_TABLES:
            records.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    steps_of = _on_server if is_server else _in_file
    return [
        f"{step}: {' '.join(words.split())}"
        for words, given in statements
        for step in steps_of(records, words, given)
    ]


def _in_file(records: Connection, words: str, given: Any) -> list[str]:
    steps = [row.detail for row in records.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given)]
    return [
        step
        for step in steps
        if step.startswith("SCAN ")
        and step.split()[1] in GROWING
        and not _is_part(words, step.rpartition(" ")[2])
    ]


def _on_server(records: Connection, words: str, given: Any) -> list[str]:
    plan = records.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {words}", given).scalar_one()
    return [
        f"{node['Node Type']} {node['Relation Name']}"
        for node in _nodes(plan[0]["Plan"])
        if node.get("Relation Name") in GROWING and _goes_through(node, words)
    ]


def _goes_through(node: Node, words: str) -> bool:
    if node["Node Type"] == "Seq Scan":
        return True
    reads_index = node["Node Type"] in ("Index Scan", "Index Only Scan")
    return reads_index and "Index Cond" not in node and not _is_part(words, node["Index Name"])


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)


def _is_part(words: str, index: str) -> bool:
    """An index of what goes on now is no longer than that; of another, a page may read the beginning."""
    where = _partial().get(index, "")
    return where.endswith("IS NULL") or (bool(where) and " LIMIT " in words)


@cache
def _partial() -> dict[str, str]:
    """By name, the rows that an index has, where it has not all of its table."""
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    parts = ((index.name, index.dialect_options["sqlite"]["where"]) for index in indexes)
    return {str(name): str(where) for name, where in parts if where is not None}
