"""A contact's data: exported to be fetched once, or erased. For admins."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath, JSONBody
from litestar.response import File
from msgspec import Meta

from bothands.privacy import DataRequest, Places, ask_for_erasure, ask_for_export, claim_file, request_of
from bothands.storage import Unit
from bothands.web.asking import Signed, TheDesk
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Input

CONFIRM_CHARS_MAX = 200


class ExportInput(Input, frozen=True):
    """`notes`: whether what the desk wrote for itself goes along."""

    notes: bool = False


class ErasureInput(Input, frozen=True):
    """`confirm`: the contact's name or id, written once more."""

    confirm: Annotated[str, Meta(min_length=1, max_length=CONFIRM_CHARS_MAX)]


class DataRequestView(msgspec.Struct, frozen=True):
    """`file`: where an export's file may be fetched, once."""

    id: str
    kind: str
    contact_id: str
    asked_at: datetime
    by: str
    done_at: datetime | None
    expires_at: datetime | None
    bytes: int | None
    file: str | None


async def export_contact(
    once: TheOnce, signed_in: Signed, contact_id: FromPath[str], data: JSONBody[ExportInput]
) -> DataRequestView:
    """Have all that is held on a contact put into a file; look at the request until it is done."""
    agent = signed_in.agent

    def ask(unit: Unit) -> DataRequestView:
        return _view(
            ask_for_export(unit, contact_id, by_id=agent.id, by_name=agent.name, with_notes=data.notes)
        )

    return await once.write(ask, DataRequestView)


async def erase_contact(
    once: TheOnce, signed_in: Signed, contact_id: FromPath[str], data: JSONBody[ErasureInput]
) -> DataRequestView:
    """Have all that tells of a contact erased, for good; look at the request until it is done."""
    agent = signed_in.agent

    def ask(unit: Unit) -> DataRequestView:
        return _view(
            ask_for_erasure(unit, contact_id, confirm=data.confirm, by_id=agent.id, by_name=agent.name)
        )

    return await once.write(ask, DataRequestView)


async def show_data_request(desk: TheDesk, request_id: FromPath[str]) -> DataRequestView:
    """How far an export or an erasure is."""
    return _view(await desk.db.read(lambda records: request_of(records, request_id)))


async def fetch_export(desk: TheDesk, request_id: FromPath[str]) -> File:
    """The file of an export: a zip, once, for a day after it was made."""
    request = await desk.db.write(lambda unit: claim_file(unit, request_id))
    path = Places(desk.images, desk.exports).export_of(request.id)
    return File(
        path=path,
        filename=f"{request.contact_id}.zip",
        media_type="application/zip",
        headers={"cache-control": "no-store"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _view(request: DataRequest) -> DataRequestView:
    is_there = request.kind.value == "export" and request.done_at is not None and request.taken_at is None
    return DataRequestView(
        id=request.id,
        kind=request.kind.value,
        contact_id=request.contact_id,
        asked_at=request.asked_at,
        by=request.by_name,
        done_at=request.done_at,
        expires_at=request.expires_at,
        bytes=request.size_bytes,
        file=f"/api/v1/data-requests/{request.id}/file" if is_there else None,
    )
