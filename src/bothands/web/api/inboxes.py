"""Inboxes: where contacts write to, and which pages may embed the chat."""

from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from bothands.conversations import Inbox, add_inbox, change_inbox, list_inboxes
from bothands.storage import Unit
from bothands.web.asking import TheDesk
from bothands.web.desk import WebDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Input

Slug = Annotated[str, Meta(min_length=1, max_length=59)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Disclosure = Annotated[str, Meta(min_length=1, max_length=300)]
Origins = Annotated[tuple[Annotated[str, Meta(max_length=300)], ...], Meta(max_length=50)]


class InboxInput(Input, frozen=True):
    """`slug`: its short name in addresses (a-z, 0-9, -), for good; `origins`: pages that may embed it."""

    slug: Slug
    name: Name
    assistant_name: Name
    disclosure: Disclosure
    origins: Origins = ()


class InboxChangeInput(Input, frozen=True):
    """What is left out stays as it is."""

    name: Name | None = None
    assistant_name: Name | None = None
    disclosure: Disclosure | None = None
    origins: Origins | None = None


class InboxView(msgspec.Struct, frozen=True):
    """`chat_url`: the same chat as a page; `script_url`: what a page loads to embed it."""

    id: str
    slug: str
    name: str
    channel: str
    assistant_name: str
    disclosure: str
    origins: list[str]
    chat_url: str
    script_url: str


class Inboxes(msgspec.Struct, frozen=True):
    inboxes: list[InboxView]
    next_cursor: str | None


async def show_inboxes(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> Inboxes:
    """The inboxes, by short name."""
    found = await desk.db.read(list_inboxes)
    page, following = sliced(found, cursor, limit, lambda inbox: (inbox.slug, inbox.id))
    return Inboxes([_view(desk, inbox) for inbox in page], following)


async def make_inbox(desk: TheDesk, once: TheOnce, data: JSONBody[InboxInput]) -> InboxView:
    """A new web chat."""

    def make(unit: Unit) -> InboxView:
        inbox = add_inbox(
            unit,
            data.slug,
            data.name,
            assistant_name=data.assistant_name,
            disclosure=data.disclosure,
            origins=data.origins,
        )
        return _view(desk, inbox)

    return await once.write(make, InboxView)


async def change(
    desk: TheDesk, once: TheOnce, inbox_id: FromPath[str], data: JSONBody[InboxChangeInput]
) -> InboxView:
    """Change an inbox; chats that are open go on."""

    def put(unit: Unit) -> InboxView:
        inbox = change_inbox(
            unit,
            inbox_id,
            name=data.name,
            assistant_name=data.assistant_name,
            disclosure=data.disclosure,
            origins=data.origins,
        )
        return _view(desk, inbox)

    return await once.write(put, InboxView)


def _view(desk: WebDesk, inbox: Inbox) -> InboxView:
    base = desk.base_url.rstrip("/")
    return InboxView(
        id=inbox.id,
        slug=inbox.slug,
        name=inbox.name,
        channel=inbox.channel,
        assistant_name=inbox.assistant_name,
        disclosure=inbox.disclosure,
        origins=inbox.origins,
        chat_url=f"{base}/c/{inbox.slug}",
        script_url=f"{base}/widget.js",
    )
