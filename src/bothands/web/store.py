"""The table of answers that were given under an Idempotency-Key, and all its SQL."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, Table, Text, delete, insert, select

from bothands.storage import Data, Days, Mentions, Moment, keeps, metadata

answer_table = Table(
    "web_answer",
    metadata,
    # Of the agent and their key: another agent's equal key is another key.
    Column("key_hash", String(64), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    # An answer need not say whom it is about; where it was asked for does.
    Column("path", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_web_answer_at", "at"),
    info=keeps(
        Data.PERSONAL,
        "Answers to repeat when a request is repeated",
        Days(1, since="at"),
        leads=Mentions(("path", "body")),
    ),
)


def answer_by_key(records: Connection, key_hash: str, since: datetime) -> tuple[str, str] | None:
    """The request's hash and the answer's body, if it was given after `since`."""
    row = records.execute(
        select(answer_table.c.request_hash, answer_table.c.body).where(
            (answer_table.c.key_hash == key_hash) & (answer_table.c.at > since)
        )
    ).first()
    return (row.request_hash, row.body) if row else None


class Answer(NamedTuple):
    key_hash: str
    request_hash: str
    path: str
    body: str


def put_answer(records: Connection, answer: Answer, at: datetime, forget_before: datetime) -> None:
    """Keep an answer; those from before `forget_before` are forgotten."""
    records.execute(delete(answer_table).where(answer_table.c.at <= forget_before))
    records.execute(insert(answer_table).values(**answer._asdict(), at=at))
