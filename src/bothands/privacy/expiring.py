"""Delete by the clock what was to be kept for a time only: some rows at a time, so that nobody waits."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from bothands.channels import contents_kept, drop_files
from bothands.conversations import conversation_of, earlier_conversations, entries_since
from bothands.privacy.erasing import erase_rows
from bothands.privacy.model import CONTACTS, CONVERSATIONS, Places
from bothands.privacy.store import to_be_fetched
from bothands.storage import (
    Database,
    Days,
    DeclaredTable,
    Unit,
    expire_rows,
    overdue_rows,
    tables_that_expire,
)

# A picture is stored before its row is: younger ones may be waiting for theirs.
STRAY_HOURS = 24
FILES_AT_ONCE_MAX = 500
# A younger one may still be being made.
EXPORT_SECONDS_MIN = 3_600
ENTRIES_MAX = 100_000
CONVERSATIONS_MAX = 10_000

Key = tuple[str, ...]


async def expire(db: Database, places: Places, days: Mapping[str, int]) -> int:
    """Do all that is due; how many rows are gone or emptied. `days` are the settings that tables name."""
    gone = 0
    for table, lasts in tables_that_expire():
        count = lasts.count if isinstance(lasts.count, int) else days[lasts.count]
        if count == 0:
            continue
        before = db.clock.now() - timedelta(days=count)
        if table.name == CONVERSATIONS:
            gone += await _expire_conversations(db, table, lasts, before)
        else:
            gone += await _expire_table(db, table, lasts, before)
    await _drop_stray_contents(db, places)
    await _drop_old_exports(db, places)
    return gone


async def _expire_table(db: Database, table: DeclaredTable, lasts: Days, before: datetime) -> int:
    gone = 0
    while keys := await db.read(lambda records: overdue_rows(records, table, lasts.since, before)):
        gone += (done := await db.write(_expirer(table, lasts.since, before, keys)))
        if not done:  # somebody was faster, or their time is no longer over
            break
    return gone


def _expirer(table: DeclaredTable, since: str, before: datetime, keys: list[Key]) -> Callable[[Unit], int]:
    return lambda unit: expire_rows(unit.records, table, since, before, keys)


async def _expire_conversations(db: Database, table: DeclaredTable, lasts: Days, before: datetime) -> int:
    """With all that hangs on them; a contact who has no younger one goes too."""
    gone = 0
    while keys := await db.read(lambda records: overdue_rows(records, table, lasts.since, before)):
        for (conversation_id,) in keys:
            await _expire_conversation(db, str(conversation_id), before)
        gone += len(keys)
    return gone


async def _expire_conversation(db: Database, conversation_id: str, before: datetime) -> None:
    contact_id, is_last = await db.read(lambda records: _whose(records, conversation_id, before))
    if is_last:
        await erase_rows(db, CONTACTS, contact_id)
        return
    file_ids = await db.read(lambda records: _files_in(records, conversation_id))
    await db.write(lambda unit: drop_files(unit.records, file_ids))
    await erase_rows(db, CONVERSATIONS, conversation_id)


def _whose(records: Connection, conversation_id: str, before: datetime) -> tuple[str, bool]:
    contact_id = conversation_of(records, conversation_id).contact_id
    others = earlier_conversations(records, contact_id, CONVERSATIONS_MAX)
    return contact_id, all(one.closed_at is not None and one.closed_at < before for one in others)


def _files_in(records: Connection, conversation_id: str) -> list[str]:
    entries = entries_since(records, conversation_id, 0, ENTRIES_MAX)
    return [file["id"] for entry in entries for file in entry.ref.get("attachments", ())]


async def _drop_stray_contents(db: Database, places: Places) -> None:
    """Contents that no file has: of expired conversations, and of whatever was broken off."""
    old = db.clock.now().timestamp() - STRAY_HOURS * 3_600
    stored = iter(places.images.contents())
    while some := await asyncio.to_thread(_next_older, stored, old):
        kept = await db.read(lambda records: contents_kept(records, list(some)))
        for name in some.keys() - kept:
            await asyncio.to_thread(some[name].unlink, missing_ok=True)


def _next_older(stored: Iterable[tuple[str, Path]], old: float) -> dict[str, Path]:
    """The next some contents that are old enough; empty at the end."""
    return dict(islice((item for item in stored if item[1].stat().st_mtime < old), FILES_AT_ONCE_MAX))


async def _drop_old_exports(db: Database, places: Places) -> None:
    """Files that were fetched, whose time is over, or that were broken off."""
    now = db.clock.now()
    old = now.timestamp() - EXPORT_SECONDS_MIN
    found = await asyncio.to_thread(
        lambda: {path.stem: path for path in places.exports.glob("*") if path.stat().st_mtime < old}
    )
    kept = await db.read(lambda records: to_be_fetched(records, list(found), now))
    for name in found.keys() - kept:
        await asyncio.to_thread(found[name].unlink, missing_ok=True)
