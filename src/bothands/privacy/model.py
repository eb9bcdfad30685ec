"""Requests for a contact's data, and where files lie."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

import msgspec

from bothands.channels import ImageStore

CONTACTS = "people_contact"
CONVERSATIONS = "conversations_conversation"


class RequestKind(Enum):
    EXPORT = "export"
    ERASURE = "erasure"


class DataRequest(msgspec.Struct, frozen=True):
    """Somebody asked to have a contact's data exported or erased. It stays, as proof that it was done."""

    id: str
    contact_id: str
    kind: RequestKind
    with_notes: bool
    asked_at: datetime
    by_id: str | None
    by_name: str
    # While an erasure goes on: the contents of files that may have to go when nobody refers to them.
    contents: tuple[str, ...] = ()
    done_at: datetime | None = None
    # Of an export: until when its file may be fetched, how large it is, when it was.
    expires_at: datetime | None = None
    size_bytes: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Where, beside the database, something of contacts lies."""

    images: ImageStore
    exports: Path

    def export_of(self, request_id: str) -> Path:
        return self.exports / f"{request_id}.zip"
