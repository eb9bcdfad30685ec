"""Everything that is held on a contact, as one zip: data.json, the files they sent or got, a few words."""

import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import msgspec
from sqlalchemy import Connection

from bothands.channels import files_of_contact
from bothands.privacy.model import CONTACTS, Places
from bothands.privacy.requesting import request_of
from bothands.privacy.store import change_request
from bothands.storage import Database, Kept, Subject, kept_by, rows_about, subject_of, tables_about

EXPORT_HOURS = 24

README = """What {company} holds on one person, as of {made_at:%Y-%m-%d %H:%M} UTC.

data.json   every row that tells of this person, table by table: what the table is for, and how long
            its rows are kept. Moments are UTC.
files/      the files that were sent, by their ids in data.json.
{notes}
"""
NOTES_ARE_IN = "Notes that people at the desk wrote for each other are included."
NOTES_ARE_OUT = "Notes that people at the desk wrote for each other are not included."


async def make_export(db: Database, places: Places, request_id: str, company: str) -> None:
    """Do an export that was asked for: its file is there when this returns. May be repeated."""
    request = await db.read(lambda records: request_of(records, request_id))
    if request.done_at is not None:
        return
    path = places.export_of(request_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_at = db.clock.now()

    def write(records: Connection) -> None:
        with _made_whole(path) as file:
            write_export(
                records,
                file,
                places,
                contact_id=request.contact_id,
                made_at=made_at,
                company=company,
                with_notes=request.with_notes,
            )

    await db.read(write)
    size = path.stat().st_size
    until = made_at + timedelta(hours=EXPORT_HOURS)
    await db.write(
        lambda unit: change_request(
            unit.records, request_id, {"done_at": unit.now, "expires_at": until, "size_bytes": size}
        )
    )


def write_export(
    records: Connection,
    target: IO[bytes],
    places: Places,
    *,
    contact_id: str,
    made_at: datetime,
    company: str,
    with_notes: bool,
) -> None:
    """One snapshot of all that the declared tables hold on the contact, and the files."""
    subject = subject_of(records, CONTACTS, contact_id)
    words = README.format(
        company=company, made_at=made_at, notes=NOTES_ARE_IN if with_notes else NOTES_ARE_OUT
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", words)
        with archive.open("data.json", "w", force_zip64=True) as data:
            head = {"contact_id": contact_id, "made_at": made_at, "with_notes": with_notes}
            data.write(msgspec.json.encode(head)[:-1] + b',"tables":[')
            for number, piece in enumerate(_tables(records, subject, with_notes)):
                data.write((b",\n" if number else b"\n") + piece)
            data.write(b"\n]}\n")
        for file in files_of_contact(records, contact_id):
            # A file whose content is gone is still named in data.json.
            with suppress(FileNotFoundError):
                archive.write(places.images.path_of(file.sha256), f"files/{file.id}-{file.name}")


def _tables(records: Connection, subject: Subject, with_notes: bool) -> Iterator[bytes]:
    for table in reversed(tables_about(CONTACTS)):
        kept = kept_by(table)
        rows = [
            row for row in rows_about(records, table, subject) if with_notes or not _is_on_request(row, kept)
        ]
        if rows:
            yield msgspec.json.encode(
                {"table": str(table.name), "holds": kept.purpose, "data": kept.data.value, "rows": rows}
            )


def _is_on_request(row: Mapping[str, Any], kept: Kept) -> bool:
    return bool(kept.on_request) and all(row[name] == value for name, value in kept.on_request.items())


@contextmanager
def _made_whole(path: Path) -> Iterator[IO[bytes]]:
    """All of it under its name, or nothing: a crash leaves at most a stray part, which expires."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        yield part
        part.flush()
        os.fsync(part.fileno())
    os.replace(part.name, path)
