"""Who was mentioned in which note, and all its SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bothands.conversations.model import Mention
from bothands.conversations.store import conversation_table
from bothands.storage import Data, Moment, Until, as_struct, keeps, metadata

# Counting on would take the longer the more there is, and nobody reads the last digits.
UNREAD_COUNTED_MAX = 1_000

_unread = Column("read_at", Moment)

mention_table = Table(
    "conversations_mention",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    _unread,
    Index("ix_conversations_mention_agent_id", "agent_id", "at", "conversation_id", "seq"),
    Index(
        "ix_conversations_mention_unread",
        "agent_id",
        "conversation_id",
        sqlite_where=_unread.is_(None),
        postgresql_where=_unread.is_(None),
    ),
    info=keeps(
        Data.STAFF,
        "Show agents the notes that mention them, and which of those they have not read",
        Until("its conversation is erased"),
        leads="conversation_id",
    ),
)

_MENTION = (
    mention_table.c.conversation_id,
    mention_table.c.seq,
    mention_table.c.at,
    mention_table.c.read_at,
)
_ORDER = (mention_table.c.at, mention_table.c.conversation_id, mention_table.c.seq)


def insert_mentions(
    records: Connection, conversation_id: str, seq: int, agent_ids: Collection[str], at: datetime
) -> None:
    rows = [
        {"conversation_id": conversation_id, "seq": seq, "agent_id": agent_id, "at": at}
        for agent_id in agent_ids
    ]
    records.execute(insert(mention_table), rows)


def mentions_by_agent(
    records: Connection,
    agent_id: str,
    hidden: frozenset[str],
    before: tuple[datetime, str, int] | None,
    limit: int,
) -> list[Mention]:
    """Newest first, after the cursor; none in hidden inboxes."""
    query = select(*_MENTION).where(mention_table.c.agent_id == agent_id)
    if hidden:
        query = query.join(conversation_table).where(conversation_table.c.inbox_id.not_in(hidden))
    if before is not None:
        query = query.where(tuple_(*_ORDER) < before)
    rows = records.execute(query.order_by(*(column.desc() for column in _ORDER)).limit(limit))
    return [as_struct(Mention, row) for row in rows]


def count_unread(records: Connection, agent_id: str, hidden: frozenset[str]) -> int:
    """Up to UNREAD_COUNTED_MAX."""
    query = select(mention_table.c.seq).where(
        and_(mention_table.c.agent_id == agent_id, mention_table.c.read_at.is_(None))
    )
    if hidden:
        query = query.join(conversation_table).where(conversation_table.c.inbox_id.not_in(hidden))
    found = query.limit(UNREAD_COUNTED_MAX).subquery()
    return int(records.execute(select(func.count()).select_from(found)).scalar_one())


def put_read(records: Connection, conversation_id: str, agent_id: str, now: datetime) -> bool:
    """Whether there was any to read."""
    table = mention_table.c
    unread = and_(
        table.conversation_id == conversation_id, table.agent_id == agent_id, table.read_at.is_(None)
    )
    return records.execute(update(mention_table).where(unread).values(read_at=now)).rowcount > 0
