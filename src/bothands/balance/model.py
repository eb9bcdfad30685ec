"""Who acts, as values: roles and charter, stops, and a decision with its reasons."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec


class Role(StrEnum):
    """What the assistant may do with a topic."""

    AI_ACTS = "ai_acts"
    AI_DRAFTS = "ai_drafts"
    PERSON_ONLY = "person_only"


class Step(StrEnum):
    """What happens with a proposal: the assistant alone, a person with its draft, a person."""

    ACT = "act"
    DRAFT = "draft"
    HAND_OFF = "hand_off"


class Rules(msgspec.Struct, frozen=True):
    """Hard rules a company may switch off. A wish for a person is not among them: nobody may."""

    two_failed_turns: bool = True
    anger: bool = True
    distress: bool = True
    legal_threat: bool = True


class CharterTopic(msgspec.Struct, frozen=True):
    """Who acts on one topic, who answers for that, why, and when it is looked at again."""

    topic: str
    title: str
    role: Role
    owner: str
    reason: str
    review_on: date | None
    threshold: float


class Charter(msgspec.Struct, frozen=True):
    """The roles of all topics. `default` stands for topics that have no entry of their own."""

    default: CharterTopic
    topics: tuple[CharterTopic, ...] = ()
    rules: Rules = Rules()
    languages: tuple[str, ...] = ("en",)
    version: int = 0

    def of(self, topic: str | None) -> CharterTopic:
        return next((entry for entry in self.topics if entry.topic == topic), self.default)


class Stop(msgspec.Struct, frozen=True):
    """The assistant is silenced, on one topic or (None) on all, until somebody lifts it."""

    id: str
    topic: str | None
    reason: str
    at: datetime
    by_id: str | None
    by_name: str

    def covers(self, topic: str | None) -> bool:
        return self.topic is None or self.topic == topic


class Facts(msgspec.Struct, frozen=True):
    """What a decision needs to know of the conversation. Counts are of the present matter."""

    holder_kind: str
    clarified_before: int = 0
    failed_turns: int = 0
    asked_for_person: bool = False
    offered_person: bool = False
    people_on_duty: bool = True


class Reason(msgspec.Struct, frozen=True):
    """Why, as a code for counting and as words for people."""

    code: str
    words: str


class Verdict(msgspec.Struct, frozen=True):
    """What was decided, before it is kept. The first reason is the one that decided."""

    step: Step
    reasons: tuple[Reason, ...]
    topic: str | None
    score: float
    threshold: float | None
    certified: bool
    propensity: float
    versions: dict[str, str]

    @property
    def reason(self) -> Reason:
        return self.reasons[0]


class Decision(msgspec.Struct, frozen=True):
    """A verdict as it was kept, with all that it was made from: enough to explain and replay it."""

    id: str
    conversation_id: str
    message_seq: int
    at: datetime
    step: Step
    reasons: tuple[Reason, ...]
    topic: str | None
    score: float
    threshold: float | None
    certified: bool
    propensity: float
    versions: dict[str, str]
    facts: dict[str, Any]
    reading: dict[str, Any]
    proposal: dict[str, Any]
    evidence: list[dict[str, Any]]

    @property
    def reason(self) -> Reason:
        return self.reasons[0]
