"""The desks' open sockets, and which of them may hear of which conversation."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bothands.conversations import Sight
from bothands.people import SignedIn
from bothands.web.live.line import CLOSE_SIGNED_OUT, Frame, Line

# Of so many conversations it is remembered which inbox they are in; that never changes.
INBOXES_KNOWN_MAX = 20_000

Find = Callable[[str], Awaitable[str | None]]


@dataclass(slots=True)
class _Seat:
    agent_id: str
    sign_in_id: str
    look_again: Callable[[], None]
    # None while it is not known what they may see: until then they hear of nothing.
    sight: Sight | None


class Desks:
    """Whoever sees everything hears at once; for the others the conversation's inbox is looked up first.

    Everything is called on the loop's thread and never waits.
    """

    def __init__(self) -> None:
        self._seats: dict[Line, _Seat] = {}
        self._find: Find | None = None
        self._inboxes: dict[str, str] = {}
        self._untold: dict[str, dict[str, Frame]] = {}
        self._finding: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._seats)

    def find_with(self, find: Find) -> None:
        """How a conversation's inbox is found."""
        self._find = find

    def join(self, line: Line, signed_in: SignedIn, sight: Sight, look_again: Callable[[], None]) -> None:
        self._seats[line] = _Seat(signed_in.agent.id, signed_in.sign_in.id, look_again, sight)

    def leave(self, line: Line) -> None:
        self._seats.pop(line, None)

    def see(self, line: Line, sight: Sight) -> None:
        """What this desk may see from now on; where that is something else, it fetches anew."""
        seat = self._seats.get(line)
        if seat is None or seat.sight == sight:
            return
        seat.sight = sight
        line.hint("missed", {"is": "missed"})

    def blind(self) -> None:
        """Who may see what has changed for somebody: nobody hears of anything before it was looked up."""
        for seat in self._seats.values():
            seat.sight = None
            seat.look_again()

    def sign_out(self, sign_in_ids: frozenset[str]) -> None:
        for line, seat in self._seats.items():
            if seat.sign_in_id in sign_in_ids:
                line.end(CLOSE_SIGNED_OUT, "signed out")

    def tell(self, key: str, frame: Frame) -> None:
        """What everybody at the desk may know; nothing about one conversation."""
        for line in self._seats:
            line.hint(key, frame)

    def tell_agents(self, agent_ids: frozenset[str], key: str, frame: Frame) -> None:
        """What is these agents' own affair; nothing about one conversation."""
        for line, seat in self._seats.items():
            if seat.agent_id in agent_ids:
                line.hint(key, frame)

    def tell_of(self, conversation_id: str, key: str, frame: Frame) -> None:
        """A hint about one conversation, for those who may know of it."""
        is_asked = False
        for line, seat in self._seats.items():
            if seat.sight is not None and not seat.sight.hidden:
                line.hint(key, frame)
            else:
                is_asked = True
        if not is_asked:
            return
        if inbox_id := self._inboxes.get(conversation_id):
            self._tell_narrow(inbox_id, key, frame)
        elif self._find is not None:
            waiting = self._untold.setdefault(conversation_id, {})
            waiting[key] = frame
            if len(waiting) == 1:
                task = asyncio.create_task(self._find_and_tell(conversation_id, self._find))
                self._finding.add(task)
                task.add_done_callback(self._finding.discard)

    async def _find_and_tell(self, conversation_id: str, find: Find) -> None:
        try:
            inbox_id = await find(conversation_id)
        finally:
            frames = self._untold.pop(conversation_id, {})
        if inbox_id is None:
            return
        if len(self._inboxes) >= INBOXES_KNOWN_MAX:
            del self._inboxes[next(iter(self._inboxes))]
        self._inboxes[conversation_id] = inbox_id
        for key, frame in frames.items():
            self._tell_narrow(inbox_id, key, frame)

    def _tell_narrow(self, inbox_id: str, key: str, frame: Frame) -> None:
        for line, seat in self._seats.items():
            if seat.sight is not None and seat.sight.hidden and seat.sight.shows(inbox_id):
                line.hint(key, frame)
