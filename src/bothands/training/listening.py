"""What a visitor knows from the frames of the socket. Pure: frames in, facts out."""

from typing import Any

import msgspec

Frame = dict[str, Any]


class Heard(msgspec.Struct, frozen=True):
    """One message that somebody else wrote."""

    seq: int
    author_kind: str
    author_name: str
    body: str
    choices: tuple[str, ...]
    asks: Frame | None


class Visit:
    """The visitor's side of one conversation, kept over lost lines and restarts of the server."""

    def __init__(self) -> None:
        self.key: str | None = None
        self.conversation_id: str | None = None
        self.seq = 0
        self.holder = "assistant"
        self.is_closed = False
        self.is_rated = False
        self.is_refused = False
        self.on_duty = True
        self.queue: Frame | None = None
        self.outbox: dict[str, Frame] = {}
        self.heard: list[Heard] = []

    def hello(self, **more: object) -> Frame:
        return {"do": "hello", "key": self.key, "since": self.seq, "page": "", "language": "en", **more}

    def take(self, frame: Frame) -> None:
        """Whatever the server says; kinds from a newer server are passed over."""
        match frame.get("is"):
            case "welcome":
                self.key = frame["key"]
                self.conversation_id = frame.get("conversation_id") or self.conversation_id
                self._state(frame.get("state"))
            case "state":
                self._state(frame.get("state"))
            case "stored":
                self.outbox.pop(frame["client_id"], None)
            case "refused":
                self._refused(frame)
            case "entries":
                for entry in frame.get("entries", ()):
                    self._entry(entry)

    def heard_from(self, kind: str) -> int:
        return sum(one.author_kind == kind for one in self.heard)

    def open_questions(self) -> list[Frame]:
        """What is asked while waiting, each skippable."""
        return list((self.queue or {}).get("questions", ()))

    def _state(self, state: Frame | None) -> None:
        if not state:
            return
        self.holder = (state.get("holder") or {}).get("kind", self.holder)
        self.is_closed = state.get("closed") is not None
        self.is_rated = bool(state.get("rated"))
        self.on_duty = bool((state.get("people") or {}).get("on_duty", True))
        self.queue = state.get("queue")

    def _entry(self, entry: Frame) -> None:
        if entry["seq"] <= self.seq:
            return
        self.seq = entry["seq"]
        self.conversation_id = entry.get("conversation_id") or self.conversation_id
        if entry.get("client_id"):
            self.outbox.pop(entry["client_id"], None)
        if entry["kind"] == "message" and entry["author_kind"] != "contact":
            ref = entry.get("ref") or {}
            self.heard.append(
                Heard(
                    entry["seq"],
                    entry["author_kind"],
                    entry.get("author_name") or "",
                    entry.get("body") or "",
                    tuple(ref.get("choices") or ()),
                    ref.get("asks"),
                )
            )

    def _refused(self, frame: Frame) -> None:
        error = frame.get("error") or {}
        # Too busy passes by itself: the frame stays in the outbox and is sent again.
        if error.get("status") in (429, 503):
            return
        client_id = frame.get("client_id")
        if client_id is None:
            self.is_refused = self.key is None
        else:
            self.outbox.pop(client_id, None)
