"""What agents are writing and have not sent, and all its SQL."""

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from bothands.conversations.model import Unsent
from bothands.storage import Data, Days, Moment, as_struct, keeps, metadata, steady

unsent_table = Table(
    "conversations_unsent",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), primary_key=True),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), primary_key=True),
    Column("mode", String(10), primary_key=True),
    Column("text", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Index("ix_conversations_unsent_written_at", "written_at"),
    info=keeps(
        Data.SENSITIVE,
        "What an agent is writing, to go on with it on another device",
        Days(30, since="written_at"),
        leads="conversation_id",
        # It was never said to anybody.
        withheld=("text",),
    ),
)

_UNSENT = (unsent_table.c.mode, unsent_table.c.text, unsent_table.c.written_at)


def unsent_by_agent(records: Connection, conversation_id: str, agent_id: str) -> list[Unsent]:
    table = unsent_table.c
    query = select(*_UNSENT).where(and_(table.conversation_id == conversation_id, table.agent_id == agent_id))
    return [as_struct(Unsent, row) for row in records.execute(steady(records, query.order_by(table.mode)))]


def put_unsent(records: Connection, conversation_id: str, agent_id: str, unsent: Unsent) -> None:
    table = unsent_table.c
    own = and_(
        table.conversation_id == conversation_id, table.agent_id == agent_id, table.mode == unsent.mode
    )
    values = {"text": unsent.text, "written_at": unsent.written_at}
    if records.execute(update(unsent_table).where(own).values(**values)).rowcount == 0:
        row = {"conversation_id": conversation_id, "agent_id": agent_id, "mode": unsent.mode, **values}
        records.execute(insert(unsent_table).values(**row))
