"""What the desk's API takes and gives, as the contract writes it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bothands.conversations import Conversation, Entry, Tag
from bothands.handoff import Assignment
from bothands.kit import excerpt
from bothands.people import Contact, Viewer

Id = Annotated[str, Meta(min_length=1, max_length=60)]
ClientId = Annotated[str, Meta(min_length=1, max_length=80)]
MessageText = Annotated[str, Meta(max_length=8_000)]
NoteText = Annotated[str, Meta(min_length=1, max_length=8_000)]
ShortText = Annotated[str, Meta(max_length=300)]
Question = Annotated[str, Meta(min_length=1, max_length=4_000)]

ATTACHMENTS_MAX = 5
BRIEF_LINE_CHARS_MAX = 300
MENTIONS_MAX = 10
CUSTOMER_ID_CHARS = 24
TRY_OUT_QUESTIONS_MAX = 50


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes in: an unknown field is an error, never a silent one."""


class LinkInput(Input, frozen=True):
    token: Annotated[str, Meta(max_length=200)]


class PasswordInput(Input, frozen=True):
    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=1_000)]


class NewPasswordInput(Input, frozen=True):
    password: Annotated[str, Meta(max_length=1_000)]


class AvailabilityInput(Input, frozen=True):
    available: bool


class MessageInput(Input, frozen=True):
    client_id: ClientId
    text: MessageText
    last_seen_seq: Annotated[int, Meta(ge=0)]
    attachments: Annotated[tuple[Id, ...], Meta(max_length=ATTACHMENTS_MAX)] = ()
    draft_id: Id | None = None


class NoteInput(Input, frozen=True):
    """`mentions`: ids of colleagues whose @Name stands in the text."""

    client_id: ClientId
    text: NoteText
    mentions: Annotated[tuple[Id, ...], Meta(max_length=MENTIONS_MAX)] = ()


class HandBackInput(Input, frozen=True):
    note: Annotated[str, Meta(max_length=2_000)] = ""


class ClosingInput(Input, frozen=True):
    reason: ShortText
    agreed: ShortText | None = None


class BriefLineInput(Input, frozen=True):
    label: Annotated[str, Meta(min_length=1, max_length=20)]
    text: Annotated[str, Meta(min_length=1, max_length=BRIEF_LINE_CHARS_MAX)]


class StopInput(Input, frozen=True):
    topic: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    reason: ShortText = ""


class RoleInput(Input, frozen=True):
    role: Annotated[str, Meta(max_length=20)]
    reason: ShortText


class TextImportInput(Input, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    text: Annotated[str, Meta(min_length=1, max_length=200_000)]


class TryOutInput(Input, frozen=True):
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=TRY_OUT_QUESTIONS_MAX)]


class Me(msgspec.Struct, frozen=True):
    id: str
    name: str
    email: str
    role: str
    initials: str
    permissions: tuple[str, ...]
    availability: str
    csrf: str
    company: str


class SignInView(msgspec.Struct, frozen=True):
    id: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


class ReasonView(msgspec.Struct, frozen=True):
    code: str
    words: str


class Party(msgspec.Struct, frozen=True):
    kind: str
    id: str | None
    name: str


class ContactName(msgspec.Struct, frozen=True):
    id: str
    name: str
    is_anonymous: bool


class Mood(msgspec.Struct, frozen=True):
    label: str
    trend: list[float]


class Assigned(msgspec.Struct, frozen=True):
    """Whom it is meant for next. `lapses_at`: an offer; `is_yours`: for whoever asks, or a team of theirs."""

    kind: str
    id: str
    name: str
    by_name: str
    lapses_at: datetime | None
    is_yours: bool


class Row(msgspec.Struct, frozen=True):
    """A conversation as one line of a list."""

    id: str
    contact: ContactName
    subject: str
    preview: str
    holder: Party
    reason: ReasonView | None
    waiting_since: datetime | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    mood: Mood
    topic: str | None
    seq: int
    needs_reply: bool
    is_simulated: bool
    assigned: Assigned | None


class RowPage(msgspec.Struct, frozen=True):
    rows: list[Row]
    next_cursor: str | None
    counts: dict[str, int]


class Earlier(msgspec.Struct, frozen=True):
    id: str
    subject: str
    closed_at: datetime | None
    by: str


class ContactPanel(msgspec.Struct, frozen=True):
    """`identity`: anonymous, claimed (their own word) or verified (the company's own server vouched)."""

    id: str
    name: str
    identity: str
    external_id: str | None
    email: str | None
    phone: str | None
    language: str | None
    first_seen_at: datetime
    facts: dict[str, Any]
    earlier: list[Earlier]


class StopView(msgspec.Struct, frozen=True):
    id: str
    topic: str | None
    reason: str
    at: datetime
    by: str


class BriefLineView(msgspec.Struct, frozen=True):
    label: str
    text: str
    entries: tuple[int, ...]
    certain: bool
    corrected_by: str | None


class BriefView(msgspec.Struct, frozen=True):
    made_at: datetime
    messages: int
    lines: tuple[BriefLineView, ...]


class ConversationView(msgspec.Struct, frozen=True):
    row: Row
    contact: ContactPanel
    brief: BriefView | None
    viewers: tuple[Viewer, ...]
    stop: StopView | None
    tags: list[Tag]


class EntryPage(msgspec.Struct, frozen=True):
    entries: list[Entry]
    seq: int


def name_of(contact: Contact) -> str:
    """What to call somebody who gave no name; the end of the id tells two visitors apart."""
    if contact.external_id and not (contact.name or contact.email):
        return f"Customer {excerpt(contact.external_id, CUSTOMER_ID_CHARS)}"
    return contact.name or contact.email or f"Visitor {contact.id[-4:].upper()}"


def row_of(
    conversation: Conversation,
    contact: Contact,
    assignment: Assignment | None = None,
    mine: frozenset[str] = frozenset(),
) -> Row:
    """`mine`: the ids of whoever asks and of their teams."""
    reason = None
    if conversation.reason_code:
        reason = ReasonView(conversation.reason_code, conversation.reason_words or "")
    return Row(
        id=conversation.id,
        contact=ContactName(contact.id, name_of(contact), contact.is_anonymous),
        subject=conversation.subject,
        preview=conversation.preview,
        holder=Party(conversation.holder_kind.value, conversation.holder_id, conversation.holder_name),
        reason=reason,
        waiting_since=conversation.waiting_since,
        opened_at=conversation.opened_at,
        updated_at=conversation.updated_at,
        closed_at=conversation.closed_at,
        mood=Mood(conversation.mood, conversation.mood_trend),
        topic=conversation.topic,
        seq=conversation.seq,
        needs_reply=conversation.needs_reply,
        is_simulated=contact.is_simulated,
        assigned=_assigned(assignment, mine) if assignment else None,
    )


def _assigned(assignment: Assignment, mine: frozenset[str]) -> Assigned:
    to = assignment.to
    return Assigned(to.kind.value, to.id, to.name, assignment.by_name, assignment.lapses_at, to.id in mine)
