"""What the assistant would say or do, with its grounds."""

from enum import StrEnum
from typing import Any

import msgspec

from bothands.knowledge import Source
from bothands.understanding import Reading


class ProposalKind(StrEnum):
    ANSWER = "answer"
    PERFORM = "perform"
    ASK = "ask"
    HAND_OVER = "hand_over"


class Proposal(msgspec.Struct, frozen=True):
    """The assistant's best idea for one message, before anybody decided that it may happen.

    `basis` says what it rests on: small_talk, approved, fact, article, skill, clarify, fact_question,
    skill_question, out_of_scope, or for handing over: wish, distress, person_only, complaint, risk,
    language, unsure, failed_turns. `probability` is None until calibrated; `score` is 0..1 and only orders.
    """

    kind: ProposalKind
    text: str
    basis: str
    reading: Reading
    topic: str | None = None
    topic_title: str = ""
    topic_probability: float = 0.0
    score: float = 0.0
    probability: float | None = None
    sources: tuple[Source, ...] = ()
    choices: tuple[str, ...] = ()
    asks: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    reason: str = ""
    tried: tuple[str, ...] = ()
    # What to ask if this is not good enough to be said: one question before a person is brought in.
    instead: "Proposal | None" = None
    versions: dict[str, str] = msgspec.field(default_factory=dict)
