"""The tables of inboxes, conversations and their entries, and all their SQL."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from bothands.conversations.model import AuthorKind, Conversation, Entry, EntryKind, HolderKind, Inbox
from bothands.storage import (
    Data,
    Days,
    Emptied,
    Json,
    Moment,
    Until,
    as_struct,
    given,
    insert_together,
    keeps,
    metadata,
    packed,
    steady,
    types_of,
)

inbox_table = Table(
    "conversations_inbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("channel", String(30), nullable=False),
    Column("origins", Json, nullable=False),
    Column("assistant_name", String(120), nullable=False),
    Column("disclosure", String(300), nullable=False),
    Column("tone", String(30), nullable=False),
    info=keeps(Data.OPERATIONAL, "Where contacts write to", Until("the company ends")),
)

conversation_table = Table(
    "conversations_conversation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("inbox_id", String(40), ForeignKey("conversations_inbox.id"), nullable=False),
    Column("contact_id", String(40), ForeignKey("people_contact.id"), nullable=False),
    Column("holder_kind", String(20), nullable=False),
    Column("holder_id", String(40)),
    Column("holder_name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("matter_seq", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("waiting_since", Moment),
    Column("subject", Text, nullable=False),
    Column("topic", String(80)),
    Column("reason_code", String(60)),
    Column("reason_words", Text),
    Column("mood", String(30), nullable=False),
    Column("mood_trend", Json, nullable=False),
    Column("needs_reply", Boolean, nullable=False),
    Column("preview", Text, nullable=False),
    CheckConstraint("holder_kind IN ('assistant','queue','agent')", name="holder"),
    CheckConstraint("(holder_kind = 'agent') = (holder_id IS NOT NULL)", name="one_holder"),
    Index("ix_conversations_conversation_contact_id", "contact_id", "opened_at"),
    Index("ix_conversations_conversation_holder_id", "holder_id", "closed_at"),
    info=keeps(
        Data.SENSITIVE,
        "Who has a conversation, what it is about, how it feels",
        Days("keep_conversations_days", since="closed_at"),
        leads="contact_id",
        emptied=Emptied(
            {"subject": "", "reason_words": None, "mood": "neutral", "mood_trend": [], "preview": ""},
            stays=("holder_kind", "holder_id", "holder_name", "topic", "reason_code"),
        ),
    ),
)
# Each desk view is read from its index newest first, however many conversations are closed.
_OPEN, _CLOSED = text("closed_at IS NULL"), text("closed_at IS NOT NULL")
for _name, _columns, _where in (
    ("open", ("updated_at", "id"), _OPEN),
    ("held", ("holder_kind", "updated_at", "id"), _OPEN),
    ("closed", ("updated_at", "id"), _CLOSED),
    # Whose time is over, not a view.
    ("closed_at", ("closed_at",), _CLOSED),
):
    Index(
        f"ix_conversations_conversation_{_name}",
        *(conversation_table.c[column] for column in _columns),
        sqlite_where=_where,
        postgresql_where=_where,
    )

entry_table = Table(
    "conversations_entry",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations_conversation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("author_kind", String(20), nullable=False),
    Column("author_id", String(40)),
    Column("author_name", String(200)),
    Column("disclosure", String(300)),
    Column("body", Text, nullable=False),
    Column("ref", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("client_id", String(80)),
    UniqueConstraint("conversation_id", "client_id"),
    # What is said to a contact names its author and discloses what that author is: no code path around it.
    CheckConstraint(
        "kind <> 'message' OR author_kind = 'contact' OR "
        "(author_kind IN ('assistant','agent') AND author_id IS NOT NULL"
        " AND length(trim(coalesce(author_name, ''))) > 0 AND length(trim(coalesce(disclosure, ''))) > 0)",
        name="authored",
    ),
    CheckConstraint("author_kind IN ('contact','assistant','agent','system')", name="author_kind"),
    info=keeps(
        Data.SENSITIVE,
        "The timeline: what was said, noted, read and decided",
        Until("its conversation is erased; which risk to health or hardship was heard, until it is closed"),
        leads="conversation_id",
        on_request={"kind": EntryKind.NOTE.value},
    ),
)

Pair = tuple[str, str]


# Built once: on the path of a turn, making these anew cost more than running them.
_BY_ID = select(conversation_table).where(conversation_table.c.id == bindparam("b_id"))
_CHANGE = update(conversation_table).where(conversation_table.c.id == bindparam("b_id"))
_ENTRY_BY_ID = select(entry_table).where(entry_table.c.id == bindparam("b_id"))
_INBOX_BY_ID = select(inbox_table).where(inbox_table.c.id == bindparam("b_id"))
_SINCE = (
    select(entry_table)
    .where(
        and_(
            entry_table.c.conversation_id == bindparam("b_id"),
            entry_table.c.seq > bindparam("b_seq", type_=Integer),
        )
    )
    .order_by(entry_table.c.seq)
    .limit(bindparam("b_limit", type_=Integer))
)


def insert_inbox(records: Connection, inbox: Inbox) -> None:
    records.execute(insert(inbox_table).values(**_plain(inbox)))


def update_inbox(records: Connection, inbox: Inbox) -> None:
    records.execute(update(inbox_table).where(inbox_table.c.id == inbox.id).values(**_plain(inbox)))


def inbox_by_slug(records: Connection, slug: str) -> Inbox | None:
    row = records.execute(select(inbox_table).where(inbox_table.c.slug == slug)).first()
    return as_struct(Inbox, row) if row else None


def inbox_by_id(records: Connection, inbox_id: str) -> Inbox | None:
    row = records.execute(_INBOX_BY_ID, {"b_id": inbox_id}).first()
    return as_struct(Inbox, row) if row else None


def all_inboxes(records: Connection) -> list[Inbox]:
    return [
        as_struct(Inbox, row) for row in records.execute(select(inbox_table).order_by(inbox_table.c.slug))
    ]


def insert_conversations(records: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert_together(records, conversation_table, rows)


def conversation_by_id(records: Connection, conversation_id: str) -> Conversation | None:
    """In a write this row is the lock of all that hangs on the conversation: read it before the rest."""
    row = records.execute(steady(records, _BY_ID), {"b_id": conversation_id}).first()
    return conversation_in(row) if row else None


_OWNERS = types_of(conversation_table, "inbox_id", "contact_id")


@cache
def _latest(dialect: str) -> Select[Any]:
    owners, table = given(dialect, _OWNERS), conversation_table
    newest = (
        select(func.max(table.c.id).label("id"))
        .join(owners, and_(table.c.contact_id == owners.c.contact_id, table.c.inbox_id == owners.c.inbox_id))
        .group_by(table.c.inbox_id, table.c.contact_id)
        .subquery()
    )
    return select(table).join(newest, newest.c.id == table.c.id).order_by(table.c.id)


def latest_conversations(records: Connection, keys: Collection[Pair]) -> dict[Pair, Conversation]:
    """The newest conversation of each (inbox_id, contact_id); one query for a whole batch.

    In a write they are held, in the order of their ids: two batches cannot wait for each other.
    """
    query = steady(records, _latest(records.dialect.name), of=conversation_table)
    owners = [dict(zip(_OWNERS, key, strict=True)) for key in keys]
    found = [conversation_in(row) for row in records.execute(query, packed(_OWNERS, owners))]
    return {(one.inbox_id, one.contact_id): one for one in found}


def conversations_of_contact(records: Connection, contact_id: str, limit: int) -> list[Conversation]:
    rows = records.execute(
        select(conversation_table)
        .where(conversation_table.c.contact_id == contact_id)
        .order_by(conversation_table.c.opened_at.desc(), conversation_table.c.id.desc())
        .limit(limit)
    )
    return [conversation_in(row) for row in rows]


def update_conversation(records: Connection, conversation_id: str, values: Mapping[str, Any]) -> None:
    records.execute(_CHANGE, {"b_id": conversation_id, **values})


_MOVED = types_of(
    conversation_table, "id", "seq", "version", "updated_at", "waiting_since", "preview", "needs_reply"
)


@cache
def _moving(dialect: str) -> Update:
    moved = given(dialect, _MOVED)
    values = {name: moved.c[name] for name in _MOVED if name != "id"}
    return update(conversation_table).where(conversation_table.c.id == moved.c.id).values(values)


def update_many(records: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Set-based: each row carries `id` and the columns that a received message moves."""
    if rows:
        records.execute(_moving(records.dialect.name), packed(_MOVED, rows))


