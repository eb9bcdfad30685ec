"""The tables of knowledge and all their SQL."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from bothands.knowledge.model import Article, FactsTable, Piece, Question, Reply, Section, Vectors
from bothands.storage import Data, Json, Moment, Until, keeps, metadata

# How many rows one statement may carry: SQLite's and PostgreSQL's parameter limits are far above it.
ROWS_PER_STATEMENT_MAX = 500
VECTOR_WIDTH = 384

articles = Table(
    "knowledge_articles",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("title", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("owner", Text, nullable=False),
    Column("reviewed_at", Date),
    Column("origin", Text, nullable=False, index=True),
    Column("checksum", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("retired_at", Moment),
    info=keeps(Data.OPERATIONAL, "What the company knows", Until("somebody deletes it")),
)
versions = Table(
    "knowledge_versions",
    metadata,
    Column("article_id", ForeignKey(articles.c.id), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("checksum", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
    info=keeps(
        Data.OPERATIONAL, "Articles as they were, for answers that cite them", Until("the company ends")
    ),
)
passages = Table(
    "knowledge_passages",
    metadata,
    Column("article_id", ForeignKey(articles.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("slug", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("exceptions_slug", String(200)),
    Column("pieces", Json, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    info=keeps(Data.OPERATIONAL, "Articles in pieces that can be found", Until("the article changes")),
)
replies = Table(
    "knowledge_replies",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("topic", String(120), nullable=False),
    Column("origin", Text, nullable=False, index=True),
    Column("checksum", String(64), nullable=False),
    Column("content", Json, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    info=keeps(
        Data.OPERATIONAL, "Replies that were approved once for all", Until("the next import replaces them")
    ),
)
tables = Table(
    "knowledge_tables",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("origin", Text, nullable=False, index=True),
    Column("checksum", String(64), nullable=False),
    Column("content", Json, nullable=False),
    info=keeps(Data.OPERATIONAL, "Tables of facts", Until("the next import replaces them")),
)
rows = Table(
    "knowledge_rows",
    metadata,
    Column("table_id", ForeignKey(tables.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("cells", Json, nullable=False),
    info=keeps(Data.OPERATIONAL, "The rows of the tables of facts", Until("the next import replaces them")),
)
questions = Table(
    "knowledge_questions",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("origin", Text, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("topic", String(120), nullable=False),
    Column("checksum", String(64), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    info=keeps(Data.OPERATIONAL, "Questions with their answers", Until("the next import replaces them")),
)
revisions = Table(
    "knowledge_revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    info=keeps(
        Data.OPERATIONAL, "Which state of knowledge is the newest", Until("the next change replaces it")
    ),
)

_KINDS = {"article": articles, "reply": replies, "table": tables, "question": questions}


class Shelved(msgspec.Struct, frozen=True):
    """A thing of knowledge with its vectors: what goes in, and what comes out."""

    id: str
    kind: str
    value: Article | Reply | FactsTable | Question
    checksum: str
    vectors: tuple[Vectors, ...] = ()


class Holdings(msgspec.Struct, frozen=True):
    """All that is known at one revision."""

    revision: int
    shelved: tuple[Shelved, ...]


def revision(records: Connection) -> int:
    return records.scalar(select(revisions.c.number)) or 0


def advance(records: Connection) -> int:
    """Count one change; the row is also what makes two imports wait for each other on PostgreSQL."""
    if records.execute(update(revisions).values(number=revisions.c.number + 1)).rowcount == 0:
        records.execute(insert(revisions).values(id=1, number=1))
    return revision(records)


def checksums(records: Connection) -> dict[tuple[str, str], tuple[str, str]]:
    """(kind, id) → (checksum, origin) of everything that is not retired."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for kind, table in _KINDS.items():
        wanted = select(table.c.id, table.c.checksum, table.c.origin)
        if table is articles:
            wanted = wanted.where(articles.c.retired_at.is_(None))
        found.update({(kind, row.id): (row.checksum, row.origin) for row in records.execute(wanted)})
    return found


def put(records: Connection, origin: str, shelved: Sequence[Shelved], now: datetime) -> None:
    """Write these things, each over its earlier self."""
    for position, thing in enumerate(shelved):
        value = thing.value
        if isinstance(value, Article):
            _put_article(records, origin, thing, value, now)
        elif isinstance(value, FactsTable):
            _put_table(records, origin, thing, value)
        elif isinstance(value, Reply):
            _over(
                records,
                replies,
                thing.id,
                topic=value.topic,
                origin=origin,
                checksum=thing.checksum,
                content=msgspec.to_builtins(value),
                vectors=_blob(thing.vectors),
            )
        else:
            _over(
                records,
                questions,
                thing.id,
                origin=origin,
                position=position,
                question=value.question,
                answer=value.answer,
                topic=value.topic,
                checksum=thing.checksum,
                changed_at=now,
                vectors=_blob(thing.vectors),
            )


def retire(records: Connection, gone: Sequence[tuple[str, str]], now: datetime) -> None:
    """Articles keep their row and versions, for what once cited them; the rest is deleted."""
    for kind, thing_id in gone:
        if kind == "article":
            records.execute(delete(passages).where(passages.c.article_id == thing_id))
            records.execute(update(articles).where(articles.c.id == thing_id).values(retired_at=now))
            continue
        if kind == "table":
            records.execute(delete(rows).where(rows.c.table_id == thing_id))
        records.execute(delete(_KINDS[kind]).where(_KINDS[kind].c.id == thing_id))


