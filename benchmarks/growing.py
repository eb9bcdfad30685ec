"""Conversations in bulk, written through the product's own store functions: a desk after years of work."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import insert

from bothands.conversations import AuthorKind, Conversation, Entry, EntryKind, HolderKind, Inbox
from bothands.conversations.filling import PREFIXES, words_of, words_of_contact
from bothands.conversations.search_store import OF_CONTACT, Progress, Words, add_words, index, put_progress
from bothands.conversations.store import insert_conversations, insert_entries
from bothands.kit import first_id
from bothands.people import Contact
from bothands.people.store import contact_table
from bothands.storage import Database, Unit

BATCH = 2_000
OPEN_SHARE = 0.02
MINUTES_BETWEEN = 3
SAID = (
    "Hello, where is my order? It should have been here on Tuesday.",
    "It is on its way and should arrive by Friday.",
    "That is late. Can I still change the address?",
    "Yes, until it leaves the depot. Which address shall it be?",
    "The same street, number 14. Thank you.",
    "Done. Is there anything else?",
)
SAID_WORDS = tuple(words_of(text) for text in SAID)


def grow(db: Database, inbox: Inbox, count: int, seed: int) -> None:
    """`count` more conversations, each with a contact of its own; the newest few are open."""
    source = random.Random(seed)
    db.write_now(_begin_search)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        db.write_now(lambda unit, size=size, left=count - start: _grow(unit, inbox, size, left, source))  # type: ignore[misc]


def _begin_search(unit: Unit) -> None:
    """What we write, we write into the search too: nothing is left for the server to fill in meanwhile."""
    if not index.is_made(unit.records):
        index.make(unit.records)
    for prefix in PREFIXES:
        put_progress(unit.records, Progress(prefix, first_id(prefix, unit.now), ""))


def _grow(unit: Unit, inbox: Inbox, size: int, left: int, source: random.Random) -> None:
    contacts: list[Contact] = []
    conversations: list[dict[str, Any]] = []
    entries: list[Entry] = []
    words: list[Words] = []
    for number in range(size):
        at = unit.now - timedelta(minutes=MINUTES_BETWEEN * (left - number))
        contact = Contact(unit.ids.new("contact"), f"Guest {left - number}", None, None, "en", False, at, {})
        conversation = _conversation(unit, inbox, contact, at, source)
        contacts.append(contact)
        conversations.append(msgspec.structs.asdict(conversation))
        entries.extend(_entries(unit, inbox, conversation))
        said = ((OF_CONTACT, words_of_contact(contact)), *enumerate(SAID_WORDS, start=1))
        words.extend(Words(conversation.id, seq, at, text) for seq, text in said)
    unit.records.execute(insert(contact_table), [msgspec.structs.asdict(contact) for contact in contacts])
    insert_conversations(unit.records, conversations)
    insert_entries(unit.records, entries)
    add_words(unit.records, words)


def _conversation(
    unit: Unit, inbox: Inbox, contact: Contact, at: datetime, source: random.Random
) -> Conversation:
    is_open = source.random() < OPEN_SHARE
    ended = at + timedelta(minutes=len(SAID))
    return Conversation(
        id=unit.ids.new("conv"),
        inbox_id=inbox.id,
        contact_id=contact.id,
        holder_kind=HolderKind.ASSISTANT,
        holder_id=None,
        holder_name="",
        version=len(SAID),
        seq=len(SAID),
        matter_seq=0,
        opened_at=at,
        updated_at=ended,
        closed_at=None if is_open else ended,
        waiting_since=None,
        subject=SAID[0],
        topic=None,
        reason_code=None,
        reason_words=None,
        mood="neutral",
        mood_trend=[0.6],
        needs_reply=False,
        preview=SAID[-1],
    )


def _entries(unit: Unit, inbox: Inbox, conversation: Conversation) -> Iterator[Entry]:
    for seq, text in enumerate(SAID, start=1):
        is_ours = seq % 2 == 0
        yield Entry(
            conversation.id,
            seq,
            unit.ids.new("msg"),
            EntryKind.MESSAGE,
            AuthorKind.ASSISTANT if is_ours else AuthorKind.CONTACT,
            "assistant" if is_ours else conversation.contact_id,
            inbox.assistant_name if is_ours else None,
            inbox.disclosure if is_ours else None,
            text,
            {"sources": []} if is_ours else {},
            conversation.opened_at + timedelta(minutes=seq),
            f"grown-{seq}",
        )