def move_if(records: Connection, conversation_id: str, version: int, values: Mapping[str, Any]) -> bool:
    """Optimistic concurrency: change only what still has the version that was read."""
    done = records.execute(
        update(conversation_table)
        .where(and_(conversation_table.c.id == conversation_id, conversation_table.c.version == version))
        .values(**values)
    )
    return done.rowcount == 1


def insert_entries(records: Connection, entries: Sequence[Entry]) -> None:
    insert_together(records, entry_table, [_plain(entry) for entry in entries])


_PAIRS = types_of(entry_table, "conversation_id", "client_id")


@cache
def _by_pairs(dialect: str) -> Select[Any]:
    pairs, table = given(dialect, _PAIRS), entry_table
    is_one = and_(table.c.conversation_id == pairs.c.conversation_id, table.c.client_id == pairs.c.client_id)
    return select(table).join(pairs, is_one)


def entries_by_client_id(records: Connection, keys: Sequence[Pair]) -> dict[Pair, Entry]:
    """Entries already stored under (conversation_id, client_id)."""
    pairs = [dict(zip(_PAIRS, key, strict=True)) for key in keys]
    found = [_entry(row) for row in records.execute(_by_pairs(records.dialect.name), packed(_PAIRS, pairs))]
    return {(e.conversation_id, e.client_id or ""): e for e in found}


