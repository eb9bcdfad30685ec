"""Who must hear what: hints from committed events to the sockets of this process."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from bothands.balance import CharterChanged, StopPulled, StopReleased
from bothands.conversations import HolderChanged, InboxLimited, MentionsChanged
from bothands.handoff import HeldReleased
from bothands.knowledge import KnowledgeChanged
from bothands.people import AvailabilityChanged, SignInsRevoked, TeamChanged, VisitorKeysRevoked
from bothands.privacy import ContactErased
from bothands.storage import Missed
from bothands.web.live.desks import Desks
from bothands.web.live.line import CLOSE_FORGOTTEN, Frame, Line
from bothands.web.live.whispers import Types, Whisper

# A change in the queue moves everybody's place; one look at it per second is enough for all of them.
QUEUE_LOOK_SECONDS = 1.0

# What the desk is told when an event of this kind was committed; all else is told by conversation.
DESK_HINTS: dict[type, str] = {
    StopPulled: "stops",
    StopReleased: "stops",
    CharterChanged: "stops",
    KnowledgeChanged: "knowledge",
}


class Hub:
    """In-process fan-out. Only `hear` may be called from another thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._chats: defaultdict[str, set[Line]] = defaultdict(set)
        self._contacts: defaultdict[str, set[Line]] = defaultdict(set)
        self._keys: dict[Line, str] = {}
        self._queued: set[Line] = set()
        self.desks = Desks()
        self._listeners: list[Callable[[Sequence[object]], None]] = []
        self._is_queue_look_due = False
        # For other processes only; here it is shown by whoever whispers.
        self.whisper: Callable[[Sequence[Whisper]], None] = lambda told: None
        self._whispered: Callable[[object], None] = lambda told: None

    def start(self) -> None:
        """Call on the loop that the sockets live on."""
        self._loop = asyncio.get_running_loop()

    def stop(self) -> None:
        self._loop = None

    def hear(self, events: Sequence[object]) -> None:
        """For `db.listen`: on the writer's thread, after the commit."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, tuple(events))

    def also(self, listener: Callable[[Sequence[object]], None]) -> None:
        """Let somebody else on the loop's thread hear the events too, such as the worker."""
        self._listeners.append(listener)

    def whisper_with(self, tell: Callable[[Sequence[object]], None], hear: Callable[[object], None]) -> None:
        """How the other processes are told what passes in a moment, and who hears what they tell."""
        self.whisper, self._whispered = tell, hear

    # sockets come and go

    def join_contact(self, contact_id: str, line: Line, key_id: str) -> None:
        """A page of this contact, in the browser of that key, whether or not they have a conversation yet."""
        self._contacts[contact_id].add(line)
        self._keys[line] = key_id

    def leave_contact(self, contact_id: str, line: Line) -> None:
        self._keys.pop(line, None)
        _discard(self._contacts, contact_id, line)

    def stir_contact(self, contact_id: str) -> None:
        """The contact's conversation is a new one: their other pages do not follow it yet."""
        for line in self._contacts.get(contact_id, ()):
            line.stir()

    def join_chat(self, conversation_id: str, line: Line) -> None:
        self._chats[conversation_id].add(line)

    def leave_chat(self, conversation_id: str, line: Line) -> None:
        self._queued.discard(line)
        _discard(self._chats, conversation_id, line)

    def set_queued(self, line: Line, is_queued: bool) -> None:
        """A queued contact also hears when others in the queue move."""
        (self._queued.add if is_queued else self._queued.discard)(line)

    # what is said

    def show_typing(
        self, conversation_id: str, author_kind: str, author_name: str, *, to_contact: bool = True
    ) -> None:
        """Somebody writes: the contact hears it of the assistant and agents, the desk of everybody."""
        typed = Types(conversation_id, author_kind, author_name, to_contact)
        self._show_typing(typed)
        self.whisper([typed])

    def _show_typing(self, typed: Types) -> None:
        conversation_id, author_kind = typed.conversation_id, typed.author_kind
        frame: Frame = {"is": "typing", "author_kind": author_kind, "author_name": typed.author_name}
        if typed.to_contact and author_kind != "contact":
            for line in self._chats.get(conversation_id, ()):
                line.hint("typing", frame)
        frame = frame | {"conversation_id": conversation_id}
        self.desks.tell_of(conversation_id, f"typing {conversation_id}", frame)

    def _spread(self, events: Sequence[object]) -> None:
        for event in events:
            if isinstance(event, Types):
                self._show_typing(event)
            elif isinstance(event, Whisper):
                self._whispered(event)
            elif isinstance(event, SignInsRevoked):
                self.desks.sign_out(frozenset(event.sign_in_ids))
            elif isinstance(event, (TeamChanged, InboxLimited)):
                self.desks.blind()
            elif isinstance(event, MentionsChanged):
                self.desks.tell_agents(frozenset(event.agent_ids), "mentions", {"is": "mentions"})
            elif isinstance(event, HeldReleased):
                told: Frame = {"is": "released", "count": event.count}
                self.desks.tell_agents(frozenset({event.agent_id}), "released", told)
            elif isinstance(event, VisitorKeysRevoked):
                self._forget(event.contact_id, event.key_ids)
            elif isinstance(event, ContactErased):
                self._forget(event.contact_id)
            elif isinstance(event, Missed):
                self._look_everywhere()
                self._whispered(event)
            elif conversation_id := getattr(event, "conversation_id", None):
                self._changed(str(conversation_id), getattr(event, "seq", None))
            elif name := DESK_HINTS.get(type(event)):
                self.desks.tell(name, {"is": name})
            if isinstance(event, (AvailabilityChanged, HolderChanged)):
                self._look_at_queue()
        if heard := [event for event in events if not isinstance(event, Whisper)]:
            for listener in self._listeners:
                listener(heard)

    def _changed(self, conversation_id: str, seq: int | None) -> None:
        for line in self._chats.get(conversation_id, ()):
            line.stir(seq)
        frame = {"is": "changed", "conversation_id": conversation_id, "seq": seq or 0}
        self.desks.tell_of(conversation_id, f"changed {conversation_id}", frame)

    def _look_everywhere(self) -> None:
        """What other processes told meanwhile is not known: every open page fetches anew."""
        for lines in self._contacts.values():
            for line in lines:
                line.stir()
        self.desks.blind()

    def _look_at_queue(self) -> None:
        if self._is_queue_look_due or self._loop is None:
            return
        self._is_queue_look_due = True
        self._loop.call_later(QUEUE_LOOK_SECONDS, self._stir_queued)

    def _stir_queued(self) -> None:
        self._is_queue_look_due = False
        for line in self._queued:
            line.stir()

    def _forget(self, contact_id: str, key_ids: Collection[str] | None = None) -> None:
        """A contact's pages in browsers of these keys close; without any, all of them."""
        for line in self._contacts.get(contact_id, ()):
            if key_ids is None or self._keys.get(line) in key_ids:
                line.end(CLOSE_FORGOTTEN, "this browser is not known any more")


def sockets_open(hub: Hub) -> dict[str, int]:
    """By kind: visitors' pages and desks."""
    return {"chat": sum(map(len, hub._contacts.values())), "desk": len(hub.desks)}


def _discard(lines: dict[str, set[Line]], key: str, line: Line) -> None:
    if key in lines:
        lines[key].discard(line)
        if not lines[key]:
            del lines[key]
