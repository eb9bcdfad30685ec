"""What passes between the assistant and people, as values: desk, waiting, brief, taking."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from bothands.conversations import Author
from bothands.handoff.estimating import Wait
from bothands.handoff.hours import Hours
from bothands.kit import Conflict
from bothands.people import Role

HANDLE_SECONDS_DEFAULT = 300.0
# Who may step into what a colleague has.
LEADS = (Role.LEAD, Role.ADMIN)


class ConversationTaken(Conflict):
    """Two agents reached for it; one has it."""

    code = "conversation-taken"
    title = "Somebody has this conversation"


class NotWaiting(Conflict):
    code = "not-waiting"
    title = "Nobody was asked for"


class NotHeld(Conflict):
    code = "not-held"
    title = "No person has this conversation"


class ReceiverAway(Conflict):
    """They may not see it in time; a transfer that says `anyway` is made all the same."""

    code = "receiver-away"
    title = "They are away"


class ReceiverFull(Conflict):
    """Their capacity is reached; a transfer that says `anyway` is made all the same."""

    code = "receiver-full"
    title = "They have as many as they take"


class Desk(msgspec.Struct, frozen=True):
    """What the handoff must know of the company. `hours` None: people answer around the clock."""

    assistant: Author
    hours: Hours | None = None
    handle_seconds: float = HANDLE_SECONDS_DEFAULT


class Urgency(IntEnum):
    """How pressing a wait is; the lower, the sooner."""

    SAFETY = 0
    PRESSING = 1
    NORMAL = 2


class Question(msgspec.Struct, frozen=True):
    """Asked while waiting, may be skipped. `kind` is choice, text or photo."""

    id: str
    text: str
    kind: str
    choices: tuple[str, ...] = ()


class Waiting(msgspec.Struct, frozen=True):
    """A conversation waits for a person; ended when `ended_at` says so, by `ended_by`."""

    id: str
    conversation_id: str
    asked_at: datetime
    due_at: datetime
    rank_at: datetime
    urgency: Urgency
    reason_code: str
    reason_words: str
    topic: str | None
    questions: tuple[Question, ...]
    answers: dict[str, str | None]
    address: dict[str, str]
    told: Wait | None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.id not in self.answers)


class People(msgspec.Struct, frozen=True):
    """Whether a person would answer now, until when or from when on, and how long it would take."""

    on_duty: bool
    open_until: str | None
    next_open_at: datetime | None
    wait: Wait | None


class Label(StrEnum):
    """The five lines of a brief, always in this order."""

    WANTS = "wants"
    CONFIRMED = "confirmed"
    AI_TRIED = "ai_tried"
    WHY_YOU = "why_you"
    MOOD = "mood"


class Part(msgspec.Struct, frozen=True):
    """A piece of a line. With `seq` it stands in that entry word by word; without, it is our fixed phrase."""

    text: str
    seq: int | None = None


class Line(msgspec.Struct, frozen=True):
    """`points_at`: entries that show it without being quoted, such as the reading behind a mood."""

    label: Label
    parts: tuple[Part, ...]
    certain: bool = True
    points_at: tuple[int, ...] = ()
    corrected_by: str | None = None

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def entries(self) -> tuple[int, ...]:
        """The entries this line rests on, in order, each once."""
        quoted: Iterable[int] = (part.seq for part in self.parts if part.seq is not None)
        return tuple(sorted({*quoted, *self.points_at}))


class Brief(msgspec.Struct, frozen=True):
    """What the next person reads first. `messages`: how many there were when it was made."""

    made_at: datetime
    messages: int
    matter_seq: int
    lines: tuple[Line, ...]

    def line(self, label: Label) -> Line:
        return next(line for line in self.lines if line.label is label)


class Taking(msgspec.Struct, frozen=True):
    """An agent has, or had, a conversation: from when to when, and how it ended."""

    id: str
    conversation_id: str
    agent_id: str
    from_kind: str
    taken_at: datetime
    waited_seconds: float | None
    ended_at: datetime | None = None
    ended_by: str | None = None


class ReceiverKind(StrEnum):
    AGENT = "agent"
    TEAM = "team"


class Receiver(msgspec.Struct, frozen=True):
    """Whom a conversation is meant for: a person or a team."""

    kind: ReceiverKind
    id: str
    name: str = ""


class ReceiverLoad(msgspec.Struct, frozen=True):
    """Whether they are there and how many they have; of a team, those of it who are there, together."""

    receiver: Receiver
    is_available: bool
    held: int
    capacity: int
    expertise: tuple[str, ...] = ()
    members: int = 0
    free: int = 0

    @property
    def is_free(self) -> bool:
        return self.is_available and self.held < self.capacity


class Receivers(msgspec.Struct, frozen=True):
    people: tuple[ReceiverLoad, ...]
    teams: tuple[ReceiverLoad, ...]


class Assignment(msgspec.Struct, frozen=True):
    """Whom a conversation is meant for next; it stays where it is until somebody takes it.

    With `lapses_at` it is an offer by whoever has it: unanswered until then, it is as if nothing was said.
    """

    id: str
    conversation_id: str
    to: Receiver
    by_id: str
    by_name: str
    at: datetime
    lapses_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
