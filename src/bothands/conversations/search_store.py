"""The words by which conversations are found, and all the SQL of that."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from bothands.conversations.model import Entry
from bothands.conversations.store import conversation_table, entries_since, entry_table
from bothands.conversations.tag_store import tag_table, tagging_table
from bothands.storage import Data, Moment, Sought, Until, WordIndex, keeps, metadata, take_turns

# What a row stands for, where it is not the entry of that seq.
OF_CONTACT = 0
OF_TAGS = -1

search_table = Table(
    "conversations_search",
    metadata,
    # Higher is newer; history that is taken in later goes below.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("words", Text, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    info=keeps(
        Data.SENSITIVE,
        "The words of messages, notes, names and tags, to find conversations by",
        Until("what they are taken from is redacted or erased"),
        leads="conversation_id",
        withheld=("words",),
    ),
)

progress_table = Table(
    "conversations_search_progress",
    metadata,
    Column("prefix", String(10), primary_key=True),
    Column("newest_id", String(40), nullable=False),
    Column("oldest_id", String(40), nullable=False),
    info=keeps(Data.OPERATIONAL, "How far the search has read the timelines", Until("it is begun anew")),
)

index = WordIndex(search_table, search_table.c.number, search_table.c.words)


class Unread(msgspec.Struct, frozen=True):
    """An entry as the filling finds it; `is_in`: its words are there already."""

    id: str
    conversation_id: str
    seq: int
    kind: str
    at: datetime
    body: str
    is_in: bool


class Progress(msgspec.Struct, frozen=True):
    """All from `oldest_id` to `newest_id` has been read; an empty `oldest_id`: nothing older is left."""

    prefix: str
    newest_id: str
    oldest_id: str


class Words(msgspec.Struct, frozen=True):
    conversation_id: str
    seq: int
    at: datetime
    words: str


class Wanted(msgspec.Struct, frozen=True):
    """What a conversation must be like, besides its words."""

    is_open: bool | None = None
    tags: tuple[str, ...] = ()
    contact: tuple[Sought, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    hidden: frozenset[str] = frozenset()


class Place(msgspec.Struct, frozen=True):
    """Where something was found."""

    number: int
    conversation_id: str
    seq: int


def places(
    records: Connection, sought: Sequence[Sought], wanted: Wanted, below: int | None, limit: int
) -> list[Place]:
    """Newest first; without words, the conversations that are as wanted."""
    rows = search_table.c
    query = select(rows.number, rows.conversation_id, rows.seq)
    query = query.join(conversation_table, conversation_table.c.id == rows.conversation_id)
    query = query.where(*_conditions(records, wanted))
    if below is not None:
        query = query.where(rows.number < below)
    if sought:
        query = index.newest(records, query, sought)  # type: ignore[assignment]
    else:
        query = query.where(rows.seq == OF_CONTACT).order_by(rows.number.desc())
    return [Place(*row) for row in records.execute(query.limit(limit))]


def _conditions(records: Connection, wanted: Wanted) -> list[Any]:
    conversation = conversation_table.c
    found: list[Any] = []
    if wanted.is_open is not None:
        is_open = conversation.closed_at.is_(None)
        found.append(is_open if wanted.is_open else ~is_open)
    if wanted.hidden:
        found.append(conversation.inbox_id.not_in(sorted(wanted.hidden)))
    if wanted.since is not None:
        found.append(search_table.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(search_table.c.at < wanted.until)
    for key in wanted.tags:
        tagged = select(tagging_table.c.conversation_id).join(tag_table).where(tag_table.c.key == key)
        found.append(conversation.id.in_(tagged))
    if wanted.contact:
        named = select(search_table.c.conversation_id).where(search_table.c.seq == OF_CONTACT)
        theirs = index.newest(records, named, wanted.contact).order_by(None)
        found.append(conversation.id.in_(theirs.correlate(None)))
    return found


def entries_at(records: Connection, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """The entries of these conversations and seqs."""
    return {
        (entry.conversation_id, entry.seq): entry
        for conversation_id, seq in places
        for entry in entries_since(records, conversation_id, seq - 1, 1)
    }


# filling


def progress_of(records: Connection, prefix: str) -> Progress | None:
    row = records.execute(select(progress_table).where(progress_table.c.prefix == prefix)).first()
    return Progress(*row) if row else None


def put_progress(records: Connection, progress: Progress) -> None:
    values = msgspec.structs.asdict(progress)
    done = records.execute(
        update(progress_table).where(progress_table.c.prefix == progress.prefix).values(**values)
    )
    if done.rowcount == 0:
        records.execute(insert(progress_table).values(**values))


def entries_from(records: Connection, first_id: str, prefix: str, limit: int) -> list[Unread]:
    """Entries of that id or later ones, in the order of their ids."""
    ids = entry_table.c.id
    return _unread(records, and_(ids > first_id, ids < f"{prefix}`"), ids, limit)


def entries_below(records: Connection, id_: str, prefix: str, limit: int) -> list[Unread]:
    """Entries of earlier ids, the latest of them first."""
    ids = entry_table.c.id
    return _unread(records, and_(ids < id_, ids > f"{prefix}_"), ids.desc(), limit)


def _unread(records: Connection, where: Any, order: Any, limit: int) -> list[Unread]:
    entry, known = entry_table.c, search_table.c
    query = (
        select(
            entry.id,
            entry.conversation_id,
            entry.seq,
            entry.kind,
            entry.at,
            entry.body,
            known.number.is_not(None),
        )
        .outerjoin(search_table, and_(known.conversation_id == entry.conversation_id, known.seq == entry.seq))
        .where(where)
        .order_by(order)
        .limit(limit)
    )
    return [Unread(*row) for row in records.execute(query)]


def contact_ids_of(records: Connection, conversation_ids: Collection[str]) -> dict[str, str]:
    table = conversation_table.c
    rows = records.execute(select(table.id, table.contact_id).where(table.id.in_(conversation_ids)))
    return {str(conversation_id): str(contact_id) for conversation_id, contact_id in rows}


def words_at(records: Connection, conversation_ids: Collection[str], seq: int) -> dict[str, str]:
    table = search_table.c
    rows = records.execute(
        select(table.conversation_id, table.words).where(
            and_(table.conversation_id.in_(conversation_ids), table.seq == seq)
        )
    )
    return {str(conversation_id): str(words) for conversation_id, words in rows}


def add_words(records: Connection, many: Sequence[Words], *, are_older: bool = False) -> None:
    """Those that are not there yet, in this order the newest last; `are_older`: below all that is there."""
    if not many:
        return
    # Two processes may fill at once: numbers are given by one at a time.
    take_turns(records, "conversations_search")
    number = search_table.c.number
    known = {
        (conversation_id, seq)
        for conversation_id, seq in records.execute(
            select(search_table.c.conversation_id, search_table.c.seq).where(
                search_table.c.conversation_id.in_({one.conversation_id for one in many})
            )
        )
    }
    # Two queries in one: for both ends at once SQLite would go through all that is between.
    ends = (select(func.min(number)).scalar_subquery(), select(func.max(number)).scalar_subquery())
    low, high = records.execute(select(*ends)).one()
    step, at = (-1, low or 0) if are_older else (1, high or 0)
    rows = []
    for one in many:
        if (one.conversation_id, one.seq) not in known:
            known.add((one.conversation_id, one.seq))
            at += step
            rows.append({"number": at, **msgspec.structs.asdict(one)})
    if rows:
        # By rising number, or the index of words would be written out after each row.
        records.execute(insert(search_table), rows if step > 0 else rows[::-1])


def put_words(records: Connection, one: Words) -> None:
    """What stands there now is what this says; without words, nothing."""
    drop_words(records, one.conversation_id, [one.seq])
    if one.words:
        add_words(records, [one])


def put_words_of_contact(records: Connection, contact_id: str, words: str) -> None:
    """In all conversations of theirs."""
    theirs = select(conversation_table.c.id).where(conversation_table.c.contact_id == contact_id)
    records.execute(
        update(search_table)
        .where(and_(search_table.c.conversation_id.in_(theirs), search_table.c.seq == OF_CONTACT))
        .values(words=words)
    )


def drop_words(records: Connection, conversation_id: str, seqs: Collection[int] | None = None) -> None:
    """Of these entries, or of the whole conversation."""
    gone = search_table.c.conversation_id == conversation_id
    if seqs is not None:
        gone = and_(gone, search_table.c.seq.in_(seqs))
    records.execute(delete(search_table).where(gone))
