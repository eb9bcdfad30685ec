"""Written answers and sections of articles as answers: what to quote, and how well it covers the question."""

from collections.abc import Sequence

from bothands.knowledge.finding import Match, Shelf
from bothands.knowledge.gating import (
    QUESTION_WEIGHTS,
    SECTION_WEIGHTS,
    TOPIC_NEUTRAL,
    as_dict,
    probability,
    weigh,
)
from bothands.knowledge.model import Answer, Article, Query, Question
from bothands.knowledge.quoting import Fitting, quote, quote_answer, sources_of
from bothands.knowledge.shelving import source_of
from bothands.knowledge.wording import words_of

SECTIONS_MAX = 6


def written(query: Query, words: frozenset[str], shelf: Shelf, matches: Sequence[Match]) -> list[Answer]:
    """Every question with its answer that is near, as an answer."""
    own = [(match, match.entry.value) for match in matches if isinstance(match.entry.value, Question)]
    fitting = Fitting(query.focus, query.vectors)
    answers = []
    for match, question in own:
        rivals = [other.cosine for other in matches if other is not match]
        signals = weigh(
            words,
            match.entry.words,
            shelf,
            match.cosine,
            match.cosine - max(rivals, default=0.0),
            _shared(query, match),
        )
        answers.append(
            Answer(
                text=quote_answer(question.answer, fitting),
                sources=(source_of(match.entry),),
                basis="article",
                score=match.score,
                probability=probability(signals, QUESTION_WEIGHTS),
                topic=question.topic or None,
                signals=as_dict(signals),
            )
        )
    return answers


def quoted(query: Query, words: frozenset[str], shelf: Shelf, matches: Sequence[Match]) -> list[Answer]:
    """The best sections as answers of a few sentences each; judged by the sentences, not by the section."""
    own = [(match, match.entry.value) for match in matches if isinstance(match.entry.value, Article)]
    fitting = Fitting(query.focus, query.vectors)
    answers = []
    for match, article in own[:SECTIONS_MAX]:
        section = article.section(match.entry.slug)
        said = (
            quote(article, match.entry.slug, fitting.pieces(section, match.entry.pieces)) if section else None
        )
        if section is None or said is None:
            continue
        rivals = [other.cosine for other, _ in own if other is not match]
        signals = weigh(
            words,
            words_of(f"{article.title} {section.title} {said.text}"),
            shelf,
            match.cosine,
            match.cosine - max(rivals, default=0.0),
            _shared(query, match),
        )
        answers.append(
            Answer(
                text=said.text,
                sources=sources_of(article, said.slugs),
                basis="article",
                score=match.score,
                probability=probability(signals, SECTION_WEIGHTS),
                topic=next(iter(sorted(match.entry.topics)), None) if len(match.entry.topics) == 1 else None,
                signals=as_dict(signals),
            )
        )
    return answers


def _shared(query: Query, match: Match) -> float:
    """How much of the reader's topics belongs to this place; neutral where nothing ties it to a topic."""
    if not query.topics or not match.entry.topics:
        return TOPIC_NEUTRAL
    return min(sum(query.topics.get(topic, 0.0) for topic in match.entry.topics), 1.0)
