"""The nouns of understanding: what was read in one message, and what topics are."""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

SmallTalk = Literal[
    "greeting", "thanks", "goodbye", "are_you_human", "insult", "unclear", "how_are_you", "yes", "no"
]
EmotionLabel = Literal["anger", "frustration", "worry", "sadness", "confusion", "gratitude", "neutral"]
# `unnamed`: one of those that are forgotten when the conversation is over (forgetting.py).
RiskKind = Literal["vulnerable", "self_harm", "legal", "fraud", "complaint", "health", "safety", "unnamed"]
EntityKind = Literal["order_number", "date", "amount", "email", "phone", "postcode", "size"]


class Span(msgspec.Struct, frozen=True):
    """Where in the message something shows: characters `start` up to, not including, `end`."""

    start: int
    end: int


class TopicGuess(msgspec.Struct, frozen=True):
    """One topic the message may be about. The probability is calibrated on held-out own examples."""

    topic: str
    title: str
    probability: float
    span: Span = Span(0, 0)


class Signal(msgspec.Struct, frozen=True):
    """Something heard in the message, how strongly, and where."""

    score: float
    span: Span


class Emotion(msgspec.Struct, frozen=True):
    label: EmotionLabel
    score: float
    span: Span


class Risk(msgspec.Struct, frozen=True):
    """A reason to be careful. Recall comes first: a risk that is not there costs a person a minute."""

    kind: RiskKind
    score: float
    reason: str
    span: Span


class Entity(msgspec.Struct, frozen=True):
    kind: EntityKind
    value: str
    start: int
    end: int


class Reading(msgspec.Struct, frozen=True):
    """All that was understood of one message; `brain` names the version that read it."""

    language: str
    language_score: float
    topics: tuple[TopicGuess, ...]
    in_scope_probability: float
    is_in_scope: bool
    wishes_person: Signal | None
    small_talk: SmallTalk | None
    emotion: Emotion
    risks: tuple[Risk, ...]
    entities: tuple[Entity, ...]
    brain: str


class Topic(msgspec.Struct, frozen=True):
    """What customers write about: `title` is what one would see as a choice."""

    id: str
    title: str
    examples: tuple[str, ...] = ()


class Example(msgspec.Struct, frozen=True):
    """One sentence and its topic; the topic `OOS` says: none of ours."""

    text: str
    topic: str


OUT_OF_SCOPE = "OOS"
