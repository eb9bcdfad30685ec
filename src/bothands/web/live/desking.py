"""The desk's socket: hints only. Whoever hears one fetches the truth over HTTP."""

import asyncio
import contextlib
from functools import partial
from typing import Any

from litestar import WebSocket
from litestar.di import NamedDependency
from sqlalchemy import Connection

from bothands.conversations import Conversation, sight_of, visible_conversation
from bothands.kit import BothandsError
from bothands.people import SignedIn, Viewer, agent_of
from bothands.web.asking import Signed, TheDesk, TheSight
from bothands.web.desk import WebDesk
from bothands.web.live import frames
from bothands.web.live.chatting import receive, refused, settle_halves
from bothands.web.live.line import CLOSE_POLICY, CLOSE_SIGNED_OUT, Line
from bothands.web.live.looking import Looking
from bothands.web.permitting import SIGN_IN_COOKIE, who_is

BAD_FRAMES_MAX = 20
# Should a hint of the revocation be lost, the socket still does not outlive it by more than this.
LOOK_AGAIN_SECONDS = 20.0

Socket = WebSocket[Any, Any, Any]


async def watch(
    socket: Socket, desk: TheDesk, signed_in: Signed, sight: TheSight, looking: NamedDependency[Looking]
) -> None:
    """One desk page, from opening to its end."""
    await socket.accept()
    line = Line(socket)
    watcher = Watcher(socket, desk, signed_in, line, looking)
    desk.hub.desks.join(line, signed_in, sight, watcher.look_again)
    looking.join(watcher.id, watcher.viewer)
    pump = asyncio.create_task(line.pump(), name="desk's line")
    listen = asyncio.create_task(watcher.listen(), name="desk's frames")
    recheck = asyncio.create_task(watcher.recheck(), name="desk's sign-in")
    try:
        await asyncio.wait((pump, listen), return_when=asyncio.FIRST_COMPLETED)
    finally:
        desk.hub.desks.leave(line)
        looking.leave(watcher.id)
        recheck.cancel()
        await settle_halves(pump, listen)


class Watcher:
    """A connected desk page: what it looks at, and what its frames do."""

    def __init__(
        self, socket: Socket, desk: WebDesk, signed_in: SignedIn, line: Line, looking: Looking
    ) -> None:
        self.id = desk.db.ids.new("tab")
        self.viewer = Viewer(signed_in.agent.id, signed_in.agent.name)
        self._socket = socket
        self._desk = desk
        self._line = line
        self._looking = looking
        self._token = socket.cookies.get(SIGN_IN_COOKIE, "")
        self._must_look = asyncio.Event()

    async def listen(self) -> None:
        bad_frames = 0
        while True:
            text = await receive(self._socket)
            try:
                await self._do(frames.read_desk(text))
            except BothandsError as error:
                self._line.put(refused(error, None))
                bad_frames += 1
                if bad_frames > BAD_FRAMES_MAX:
                    self._line.end(CLOSE_POLICY, "too many frames that are not valid")

    def look_again(self) -> None:
        """Who may see what has changed: find out anew, at once."""
        self._must_look.set()

    async def recheck(self) -> None:
        """Whether they are still signed in, and what they may see."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._must_look.wait()
            self._must_look.clear()
            signed_in = await who_is(self._desk, self._token)
            if signed_in is None:
                self._line.end(CLOSE_SIGNED_OUT, "signed out")
                return
            sight = await self._desk.db.read(partial(sight_of, agent=signed_in.agent))
            if not self._must_look.is_set():
                self._desk.hub.desks.see(self._line, sight)

    async def _do(self, frame: frames.DeskFrame) -> None:
        self._looking.renew(self.id, tells=isinstance(frame, frames.Ping))
        match frame:
            case frames.Ping():
                self._line.put({"is": "pong"})
            case frames.Viewing(conversation_id=wanted):
                if wanted is not None:
                    await self._seen(wanted)
                self._looking.view(self.id, wanted)
            case frames.DeskTyping(conversation_id=conversation_id, is_note=is_note):
                await self._type(conversation_id, is_note)

    async def _type(self, conversation_id: str, is_note: bool) -> None:
        """Colleagues see everybody who writes, the contact only whoever has the conversation."""
        conversation = await self._seen(conversation_id)
        self._looking.write(self.id, conversation_id)
        holds = conversation.holder_id == self.viewer.id and not is_note
        self._desk.hub.show_typing(conversation_id, "agent", self.viewer.name, to_contact=holds)

    async def _seen(self, conversation_id: str) -> Conversation:
        """The conversation, if they may know of it as things stand now."""

        def look(records: Connection) -> Conversation:
            agent = agent_of(records, self.viewer.id)
            return visible_conversation(records, conversation_id, sight_of(records, agent))

        return await self._desk.db.read(look)
