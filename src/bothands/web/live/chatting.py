"""The visitor's socket: hello, what was missed, frames in, news out. What frames do is in `acting`."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath
from sqlalchemy import Connection

from bothands.conversations import (
    Conversation,
    Entry,
    Inbox,
    Known,
    Received,
    conversation_of,
    current_conversation,
    entries_since,
    inbox_of,
    known_page,
    known_to_contact,
)
from bothands.kit import BothandsError, Overloaded
from bothands.people import Identity, KnownBrowser, is_key_living, meet_browser
from bothands.web.asking import TheDesk, TheLimiter, address_of
from bothands.web.desk import WebDesk
from bothands.web.limiting import Limiter
from bothands.web.live import frames
from bothands.web.live.acting import Visitor, act
from bothands.web.live.line import CLOSE_FORGOTTEN, CLOSE_POLICY, Frame, Line
from bothands.web.live.showing import shown_to_contact
from bothands.web.live.telling import State, Teller
from bothands.web.permitting import check_inbox_origin
from bothands.web.problems import problem_of
from bothands.web.vouching import Vouching, recognised, vouched

HELLO_SECONDS_MAX = 10.0
BAD_FRAMES_MAX = 20
ENTRIES_PER_FRAME_MAX = 200
# What waits for a slow page is at most a frame, so a frame is not large.
CHARS_PER_FRAME_MAX = 64_000
# Whoever does not wait when told to is not listened to for so long.
BUSY_REST_SECONDS = 0.5
# While somebody waits for a person, the wait goes on even when nothing happens.
LOOK_AGAIN_SECONDS = 20.0
# For all others only people's hours change by themselves: a thousand idle pages must cost next to nothing.
LOOK_IDLE_SECONDS = 300.0
A_MOMENT_SECONDS = 0.05

Socket = WebSocket[Any, Any, Any]


async def chat(
    socket: Socket, desk: TheDesk, limiter: TheLimiter, teller: NamedDependency[Teller], inbox: FromPath[str]
) -> None:
    """One visitor's page, from its hello to its end."""
    found = teller.known(await desk.db.read(lambda records: inbox_of(records, inbox)))
    check_inbox_origin(desk, found, _origin_of(socket))
    address = address_of(socket)
    socket.scope["headers"] = ()  # nobody asks for them again, and a socket is kept for long
    with limiter.held(address):
        await socket.accept()
        try:
            hello = frames.read_hello(await asyncio.wait_for(receive(socket), HELLO_SECONDS_MAX))
            limiter.count("chats_per_address", address)
            browser = await _greet(desk, limiter, found, hello, address)
        except TimeoutError:
            await socket.close(CLOSE_POLICY, f"no hello within {HELLO_SECONDS_MAX:.0f} seconds")
        except BothandsError as error:
            await socket.send_text(msgspec.json.encode(refused(error, None)).decode())
            await socket.close(CLOSE_POLICY, error.code)
        except WebSocketDisconnect:
            pass
        else:
            await Visit(socket, teller, Visitor(desk, limiter, found, browser, address)).run(hello)


def _origin_of(socket: Socket) -> str | None:
    """Not by `socket.headers`, which keeps a copy of them all."""
    found = (value for name, value in socket.scope["headers"] if name == b"origin")
    return next((value.decode("latin-1") for value in found), None)


