"""The tables of tags and of what is tagged, and all their SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from bothands.conversations.model import Tag
from bothands.conversations.store import conversation_table
from bothands.storage import Data, Moment, Until, keeps, metadata

tag_table = Table(
    "conversations_tag",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(40), nullable=False),
    # The name folded: two tags that differ in case or accents alone would be one to everybody.
    Column("key", String(80), nullable=False, unique=True),
    info=keeps(Data.OPERATIONAL, "Words the desk sorts conversations by", Until("a lead deletes the tag")),
)

tagging_table = Table(
    "conversations_tagging",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), primary_key=True),
    Column("tag_id", String(40), ForeignKey("conversations_tag.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_conversations_tagging_tag_id", "tag_id", "conversation_id"),
    info=keeps(
        Data.SENSITIVE,
        "Which tags a conversation bears",
        Until("somebody takes the tag off, or the conversation is erased"),
        leads="conversation_id",
    ),
)


def insert_tag(records: Connection, tag: Tag, key: str) -> None:
    records.execute(insert(tag_table).values(id=tag.id, name=tag.name, key=key))


def tag_by_id(records: Connection, tag_id: str) -> Tag | None:
    row = records.execute(select(tag_table.c.id, tag_table.c.name).where(tag_table.c.id == tag_id)).first()
    return Tag(*row) if row else None


def tag_by_key(records: Connection, key: str) -> Tag | None:
    row = records.execute(select(tag_table.c.id, tag_table.c.name).where(tag_table.c.key == key)).first()
    return Tag(*row) if row else None


def count_tags(records: Connection) -> int:
    return records.execute(select(func.count()).select_from(tag_table)).scalar_one()


def tags_with_counts(records: Connection, hidden: Collection[str]) -> list[tuple[Tag, int]]:
    """Every tag by name, with how many visible conversations bear it."""
    shown = and_(
        conversation_table.c.id == tagging_table.c.conversation_id,
        conversation_table.c.inbox_id.not_in(sorted(hidden)),
    )
    rows = records.execute(
        select(tag_table.c.id, tag_table.c.name, func.count(conversation_table.c.id))
        .select_from(tag_table)
        .outerjoin(tagging_table)
        .outerjoin(conversation_table, shown)
        .group_by(tag_table.c.id, tag_table.c.name, tag_table.c.key)
        .order_by(tag_table.c.key)
    )
    return [(Tag(tag_id, name), int(count)) for tag_id, name, count in rows]


def tags_by_conversation(records: Connection, conversation_ids: Collection[str]) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = {}
    rows = records.execute(
        select(tagging_table.c.conversation_id, tag_table.c.id, tag_table.c.name)
        .join(tag_table)
        .where(tagging_table.c.conversation_id.in_(conversation_ids))
        .order_by(tag_table.c.key)
    )
    for conversation_id, tag_id, name in rows:
        found.setdefault(conversation_id, []).append(Tag(tag_id, name))
    return found


def put_tagging(records: Connection, conversation_id: str, tag_id: str, at: datetime) -> None:
    records.execute(insert(tagging_table).values(conversation_id=conversation_id, tag_id=tag_id, at=at))


def drop_tagging(records: Connection, conversation_id: str, tag_id: str) -> bool:
    table = tagging_table.c
    done = records.execute(
        delete(tagging_table).where(and_(table.conversation_id == conversation_id, table.tag_id == tag_id))
    )
    return done.rowcount == 1


def conversations_tagged(records: Connection, tag_id: str) -> list[str]:
    rows = records.execute(select(tagging_table.c.conversation_id).where(tagging_table.c.tag_id == tag_id))
    return [str(found) for found in rows.scalars()]


def rename_tag(records: Connection, tag: Tag, key: str) -> None:
    records.execute(update(tag_table).where(tag_table.c.id == tag.id).values(name=tag.name, key=key))


def delete_tag(records: Connection, tag_id: str) -> None:
    records.execute(delete(tagging_table).where(tagging_table.c.tag_id == tag_id))
    records.execute(delete(tag_table).where(tag_table.c.id == tag_id))