def entries_since(records: Connection, conversation_id: str, seq: int, limit: int = 500) -> list[Entry]:
    """Entries after `seq`, oldest first."""
    rows = records.execute(_SINCE, {"b_id": conversation_id, "b_seq": seq, "b_limit": limit})
    return [_entry(row) for row in rows]


def entry_by_id(records: Connection, entry_id: str) -> Entry | None:
    row = records.execute(_ENTRY_BY_ID, {"b_id": entry_id}).first()
    return _entry(row) if row else None


def last_entry_of(records: Connection, conversation_id: str, kind: EntryKind) -> Entry | None:
    row = records.execute(
        select(entry_table)
        .where(and_(entry_table.c.conversation_id == conversation_id, entry_table.c.kind == kind.value))
        .order_by(entry_table.c.seq.desc())
        .limit(1)
    ).first()
    return _entry(row) if row else None


def entries_of_kinds(records: Connection, conversation_id: str, kinds: Sequence[EntryKind]) -> list[Entry]:
    """All of these kinds, oldest first."""
    table = entry_table
    rows = records.execute(
        select(table)
        .where(and_(table.c.conversation_id == conversation_id, table.c.kind.in_([k.value for k in kinds])))
        .order_by(table.c.seq)
    )
    return [_entry(row) for row in rows]


def put_entry_words(records: Connection, entry: Entry, body: str, ref: dict[str, Any]) -> None:
    records.execute(update(entry_table).where(entry_table.c.id == entry.id).values(body=body, ref=ref))


def newest_by_others(records: Connection, conversation_id: str, since: int, own_id: str) -> Entry | None:
    """The newest that a contact or another agent did here after `since`."""
    table = entry_table
    row = records.execute(
        select(table)
        .where(
            and_(
                table.c.conversation_id == conversation_id,
                table.c.seq > since,
                table.c.author_kind.in_((AuthorKind.CONTACT.value, AuthorKind.AGENT.value)),
                or_(table.c.author_id.is_(None), table.c.author_id != own_id),
            )
        )
        .order_by(table.c.seq.desc())
        .limit(1)
    ).first()
    return _entry(row) if row else None


def _plain(value: Inbox | Entry) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def conversation_in(row: Any) -> Conversation:
    values = dict(row._mapping)
    values["holder_kind"] = HolderKind(values["holder_kind"])
    return Conversation(**values)


def _entry(row: Any) -> Entry:
    values = dict(row._mapping)
    values["kind"] = EntryKind(values["kind"])
    values["author_kind"] = AuthorKind(values["author_kind"])
    return Entry(**values)
