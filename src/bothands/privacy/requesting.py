"""Ask for a contact's data to be exported or erased; fetch an export, once."""

import unicodedata

from sqlalchemy import Connection

from bothands.jobs import enqueue
from bothands.kit import Conflict, Invalid, NotFound, squeeze
from bothands.people import contact_of
from bothands.privacy.model import DataRequest, RequestKind
from bothands.privacy.store import insert_request, open_request, request_by_id, take_once
from bothands.storage import Unit


class NotConfirmed(Invalid):
    """Nothing was erased."""

    code = "not-confirmed"
    title = "The contact was not named"


class ExportGone(Conflict):
    code = "export-gone"
    title = "This export cannot be fetched"


def ask_for_export(
    unit: Unit, contact_id: str, *, by_id: str | None, by_name: str, with_notes: bool = False
) -> DataRequest:
    """Have everything that is held on a contact put into one file; a job makes it."""
    contact_of(unit.records, contact_id)
    return _ask(unit, contact_id, RequestKind.EXPORT, by=(by_id, by_name), with_notes=with_notes)


def ask_for_erasure(
    unit: Unit, contact_id: str, *, confirm: str, by_id: str | None, by_name: str
) -> DataRequest:
    """Have everything that tells of a contact erased, for good; `confirm` is their name or their id.

    Asked twice while it goes on, it is one erasure; asked afterwards, it erases what came since.
    """
    contact = contact_of(unit.records, contact_id)
    if _plain(confirm) not in {_plain(contact_id), _plain(contact.name or contact_id)}:
        raise NotConfirmed(
            f"erasure of contact {contact_id}",
            "what was written is neither their name nor their id",
            "write it just as it is shown; nothing was erased",
        )
    if going_on := open_request(unit.records, contact_id, RequestKind.ERASURE):
        return going_on
    return _ask(unit, contact_id, RequestKind.ERASURE, by=(by_id, by_name))


def request_of(records: Connection, request_id: str) -> DataRequest:
    request = request_by_id(records, request_id)
    if request is None:
        raise NotFound(f"request {request_id}", "there is none", "check the id")
    return request


def claim_file(unit: Unit, request_id: str) -> DataRequest:
    """The export whose file the caller may fetch now; nobody else, and not again."""
    request = request_of(unit.records, request_id)
    if request.kind is not RequestKind.EXPORT:
        raise NotFound(f"export {request_id}", "there is none", "check the id")
    if request.done_at is None:
        raise ExportGone(f"export {request_id}", "it is still being made", "come back in a moment")
    if not take_once(unit.records, request_id, unit.now):
        raise ExportGone(
            f"export {request_id}", "it was fetched already, or its time is over", "ask for a new one"
        )
    return request


def _ask(
    unit: Unit,
    contact_id: str,
    kind: RequestKind,
    *,
    by: tuple[str | None, str],
    with_notes: bool = False,
) -> DataRequest:
    by_id, by_name = by
    request = DataRequest(
        id=unit.ids.new("req"),
        contact_id=contact_id,
        kind=kind,
        with_notes=with_notes,
        asked_at=unit.now,
        by_id=by_id,
        by_name=by_name,
    )
    insert_request(unit.records, request)
    # By the request's id alone: what names the contact is erased with them.
    job = "export_contact" if kind is RequestKind.EXPORT else "erase_contact"
    enqueue(unit, job, {"request_id": request.id})
    return request


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", squeeze(name)).casefold()
