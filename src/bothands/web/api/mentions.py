"""The notes that mention oneself."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bothands.conversations import (
    Entry,
    Mention,
    conversation_of,
    mentions_of,
    read_mentions,
    unread_mentions,
)
from bothands.kit import excerpt
from bothands.people import contacts_of
from bothands.storage import Unit
from bothands.web.asking import ConversationId, Signed, TheDesk, TheSight
from bothands.web.paging import PAGE_ROWS, CursorText, Instant, Limit, page_of, read_cursor
from bothands.web.shapes import Row, row_of

NOTE_SHOWN_CHARS = 300

Place = tuple[Instant, str, int]


class MentionView(msgspec.Struct, frozen=True):
    """The beginning of the note `seq`, and the conversation it is in."""

    row: Row
    seq: int
    author_name: str | None
    text: str
    at: datetime
    read_at: datetime | None


class MentionPage(msgspec.Struct, frozen=True):
    """`unread`: of all pages, counted up to a thousand."""

    mentions: list[MentionView]
    next_cursor: str | None
    unread: int


async def show_mentions(
    desk: TheDesk, signed_in: Signed, sight: TheSight, cursor: CursorText = None, limit: Limit = PAGE_ROWS
) -> MentionPage:
    """Notes that mention oneself, newest first, in conversations that one may still read."""
    before, agent_id = read_cursor(cursor, Place), signed_in.agent.id

    def look(records: Connection) -> MentionPage:
        found = mentions_of(records, agent_id, sight, before=before, limit=limit + 1)
        page, following = page_of(found, limit, lambda one: (one[0].at, one[0].conversation_id, one[0].seq))
        return MentionPage(_shown(records, page), following, unread_mentions(records, agent_id, sight))

    return await desk.db.read(look)


async def mark_read(desk: TheDesk, signed_in: Signed, conversation_id: ConversationId) -> None:
    """One has the conversation open, and so has read what mentions one there."""

    def read(unit: Unit) -> None:
        conversation_of(unit.records, conversation_id)
        read_mentions(unit, conversation_id, signed_in.agent.id)

    await desk.db.write(read)


def _shown(records: Connection, page: list[tuple[Mention, Entry]]) -> list[MentionView]:
    ids = {one.conversation_id for one, _ in page}
    conversations = {one: conversation_of(records, one) for one in ids}
    contacts = contacts_of(records, list({one.contact_id for one in conversations.values()}))
    shown = []
    for one, note in page:
        conversation = conversations[one.conversation_id]
        row = row_of(conversation, contacts[conversation.contact_id])
        text = excerpt(note.body, NOTE_SHOWN_CHARS)
        shown.append(MentionView(row, one.seq, note.author_name, text, one.at, one.read_at))
    return shown
