"""`languages`: the same requests in many languages to an assistant that learnt some of them, or English only.

Rows of one request, whatever their language, are never split between learning and reading. A message counts
as answered when the product's own decision would let the assistant act on its topic.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.intervals import figure
from benchmarks.rows import Labelled, folds, json_lines
from bothands.balance import Charter, Facts, Step, charter_from, decide
from bothands.conversations import HolderKind
from bothands.kit import Invalid
from bothands.models import Embedder, open_embedder
from bothands.skills import Proposal, ProposalKind
from bothands.storage import open_database
from bothands.understanding import Brain, Example, Reading, keep_topics, learn, topics_from_examples

THREADS = 2
ENGLISH = "en"
ANY_LANGUAGE_FLOOR = 0.85
# Spoken languages without a code of their own among those that are told apart: the next written one counts.
NEAR = {"de-st": "de", "gsw": "de", "nap": "it"}


class Heard(msgspec.Struct, frozen=True):
    """What became of one row; `naively`: with no word on languages, by the topic's probability alone."""

    language: str
    group: str
    is_identified: bool
    is_answered: bool
    is_right: bool
    is_answered_naively: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, required=True, help="rows lang, text, intent")
    parser.add_argument("--test", type=Path, required=True, help="the same file: five-fold")
    parser.add_argument("--train-languages", nargs="+", default=[ENGLISH], metavar="L")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    learnt = sorted(set(arguments.train_languages))
    parts = folds(_rows(arguments.train), _rows(arguments.test))
    heard = asyncio.run(_all(parts, learnt))
    foreign = [one for one in heard if one.language not in learnt]
    return {
        "benchmark": "languages",
        "n": len(heard),
        "learnt": learnt,
        "by_language": {
            language: _figures([one for one in heard if one.language == language])
            for language in sorted({one.language for one in heard})
        },
        "foreign": _figures(foreign),
        "baseline": {
            "method": f"no word on languages: answered when its topic is {ANY_LANGUAGE_FLOOR} likely",
            "foreign_answered_wrongly": _share(
                foreign, [one.is_answered_naively and not one.is_right for one in foreign]
            ),
        },
    }


def _figures(heard: Sequence[Heard]) -> dict[str, Any]:
    return {
        "n": len(heard),
        "identified": _share(heard, [one.is_identified for one in heard]),
        "answered_rightly": _share(heard, [one.is_answered and one.is_right for one in heard]),
        "answered_wrongly": _share(heard, [one.is_answered and not one.is_right for one in heard]),
        "refused_or_handed_over": _share(heard, [not one.is_answered for one in heard]),
    }


def _share(heard: Sequence[Heard], hits: Sequence[bool]) -> dict[str, Any]:
    return dict(figure(lambda rows: sum(hits[row] for row in rows) / len(rows), [one.group for one in heard]))


def _rows(file: Path) -> list[Labelled]:
    """The label is the intent; the conversation is the request, the language comes before the text."""
    rows = []
    for number, row in enumerate(json_lines(file), 1):
        language, text, intent = row.get("lang"), row.get("text"), row.get("intent")
        if not (isinstance(language, str) and isinstance(text, str) and isinstance(intent, str)):
            raise Invalid(
                f"{file.name}:{number}", "a row needs `lang`, `text` and `intent`", "see the README"
            )
        rows.append(Labelled(f"{language} {text}", (intent,), str(row.get("en") or text)))
    return rows


async def _all(parts: Sequence[tuple[list[Labelled], list[Labelled]]], learnt: Sequence[str]) -> list[Heard]:
    embedder = open_embedder(THREADS)
    try:
        return [heard for train, test in parts for heard in await _one(embedder, train, test, learnt)]
    finally:
        embedder.close()


async def _one(
    embedder: Embedder, train: Sequence[Labelled], test: Sequence[Labelled], learnt: Sequence[str]
) -> list[Heard]:
    examples = [
        Example(text, row.labels[0]) for row in train for language, text in [_told(row)] if language in learnt
    ]
    if not examples:
        raise Invalid(
            "rows to learn from", f"none is in {', '.join(learnt)}", "name languages that are there"
        )
    brain = await _brain(embedder, examples)
    titles = {topic: topic for topic in {example.topic for example in examples}}
    charter = charter_from({"defaults": {"role": "ai_acts"}, "languages": list(learnt)}, titles)
    readings = await brain.read_many([_told(row)[1] for row in test])
    return [_heard(row, reading, charter) for row, reading in zip(test, readings, strict=True)]


async def _brain(embedder: Embedder, examples: Sequence[Example]) -> Brain:
    with tempfile.TemporaryDirectory(prefix="languages-") as folder:
        db = open_database(f"sqlite:///{Path(folder) / 'topics.db'}")
        try:
            await db.write(lambda unit: keep_topics(unit, topics_from_examples(examples)))
            return await learn(db, embedder)
        finally:
            db.close()


def _heard(row: Labelled, reading: Reading, charter: Charter) -> Heard:
    language, _ = _told(row)
    top = reading.topics[0] if reading.topics else None
    is_answered = False
    if top is not None and reading.is_in_scope:
        proposal = Proposal(
            ProposalKind.ANSWER,
            "An answer.",
            "approved",
            reading,
            topic=top.topic,
            topic_title=top.title,
            topic_probability=top.probability,
            score=top.probability,
            probability=top.probability,
        )
        is_answered = decide(Facts(HolderKind.ASSISTANT.value), proposal, charter).step is Step.ACT
    return Heard(
        language,
        row.conversation,
        reading.language == NEAR.get(language, language),
        is_answered,
        top is not None and top.topic in row.labels,
        top is not None and top.probability >= ANY_LANGUAGE_FLOOR,
    )


def _told(row: Labelled) -> tuple[str, str]:
    language, _, text = row.text.partition(" ")
    return language, text
