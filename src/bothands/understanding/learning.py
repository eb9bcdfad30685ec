"""Topics come in, a brain comes out: import, learn when the examples changed, load what was learnt."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bothands.jobs import announce
from bothands.kit import Invalid
from bothands.models import Embedder
from bothands.storage import Database, Unit
from bothands.understanding import store
from bothands.understanding.events import BrainLearned
from bothands.understanding.model import OUT_OF_SCOPE, Example, Topic
from bothands.understanding.packing import pack, unpack
from bothands.understanding.reading import Brain
from bothands.understanding.risks.training import train_risks
from bothands.understanding.signals import phrases
from bothands.understanding.topics import TopicHeads
from bothands.understanding.training import train_topics

TOPICS_MAX = 1_000
TOPIC_ID_CHARS_MAX = 120
EXAMPLE_CHARS_MAX = 2_000
# Counted up whenever training itself changes, so that stored brains are learnt anew.
RECIPE = 3

_OUT_OF_SCOPE_TITLE = "None of ours"


def topics_from_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Topic, ...]:
    """Topics of a topics.toml: `id`, `title`, `examples`."""
    topics = []
    for place, row in enumerate(rows, 1):
        thing = f"topic {row.get('id') or f'number {place}'}"
        try:
            topic = msgspec.convert(dict(row), Topic)
        except msgspec.ValidationError as error:
            raise Invalid(
                thing, f"not readable ({error})", "give it an id, a title and a list of examples"
            ) from None
        if not topic.id or len(topic.id) > TOPIC_ID_CHARS_MAX:
            raise Invalid(
                thing, f"its id must have 1 to {TOPIC_ID_CHARS_MAX} characters", "choose another id"
            )
        topics.append(topic)
    return tuple(topics)


def topics_from_examples(examples: Sequence[Example]) -> tuple[Topic, ...]:
    """Topics of plain labelled sentences; the label, made readable, is the title."""
    of_topic: dict[str, list[str]] = {}
    for example in examples:
        of_topic.setdefault(example.topic, []).append(example.text)
    return tuple(
        Topic(
            topic,
            _OUT_OF_SCOPE_TITLE
            if topic == OUT_OF_SCOPE
            else topic.replace("_", " ").replace("-", " ").capitalize(),
            tuple(texts),
        )
        for topic, texts in of_topic.items()
    )


def keep_topics(unit: Unit, topics: Sequence[Topic]) -> None:
    """Make these the company's topics, in place of those before."""
    if len(topics) > TOPICS_MAX:
        raise Invalid("the topics", f"{len(topics)}, the limit is {TOPICS_MAX}", "put near ones together")
    seen: set[str] = set()
    for topic in topics:
        if topic.id in seen:
            raise Invalid(f"topic {topic.id}", "it is there twice", "give each topic an id of its own")
        seen.add(topic.id)
    store.replace_topics(unit.records, [_cleaned(topic) for topic in topics])


def topics_of(records: Connection) -> tuple[Topic, ...]:
    """The company's topics in their order."""
    return tuple(topic for topic in store.all_topics(records) if topic.id != OUT_OF_SCOPE)


async def learn(db: Database, embedder: Embedder) -> Brain:
    """The brain for the stored topics: loaded when these very examples were learnt before, else trained."""
    stored_topics = await db.read(store.all_topics)
    topics = tuple(topic for topic in stored_topics if topic.id != OUT_OF_SCOPE)
    examples = _lessons(stored_topics)
    version = _version(embedder, examples)
    stored = await db.read(lambda records: store.brain_of(records, version))
    if stored is not None:
        return _brain(embedder, topics, unpack(TopicHeads, stored.heads), version)
    if len({example.topic for example in examples} - {OUT_OF_SCOPE}) < 2:
        return _brain(embedder, topics, None, version)
    heads = await asyncio.to_thread(_train, embedder, examples)
    # Packed and read back, so that the brain of today is bit by bit the brain of tomorrow's start.
    blob = await asyncio.to_thread(pack, heads)

    def keep(unit: Unit) -> None:
        store.keep_brain(unit.records, store.StoredBrain(version, unit.now, len(examples), blob))
        announce(unit, BrainLearned(version, len(topics), len(examples)))

    await db.write(keep)
    return _brain(embedder, topics, unpack(TopicHeads, blob), version)


async def load(db: Database, embedder: Embedder) -> Brain | None:
    """The brain learnt last, whatever the examples are now; None when nothing was learnt yet."""
    stored, topics = await db.read(lambda records: (store.latest_brain(records), topics_of(records)))
    if stored is None:
        return None
    return _brain(embedder, topics, unpack(TopicHeads, stored.heads), stored.version)


def _brain(embedder: Embedder, topics: tuple[Topic, ...], heads: TopicHeads | None, version: str) -> Brain:
    # For the whole process: our matrices are small, and BLAS threads that wait for one another made a
    # message five times slower on a busy machine (35 instead of 6 ms beside the encoder).
    threadpool_limits(1, user_api="blas")
    return Brain(embedder, topics, heads, version)


def _train(embedder: Embedder, examples: Sequence[Example]) -> TopicHeads:
    elsewhere = phrases("elsewhere")
    vectors = embedder.embed_now([example.text for example in examples])
    heads = train_topics(examples, vectors, elsewhere, embedder.embed_now(elsewhere))
    return msgspec.structs.replace(heads, risks=train_risks(examples, vectors, embedder.embed_now))


def _lessons(topics: Sequence[Topic]) -> list[Example]:
    """The examples, and each title as one more: few as they are, it says in other words what is meant."""
    examples = [Example(text, topic.id) for topic in topics for text in topic.examples]
    known = {example.text.lower() for example in examples}
    titles = [
        Example(topic.title, topic.id) for topic in topics if topic.id != OUT_OF_SCOPE and topic.examples
    ]
    return examples + [title for title in titles if title.text and title.text.lower() not in known]


def _version(embedder: Embedder, examples: Sequence[Example]) -> str:
    """Names what the heads depend on: recipe, encoder, examples."""
    parts = [str(RECIPE), embedder.version, *(f"{example.topic}\0{example.text}" for example in examples)]
    return "brain-" + hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _cleaned(topic: Topic) -> Topic:
    """Without empty and doubled examples."""
    texts = dict.fromkeys(text.strip()[:EXAMPLE_CHARS_MAX] for text in topic.examples)
    return msgspec.structs.replace(topic, examples=tuple(text for text in texts if text))
