"""Readings, proposals and charters to decide upon."""

from datetime import UTC, datetime
from typing import Any

from bothands.balance import Charter, CharterTopic, Facts, Role, Rules, Stop
from bothands.skills import Proposal, ProposalKind
from bothands.understanding import Emotion, Reading, Risk, Signal, Span

NOWHERE = Span(0, 0)
CALM = Emotion("neutral", 0.9, NOWHERE)
HELD_BY_ECHO = Facts("assistant")


def topic(name: str, role: Role = Role.AI_ACTS, threshold: float = 0.7, reason: str = "") -> CharterTopic:
    return CharterTopic(name, name.replace("_", " ").capitalize(), role, "Chi", reason, None, threshold)


CHARTER = Charter(
    topic("", Role.AI_ACTS),
    (
        topic("delivery_times"),
        topic("refund_status", Role.AI_DRAFTS),
        topic("damaged_item", Role.PERSON_ONLY, reason="Each case needs an eye on the photo"),
    ),
    Rules(),
    version=3,
)


def read(**values: Any) -> Reading:
    plain: dict[str, Any] = {
        "language": "en",
        "language_score": 0.99,
        "topics": (),
        "in_scope_probability": 0.9,
        "is_in_scope": True,
        "wishes_person": None,
        "small_talk": None,
        "emotion": CALM,
        "risks": (),
        "entities": (),
        "brain": "brain-1",
    }
    return Reading(**(plain | values))


def feeling(label: str, score: float = 0.9) -> Reading:
    return read(emotion=Emotion(label, score, NOWHERE))  # type: ignore[arg-type]


def risky(kind: str) -> Reading:
    return read(risks=(Risk(kind, 0.8, 'hints at it: "a word"', NOWHERE),))  # type: ignore[arg-type]


WISH = read(wishes_person=Signal(0.9, NOWHERE))


def propose(
    kind: ProposalKind = ProposalKind.ANSWER,
    basis: str = "approved",
    *,
    topic: str | None = "delivery_times",
    score: float = 0.91,
    reading: Reading | None = None,
    **values: Any,
) -> Proposal:
    text = "Two to four days. [1]"
    return Proposal(
        kind, text, basis, reading or read(), topic=topic, score=score, topic_probability=0.9, **values
    )


def stop_on(topic: str | None, reason: str = "wrong prices") -> Stop:
    return Stop("stop_1", topic, reason, datetime(2026, 11, 20, tzinfo=UTC), "agent_bo", "Bo")
