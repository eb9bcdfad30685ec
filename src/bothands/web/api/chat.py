"""The chat over plain HTTP, for whoever cannot hold a socket: the same verbs, limits and guard."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta
from sqlalchemy import Connection

from bothands.conversations import (
    Entry,
    Inbox,
    current_conversation,
    entries_since,
    known_page,
    known_to_contact,
)
from bothands.kit import Unauthenticated
from bothands.people import KnownBrowser, meet_browser
from bothands.web.asking import Asked, TheDesk, TheLimiter, address_of
from bothands.web.desk import WebDesk
from bothands.web.live import frames
from bothands.web.live.acting import Visitor, act
from bothands.web.live.showing import shown_to_contact
from bothands.web.live.telling import State, Teller
from bothands.web.permitting import KEY_HEADER, allow, embedding
from bothands.web.shapes import ATTACHMENTS_MAX, ClientId, Id, Input
from bothands.web.vouching import recognised

ENTRIES = 100
ENTRIES_MAX = 200

After = Annotated[int, QueryParameter(ge=0, le=2**53, description="`seq` of the answer before.")]
EntryLimit = Annotated[int, QueryParameter(ge=1, le=ENTRIES_MAX)]


class GreetingInput(Input, frozen=True):
    language: Annotated[str, Meta(max_length=40)] = ""


class ChatMessageInput(Input, frozen=True):
    """A repeat of the same `client_id` stores once."""

    client_id: ClientId
    text: Annotated[str, Meta(max_length=16_000)]
    attachments: Annotated[tuple[Id, ...], Meta(max_length=ATTACHMENTS_MAX)] = ()


class Greeting(msgspec.Struct, frozen=True):
    """`key` is what this visitor is known by from now on; send it as x-visitor-key, and keep it secret."""

    key: str
    company: str
    assistant_name: str
    disclosure: str


class MessageStored(msgspec.Struct, frozen=True):
    """It is on disk. Ask for the entries after `seq` to read the answer."""

    conversation_id: str
    entry_id: str
    seq: int


class ChatEntries(msgspec.Struct, frozen=True):
    """Ask again with `after` = `seq`. An earlier conversation's entries are not among them."""

    conversation_id: str | None
    entries: list[Entry]
    seq: int
    state: State


async def greet(
    desk: TheDesk, limiter: TheLimiter, request: Asked, inbox: FromPath[str], data: JSONBody[GreetingInput]
) -> Response[Greeting]:
    """Begin as an unknown visitor. Whom the company vouches for begins with a token instead (`identify`)."""
    found, shared = await embedding(desk, request, inbox)
    limiter.count("chats_per_address", address_of(request))
    browser = await desk.db.write(lambda unit: meet_browser(unit, None, language=data.language))
    view = Greeting(browser.key, desk.company, found.assistant_name, found.disclosure)
    return Response(view, status_code=201, headers=shared)


async def say(
    desk: TheDesk, limiter: TheLimiter, request: Asked, inbox: FromPath[str], data: JSONBody[ChatMessageInput]
) -> Response[MessageStored]:
    """Say something, as the visitor whose key comes along."""
    found, shared = await embedding(desk, request, inbox)
    browser = await _browser(desk, request, found)
    visitor = Visitor(desk, limiter, found, browser, address_of(request))
    done = await act(visitor, frames.Send(data.client_id, data.text, data.attachments))
    assert done.received is not None, "a message is received or refused"
    entry = done.received.entry
    return Response(MessageStored(entry.conversation_id, entry.id, entry.seq), headers=shared)


async def read_chat(
    desk: TheDesk,
    limiter: TheLimiter,
    teller: NamedDependency[Teller],
    request: Asked,
    inbox: FromPath[str],
    after: After = 0,
    limit: EntryLimit = ENTRIES,
) -> Response[ChatEntries]:
    """What was said after `after`, oldest first, and how things stand; ask about once a second."""
    found, shared = await embedding(desk, request, inbox)
    browser = await _browser(desk, request, found)
    limiter.count("frames_per_visitor", browser.contact.id)

    def look(records: Connection) -> ChatEntries:
        conversation = current_conversation(records, found.id, browser.contact.id)
        if conversation is None:
            return ChatEntries(None, [], 0, teller.state(records, found, None))
        conversation = known_to_contact(records, conversation, desk.db.clock.now()).conversation
        state = teller.state(records, found, conversation)
        page = entries_since(records, conversation.id, after, limit)
        entries = known_page(records, conversation, page)
        seq = entries[-1].seq if len(entries) >= limit else conversation.seq
        return ChatEntries(conversation.id, shown_to_contact(entries), seq, state)

    return Response(await desk.db.read(look), headers=shared)


async def allow_chat(desk: TheDesk, request: Asked, inbox: FromPath[str]) -> Response[None]:
    """A browser asks beforehand whether the company's page may do this here."""
    return allow((await embedding(desk, request, inbox))[1], "GET, POST")


async def _browser(desk: WebDesk, request: Asked, inbox: Inbox) -> KnownBrowser:
    """A key for which another inbox vouched does not count here."""
    browser = await recognised(desk, inbox, request.headers.get(KEY_HEADER, ""))
    if browser is None:
        raise Unauthenticated("visitor", "no visitor key known here came along", "open the chat first")
    return browser
