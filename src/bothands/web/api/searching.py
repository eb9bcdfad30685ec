"""Find conversations; tags on them, and the tags there are."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta
from sqlalchemy import Connection

from bothands.conversations import (
    Hit,
    Tag,
    add_tag,
    drop_tag,
    list_tags,
    remove_tag,
    rename_tag,
    search,
    tag_key,
)
from bothands.people import contacts_of
from bothands.storage import Unit
from bothands.web.asking import Acting, ConversationId, TheDesk, TheSight
from bothands.web.paging import (
    PAGE_ROWS,
    SHORT_ROWS,
    CursorText,
    Limit,
    ShortLimit,
    read_cursor,
    sliced,
    write_cursor,
)
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Input, Row, row_of

QUERY_CHARS_MAX = 300
# Numbers that both stores keep exactly.
PLACE_MAX = 2**31 - 1

Words = Annotated[str, QueryParameter(min_length=1, max_length=QUERY_CHARS_MAX)]
Place = Annotated[int, Meta(ge=-PLACE_MAX, le=PLACE_MAX)]
TagName = Annotated[str, Meta(min_length=1, max_length=80)]


class TagInput(Input, frozen=True):
    name: TagName


class HitView(msgspec.Struct, frozen=True):
    """`what` was found: message, note, contact or tags. `marks`: (start, end) in the characters of `text`."""

    row: Row
    what: str
    seq: int | None
    author_kind: str | None
    author_name: str | None
    at: datetime | None
    text: str
    marks: tuple[tuple[int, int], ...]


class HitPage(msgspec.Struct, frozen=True):
    hits: list[HitView]
    next_cursor: str | None


class TagView(msgspec.Struct, frozen=True):
    id: str
    name: str
    conversations: int


class TagList(msgspec.Struct, frozen=True):
    tags: list[TagView]
    next_cursor: str | None


class Tags(msgspec.Struct, frozen=True):
    """The tags a conversation bears now."""

    tags: list[Tag]


async def find(
    desk: TheDesk, sight: TheSight, q: Words, cursor: CursorText = None, limit: Limit = PAGE_ROWS
) -> HitPage:
    """Words, "quoted phrases", from:, tag:, is:open or is:closed, before: and after: a day; newest first."""
    below = read_cursor(cursor, Place)

    def look(records: Connection) -> HitPage:
        found = search(records, q, hidden=sight.hidden, below=below, limit=limit)
        contacts = contacts_of(records, list({hit.conversation.contact_id for hit in found.hits}))
        hits = [
            _shown(hit, row_of(hit.conversation, contacts[hit.conversation.contact_id])) for hit in found.hits
        ]
        return HitPage(hits, None if found.following is None else write_cursor(found.following))

    return await desk.db.read(look)


async def show_tags(
    desk: TheDesk, sight: TheSight, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS
) -> TagList:
    """The tags by name, with how many conversations bear each."""
    found = await desk.db.read(lambda records: list_tags(records, hidden=sight.hidden))
    page, following = sliced(found, cursor, limit, lambda one: (tag_key(one[0].name), one[0].id))
    return TagList([TagView(tag.id, tag.name, count) for tag, count in page], following)


async def put_tag(
    once: TheOnce, acting: Acting, conversation_id: ConversationId, data: JSONBody[TagInput]
) -> Tags:
    """Put a tag on a conversation; one that is new to the desk is made."""
    return await once.write(lambda unit: Tags(add_tag(unit, conversation_id, data.name, by=acting)), Tags)


async def take_tag_off(
    once: TheOnce, acting: Acting, conversation_id: ConversationId, tag_id: FromPath[str]
) -> Tags:
    """Take a tag off a conversation."""
    return await once.write(lambda unit: Tags(remove_tag(unit, conversation_id, tag_id, by=acting)), Tags)


async def change_tag(desk: TheDesk, tag_id: FromPath[str], data: JSONBody[TagInput]) -> Tag:
    """Give a tag another name, everywhere."""
    return await desk.db.write(lambda unit: rename_tag(unit, tag_id, data.name))


async def end_tag(once: TheOnce, tag_id: FromPath[str]) -> None:
    """Take a tag off everywhere and forget it."""

    def end(unit: Unit) -> None:
        drop_tag(unit, tag_id)

    await once.write(end, None)


def _shown(hit: Hit, row: Row) -> HitView:
    entry = hit.entry
    return HitView(
        row=row,
        what=hit.what,
        seq=entry.seq if entry else None,
        author_kind=entry.author_kind.value if entry else None,
        author_name=entry.author_name if entry else None,
        at=entry.at if entry else None,
        text=hit.text,
        marks=hit.marks,
    )