def holdings(records: Connection) -> Holdings:
    """Everything, with vectors. Read once per revision, never on a turn."""
    return Holdings(
        revision(records),
        (*_articles(records), *_replies(records), *_tables(records), *_questions(records)),
    )


def article_versions(records: Connection, article_id: str) -> list[tuple[int, str, datetime]]:
    """(version, checksum, kept at), oldest first."""
    wanted = select(versions).where(versions.c.article_id == article_id).order_by(versions.c.version)
    return [(row.version, row.checksum, row.kept_at) for row in records.execute(wanted)]


def _put_article(records: Connection, origin: str, thing: Shelved, article: Article, now: datetime) -> None:
    last = records.scalar(
        select(versions.c.version)
        .where(versions.c.article_id == thing.id)
        .order_by(versions.c.version.desc())
        .limit(1)
    )
    version = (last or 0) + 1
    records.execute(delete(passages).where(passages.c.article_id == thing.id))
    _over(
        records,
        articles,
        thing.id,
        title=article.title,
        audience=article.audience,
        owner=article.owner,
        reviewed_at=article.reviewed_at,
        origin=origin,
        checksum=thing.checksum,
        version=version,
        body=article.body,
        changed_at=now,
        retired_at=None,
    )
    records.execute(
        insert(versions).values(
            article_id=thing.id,
            version=version,
            checksum=thing.checksum,
            title=article.title,
            audience=article.audience,
            body=article.body,
            kept_at=now,
        )
    )
    kept = [
        {
            "article_id": thing.id,
            "position": position,
            "slug": section.slug,
            "title": section.title,
            "level": section.level,
            "exceptions_slug": section.exceptions_slug,
            "pieces": msgspec.to_builtins(section.pieces),
            "vectors": _blob([vectors]),
        }
        for position, (section, vectors) in enumerate(zip(article.sections, thing.vectors, strict=True))
    ]
    _insert_all(records, passages, kept)


def _put_table(records: Connection, origin: str, thing: Shelved, table: FactsTable) -> None:
    records.execute(delete(rows).where(rows.c.table_id == thing.id))
    content = msgspec.to_builtins(msgspec.structs.replace(table, rows=()))
    _over(records, tables, thing.id, origin=origin, checksum=thing.checksum, content=content)
    kept = [
        {"table_id": thing.id, "position": position, "cells": cells}
        for position, cells in enumerate(table.rows)
    ]
    _insert_all(records, rows, kept)


def _over(records: Connection, table: Table, thing_id: str, **values: Any) -> None:
    """Insert or replace by id, in words both databases understand."""
    if records.execute(update(table).where(table.c.id == thing_id).values(**values)).rowcount == 0:
        records.execute(insert(table).values(id=thing_id, **values))


def _insert_all(records: Connection, table: Table, kept: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(kept), ROWS_PER_STATEMENT_MAX):
        records.execute(insert(table), list(kept[start : start + ROWS_PER_STATEMENT_MAX]))


def _articles(records: Connection) -> list[Shelved]:
    sections: dict[str, list[tuple[Section, Vectors]]] = {}
    for row in records.execute(select(passages).order_by(passages.c.article_id, passages.c.position)):
        pieces = msgspec.convert(row.pieces, tuple[Piece, ...])
        section = Section(row.slug, row.title, row.level, pieces, row.exceptions_slug)
        sections.setdefault(row.article_id, []).append((section, _vectors(row.vectors)))
    found = []
    wanted = select(articles).where(articles.c.retired_at.is_(None)).order_by(articles.c.id)
    for row in records.execute(wanted):
        parts = sections.get(row.id, [])
        article = Article(
            row.id,
            row.title,
            row.body,
            tuple(section for section, _ in parts),
            row.audience,
            row.owner,
            row.reviewed_at,
            row.version,
            row.checksum,
            row.origin,
        )
        found.append(Shelved(row.id, "article", article, row.checksum, tuple(v for _, v in parts)))
    return found


def _replies(records: Connection) -> list[Shelved]:
    return [
        Shelved(row.id, "reply", msgspec.convert(row.content, Reply), row.checksum, (_vectors(row.vectors),))
        for row in records.execute(select(replies).order_by(replies.c.id))
    ]


def _tables(records: Connection) -> list[Shelved]:
    cells: dict[str, list[dict[str, str]]] = {}
    for row in records.execute(select(rows).order_by(rows.c.table_id, rows.c.position)):
        cells.setdefault(row.table_id, []).append(row.cells)
    found = []
    for row in records.execute(select(tables).order_by(tables.c.id)):
        table = msgspec.convert(row.content, FactsTable)
        whole = msgspec.structs.replace(table, rows=tuple(cells.get(row.id, ())))
        found.append(Shelved(row.id, "table", whole, row.checksum))
    return found


def _questions(records: Connection) -> list[Shelved]:
    found = []
    for row in records.execute(select(questions).order_by(questions.c.origin, questions.c.position)):
        changed: date = row.changed_at.date()
        question = Question(row.id, row.question, row.answer, row.origin, row.topic, changed)
        found.append(Shelved(row.id, "question", question, row.checksum, (_vectors(row.vectors),)))
    return found


def _blob(vectors: Sequence[Vectors]) -> bytes:
    return np.concatenate(vectors).astype("<f4").tobytes() if vectors else b""


def _vectors(blob: bytes) -> Vectors:
    """The width is that of the model; an empty blob is no vector."""
    flat = np.frombuffer(blob, dtype="<f4")
    return (
        flat.reshape(-1, VECTOR_WIDTH).astype(np.float32)
        if flat.size
        else np.zeros((0, VECTOR_WIDTH), np.float32)
    )
