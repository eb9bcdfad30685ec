"""The table of approvals and all its SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from bothands.approvals.model import Approval, Standing
from bothands.storage import Data, Emptied, Json, Moment, Until, keeps, metadata, steady

approval_table = Table(
    "approvals_approval",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    # No foreign key: decisions live further up the stairs.
    Column("decision_id", String(40)),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("standing", String(20), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("lapses_at", Moment),
    Column("agreed_text", Text),
    Column("reason", Text, nullable=False),
    Column("by_id", String(40)),
    Column("by_name", String(200)),
    Column("answered_at", Moment),
    Column("consumed_at", Moment),
    CheckConstraint("standing IN ('asked','granted','amended','refused','lapsed')", name="standing"),
    # Nothing may be consumed that no person let through.
    CheckConstraint("consumed_at IS NULL OR standing IN ('granted','amended')", name="consumed"),
    Index("ix_approvals_approval_conversation_id", "conversation_id", "standing"),
    Index("ix_approvals_approval_lapses_at", "standing", "lapses_at"),
    info=keeps(
        Data.PERSONAL,
        "What the assistant wanted to say or do, and what a person answered",
        Until("its conversation is erased"),
        leads="conversation_id",
        emptied=Emptied(
            {"text": "", "body": {}, "agreed_text": None, "reason": ""},
            stays=("decision_id", "kind", "standing", "by_id", "by_name"),
        ),
    ),
)

_ASKED = approval_table.c.standing == Standing.ASKED.value


def insert_approval(records: Connection, approval: Approval) -> None:
    values = {name: getattr(approval, name) for name in approval.__struct_fields__}
    values["standing"] = approval.standing.value
    records.execute(insert(approval_table).values(**values))


def approval_by_id(records: Connection, approval_id: str) -> Approval | None:
    row = records.execute(select(approval_table).where(approval_table.c.id == approval_id)).first()
    return _approval(row) if row else None


def approvals_asked(records: Connection, conversation_id: str) -> list[Approval]:
    query = (
        select(approval_table)
        .where(and_(approval_table.c.conversation_id == conversation_id, _ASKED))
        .order_by(approval_table.c.asked_at, approval_table.c.id)
    )
    return [_approval(row) for row in records.execute(steady(records, query))]


def overdue_approvals(records: Connection, now: datetime, limit: int) -> list[Approval]:
    query = (
        select(approval_table)
        .where(and_(_ASKED, approval_table.c.lapses_at <= now))
        .order_by(approval_table.c.lapses_at)
        .limit(limit)
    )
    return [_approval(row) for row in records.execute(steady(records, query))]


def answer_if_asked(records: Connection, approval_id: str, values: Mapping[str, Any]) -> bool:
    """Write the answer if there is none yet; of two people, one wins."""
    done = records.execute(
        update(approval_table).where(and_(approval_table.c.id == approval_id, _ASKED)).values(**values)
    )
    return done.rowcount == 1


def consume_if_open(records: Connection, approval_id: str, at: datetime) -> bool:
    """Mark it used if it is granted and was not used yet."""
    open_yes = and_(
        approval_table.c.id == approval_id,
        approval_table.c.standing.in_([Standing.GRANTED.value, Standing.AMENDED.value]),
        approval_table.c.consumed_at.is_(None),
    )
    return records.execute(update(approval_table).where(open_yes).values(consumed_at=at)).rowcount == 1


def _approval(row: Row[*tuple[Any, ...]]) -> Approval:
    values = dict(row._mapping)
    values["standing"] = Standing(values["standing"])
    return Approval(**values)
