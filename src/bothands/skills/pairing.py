"""Two questions in one message: both answered with sources, or one and a plain word on the other."""

import re
from collections.abc import Sequence

import msgspec

from bothands.kit import excerpt, words
from bothands.knowledge import Answer, Outcome, sentences
from bothands.skills.wording import ONLY_ONE
from bothands.understanding import Reading

QUESTION_WORDS_MIN = 3
QUESTIONS_MAX = 2
TOPIC_PROBABILITY_MIN = 0.5
QUESTION_CHARS_MAX = 80
# As sure as a charter lets out by itself, unless a company says otherwise.
BOTH_PROBABILITY_MIN = 0.85
_AND = re.compile(r"^(?:and|also|oh and|plus)\b\W*", re.IGNORECASE)
_MARKER = re.compile(r"\[(\d)\]")


def two_questions(text: str) -> tuple[str, ...]:
    """The two questions of a message; none where one leans on the other ("and in blue?")."""
    asking = [part.strip() for part in sentences(text) if part.strip().endswith("?")]
    if len(asking) != QUESTIONS_MAX or any(len(words(part)) < QUESTION_WORDS_MIN for part in asking):
        return ()
    return tuple(asking)


def differ(readings: Sequence[Reading]) -> bool:
    """Whether they are about different things: topics of their own, or one of them none of ours."""
    tops = [reading.topics[0].topic if _has_topic(reading) else None for reading in readings]
    return tops[0] != tops[1]


def paired(questions: Sequence[str], outcomes: Sequence[Outcome]) -> Answer | None:
    """One answer to both, its sources numbered through; None where neither has a sure one."""
    sure = [
        (place, found)
        for place, found in enumerate(outcomes)
        if isinstance(found, Answer) and _is_sure(found)
    ]
    if not sure:
        return None
    place, first = sure[0]
    if len(sure) < QUESTIONS_MAX:
        other = excerpt(_AND.sub("", questions[1 - place]).rstrip("?"), QUESTION_CHARS_MAX)
        return msgspec.structs.replace(first, text=f"{first.text}\n\n{ONLY_ONE.format(question=other)}")
    second = sure[1][1]
    if second.text == first.text:
        return first
    shift = len(first.sources)
    moved = _MARKER.sub(lambda marker: f"[{int(marker.group(1)) + shift}]", second.text)
    sources = [msgspec.structs.replace(source, number=source.number + shift) for source in second.sources]
    return msgspec.structs.replace(
        first,
        text=f"{first.text}\n\n{moved}",
        sources=(*first.sources, *sources),
        score=min(first.score, second.score),
        probability=min(first.probability or 0.0, second.probability or 0.0),
    )


def _has_topic(reading: Reading) -> bool:
    return (
        reading.is_in_scope
        and bool(reading.topics)
        and reading.topics[0].probability >= TOPIC_PROBABILITY_MIN
    )


def _is_sure(answer: Answer) -> bool:
    return (answer.probability or 0.0) >= BOTH_PROBABILITY_MIN
