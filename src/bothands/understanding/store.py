"""The tables of understanding and all their SQL."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from bothands.storage import Data, Moment, Until, as_struct, keeps, metadata
from bothands.understanding.model import Topic

ROWS_PER_STATEMENT_MAX = 500
BRAINS_KEPT = 3

topics = Table(
    "understanding_topics",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("title", Text, nullable=False),
    Column("position", Integer, nullable=False),
    info=keeps(Data.OPERATIONAL, "What contacts may want", Until("the next import replaces it")),
)
examples = Table(
    "understanding_examples",
    metadata,
    Column("topic_id", ForeignKey(topics.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    info=keeps(
        Data.OPERATIONAL,
        "Sentences of the company's own writing that teach the topics",
        Until("the next import replaces them"),
    ),
)
brains = Table(
    "understanding_brains",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("learned_at", Moment, nullable=False, index=True),
    Column("example_count", Integer, nullable=False),
    Column("heads", LargeBinary, nullable=False),
    info=keeps(Data.OPERATIONAL, "What was learnt from the examples", Until("three newer ones are learnt")),
)


class StoredBrain(msgspec.Struct, frozen=True):
    version: str
    learned_at: datetime
    example_count: int
    heads: bytes


def replace_topics(records: Connection, all_topics: Sequence[Topic]) -> None:
    records.execute(delete(examples))
    records.execute(delete(topics))
    rows = [{"id": t.id, "title": t.title, "position": place} for place, t in enumerate(all_topics)]
    _insert(records, topics, rows)
    lines = [
        {"topic_id": topic.id, "position": place, "text": text}
        for topic in all_topics
        for place, text in enumerate(topic.examples)
    ]
    _insert(records, examples, lines)


def all_topics(records: Connection) -> tuple[Topic, ...]:
    of_topic: dict[str, list[str]] = {}
    for row in records.execute(select(examples).order_by(examples.c.topic_id, examples.c.position)):
        of_topic.setdefault(row.topic_id, []).append(row.text)
    rows = records.execute(select(topics).order_by(topics.c.position))
    return tuple(Topic(row.id, row.title, tuple(of_topic.get(row.id, ()))) for row in rows)


def keep_brain(records: Connection, brain: StoredBrain) -> None:
    records.execute(delete(brains).where(brains.c.version == brain.version))
    records.execute(insert(brains), [msgspec.structs.asdict(brain)])
    recent = select(brains.c.version).order_by(brains.c.learned_at.desc()).limit(BRAINS_KEPT)
    kept = list(records.execute(recent).scalars())
    records.execute(delete(brains).where(brains.c.version.not_in(kept)))


def brain_of(records: Connection, version: str) -> StoredBrain | None:
    row = records.execute(select(brains).where(brains.c.version == version)).first()
    return as_struct(StoredBrain, row) if row else None


def latest_brain(records: Connection) -> StoredBrain | None:
    row = records.execute(select(brains).order_by(brains.c.learned_at.desc()).limit(1)).first()
    return as_struct(StoredBrain, row) if row else None


def _insert(records: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), ROWS_PER_STATEMENT_MAX):
        records.execute(insert(table), rows[start : start + ROWS_PER_STATEMENT_MAX])