async def receive(socket: Socket) -> str | None:
    """The next frame's text; None for a binary frame."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(detail="gone", code=message.get("code") or 1006)
    text: str | None = message.get("text")  # type: ignore[assignment]
    return text


def refused(error: Exception, client_id: str | None) -> Frame:
    return {"is": "refused", "client_id": client_id, "error": problem_of(error)}


class Visit:
    """A connected page: what it was sent so far, and the two halves of its socket."""

    def __init__(self, socket: Socket, teller: Teller, visitor: Visitor) -> None:
        self._socket = socket
        self._desk = visitor.desk
        self._limiter = visitor.limiter
        self._teller = teller
        self._visitor = visitor
        self._line = Line(socket, self._fresh)
        self._followed: str | None = None
        self._sent_seq = 0
        self._sent_state: State | None = None

    async def run(self, hello: frames.Hello) -> None:
        self._desk.hub.join_contact(self._visitor.contact.id, self._line, self._visitor.browser.known.id)
        try:
            await self._welcome(hello)
            await self._converse()
        finally:
            self._follow(None)
            self._desk.hub.leave_contact(self._visitor.contact.id, self._line)

    async def _converse(self) -> None:
        pump = asyncio.create_task(self._line.pump(), name="visitor's line")
        listen = asyncio.create_task(self._listen(), name="visitor's frames")
        try:
            await asyncio.wait((pump, listen), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await settle_halves(pump, listen)

    async def _welcome(self, hello: frames.Hello) -> None:
        known, _, state = await self._desk.db.read(lambda records: self._look(records, 0))
        conversation = self._told(known)
        self._follow(conversation)
        # A page that claims to have seen more than there is has seen another conversation.
        self._sent(hello.since if conversation and hello.since <= conversation.seq else 0)
        self._sent_state = state
        self._set_queued(state.queue is not None)
        inbox = self._visitor.inbox
        self._line.put(
            {
                "is": "welcome",
                "key": self._visitor.browser.key,
                "conversation_id": self._followed,
                "company": self._desk.company,
                "assistant": {"name": inbox.assistant_name, "disclosure": inbox.disclosure},
                "state": state,
            }
        )
        self._line.stir()

    async def _listen(self) -> None:
        bad_frames = 0
        while True:
            text = await receive(self._socket)
            try:
                self._limiter.count("frames_per_visitor", self._visitor.contact.id)
                await self._do(frames.read_visitor(text))
            except WebSocketDisconnect:
                raise
            except Exception as error:  # whatever it was, the page must learn that this frame did nothing
                self._line.put(refused(error, frames.client_id_in(text)))
                bad_frames += isinstance(error, frames.BadFrame)
                if bad_frames > BAD_FRAMES_MAX:
                    self._line.end(CLOSE_POLICY, "too many frames that are not valid")
                if isinstance(error, Overloaded):
                    await asyncio.sleep(BUSY_REST_SECONDS)

    async def _do(self, frame: frames.VisitorFrame) -> None:
        if isinstance(frame, frames.Ping):
            self._line.put({"is": "pong"})
        elif isinstance(frame, frames.CatchUp):
            self._sent(frame.since)
            self._line.stir()
        elif isinstance(frame, frames.Send):
            with self._line.expecting():
                await self._act(frame)
        else:
            await self._act(frame)

    async def _act(self, frame: frames.VisitorFrame) -> None:
        done = await act(self._visitor, frame)
        if done.received is not None:
            self._echo(done.received)
        elif not isinstance(frame, frames.Typing | frames.Seen):
            self._line.stir()  # not all that these frames do is announced
        if done.seq is not None and isinstance(frame, frames.Send | frames.AskPerson):
            self._line.put({"is": "stored", "client_id": frame.client_id, "seq": done.seq})

    def _echo(self, received: Received) -> None:
        """The page's own message, told without looking: it is the very next entry in nearly all cases."""
        entry = received.entry
        is_next = entry.seq == self._sent_seq + 1 and self._followed in (None, entry.conversation_id)
        if self._followed is None:
            self._follow(received.conversation)
        if is_next and received.is_new:
            self._sent(entry.seq)
            self._line.put({"is": "entries", "entries": shown_to_contact([entry]), "seq": entry.seq})
        else:
            self._line.stir()

    def _sent(self, seq: int) -> None:
        self._sent_seq = self._line.known_seq = seq

    async def _fresh(self) -> Sequence[Frame]:
        """What the page does not have yet: entries after the last one sent, the state if it changed."""
        if await self._is_forgotten():
            self._line.end(CLOSE_FORGOTTEN, "this browser is not known any more")
            return ()
        since = self._sent_seq
        known, entries, state = await self._desk.db.read(lambda records: self._look(records, since))
        conversation = self._told(known)
        if conversation is not None and conversation.id != self._followed:
            if self._followed is not None:
                self._sent(0)
                self._line.stir()
                self._follow(conversation)
                return ()
            self._follow(conversation)
        self._set_queued(state.queue is not None)
        news: list[Frame] = []
        if entries and self._sent_seq != since:
            self._line.stir()  # the page was told something meanwhile: look again from there
        elif entries:
            self._sent(entries[-1].seq)
            if shown := shown_to_contact(entries):
                news.append({"is": "entries", "entries": shown, "seq": self._sent_seq})
            if conversation is not None and self._sent_seq < conversation.seq:
                self._line.stir()
        if not state.says_the_same_as(self._sent_state):
            self._sent_state = state
            news.append({"is": "state", "state": state})
        return news

    async def _is_forgotten(self) -> bool:
        """Should the hint of it be lost: who was vouched for is looked up again before anything is shown."""
        browser, now = self._visitor.browser, self._desk.db.clock.now()
        if browser.contact.identity is not Identity.VERIFIED:
            return False
        return not await self._desk.db.read(lambda records: is_key_living(records, browser.known.id, now))

    def _look(self, records: Connection, since: int) -> tuple[Known | None, list[Entry], State]:
        inbox, contact = self._visitor.inbox, self._visitor.contact
        conversation = conversation_of(records, self._followed) if self._followed else None
        is_theirs = conversation is not None and conversation.contact_id == contact.id
        if conversation is None or not conversation.is_open or not is_theirs:
            # Only after a closing can the contact's newest conversation be another one; and what a customer
            # took along when they signed in is not this browser's any more.
            conversation = current_conversation(records, inbox.id, contact.id)
        if conversation is None:
            return None, [], self._teller.state(records, inbox, None)
        known = known_to_contact(records, conversation, self._desk.db.clock.now())
        conversation, entries = known.conversation, []
        if conversation.seq > since:
            page = _for_one_frame(entries_since(records, conversation.id, since, ENTRIES_PER_FRAME_MAX))
            entries = known_page(records, conversation, page)
        return known, entries, self._teller.state(records, inbox, conversation)

    def _told(self, known: Known | None) -> Conversation | None:
        """What may be shown; as soon as there is more, look again."""
        if known is None:
            return None
        if known.more_at is not None:
            left = (known.more_at - self._desk.db.clock.now()).total_seconds()
            asyncio.get_running_loop().call_later(max(left, 0) + A_MOMENT_SECONDS, self._line.stir)
        return known.conversation

    def _set_queued(self, is_queued: bool) -> None:
        self._desk.hub.set_queued(self._line, is_queued)
        self._line.look_seconds = LOOK_AGAIN_SECONDS if is_queued else LOOK_IDLE_SECONDS

    def _follow(self, conversation: Conversation | None) -> None:
        hub = self._desk.hub
        conversation_id = conversation.id if conversation else None
        if self._followed is not None and self._followed != conversation_id:
            hub.leave_chat(self._followed, self._line)
        if conversation_id is not None and conversation_id != self._followed:
            hub.join_chat(conversation_id, self._line)
            hub.stir_contact(self._visitor.contact.id)
        self._followed = conversation_id


