"""From the library to a proposal: an answer, a question for what is missing, or what to ask instead."""

from collections.abc import Sequence

from bothands.knowledge import Answer, Ask, Nothing, Outcome, Voice
from bothands.skills.attempting import Attempt
from bothands.skills.clarifying import ask_which, say_no_source, say_out_of_scope
from bothands.skills.model import Proposal, ProposalKind
from bothands.understanding import Topic, TopicGuess

TOPICS_SENT_MAX = 5
VERBATIM_LIKENESS_MIN = 0.75
# Something none of our topics fits is asked about only if a place of ours may well answer it.
FOREIGN_PROBABILITY_MIN = 0.3
# Ours, but nothing is anywhere near: a choice among strangers would only waste the contact's time.
NEAR_PROBABILITY_MIN = 0.1


async def look_up(attempt: Attempt, question: str, topics: Sequence[TopicGuess]) -> Outcome:
    return await attempt.library.answer(
        question,
        topics=tuple((guess.topic, guess.probability) for guess in topics[:TOPICS_SENT_MAX]),
        ours=attempt.ours,
        asks=attempt.scene.pending_asks if attempt.chosen is None else None,
        earlier=attempt.earlier,
        voice=_voice(attempt),
        now=attempt.now,
    )


async def read_out(attempt: Attempt) -> Proposal | None:
    """The place the contact chose, for the question they had asked; None when it is gone."""
    offer = (attempt.chosen or {}).get("offer")
    if not offer:
        return None
    answer = await attempt.library.tell(offer, attempt.question, voice=_voice(attempt), now=attempt.now)
    return None if answer is None else proposed(attempt, answer, ())


def _voice(attempt: Attempt) -> Voice:
    return Voice(attempt.scene.inbox.tone, attempt.said)


def proposed(attempt: Attempt, outcome: Outcome, known: Sequence[Topic]) -> Proposal:
    """What the assistant would say to what the library found."""
    if isinstance(outcome, Answer):
        if attempt.is_ours or _is_nearly_verbatim(outcome):
            return _answer(attempt, outcome, known)
        nothing = Nothing((), outcome.score, outcome.probability, outcome.offers, outcome.strange)
        return instead_of_answering(attempt, nothing, known)
    if isinstance(outcome, Ask):
        return _fact_question(attempt, outcome)
    return instead_of_answering(attempt, outcome, known)


def _is_nearly_verbatim(answer: Answer) -> bool:
    """Two gates: what reads like none of our topics is answered only in nearly our own words, or by a row."""
    return answer.basis == "fact" or answer.signals.get("likeness", 0.0) >= VERBATIM_LIKENESS_MIN


def _answer(attempt: Attempt, answer: Answer, known: Sequence[Topic]) -> Proposal:
    topic = attempt.topic_of(answer.topic)
    nothing = Nothing((), answer.score, answer.probability, answer.offers, answer.strange)
    return Proposal(
        ProposalKind.ANSWER,
        answer.text,
        answer.basis,
        attempt.reading,
        topic=topic.topic if topic else None,
        topic_title=topic.title if topic else "",
        topic_probability=topic.probability if topic else 0.0,
        sources=answer.sources,
        score=answer.score,
        probability=answer.probability,
        reason=f"found in {answer.sources[0].title}" if answer.sources else "found",
        # What to say if it turns out not to be good enough.
        instead=None if attempt.chosen is not None else instead_of_answering(attempt, nothing, known),
        tried=tuple(f"answered from {source.title}" for source in answer.sources),
    )


def _fact_question(attempt: Attempt, ask: Ask) -> Proposal:
    topic = attempt.topic_of(ask.topic)
    return Proposal(
        ProposalKind.ASK,
        ask.text,
        "fact_question",
        attempt.reading,
        topic=topic.topic if topic else None,
        topic_title=topic.title if topic else "",
        topic_probability=topic.probability if topic else 0.0,
        sources=ask.sources,
        score=ask.score,
        probability=ask.probability,
        choices=ask.choices,
        asks=ask.asks,
        reason="one thing is missing to answer",
    )


def instead_of_answering(attempt: Attempt, nothing: Nothing, known: Sequence[Topic]) -> Proposal:
    """A question whose choices lead to an answer; where nothing is near, what we can do and a person."""
    reading, likely = attempt.reading, nothing.probability or 0.0
    enough = NEAR_PROBABILITY_MIN if attempt.is_ours else FOREIGN_PROBABILITY_MIN
    if likely >= enough:
        question = ask_which(
            attempt.question,
            reading,
            nothing.offers,
            attempt.leads_on,
            likely=likely,
            strange=nothing.strange,
            said=attempt.said,
        )
        if question is not None:
            return question
    if attempt.is_ours:
        return say_no_source(reading, nothing.near, attempt.said)
    return say_out_of_scope(reading, (), [topic.title for topic in known], attempt.said)
