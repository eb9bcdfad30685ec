"""The table of files, and all its SQL."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bothands.channels.model import File
from bothands.storage import Data, Moment, Until, as_struct, keeps, metadata

file_table = Table(
    "channels_file",
    metadata,
    Column("id", String(40), primary_key=True),
    # Whoever this contact is may see it; empty while an agent has it in an unsent reply.
    Column("contact_id", String(40), ForeignKey("people_contact.id")),
    Column("agent_id", String(40), ForeignKey("people_agent.id")),
    Column("inbox_id", String(40), ForeignKey("conversations_inbox.id")),
    Column("sha256", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_channels_file_contact_id", "contact_id", "at"),
    Index("ix_channels_file_sha256", "sha256"),
    info=keeps(
        Data.PERSONAL,
        "Pictures that were sent; their content lies in the data folder",
        Until("its contact is erased"),
        leads="contact_id",
    ),
)


def insert_file(records: Connection, file: File) -> None:
    records.execute(insert(file_table).values(**msgspec.structs.asdict(file)))


def files_by_id(records: Connection, file_ids: Sequence[str]) -> dict[str, File]:
    rows = records.execute(select(file_table).where(file_table.c.id.in_(file_ids)))
    return {row.id: as_struct(File, row) for row in rows}


def files_of_contact(records: Connection, contact_id: str) -> list[File]:
    rows = records.execute(
        select(file_table).where(file_table.c.contact_id == contact_id).order_by(file_table.c.id)
    )
    return [as_struct(File, row) for row in rows]


def contents_kept(records: Connection, contents: Sequence[str]) -> set[str]:
    """Those of these contents, by their hashes, that a file has."""
    found = records.execute(select(file_table.c.sha256).where(file_table.c.sha256.in_(contents)).distinct())
    return {str(sha256) for sha256 in found.scalars()}


def drop_files(records: Connection, file_ids: Sequence[str]) -> None:
    records.execute(delete(file_table).where(file_table.c.id.in_(file_ids)))


def bytes_of_contact(records: Connection, contact_id: str) -> int:
    """How much a contact has uploaded so far."""
    mine = and_(file_table.c.contact_id == contact_id, file_table.c.agent_id.is_(None))
    return int(
        records.execute(select(func.coalesce(func.sum(file_table.c.size_bytes), 0)).where(mine)).scalar_one()
    )


def give_files(
    records: Connection, file_ids: Sequence[str], agent_id: str, contact_id: str, inbox_id: str
) -> int:
    """The agent's unsent files become the contact's, in that inbox; how many were the agent's to give."""
    free = or_(file_table.c.contact_id.is_(None), file_table.c.contact_id == contact_id)
    done = records.execute(
        update(file_table)
        .where(and_(file_table.c.id.in_(file_ids), file_table.c.agent_id == agent_id, free))
        .values(contact_id=contact_id, inbox_id=inbox_id)
    )
    return done.rowcount


def give_files_since(records: Connection, inbox_id: str, from_id: str, to_id: str, since: datetime) -> None:
    """What one contact got or sent in this inbox since then is the other's."""
    theirs = and_(file_table.c.contact_id == from_id, file_table.c.inbox_id == inbox_id)
    records.execute(update(file_table).where(theirs, file_table.c.at >= since).values(contact_id=to_id))
