"""The table of whom a conversation is meant for next, and all its SQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    insert,
    select,
    update,
)

from bothands.handoff.model import Assignment, Receiver, ReceiverKind
from bothands.storage import Data, Emptied, Moment, Until, keeps, metadata

RELEASED_MAX = 10_000

assignment_table = Table(
    "handoff_assignment",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    Column("agent_id", String(40), ForeignKey("people_agent.id")),
    Column("team_id", String(40), ForeignKey("people_team.id")),
    Column("to_name", String(120), nullable=False),
    Column("by_id", String(40), ForeignKey("people_agent.id"), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("lapses_at", Moment),
    Column("ended_at", Moment),
    Column("ended_by", String(20)),
    CheckConstraint("(agent_id IS NULL) <> (team_id IS NULL)", name="one_receiver"),
    Index("ix_handoff_assignment_agent_id", "agent_id", "ended_at"),
    info=keeps(
        Data.STAFF,
        "Whom a conversation is meant for next: the queue prefers them, and an offer waits for them",
        Until("the company ends"),
        leads="conversation_id",
        emptied=Emptied({}, stays=("to_name", "by_name", "ended_by")),
    ),
)
# A conversation is meant for one at a time, whoever races to say so.
Index(
    "ux_handoff_assignment_conversation_id",
    assignment_table.c.conversation_id,
    unique=True,
    sqlite_where=assignment_table.c.ended_at.is_(None),
    postgresql_where=assignment_table.c.ended_at.is_(None),
)

_LIVES = assignment_table.c.ended_at.is_(None)


def insert_assignment(records: Connection, assignment: Assignment) -> None:
    to = assignment.to
    row = {name: getattr(assignment, name) for name in assignment.__struct_fields__ if name != "to"}
    row |= {f"{kind.value}_id": to.id if to.kind is kind else None for kind in ReceiverKind}
    records.execute(insert(assignment_table).values(**row, to_name=to.name))


def end_assignment(records: Connection, assignment_id: str, at: datetime, how: str) -> None:
    mine = assignment_table.c.id == assignment_id
    records.execute(update(assignment_table).where(mine).values(ended_at=at, ended_by=how))


def resume_assignments(records: Connection, conversation_id: str, how: str) -> None:
    """What ended by this has not ended."""
    table = assignment_table
    ended = and_(table.c.conversation_id == conversation_id, table.c.ended_by == how)
    records.execute(update(table).where(ended).values(ended_at=None, ended_by=None))


def assignment_by_id(records: Connection, assignment_id: str) -> Assignment | None:
    row = records.execute(select(assignment_table).where(assignment_table.c.id == assignment_id)).first()
    return _assignment(row) if row else None


def assignments_by_conversation(
    records: Connection, conversation_ids: Collection[str]
) -> dict[str, Assignment]:
    """The living ones."""
    wanted = assignment_table.c.conversation_id.in_(conversation_ids)
    rows = records.execute(select(assignment_table).where(and_(wanted, _LIVES)))
    return {row.conversation_id: _assignment(row) for row in rows}


def assignments_to(records: Connection, agent_id: str, limit: int = RELEASED_MAX) -> list[Assignment]:
    """The living ones to this agent, oldest first."""
    table = assignment_table
    rows = records.execute(
        select(table).where(and_(table.c.agent_id == agent_id, _LIVES)).order_by(table.c.at).limit(limit)
    )
    return [_assignment(row) for row in rows]


def agents_assigned(records: Connection) -> set[str]:
    """For whom anything is meant."""
    table = assignment_table
    rows = records.execute(select(table.c.agent_id).where(and_(table.c.agent_id.is_not(None), _LIVES)))
    return {str(agent_id) for agent_id in rows.scalars()}


def assignments_to_team(records: Connection, team_id: str) -> list[Assignment]:
    table = assignment_table
    wanted = and_(table.c.team_id == team_id, _LIVES)
    return [_assignment(row) for row in records.execute(select(table).where(wanted).limit(RELEASED_MAX))]


def _assignment(row: Any) -> Assignment:
    values = dict(row._mapping)
    agent_id, team_id, name = (values.pop(key) for key in ("agent_id", "team_id", "to_name"))
    kind = ReceiverKind.AGENT if agent_id else ReceiverKind.TEAM
    return Assignment(to=Receiver(kind, agent_id or team_id, name), **values)
