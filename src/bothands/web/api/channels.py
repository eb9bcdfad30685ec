"""Pictures: up from a visitor or an agent, down to whoever may see them."""

from dataclasses import dataclass

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody

from bothands.channels import IMAGE_BYTES_MAX, File, ImageTooLarge, add_file, file_for_agent, file_for_contact
from bothands.kit import NotFound
from bothands.people import Contact
from bothands.web.asking import Asked, Signed, TheContact, TheDesk, TheLimiter, address_of
from bothands.web.permitting import allow, embedding


@dataclass
class FileForm:
    file: UploadFile


Upload = MultipartBody[FileForm]


class FileView(msgspec.Struct, frozen=True):
    id: str
    name: str
    media_type: str
    bytes: int


async def upload_as_visitor(
    desk: TheDesk,
    limiter: TheLimiter,
    contact: TheContact,
    request: Asked,
    inbox: FromPath[str],
    data: Upload,
) -> Response[FileView]:
    """A visitor's picture for their own conversation, from any page that may embed the inbox."""
    at, shared = await embedding(desk, request, inbox)
    limiter.count("files_per_visitor", contact.id)
    limiter.count("messages_per_address", address_of(request))
    image = await desk.images.keep(await _bytes(data))
    name = data.file.filename
    file = await desk.db.write(
        lambda unit: add_file(unit, image, name, contact_id=contact.id, inbox_id=at.id)
    )
    return Response(_view(file), status_code=201, headers=shared)


async def allow_upload(desk: TheDesk, request: Asked, inbox: FromPath[str]) -> Response[None]:
    """A browser asks beforehand whether the shop's page may upload here."""
    return allow((await embedding(desk, request, inbox))[1], "POST")


async def upload_as_agent(desk: TheDesk, signed_in: Signed, data: Upload) -> FileView:
    """An agent's picture, to be attached to a reply."""
    image = await desk.images.keep(await _bytes(data))
    name = data.file.filename
    agent_id = signed_in.agent.id
    return _view(await desk.db.write(lambda unit: add_file(unit, image, name, agent_id=agent_id)))


async def download(desk: TheDesk, request: Asked, file_id: FromPath[str]) -> Response[bytes]:
    """The picture itself, for the contact whose it is or for an agent."""
    state = request.scope["state"]
    if "contact" in state:
        contact: Contact = state["contact"]
        file = await desk.db.read(lambda records: file_for_contact(records, file_id, contact.id))
    elif "sight" in state:
        own_id = state["signed_in"].agent.id if "signed_in" in state else None
        file = await desk.db.read(lambda records: file_for_agent(records, file_id, own_id, state["sight"]))
    else:
        raise NotFound(f"file {file_id}", "no such file of yours", "upload it again")
    data = await desk.images.read(file.sha256)
    headers = {
        "cache-control": "private, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": "inline",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
    }
    return Response(data, media_type=file.media_type, headers=headers)


async def _bytes(form: FileForm) -> bytes:
    data = await form.file.read(IMAGE_BYTES_MAX + 1)
    if len(data) > IMAGE_BYTES_MAX:
        raise ImageTooLarge("picture", f"it has more than {IMAGE_BYTES_MAX:,} bytes", "send a smaller one")
    return data


def _view(file: File) -> FileView:
    return FileView(file.id, file.name, file.media_type, file.size_bytes)
