"""Fill the search from the timelines, in the background and in small batches: a message never waits for it.

What is new comes first, then history, its newest first. An entry that was committed late, by another process,
is found by looking over the last moments again.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bothands.conversations.model import EntryKind
from bothands.conversations.search_store import (
    OF_CONTACT,
    Progress,
    Unread,
    Words,
    add_words,
    contact_ids_of,
    drop_words,
    entries_below,
    entries_from,
    index,
    progress_of,
    put_progress,
    put_words_of_contact,
    words_at,
)
from bothands.kit import first_id, folded_words
from bothands.people import Contact, contacts_of
from bothands.storage import Database, Unit

ENTRIES_PER_BATCH = 100
BATCHES_PER_RUN_MAX = 50
# Whoever waits to write goes first: the run ends after a batch.
WRITES_WAITING_MAX = 16
# Longer than a transaction may stand idle or wait for its locks on a server.
LOOK_BACK_SECONDS = 15
LOOK_BACK_ALONE_SECONDS = 1
FOUND_KINDS = frozenset({EntryKind.MESSAGE.value, EntryKind.NOTE.value})
# The ids of messages, and of notes.
PREFIXES = ("msg", "ent")


class Batch(msgspec.Struct, frozen=True):
    entries: list[Words]
    # Contacts whose name or address is new to the search, by conversation; or has changed, by contact.
    new_contacts: list[Words]
    changed_contacts: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.new_contacts or self.changed_contacts)


async def fill_search(db: Database) -> int:
    """Take in what is not in yet; how many batches were read. May be repeated at any point."""
    if not await db.read(index.is_made):
        await db.write(lambda unit: _begin(unit))
    left = BATCHES_PER_RUN_MAX
    for prefix in PREFIXES:
        left = await _go_forward(db, prefix, left)
    for prefix in PREFIXES:
        left = await _go_back(db, prefix, left)
    return BATCHES_PER_RUN_MAX - left


def forget_in_search(unit: Unit, conversation_id: str, seqs: Sequence[int] | None = None) -> None:
    """What was redacted or erased is found no more: these entries, or all of the conversation."""
    drop_words(unit.records, conversation_id, seqs)


def words_of(text: str) -> str:
    return " ".join(found.word for found in folded_words(text))


def words_of_contact(contact: Contact) -> str:
    return words_of(" ".join(part for part in (contact.name, contact.email, contact.phone) if part))


def _begin(unit: Unit) -> None:
    if not index.is_made(unit.records):
        index.make(unit.records)


async def _go_forward(db: Database, prefix: str, left: int) -> int:
    now = db.clock.now()
    seconds = LOOK_BACK_ALONE_SECONDS if db.is_alone else LOOK_BACK_SECONDS
    progress = await db.read(lambda records: _progress(records, prefix, now))
    # From here on, whatever came in between two ids that were read already.
    at = min(progress.newest_id, first_id(prefix, now - timedelta(seconds=seconds)))
    while left > 0:
        found = await db.read(lambda records, at=at: entries_from(records, at, prefix, ENTRIES_PER_BATCH))  # type: ignore[misc]
        left -= 1
        if found:
            at = found[-1].id
            newest = max(progress.newest_id, at)
            await _take_in(db, found, msgspec.structs.replace(progress, newest_id=newest), progress)
            progress = msgspec.structs.replace(progress, newest_id=newest)
        if len(found) < ENTRIES_PER_BATCH:
            return left
        if db.writes_waiting > WRITES_WAITING_MAX:
            return 0
    return left


async def _go_back(db: Database, prefix: str, left: int) -> int:
    progress = await db.read(lambda records: _progress(records, prefix, db.clock.now()))
    while left > 0 and progress.oldest_id:
        began, at = db.clock.monotonic(), progress.oldest_id
        found = await db.read(lambda records, at=at: entries_below(records, at, prefix, ENTRIES_PER_BATCH))  # type: ignore[misc]
        left -= 1
        oldest = found[-1].id if len(found) == ENTRIES_PER_BATCH else ""
        further = msgspec.structs.replace(progress, oldest_id=oldest)
        await _take_in(db, found, further, progress, are_older=True)
        progress = further
        if db.writes_waiting > WRITES_WAITING_MAX:
            return 0
        # History can wait: half of the time is left to whoever writes now.
        await asyncio.sleep(db.clock.monotonic() - began)
    return left


def _progress(records: Connection, prefix: str, now: datetime) -> Progress:
    """Begun at this moment: what comes is ahead, what was is behind."""
    begun = first_id(prefix, now)
    return progress_of(records, prefix) or Progress(prefix, begun, begun)


async def _take_in(
    db: Database, found: list[Unread], further: Progress, progress: Progress, *, are_older: bool = False
) -> None:
    batch = await db.read(lambda records: _batch(records, found, db.clock.now()))
    if batch.is_empty and further == progress:
        return

    def keep(unit: Unit) -> None:
        add_words(unit.records, [*batch.entries, *batch.new_contacts], are_older=are_older)
        for contact_id, words in batch.changed_contacts.items():
            put_words_of_contact(unit.records, contact_id, words)
        put_progress(unit.records, further)

    await db.write(keep)


def _batch(records: Connection, found: list[Unread], now: datetime) -> Batch:
    """The words of a batch are made here, off the writer's thread."""
    new = [one for one in found if not one.is_in and one.kind in FOUND_KINDS]
    entries = [
        Words(one.conversation_id, one.seq, one.at, words) for one in new if (words := words_of(one.body))
    ]
    contact_ids = contact_ids_of(records, {one.conversation_id for one in new}) if new else {}
    contacts = contacts_of(records, list(set(contact_ids.values()))) if new else {}
    known = words_at(records, contact_ids, OF_CONTACT) if new else {}
    new_contacts, changed = [], {}
    for conversation_id, contact_id in contact_ids.items():
        words = words_of_contact(contacts[contact_id])
        if conversation_id not in known:
            new_contacts.append(Words(conversation_id, OF_CONTACT, now, words))
        elif known[conversation_id] != words:
            changed[contact_id] = words
    return Batch(entries, new_contacts, changed)
