"""The tables of waits, briefs and takings, and all their SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from bothands.balance import Reason
from bothands.handoff.estimating import Wait
from bothands.handoff.model import Brief, Question, Taking, Urgency, Waiting
from bothands.storage import Data, Emptied, Json, Moment, Until, keeps, metadata

RECENT_TAKINGS_MAX = 50
QUEUE_ROWS_MAX = 500

waiting_table = Table(
    "handoff_waiting",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("rank_at", Moment, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("reason_code", String(60), nullable=False),
    Column("reason_words", Text, nullable=False),
    Column("topic", String(80)),
    Column("questions", Json, nullable=False),
    Column("answers", Json, nullable=False),
    Column("address", Json, nullable=False),
    Column("told", Json),
    Column("ended_at", Moment),
    Column("ended_by", String(20)),
    Index("ix_handoff_waiting_rank", "ended_at", "rank_at", "id"),
    Index("ix_handoff_waiting_conversation_id", "conversation_id"),
    info=keeps(
        Data.PERSONAL,
        "Who waits for a person, since when, what was asked meanwhile",
        Until("its conversation is erased"),
        leads="conversation_id",
        emptied=Emptied(
            {"reason_words": "", "questions": [], "answers": {}, "address": {}},
            stays=("reason_code", "topic", "told", "ended_by"),
        ),
    ),
)
# A conversation waits once at a time, whatever races to bring a person in.
Index(
    "ux_handoff_waiting_conversation_id",
    waiting_table.c.conversation_id,
    unique=True,
    sqlite_where=waiting_table.c.ended_at.is_(None),
    postgresql_where=waiting_table.c.ended_at.is_(None),
)

brief_table = Table(
    "handoff_brief",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), primary_key=True),
    Column("body", Json, nullable=False),
    Column("corrections", Json, nullable=False),
    Column("updated_at", Moment, nullable=False),
    info=keeps(
        Data.SENSITIVE,
        "What the next person reads first",
        Until("its conversation is erased"),
        leads="conversation_id",
    ),
)

taking_table = Table(
    "handoff_taking",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), nullable=False),
    Column("from_kind", String(20), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("waited_seconds", Float),
    Column("ended_at", Moment),
    Column("ended_by", String(20)),
    Index("ix_handoff_taking_conversation_id", "conversation_id", "ended_at"),
    Index("ix_handoff_taking_ended_at", "ended_at", "agent_id"),
    info=keeps(
        Data.STAFF,
        "Which agent had a conversation, from when to when: load and waits are reckoned from it",
        Until("the company ends"),
        leads="conversation_id",
        emptied=Emptied({}, stays=("from_kind", "ended_by")),
    ),
)

_WAITS = waiting_table.c.ended_at.is_(None)


def insert_waiting(records: Connection, waiting: Waiting) -> None:
    values = {name: getattr(waiting, name) for name in waiting.__struct_fields__}
    values["urgency"] = int(waiting.urgency)
    records.execute(insert(waiting_table).values(**values))


def waiting_by_conversation(records: Connection, conversation_id: str) -> Waiting | None:
    row = records.execute(
        select(waiting_table).where(and_(waiting_table.c.conversation_id == conversation_id, _WAITS))
    ).first()
    return _waiting(row) if row else None


def waitings_in_order(records: Connection, limit: int = QUEUE_ROWS_MAX) -> list[Waiting]:
    rows = records.execute(
        select(waiting_table).where(_WAITS).order_by(waiting_table.c.rank_at, waiting_table.c.id).limit(limit)
    )
    return [_waiting(row) for row in rows]


def count_waiting(records: Connection) -> tuple[int, datetime | None]:
    """How many wait, and since when the first of them."""
    table = waiting_table
    count, since = records.execute(select(func.count(), func.min(table.c.asked_at)).where(_WAITS)).one()
    return int(count), since


def count_before(records: Connection, rank_at: datetime, waiting_id: str | None) -> int:
    """How many wait in front of this rank; without an id, in front of somebody who would join now."""
    table = waiting_table
    is_before = table.c.rank_at < rank_at
    if waiting_id is None:
        is_before = table.c.rank_at <= rank_at
    else:
        is_before = or_(is_before, and_(table.c.rank_at == rank_at, table.c.id < waiting_id))
    return records.execute(
        select(func.count()).select_from(table).where(and_(_WAITS, is_before))
    ).scalar_one()


def update_waiting(records: Connection, waiting_id: str, values: Mapping[str, Any]) -> None:
    records.execute(update(waiting_table).where(waiting_table.c.id == waiting_id).values(**values))


def wait_reasons(records: Connection, conversation_id: str) -> list[tuple[str, Reason]]:
    """Why a person was asked for, of each wait there was, by its id."""
    table = waiting_table
    rows = records.execute(
        select(table.c.id, table.c.reason_code, table.c.reason_words).where(
            table.c.conversation_id == conversation_id
        )
    )
    return [(str(row.id), Reason(row.reason_code, row.reason_words)) for row in rows]


def put_wait_reason(records: Connection, waiting_id: str, reason: Reason) -> None:
    update_waiting(records, waiting_id, {"reason_code": reason.code, "reason_words": reason.words})


def put_brief(records: Connection, conversation_id: str, brief: Brief, now: datetime) -> None:
    """Store the newest brief; corrections stay as long as the matter does."""
    known = records.execute(
        select(brief_table.c.body).where(brief_table.c.conversation_id == conversation_id)
    ).scalar()
    if known is None:
        values = {"conversation_id": conversation_id, "body": brief, "corrections": {}, "updated_at": now}
        records.execute(insert(brief_table).values(**values))
        return
    changed: dict[str, Any] = {"body": brief, "updated_at": now}
    if known.get("matter_seq") != brief.matter_seq:
        changed["corrections"] = {}
    records.execute(
        update(brief_table).where(brief_table.c.conversation_id == conversation_id).values(**changed)
    )


def brief_by_conversation(records: Connection, conversation_id: str) -> tuple[Brief, dict[str, Any]] | None:
    row = records.execute(
        select(brief_table.c.body, brief_table.c.corrections).where(
            brief_table.c.conversation_id == conversation_id
        )
    ).first()
    return (msgspec.convert(row.body, Brief), dict(row.corrections)) if row else None


def put_corrections(
    records: Connection, conversation_id: str, corrections: dict[str, Any], now: datetime
) -> None:
    records.execute(
        update(brief_table)
        .where(brief_table.c.conversation_id == conversation_id)
        .values(corrections=corrections, updated_at=now)
    )


def insert_taking(records: Connection, taking: Taking) -> None:
    records.execute(
        insert(taking_table).values(**{name: getattr(taking, name) for name in taking.__struct_fields__})
    )


def end_takings(records: Connection, conversation_id: str, at: datetime, by: str) -> int:
    done = records.execute(
        update(taking_table)
        .where(and_(taking_table.c.conversation_id == conversation_id, taking_table.c.ended_at.is_(None)))
        .values(ended_at=at, ended_by=by)
    )
    return int(done.rowcount)


def resume_takings(records: Connection, conversation_id: str, by: str) -> None:
    """Those that ended by this have not ended."""
    table = taking_table
    ended = and_(table.c.conversation_id == conversation_id, table.c.ended_by == by)
    records.execute(update(table).where(ended).values(ended_at=None, ended_by=None))


def takings_by_agent(records: Connection) -> dict[str, int]:
    """How many conversations each agent has right now."""
    rows = records.execute(
        select(taking_table.c.agent_id, func.count())
        .where(taking_table.c.ended_at.is_(None))
        .group_by(taking_table.c.agent_id)
    )
    return {str(agent_id): int(count) for agent_id, count in rows}


def recent_handle_seconds(records: Connection, limit: int = RECENT_TAKINGS_MAX) -> list[float]:
    """How long the last conversations with people took."""
    rows = records.execute(
        select(taking_table.c.taken_at, taking_table.c.ended_at)
        .where(taking_table.c.ended_at.is_not(None))
        .order_by(taking_table.c.ended_at.desc())
        .limit(limit)
    )
    return [(ended - taken).total_seconds() for taken, ended in rows]


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting:
    values = dict(row._mapping)
    values["urgency"] = Urgency(values["urgency"])
    values["questions"] = msgspec.convert(values["questions"], tuple[Question, ...])
    values["told"] = msgspec.convert(values["told"], Wait | None)
    return Waiting(**values)
