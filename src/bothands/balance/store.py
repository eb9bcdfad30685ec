"""The tables of charters, stops and decisions, and all their SQL."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    CheckConstraint,
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
    insert,
    select,
    update,
)

from bothands.balance.model import Charter, Decision, Reason, Step, Stop
from bothands.conversations import By
from bothands.storage import Data, Emptied, Json, Moment, Until, keeps, metadata, take_turns


def _codes_only(reasons: list[dict[str, str]]) -> list[dict[str, str]]:
    """Why, without the words, which may be the contact's own."""
    return [{"code": reason["code"], "words": ""} for reason in reasons]


charter_table = Table(
    "balance_charter",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("topic", String(80)),
    Column("reason", Text, nullable=False),
    Column("by_id", String(40)),
    Column("by_name", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    info=keeps(
        Data.STAFF, "Who acts on which topic, in every version, and who said so", Until("the company ends")
    ),
)

stop_table = Table(
    "balance_stop",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("topic", String(80)),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_id", String(40)),
    Column("by_name", String(200), nullable=False),
    Column("released_at", Moment),
    Column("released_by_id", String(40)),
    Column("released_by_name", String(200)),
    Index("ix_balance_stop_released_at", "released_at"),
    info=keeps(
        Data.STAFF, "When the assistant was silenced, on what, by whom and why", Until("the company ends")
    ),
)

decision_table = Table(
    "balance_decision",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    Column("message_seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("step", String(20), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("topic", String(80)),
    Column("score", Float, nullable=False),
    Column("threshold", Float),
    Column("certified", Boolean, nullable=False),
    Column("propensity", Float, nullable=False),
    Column("versions", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("reading", Json, nullable=False),
    Column("proposal", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    CheckConstraint("step IN ('act','draft','hand_off')", name="step"),
    Index("ix_balance_decision_conversation_id", "conversation_id", "message_seq"),
    Index("ix_balance_decision_topic", "topic", "at"),
    info=keeps(
        Data.SENSITIVE,
        "Why the assistant spoke, drafted or brought a person: explained, replayed, certified",
        Until("its conversation is erased; which risk to health or hardship was heard, until it is closed"),
        leads="conversation_id",
        emptied=Emptied(
            {"reasons": _codes_only, "facts": {}, "reading": {}, "proposal": {}, "evidence": []},
            stays=("step", "topic", "versions"),
        ),
    ),
)

STOPS = "balance_stop"
_STOP = [stop_table.c[name] for name in Stop.__struct_fields__]


# Built once: on the path of a turn, making these anew cost more than running them.
_ADD_DECISION = insert(decision_table)
_NEWEST_CHARTER = select(charter_table.c.body).order_by(charter_table.c.version.desc()).limit(1)
_ACTIVE_STOPS = (
    select(*_STOP).where(stop_table.c.released_at.is_(None)).order_by(stop_table.c.at, stop_table.c.id)
)


def insert_charter(
    records: Connection, charter: Charter, *, topic: str | None, reason: str, by: By, at: datetime
) -> None:
    records.execute(
        insert(charter_table).values(
            version=charter.version,
            body=charter,
            topic=topic,
            reason=reason,
            by_id=by.id,
            by_name=by.name or by.kind.value,
            at=at,
        )
    )


def latest_charter(records: Connection) -> Charter | None:
    body = records.execute(_NEWEST_CHARTER).scalar()
    return None if body is None else msgspec.convert(body, Charter)


def latest_adopted(records: Connection) -> Charter | None:
    """The newest version that was adopted as a whole, before single roles were changed."""
    body = records.execute(
        select(charter_table.c.body)
        .where(charter_table.c.topic.is_(None))
        .order_by(charter_table.c.version.desc())
        .limit(1)
    ).scalar()
    return None if body is None else msgspec.convert(body, Charter)


def halt_decisions(records: Connection) -> None:
    """Decisions under way end first: once a stop is stored, nothing is done any more that it forbids."""
    take_turns(records, STOPS)


def insert_stop(records: Connection, stop: Stop) -> None:
    records.execute(insert(stop_table).values(**_plain(stop)))


def stops_active(records: Connection) -> tuple[Stop, ...]:
    """What holds now, oldest first, and in a write until it ends. The list is short, so it is read whole."""
    take_turns(records, STOPS, shared=True)
    rows = records.execute(_ACTIVE_STOPS)
    return tuple(Stop(**row._mapping) for row in rows)


def stop_by_id(records: Connection, stop_id: str) -> Stop | None:
    row = records.execute(select(*_STOP).where(stop_table.c.id == stop_id)).first()
    return Stop(**row._mapping) if row else None


def release_stop(records: Connection, stop_id: str, *, at: datetime, by: By) -> bool:
    done = records.execute(
        update(stop_table)
        .where(and_(stop_table.c.id == stop_id, stop_table.c.released_at.is_(None)))
        .values(released_at=at, released_by_id=by.id, released_by_name=by.name or by.kind.value)
    )
    return done.rowcount == 1


def insert_decision(records: Connection, decision: Decision) -> None:
    values = _plain(decision)
    values["step"] = decision.step.value
    records.execute(_ADD_DECISION, values)


def decision_by_id(records: Connection, decision_id: str) -> Decision | None:
    row = records.execute(select(decision_table).where(decision_table.c.id == decision_id)).first()
    return _decision(row) if row else None


def decisions_by_conversation(records: Connection, conversation_id: str, limit: int) -> list[Decision]:
    rows = records.execute(
        select(decision_table)
        .where(decision_table.c.conversation_id == conversation_id)
        .order_by(decision_table.c.message_seq.desc(), decision_table.c.id.desc())
        .limit(limit)
    )
    return [_decision(row) for row in rows]


def decisions_with_reading(records: Connection, conversation_id: str) -> list[Decision]:
    """All of a conversation, but for those that were emptied."""
    rows = records.execute(
        select(decision_table)
        .where(decision_table.c.conversation_id == conversation_id)
        .order_by(decision_table.c.message_seq, decision_table.c.id)
    )
    return [decision for row in rows if (decision := _decision(row)).reading]


def put_forgotten(records: Connection, decision: Decision) -> None:
    """Store what is left of why it was made, and from what."""
    records.execute(
        update(decision_table)
        .where(decision_table.c.id == decision.id)
        .values(reasons=decision.reasons, reading=decision.reading, proposal=decision.proposal)
    )


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _decision(row: Row[*tuple[Any, ...]]) -> Decision:
    values = dict(row._mapping)
    values["step"] = Step(values["step"])
    values["reasons"] = msgspec.convert(values["reasons"], tuple[Reason, ...])
    return Decision(**values)
