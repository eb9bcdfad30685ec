"""`knowledge`: finding the right document, answering from it word for word, and knowing when there is none.

Each base is uploaded as files and asked through the library, as a turn does. Every question is asked twice:
of the whole base, and of the base without the documents that answer it, where silence is right.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np

from benchmarks.bases import Asked, Bases, Document, Format, bases_of
from benchmarks.intervals import figure
from benchmarks.scores import auroc
from bothands.knowledge import Answer, Library, Outcome, sentences
from bothands.models import Embedder, open_embedder
from bothands.storage import open_database

THREADS = 2
ORIGIN = "benchmark"
FOUND_MAX = 50
NEAR = 5
WRONG_SHARE_MAX = 0.05
MARK = re.compile(r"\s*\[\d+\]")


class Told(msgspec.Struct, frozen=True):
    """An outcome: how likely it was held to be right, whether it was, and how much of it its source says."""

    probability: float
    is_answer: bool
    is_right: bool
    sentences: int = 0
    cited: int = 0


class Seen(msgspec.Struct, frozen=True):
    """One question: the rank of the first wanted document, the outcome with the wanted ones and without."""

    rank: int | None
    is_faq: bool
    faq_is_first: bool
    whole: Told
    without: Told
    naive_first: bool
    naive: tuple[float, float]  # the nearest cosine with and without them


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--format", choices=get_args(Format), default="articles")
    parser.add_argument("--first", type=int, default=None, metavar="N", help="only the first N questions")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    bases = bases_of(arguments.articles, arguments.questions, arguments.format)
    asked = [one for one in bases.questions if one.wanted][: arguments.first]
    seen = asyncio.run(_all(bases, asked))
    faqs = [one for one in seen if one.is_faq]
    return {
        "benchmark": "knowledge",
        "n": len(seen),
        "documents": sum(map(len, bases.documents.values())),
        "left_out": bases.left_out,
        **_found(seen),
        "faq_p_at_1": _mean([one.faq_is_first for one in faqs]) | {"n": len(faqs)},
        **_told(seen),
        "baseline": {
            "method": "nearest document by cosine, title and body embedded as one",
            "p_at_1": _mean([one.naive_first for one in seen]),
            "answerable_auroc": _auroc([one.naive for one in seen]),
        },
    }


def _found(seen: Sequence[Seen]) -> dict[str, Any]:
    return {
        "p_at_1": _mean([one.rank == 1 for one in seen]),
        "mrr": _mean([1 / one.rank if one.rank else 0.0 for one in seen]),
        f"recall_at_{NEAR}": _mean([one.rank is not None and one.rank <= NEAR for one in seen]),
    }


def _told(seen: Sequence[Seen]) -> dict[str, Any]:
    answers = [one.whole for one in seen if one.whole.is_answer]
    wrongly = [
        told for one in seen for told in (one.whole, one.without) if told.is_answer and not told.is_right
    ]
    return {
        "answerable_auroc": _auroc([(one.whole.probability, one.without.probability) for one in seen]),
        "right_at_5_percent_wrong": figure(
            lambda rows: right_at([seen[row] for row in rows], WRONG_SHARE_MAX), range(len(seen))
        ),
        "answered": _mean([one.whole.is_answer for one in seen]),
        "answered_rightly": _mean([one.whole.is_right for one in seen]),
        "answered_without_a_source": _mean([one.without.is_answer for one in seen]),
        "wrong_answers": len(wrongly),
        "cited_share": _mean([one.cited / one.sentences for one in answers if one.sentences]),
    }


def right_at(seen: Sequence[Seen], wrong_max: float) -> float:
    """The largest share of questions answered rightly, surest first, with few wrong among the answers."""
    told = [told for one in seen for told in (one.whole, one.without) if told.is_answer]
    told.sort(key=lambda one: -one.probability)
    right = np.cumsum([one.is_right for one in told])
    allowed = np.flatnonzero(1 - right / np.arange(1, len(told) + 1) <= wrong_max)
    return float(right[allowed[-1]] / len(seen)) if len(allowed) else 0.0


def _mean(values: Sequence[float | bool]) -> dict[str, Any]:
    numbers = np.array(values, float)
    return dict(figure(lambda rows: float(numbers[rows].mean()), range(len(numbers))))


def _auroc(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    both = np.array(pairs, float)

    def area(rows: Any) -> float:
        scores = both[rows].ravel()
        return auroc(np.tile([True, False], len(rows)), scores)

    return dict(figure(area, range(len(both))))


async def _all(bases: Bases, asked: Sequence[Asked]) -> list[Seen]:
    by_base: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_base[one.base].append(one)
    embedder = open_embedder(THREADS)
    seen: list[Seen] = []
    try:
        for base, questions in by_base.items():
            with tempfile.TemporaryDirectory(prefix="knowledge-") as folder:
                seen += await _ask_all(Path(folder), embedder, bases.documents[base], questions)
            print(f"\r{len(seen)} of {len(asked)} questions", end="", file=sys.stderr, flush=True)
    finally:
        embedder.close()
    return seen


async def _ask_all(
    folder: Path, embedder: Embedder, documents: Sequence[Document], questions: Sequence[Asked]
) -> list[Seen]:
    db = open_database(f"sqlite:///{folder / 'knowledge.db'}")
    try:
        library = await Library.load(db, embedder)
        files = {document.name: document.content for document in documents}
        await library.import_files(files, origin=ORIGIN)
        nearest = await embedder.embed([f"{document.title}. {document.body}" for document in documents])
        seen = []
        for asked in questions:
            whole = await _ask(library, asked, documents)
            rest = {d.name: d.content for d in documents if d.id not in asked.wanted}
            without = Told(0.0, False, True)
            if rest:
                await library.import_files(rest, origin=ORIGIN)
                outcome = await _outcome(library, asked)
                without = Told(outcome.probability or 0.0, isinstance(outcome, Answer), is_right=False)
                await library.import_files(files, origin=ORIGIN)
            cosines = nearest @ (await embedder.embed([asked.text]))[0]
            wanted = np.array([document.id in asked.wanted for document in documents])
            left = float(cosines[~wanted].max()) if not wanted.all() else 0.0
            naive = (float(cosines.max()), left)
            seen.append(
                msgspec.structs.replace(
                    whole, without=without, naive_first=bool(wanted[cosines.argmax()]), naive=naive
                )
            )
        return seen
    finally:
        db.close()


async def _ask(library: Library, asked: Asked, documents: Sequence[Document]) -> Seen:
    """Of the whole base."""
    by_place = {document.place: document for document in documents}
    hits = await library.find(asked.text, FOUND_MAX)
    found = list(dict.fromkeys(_at(hit.passage.url, by_place).id for hit in hits))
    rank = next((place for place, one in enumerate(found, 1) if one in asked.wanted), None)
    faqs = [one for one in found if one in {document.id for document in documents if document.is_question}]
    outcome = await _outcome(library, asked)
    return Seen(
        rank=rank,
        is_faq=any(one.is_question and one.id in asked.wanted for one in documents),
        faq_is_first=bool(faqs) and faqs[0] in asked.wanted,
        whole=_judged(outcome, asked, by_place),
        without=Told(0.0, False, False),
        naive_first=False,
        naive=(0.0, 0.0),
    )


async def _outcome(library: Library, asked: Asked) -> Outcome:
    return await library.answer(asked.text, earlier=asked.earlier, now=datetime.now(UTC))


def _judged(outcome: Outcome, asked: Asked, by_place: dict[str, Document]) -> Told:
    if not isinstance(outcome, Answer):
        return Told(outcome.probability or 0.0, False, False)
    sources = [_at(source.url, by_place) for source in outcome.sources]
    written = " ".join(f"{one.title} {one.body}" for one in sources)
    said = [part for part in sentences(MARK.sub("", outcome.text)) if part.strip()]
    cited = sum(_plain(part) in _plain(written) for part in said)
    is_right = any(source.id in asked.wanted for source in sources)
    return Told(outcome.probability or 0.0, True, is_right, len(said), cited)


def _at(url: str, by_place: dict[str, Document]) -> Document:
    page, _, place = url.removeprefix("/help/").partition("#")
    return by_place[page if page in by_place else place]


def _plain(text: str) -> str:
    """Letters and digits only: a list keeps its words and loses its marks."""
    return " ".join(re.findall(r"\w+", text.lower()))
