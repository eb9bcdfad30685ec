"""The desk's lists, one conversation, its entries; replies, notes and closings."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import FromQuery, JSONBody, QueryParameter
from sqlalchemy import Connection

from bothands.assist import use_draft
from bothands.balance import Stop, active_stops, decisions_of
from bothands.channels import attach_from_agent
from bothands.conversations import (
    Author,
    AuthorKind,
    Conversation,
    Entry,
    Reply,
    Sight,
    close,
    conversation_of,
    drop_unsent,
    earlier_conversations,
    entries_since,
    inboxes_of,
    last_closing,
    post_reply,
    reopen,
    tags_of,
    view_counts,
    view_page,
    write_note,
)
from bothands.handoff import assignments_of, offers_to, queue_for, settle_closing, undo
from bothands.people import Contact, contact_of, contacts_of, teams_of
from bothands.storage import Unit
from bothands.web.api.balance import stop_view
from bothands.web.api.handoff import shown_brief
from bothands.web.asking import (
    Acting,
    ConversationId,
    Signed,
    TheDesk,
    TheSight,
    by,
)
from bothands.web.paging import PAGE_ROWS, CursorText, Instant, Limit, Moment, page_of, read_cursor
from bothands.web.repeating import TheOnce
from bothands.web.shapes import (
    ClosingInput,
    ContactPanel,
    ConversationView,
    Earlier,
    EntryPage,
    MessageInput,
    NoteInput,
    Row,
    RowPage,
    StopView,
    name_of,
    row_of,
)

PAGE_ENTRIES_MAX = 500
EARLIER_MAX = 20

EntryLimit = Annotated[int, QueryParameter(ge=1, le=PAGE_ENTRIES_MAX)]
Since = Annotated[int, QueryParameter(ge=0)]


async def list_conversations(
    desk: TheDesk,
    acting: Acting,
    sight: TheSight,
    view: FromQuery[str] = "open",
    cursor: CursorText = None,
    limit: Limit = PAGE_ROWS,
) -> RowPage:
    """A page of one of the desk's views: yours, handoffs, ai, open, closed."""
    agent_id = acting.id or ""

    def look(records: Connection) -> RowPage:
        offered = _offered(records, agent_id, desk.db.clock.now(), sight)
        if view == "handoffs":
            page, following = _queue_page(records, cursor, limit, agent_id, sight)
        else:
            page, following = _view_page(records, view, cursor, limit, agent_id, sight)
        if view == "yours" and cursor is None:
            page = offered + page
        counts = view_counts(records, agent_id, sight)
        counts["yours"] += len(offered)
        return RowPage(_rows(records, page, agent_id), following, counts)

    return await desk.db.read(look)


async def show_conversation(
    desk: TheDesk, acting: Acting, sight: TheSight, conversation_id: ConversationId
) -> ConversationView:
    """Everything beside the timeline: the contact, the brief, who looks at it, the stop that covers it."""

    def look(records: Connection) -> ConversationView:
        conversation = conversation_of(records, conversation_id)
        contact = contact_of(records, conversation.contact_id)
        return ConversationView(
            row=_rows(records, [conversation], acting.id or "")[0],
            contact=_panel(records, conversation, contact, sight),
            brief=shown_brief(records, conversation_id),
            viewers=(),
            stop=_stop_for(active_stops(records), conversation.topic),
            tags=tags_of(records, conversation_id),
        )

    view = await desk.db.read(look)
    return msgspec.structs.replace(view, viewers=desk.presence.viewers(conversation_id))


async def list_entries(
    desk: TheDesk, conversation_id: ConversationId, since: Since = 0, limit: EntryLimit = 200
) -> EntryPage:
    """Entries after `since`, oldest first; ask again from `seq` while a page is full."""

    def look(records: Connection) -> EntryPage:
        conversation = conversation_of(records, conversation_id)
        entries = entries_since(records, conversation_id, since, limit)
        return EntryPage(entries, entries[-1].seq if len(entries) == limit else conversation.seq)

    return await desk.db.read(look)


async def send_message(
    desk: TheDesk, signed_in: Signed, conversation_id: ConversationId, data: JSONBody[MessageInput]
) -> Entry:
    """Say something to the contact, in one's own name; a repeat of the same client_id stores once."""
    agent = signed_in.agent
    author = Author(AuthorKind.AGENT, agent.id, agent.name, f"A person at {desk.company}")

    def send(unit: Unit) -> Entry:
        conversation = conversation_of(unit.records, conversation_id)
        attachments = attach_from_agent(unit, data.attachments, agent.id, conversation)
        ref = {
            "attachments": list(attachments),
            "draft_id": data.draft_id,
            "sources": _sources(unit.records, conversation_id, data.draft_id, data.text),
        }
        reply = Reply(conversation_id, author, data.text, data.client_id, ref)
        entry = post_reply(unit, reply, last_seen_seq=data.last_seen_seq)
        use_draft(unit, conversation_id, data.draft_id, data.text, by=by(agent))
        drop_unsent(unit, conversation_id, agent.id, "reply")
        return entry

    return await desk.db.write(send)


