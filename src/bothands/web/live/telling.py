"""Everything a visitor's page shows that is not an entry: who has it, the queue, the closing, the people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bothands.conversations import (
    REOPEN_DAYS_MAX,
    Conversation,
    ConversationClosed,
    HolderChanged,
    HolderKind,
    Inbox,
    last_closing,
    last_rating,
)
from bothands.handoff import People, Question, Wait, people_now, place_of, wait_at, waiting_of
from bothands.kit import initials
from bothands.people import AvailabilityChanged
from bothands.web.desk import WebDesk

PEOPLE_SECONDS_MAX = 1.0
CHANGES_PEOPLE = (AvailabilityChanged, HolderChanged, ConversationClosed)


class HolderShown(msgspec.Struct, frozen=True):
    kind: str
    name: str
    initials: str


class Closed(msgspec.Struct, frozen=True):
    at: datetime
    by: str
    may_reopen_until: datetime
    agreed: str | None


class Queue(msgspec.Struct, frozen=True):
    place: int
    asked_at: datetime
    wait: Wait | None
    waited_seconds: int
    questions: tuple[Question, ...]
    contact_left: bool


class State(msgspec.Struct, frozen=True):
    holder: HolderShown
    closed: Closed | None
    rated: bool
    people: People
    queue: Queue | None

    def says_the_same_as(self, other: "State | None") -> bool:
        """The page counts the seconds by itself: they alone are no news."""
        return other is not None and self._still() == other._still()

    def _still(self) -> "State":
        if self.queue is None:
            return self
        return msgspec.structs.replace(self, queue=msgspec.structs.replace(self.queue, waited_seconds=0))


class Teller:
    """Tells states. The people, the same for everybody, are looked up once a second, not per message."""

    def __init__(self, desk: WebDesk) -> None:
        self._desk = desk
        self._people: tuple[float, People] | None = None
        self._inboxes: dict[str, Inbox] = {}

    def known(self, inbox: Inbox) -> Inbox:
        """The same inbox, once for all sockets."""
        if self._inboxes.get(inbox.id) != inbox:
            self._inboxes[inbox.id] = inbox
        return self._inboxes[inbox.id]

    def hear(self, events: Sequence[object]) -> None:
        """Somebody came, left, took or gave back: what was known of the people is old."""
        if any(
            isinstance(event, (AvailabilityChanged, HolderChanged, ConversationClosed)) for event in events
        ):
            self._people = None

    def state(self, records: Connection, inbox: Inbox, conversation: Conversation | None) -> State:
        """As the contact may know it now."""
        now = self._desk.db.clock.now()
        is_closed = conversation is not None and not conversation.is_open
        is_queued = conversation is not None and conversation.holder_kind is HolderKind.QUEUE
        return State(
            holder=_holder(inbox, conversation),
            closed=_closed(records, conversation) if conversation and is_closed else None,
            rated=_is_rated(records, conversation) if conversation and is_closed else False,
            people=self._people_now(records, now),
            queue=_queue(records, self._desk, conversation, now) if conversation and is_queued else None,
        )

    def _people_now(self, records: Connection, now: datetime) -> People:
        at = self._desk.db.clock.monotonic()
        if self._people is None or at - self._people[0] > PEOPLE_SECONDS_MAX:
            self._people = (at, people_now(records, self._desk.handoff, now))
        return self._people[1]


def _holder(inbox: Inbox, conversation: Conversation | None) -> HolderShown:
    kind = conversation.holder_kind if conversation else HolderKind.ASSISTANT
    if conversation is not None and kind is HolderKind.AGENT:
        return HolderShown(kind.value, conversation.holder_name, initials(conversation.holder_name))
    name = inbox.assistant_name if kind is HolderKind.ASSISTANT else ""
    return HolderShown(kind.value, name, "AI" if name else "")


def _closed(records: Connection, conversation: Conversation) -> Closed | None:
    if conversation.closed_at is None:
        return None
    closing = last_closing(records, conversation.id)
    by = (closing.author_name or closing.author_kind.value) if closing else ""
    return Closed(
        at=conversation.closed_at,
        by=by,
        may_reopen_until=conversation.closed_at + timedelta(days=REOPEN_DAYS_MAX),
        agreed=(closing.ref.get("agreed") or None) if closing else None,
    )


def _is_rated(records: Connection, conversation: Conversation) -> bool:
    rating = last_rating(records, conversation.id)
    if rating is None:
        return False
    closing = last_closing(records, conversation.id)
    return rating.seq > (closing.seq if closing else conversation.matter_seq)


def _queue(records: Connection, desk: WebDesk, conversation: Conversation, now: datetime) -> Queue | None:
    waiting = waiting_of(records, conversation.id)
    place = place_of(records, conversation.id)
    if waiting is None or place is None:
        return None
    return Queue(
        place=place,
        asked_at=waiting.asked_at,
        wait=wait_at(records, place, desk.handoff, now),
        waited_seconds=int((now - waiting.asked_at).total_seconds()),
        questions=waiting.open_questions,
        contact_left=bool(waiting.address),
    )
