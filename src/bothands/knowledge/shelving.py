"""What may be found, made from what is known: one entry per section, question and approved reply."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
import numpy as np

from bothands.kit import slug as slugged
from bothands.knowledge.model import Article, FactsTable, Passage, Question, Reply, Source, Vectors
from bothands.knowledge.splitting import sentences
from bothands.knowledge.store import VECTOR_WIDTH, Shelved
from bothands.knowledge.wording import codes, words_of

NO_PIECES: Vectors = np.zeros((0, VECTOR_WIDTH), np.float32)


class Entry(msgspec.Struct, frozen=True):
    """A passage with what answering needs of it."""

    passage: Passage
    value: Article | Reply | Question
    slug: str
    spoken: str  # the text the word index reads
    words: frozenset[str]  # families of all its words: what it can possibly speak of
    codes: frozenset[str]
    parts: tuple[str, ...]  # what stands above it, and its sentences: a question may be met by one alone
    pieces: Vectors  # one row per quotable piece of a section; none otherwise
    checked_at: date | None = None
    topics: frozenset[str] = frozenset()  # that approved replies or tables tie to this place


def shelve(shelved: Sequence[Shelved], audience: str) -> list[tuple[Entry, Vectors]]:
    """Entries of all things this audience may see, with their vectors."""
    entries: list[tuple[Entry, Vectors]] = []
    articles = {thing.id: thing.value for thing in shelved if isinstance(thing.value, Article)}
    tied = _tied(thing.value for thing in shelved)
    for thing in shelved:
        value = thing.value
        if isinstance(value, Article):
            if value.audience == "public" or audience == "internal":
                entries.extend(_of_article(value, thing.vectors, tied))
        elif isinstance(value, Reply):
            entries.append((_of_reply(value, articles.get(value.source.partition("#")[0])), thing.vectors[0]))
        elif isinstance(value, Question):
            entries.append((_of_question(value), thing.vectors[0]))
    return entries


def source_of(entry: Entry, number: int = 1) -> Source:
    passage = entry.passage
    is_bare = passage.kind == "reply" and not passage.article_id
    return Source(
        number,
        passage.title,
        passage.section,
        passage.url,
        "reply" if is_bare else "article",
        passage.article_id,
        entry.checked_at,
    )


def questions_page(origin: str) -> str:
    """The id of the page that shows all questions of one file."""
    path = origin.removeprefix("file:").rsplit("/", 1)[-1]
    name = path.rpartition(".")[0] or path
    return f"questions-{slugged(name)}"


def _tied(values: Iterable[object]) -> dict[str, frozenset[str]]:
    """Section → the topics whose replies or tables were checked against it."""
    found: dict[str, set[str]] = {}
    for value in values:
        if isinstance(value, Reply) and value.source:
            found.setdefault(value.source, set()).add(value.topic)
        elif isinstance(value, FactsTable) and value.source:
            found.setdefault(value.source, set()).update(value.topics)
    return {place: frozenset(topics) for place, topics in found.items()}


def _of_article(
    article: Article, vectors: Sequence[Vectors], tied: dict[str, frozenset[str]]
) -> list[tuple[Entry, Vectors]]:
    entries = []
    for section, rows in zip(article.sections, vectors, strict=True):
        place = f"{article.id}#{section.slug}"
        passage = Passage(
            "section",
            place,
            article.title,
            section.title,
            section.text,
            article.id,
            f"/help/{place}",
            article.audience,
        )
        entry = Entry(
            passage,
            article,
            section.slug,
            *_read(f"{article.title} {section.title} {section.text}"),
            parts=(f"{article.title} {section.title}", *(piece.text for piece in section.pieces)),
            pieces=rows[1 : 1 + len(section.pieces)],
            checked_at=article.reviewed_at,
            topics=tied.get(place, frozenset()),
        )
        entries.append((entry, rows))
    return entries


def _of_reply(reply: Reply, home: Article | None) -> Entry:
    """A reply's source is the section it was approved from; without a public one, the reply itself."""
    slug = reply.source.partition("#")[2]
    section = home.section(slug) if home is not None else None
    title, heading, article_id = "Approved reply", reply.topic.replace("_", " "), ""
    url = f"/help/replies#{slugged(reply.id)}"
    checked_at = None
    if home is not None and home.audience == "public":
        title, heading, article_id = home.title, section.title if section else "", home.id
        url = f"/help/{home.id}#{section.slug}" if section else f"/help/{home.id}"
        checked_at = home.reviewed_at
    passage = Passage("reply", reply.id, title, heading, reply.plain[0], article_id, url, topic=reply.topic)
    # Only what the reply itself says counts: its section may cover far more than the reply does.
    spoken = " ".join((*reply.questions, *reply.plain, reply.topic.replace("_", " ")))
    return Entry(
        passage,
        reply,
        slug,
        *_read(spoken),
        parts=(*reply.questions, *reply.plain, reply.topic.replace("_", " ")),
        pieces=NO_PIECES,
        checked_at=checked_at,
        topics=frozenset({reply.topic}),
    )


def _of_question(question: Question) -> Entry:
    page = questions_page(question.origin)
    passage = Passage(
        "question",
        question.id,
        "Questions and answers",
        question.question,
        question.answer,
        page,
        f"/help/{page}#{question.id}",
        topic=question.topic,
    )
    return Entry(
        passage,
        question,
        question.id,
        *_read(f"{question.question} {question.answer}"),
        parts=(question.question, *sentences(question.answer)),
        pieces=NO_PIECES,
        checked_at=question.changed_at,
        topics=frozenset({question.topic}) if question.topic else frozenset(),
    )


def _read(spoken: str) -> tuple[str, frozenset[str], frozenset[str]]:
    return spoken, words_of(spoken), frozenset(codes(spoken))
