"""Answer somebody who asks for their data, from the command line: export it, or erase it."""

from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bothands.app.archiving import made_whole
from bothands.app.settings import Settings
from bothands.app.store import company_of, look
from bothands.app.wiring import open_store
from bothands.channels import ImageStore
from bothands.kit import Invalid, NotFound
from bothands.people import Contact, contact_of, contacts_of_email
from bothands.privacy import Places, ask_for_erasure, erase_contact, request_of, write_export

BY = "the command line"


class Answered(msgspec.Struct, frozen=True):
    """What was done for whom."""

    contact_id: str
    bytes: int | None = None
    erased_at: datetime | None = None


def export(settings: Settings, who: str, file: Path, now: datetime, *, with_notes: bool) -> Answered:
    """Everything held on a contact in one new file, while the server goes on; nothing is changed."""

    def write(records: Connection) -> str:
        contact, company = find(records, who), company_of(records)
        with made_whole(file) as target:
            write_export(
                records,
                target,
                _places(settings),
                contact_id=contact.id,
                made_at=now,
                company=company.name if company else "the company",
                with_notes=with_notes,
            )
        return contact.id

    return Answered(look(settings.where, write), bytes=file.stat().st_size)


async def erase(settings: Settings, who: str, confirm: str) -> Answered:
    """Erase all that tells of a contact; a SQLite file's server must be stopped for it."""
    db = open_store(settings)
    try:
        contact = await db.read(lambda records: find(records, who))
        asked = await db.write(
            lambda unit: ask_for_erasure(unit, contact.id, confirm=confirm, by_id=None, by_name=BY)
        )
        await erase_contact(db, _places(settings), asked.id)
        done = await db.read(lambda records: request_of(records, asked.id))
    finally:
        db.close()
    return Answered(contact.id, erased_at=done.done_at)


def find(records: Connection, who: str) -> Contact:
    """By id or by e-mail address; raises Invalid where an address is that of several."""
    if "@" not in who:
        return contact_of(records, who)
    found = contacts_of_email(records, who)
    if not found:
        raise NotFound(f"contact {who}", "nobody told us this address", "check it, or use the id")
    if len(found) > 1:
        ids = ", ".join(contact.id for contact in found)
        raise Invalid(f"contact {who}", f"several have this address: {ids}", "name one by its id")
    return found[0]


def _places(settings: Settings) -> Places:
    return Places(ImageStore(settings.data / "images"), settings.exports)