def _for_one_frame(entries: list[Entry]) -> list[Entry]:
    """As many as one frame takes, one at least; the page asks for the rest by itself."""
    chars = 0
    for count, entry in enumerate(entries):
        chars += len(entry.body)
        if count and chars > CHARS_PER_FRAME_MAX:
            return entries[:count]
    return entries


async def settle_halves(pump: "asyncio.Task[None]", listen: "asyncio.Task[None]") -> None:
    """When one half of a socket has ended, the other has nothing left to do."""
    gone = listen.done()
    listen.cancel()
    if gone:
        pump.cancel()
    for task in (listen, pump):
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect):
            await task


async def _greet(
    desk: WebDesk, limiter: Limiter, inbox: Inbox, hello: frames.Hello, address: str
) -> KnownBrowser:
    """Who comes back is hardly more than read: a thousand reconnecting pages write next to nothing."""
    key = hello.key
    if hello.token is not None:
        return await vouched(desk, limiter, inbox, Vouching(hello.token, key, hello.language), address)
    if key and (known := await recognised(desk, inbox, key)):
        return known
    is_simulated = hello.is_simulated and desk.demo is not None
    name = hello.name if is_simulated else None
    return await desk.db.write(
        lambda unit: meet_browser(unit, None, name=name, language=hello.language, is_simulated=is_simulated)
    )
