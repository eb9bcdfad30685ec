"""What a visitor's page and a desk may say on their sockets: one struct per frame, nothing unknown."""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from bothands.kit import Invalid

T = TypeVar("T")

FRAME_BYTES_MAX = 64 * 1024

ClientId = Annotated[str, Meta(min_length=1, max_length=80)]
Id = Annotated[str, Meta(min_length=1, max_length=60)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]


class BadFrame(Invalid):
    code = "bad-frame"
    title = "The frame is not valid"


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    """One JSON object per text frame."""


class Hello(Frame, frozen=True, tag="hello"):
    key: Annotated[str, Meta(max_length=80)] | None = None
    since: Seq = 0
    page: Annotated[str, Meta(max_length=2_000)] = ""
    language: Annotated[str, Meta(max_length=40)] = ""
    # In which the company's own server says who this is; see POST /api/v1/chat/{inbox}/identify.
    token: Annotated[str, Meta(max_length=4_000)] | None = None
    # Only a demo believes these: its customers are a process of ours and must be marked as such.
    is_simulated: bool = False
    name: Annotated[str, Meta(max_length=120)] | None = None


class Send(Frame, frozen=True, tag="send"):
    client_id: ClientId
    text: Annotated[str, Meta(max_length=16_000)]
    attachments: Annotated[tuple[Id, ...], Meta(max_length=10)] = ()


class AskPerson(Frame, frozen=True, tag="ask_person"):
    client_id: ClientId


class CancelPerson(Frame, frozen=True, tag="cancel_person"):
    pass


class Typing(Frame, frozen=True, tag="typing"):
    pass


class Seen(Frame, frozen=True, tag="seen"):
    seq: Seq


class CatchUp(Frame, frozen=True, tag="catch_up"):
    since: Seq


class AnswerQuestion(Frame, frozen=True, tag="answer"):
    question: Annotated[str, Meta(max_length=40)]
    value: Annotated[str, Meta(max_length=500)] | None = None


class LeaveAddress(Frame, frozen=True, tag="leave_address"):
    email: Annotated[str, Meta(max_length=254)] | None = None
    phone: Annotated[str, Meta(max_length=60)] | None = None
    name: Annotated[str, Meta(max_length=200)] | None = None


class Rate(Frame, frozen=True, tag="rate"):
    solved: Literal["yes", "partly", "no"] | None = None
    score: Annotated[int, Meta(ge=1, le=5)] | None = None
    comment: Annotated[str, Meta(max_length=2_000)] = ""


class Reopen(Frame, frozen=True, tag="reopen"):
    pass


class Ping(Frame, frozen=True, tag="ping"):
    pass


VisitorFrame = (
    Send
    | AskPerson
    | CancelPerson
    | Typing
    | Seen
    | CatchUp
    | AnswerQuestion
    | LeaveAddress
    | Rate
    | Reopen
    | Ping
)


class Viewing(Frame, frozen=True, tag="viewing"):
    conversation_id: Id | None = None


class DeskTyping(Frame, frozen=True, tag="typing"):
    conversation_id: Id
    # A note is nothing that the contact should wait for.
    is_note: bool = False


DeskFrame = Viewing | DeskTyping | Ping

_HELLO = msgspec.json.Decoder(Hello)
_VISITOR: msgspec.json.Decoder[VisitorFrame] = msgspec.json.Decoder(VisitorFrame)
_DESK: msgspec.json.Decoder[DeskFrame] = msgspec.json.Decoder(DeskFrame)


def read_hello(text: str | None) -> Hello:
    return _read(_HELLO, text)


def read_visitor(text: str | None) -> VisitorFrame:
    return _read(_VISITOR, text)


def read_desk(text: str | None) -> DeskFrame:
    return _read(_DESK, text)


def client_id_in(text: str | None) -> str | None:
    """Which message a frame that could not be read was about, so that its sender can be told."""
    try:
        found = msgspec.json.decode(text or "", type=dict[str, object]).get("client_id")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found if isinstance(found, str) and len(found) <= 80 else None


def _read(decoder: msgspec.json.Decoder[T], text: str | None) -> T:
    if text is None:
        raise BadFrame("frame", "it is binary", "send text frames with one JSON object each")
    if len(text) > FRAME_BYTES_MAX:
        raise BadFrame("frame", f"it has more than {FRAME_BYTES_MAX} characters", "send less at a time")
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadFrame("frame", str(error), "see the protocol in the API's description") from None
