"""Contacts, for the company's own systems: list, show, record, correct; bring in what they said elsewhere."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.conversations import Inbound, check_inbound, inbox_of, relay
from bothands.people import Contact, contact_of, correct_contact, list_contacts, record_contact
from bothands.storage import Unit
from bothands.web.asking import Acting, TheDesk
from bothands.web.paging import PAGE_ROWS, CursorText, Limit, page_of, read_cursor
from bothands.web.repeating import TheOnce
from bothands.web.shapes import ClientId, Id, Input, MessageText, name_of

Line = Annotated[str, Meta(min_length=1, max_length=254)]
Facts = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=60)], Annotated[str, Meta(max_length=300)]],
    Meta(max_length=30),
]


class ContactInput(Input, frozen=True):
    """`external_id`: your own id of this customer. One who has it already is brought up to date."""

    external_id: Annotated[str, Meta(min_length=1, max_length=120)]
    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    language: Annotated[str, Meta(max_length=35)] | None = None
    facts: Facts | None = None


class ContactChangeInput(Input, frozen=True):
    """What is left out stays; facts are added to those there are."""

    external_id: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    facts: Facts | None = None


class RelayInput(Input, frozen=True):
    """`inbox` by its short name; a repeat of the same `client_id` stores once."""

    inbox: Id
    client_id: ClientId
    text: MessageText


class ContactView(msgspec.Struct, frozen=True):
    """`identity`: anonymous, claimed (their own word) or verified (the company vouched)."""

    id: str
    external_id: str | None
    identity: str
    display_name: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    facts: dict[str, Any]
    first_seen_at: datetime
    is_simulated: bool


class ContactPage(msgspec.Struct, frozen=True):
    contacts: list[ContactView]
    next_cursor: str | None


class Relayed(msgspec.Struct, frozen=True):
    conversation_id: str
    entry_id: str
    seq: int


async def show_contacts(
    desk: TheDesk,
    email: FromQuery[str | None] = None,
    external_id: FromQuery[str | None] = None,
    cursor: CursorText = None,
    limit: Limit = PAGE_ROWS,
) -> ContactPage:
    """Contacts, newest first; by e-mail address or by your own id where asked for."""
    before = read_cursor(cursor, str)
    found = await desk.db.read(
        lambda records: list_contacts(
            records, limit=limit + 1, before=before, email=email, external_id=external_id
        )
    )
    page, following = page_of(found, limit, lambda contact: contact.id)
    return ContactPage([_view(contact) for contact in page], following)


async def show_contact(desk: TheDesk, contact_id: FromPath[str]) -> ContactView:
    """One contact."""
    return _view(await desk.db.read(lambda records: contact_of(records, contact_id)))


async def put_contact(once: TheOnce, data: JSONBody[ContactInput]) -> ContactView:
    """Make the contact with this id of yours, or bring them up to date."""

    def record(unit: Unit) -> ContactView:
        given = {name: getattr(data, name) for name in ("name", "email", "phone", "language", "facts")}
        return _view(record_contact(unit, data.external_id, **given))

    return await once.write(record, ContactView)


async def change_contact(
    once: TheOnce, contact_id: FromPath[str], data: JSONBody[ContactChangeInput]
) -> ContactView:
    """Correct a contact."""

    def correct(unit: Unit) -> ContactView:
        return _view(correct_contact(unit, contact_id, **msgspec.structs.asdict(data)))

    return await once.write(correct, ContactView)


async def relay_message(
    desk: TheDesk, acting: Acting, contact_id: FromPath[str], data: JSONBody[RelayInput]
) -> Relayed:
    """Bring in what the contact said elsewhere: it opens a conversation, or goes on in the open one.

    The desk sees who brought it, and the assistant owes it a turn as any other message.
    """

    def look(records: Connection) -> Inbound:
        contact = contact_of(records, contact_id)
        return Inbound(inbox_of(records, data.inbox).id, contact.id, data.client_id, data.text)

    inbound = await desk.db.read(look)
    check_inbound(inbound)
    received = await desk.db.write(lambda unit: relay(unit, inbound, by=acting))
    return Relayed(received.entry.conversation_id, received.entry.id, received.entry.seq)


def _view(contact: Contact) -> ContactView:
    return ContactView(
        id=contact.id,
        external_id=contact.external_id,
        identity=contact.identity.value,
        display_name=name_of(contact),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        facts=contact.facts,
        first_seen_at=contact.first_seen_at,
        is_simulated=contact.is_simulated,
    )