async def add_note(
    desk: TheDesk, acting: Acting, conversation_id: ConversationId, data: JSONBody[NoteInput]
) -> Entry:
    """Write for colleagues; the contact never sees it."""

    def note(unit: Unit) -> Entry:
        entry = write_note(
            unit, conversation_id, data.text, by=acting, client_id=data.client_id, mentions=data.mentions
        )
        drop_unsent(unit, conversation_id, acting.id, "note")
        return entry

    return await desk.db.write(note)


async def close_conversation(
    once: TheOnce, signed_in: Signed, conversation_id: ConversationId, data: JSONBody[ClosingInput]
) -> Entry:
    """End the conversation for now."""

    def end(unit: Unit) -> Entry:
        entry = close(unit, conversation_id, by=by(signed_in.agent), reason=data.reason, agreed=data.agreed)
        settle_closing(unit, conversation_id)
        return entry

    return await once.write(end, Entry)


async def reopen_conversation(once: TheOnce, signed_in: Signed, conversation_id: ConversationId) -> None:
    """Go on with the same matter."""

    def again(unit: Unit) -> None:
        reopen(unit, conversation_id, by=by(signed_in.agent))

    await once.write(again, None)


async def undo_closing(once: TheOnce, signed_in: Signed, conversation_id: ConversationId) -> None:
    """Within 10 seconds, as long as nothing else happened: the contact never learns that it was closed."""

    def back(unit: Unit) -> None:
        undo(unit, conversation_id, by=by(signed_in.agent))

    await once.write(back, None)


def _rows(records: Connection, page: list[Conversation], agent_id: str) -> list[Row]:
    contacts = contacts_of(records, [conversation.contact_id for conversation in page])
    assigned = assignments_of(records, [conversation.id for conversation in page])
    mine = teams_of(records, agent_id) | {agent_id}
    return [row_of(one, contacts[one.contact_id], assigned.get(one.id), mine) for one in page]


def _view_page(
    records: Connection, view: str, cursor: str | None, limit: int, agent_id: str, sight: Sight
) -> tuple[list[Conversation], str | None]:
    before = read_cursor(cursor, Moment)
    found = view_page(records, view, agent_id, limit=limit + 1, before=before, sight=sight)
    return page_of(found, limit, lambda item: (item.updated_at, item.id))


def _queue_page(
    records: Connection, cursor: str | None, limit: int, agent_id: str, sight: Sight
) -> tuple[list[Conversation], str | None]:
    """Who waits, in the order in which this agent should take them; the queue decides that order."""
    after = read_cursor(cursor, tuple[int, Instant, str])
    waiting = [
        (item, near)
        for item, near in queue_for(records, agent_id)
        if after is None or (near, item.rank_at, item.id) > after
    ]
    if sight.hidden:
        inboxes = inboxes_of(records, [item.conversation_id for item, _ in waiting])
        waiting = [pair for pair in waiting if sight.shows(inboxes[pair[0].conversation_id])]
    page, following = page_of(waiting, limit, lambda pair: (pair[1], pair[0].rank_at, pair[0].id))
    return [conversation_of(records, item.conversation_id) for item, _ in page], following


def _offered(records: Connection, agent_id: str, now: datetime, sight: Sight) -> list[Conversation]:
    """What colleagues offer to this agent now."""
    offered = [conversation_of(records, found) for found in offers_to(records, agent_id, now)]
    return [conversation for conversation in offered if sight.shows(conversation.inbox_id)]


def _sources(records: Connection, conversation_id: str, draft_id: str | None, text: str) -> list[Any]:
    """What the numbers in a sent draft point at."""
    if draft_id is None:
        return []
    drafted = next((item for item in decisions_of(records, conversation_id) if item.id == draft_id), None)
    evidence = drafted.evidence if drafted else []
    return [source for source in evidence if f"[{source.get('number')}]" in text]


def _panel(records: Connection, present: Conversation, contact: Contact, sight: Sight) -> ContactPanel:
    others = [
        conversation
        for conversation in earlier_conversations(records, contact.id, EARLIER_MAX, sight=sight)
        if conversation.id != present.id and conversation.closed_at is not None
    ]
    return ContactPanel(
        id=contact.id,
        name=name_of(contact),
        identity=contact.identity.value,
        external_id=contact.external_id,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        first_seen_at=contact.first_seen_at,
        facts=contact.facts,
        earlier=[
            Earlier(other.id, other.subject, other.closed_at, _closed_by(records, other.id))
            for other in others
        ],
    )


def _closed_by(records: Connection, conversation_id: str) -> str:
    closing = last_closing(records, conversation_id)
    return (closing.author_name or closing.author_kind.value) if closing else ""


def _stop_for(stops: tuple[Stop, ...], topic: str | None) -> StopView | None:
    held = next((held for held in stops if held.covers(topic)), None)
    return stop_view(held) if held else None
