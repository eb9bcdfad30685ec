"""Erase a contact, or a conversation whose time is over: rows, files, and the bytes they leave in a file.

Each step may be repeated, and none is lost to a kill in the middle: rows go in batches, each in a transaction
of its own; file contents are remembered in the request before the rows that name them go.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from bothands.channels import content_is_kept, files_of_contact
from bothands.conversations import SYSTEM, close, earlier_conversations
from bothands.handoff import settle_closing
from bothands.jobs import announce
from bothands.kit import Unavailable
from bothands.people import mark_erased
from bothands.privacy.events import ContactErased
from bothands.privacy.model import CONTACTS, Places
from bothands.privacy.requesting import request_of
from bothands.privacy.store import change_request, exports_of
from bothands.storage import (
    Data,
    Database,
    DeclaredTable,
    Subject,
    Unit,
    erase_some,
    kept_by,
    subject_of,
    tables_about,
    untold,
)

# Whatever was under way when the erasure began comes to its end within one or two passes.
PASSES_MAX = 10
CONVERSATIONS_MAX = 10_000


async def erase_contact(db: Database, places: Places, request_id: str) -> None:
    """Do an erasure that was asked for: when this returns, nothing that we keep tells of the contact."""
    request = await db.read(lambda records: request_of(records, request_id))
    if request.done_at is not None:
        return
    contact_id = request.contact_id
    await db.write(lambda unit: _begin(unit, contact_id, request_id))
    await erase_rows(db, CONTACTS, contact_id)
    await _erase_files(db, places, request_id)
    await db.compact()
    await db.write(
        lambda unit: change_request(unit.records, request_id, {"done_at": unit.now, "contents": ()})
    )


async def erase_rows(db: Database, table_name: str, row_id: str) -> None:
    """Erase all rows that tell of this one; raises Unavailable if more keep coming."""
    for _ in range(PASSES_MAX):
        # Anew each time: what it is named by may have grown meanwhile.
        subject = await db.read(lambda records: subject_of(records, table_name, row_id))
        left = await db.read(_reader(subject))
        if not left:
            return
        for table in tables_about(table_name):
            if table.name in left:
                while await db.write(_eraser(table, subject)):
                    pass
    raise Unavailable("erasure", f"rows keep coming in {', '.join(left)}", "it is tried again in a moment")


def _reader(subject: Subject) -> Callable[[Connection], dict[str, int]]:
    return lambda records: untold(records, subject)


def _eraser(table: DeclaredTable, subject: Subject) -> Callable[[Unit], int]:
    return lambda unit: erase_some(unit.records, table, subject)


def _begin(unit: Unit, contact_id: str, request_id: str) -> None:
    """From this commit on the contact is nobody: no key opens anything, nothing is taken from them."""
    for conversation in earlier_conversations(unit.records, contact_id, CONVERSATIONS_MAX):
        if conversation.is_open:
            close(unit, conversation.id, by=SYSTEM, reason="erased")
            settle_closing(unit, conversation.id)
    mark_erased(unit, contact_id)
    subject = subject_of(unit.records, CONTACTS, contact_id)
    for table in tables_about(CONTACTS):
        # Who they are and what opens doors goes first.
        if table is subject.table or kept_by(table).data is Data.SECRET:
            while erase_some(unit.records, table, subject):
                pass
    remembered = {*request_of(unit.records, request_id).contents}
    remembered |= {file.sha256 for file in files_of_contact(unit.records, contact_id)}
    change_request(unit.records, request_id, {"contents": sorted(remembered)})
    announce(unit, ContactErased(contact_id))


async def _erase_files(db: Database, places: Places, request_id: str) -> None:
    """The contents that nobody else's file has, and exports that were not fetched."""
    request = await db.read(lambda records: request_of(records, request_id))
    for sha256 in request.contents:
        if not await db.read(partial(content_is_kept, sha256=sha256)):
            await asyncio.to_thread(places.images.drop, sha256)
    for export_id in await db.read(lambda records: exports_of(records, request.contact_id)):
        await asyncio.to_thread(places.export_of(export_id).unlink, missing_ok=True)
