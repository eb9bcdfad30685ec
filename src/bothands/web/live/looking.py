"""Who looks at which conversation and writes in it: shown at this process's desks, and told to the others."""

import asyncio

from bothands.people import WRITING_SECONDS, Look, Presence, Viewer
from bothands.storage import Missed
from bothands.web.live.hub import Hub
from bothands.web.live.whispers import Looks, WhoLooks

A_MOMENT_SECONDS = 0.2


class Looking:
    """Used on the loop's thread. Other processes' words are leases like our own: what is lost runs out."""

    def __init__(self, hub: Hub, presence: Presence) -> None:
        self._hub = hub
        self._presence = presence
        self._has_asked = False

    def join(self, tab_id: str, viewer: Viewer) -> None:
        self._presence.join(tab_id, viewer)
        if not self._has_asked:
            self._has_asked = True
            self._hub.whisper([WhoLooks()])

    def renew(self, tab_id: str, *, tells: bool = False) -> None:
        """It is still there; told to the others once in a while."""
        self._presence.renew(tab_id)
        if tells and self._presence.look_of(tab_id).conversation_id is not None:
            self._tell_others(tab_id)

    def view(self, tab_id: str, conversation_id: str | None) -> None:
        before = self._presence.view(tab_id, conversation_id)
        self._show(before, conversation_id)
        self._tell_others(tab_id)

    def write(self, tab_id: str, conversation_id: str) -> None:
        self._presence.write(tab_id, conversation_id)
        self._show_writing(conversation_id, WRITING_SECONDS)
        self._tell_others(tab_id)

    def leave(self, tab_id: str) -> None:
        self._show(self._presence.leave(tab_id))
        self._tell_others(tab_id)

    def hear(self, told: object) -> None:
        """What another process whispered, or that whispers may have been lost."""
        if isinstance(told, Looks):
            self._put(told.look)
        elif isinstance(told, WhoLooks | Missed):
            self._hub.whisper([Looks(look) for look in self._presence.looks()])
            if isinstance(told, Missed):
                self._hub.whisper([WhoLooks()])

    def _put(self, look: Look) -> None:
        before = self._presence.put(look)
        if look.conversation_id is not None and look.writing_seconds > 0:
            self._show_writing(look.conversation_id, look.writing_seconds)
        else:
            self._show(look.conversation_id)
        if before != look.conversation_id:
            self._show(before)

    def _tell_others(self, tab_id: str) -> None:
        self._hub.whisper([Looks(self._presence.look_of(tab_id))])

    def _show_writing(self, conversation_id: str, seconds: float) -> None:
        """Now, and again when it is over."""
        self._show(conversation_id)
        asyncio.get_running_loop().call_later(seconds + A_MOMENT_SECONDS, self._show, conversation_id)

    def _show(self, *conversation_ids: str | None) -> None:
        for conversation_id in {*conversation_ids} - {None}:
            assert conversation_id is not None
            self._hub.desks.tell_of(
                conversation_id,
                f"viewing {conversation_id}",
                {
                    "is": "viewing",
                    "conversation_id": conversation_id,
                    "people": self._presence.viewers(conversation_id),
                },
            )
