"""`topics`: how well messages are told apart, and strangers from ours, through import, learn and read.

Train rows are stored as the company's topics, learnt as at a start, and each test message is read as a
message of a conversation is. Beside it the simple baseline: the nearest training sentence over the same
vectors, in scope from a cosine of 0.7 on.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.intervals import Figure, Rows, figure
from benchmarks.rows import OUT_OF_SCOPE, Labelled, folds, labelled
from benchmarks.scores import Flags, Floats, aurc, auroc, coverage_at, ece, macro_f1, mcc
from bothands.models import Embedder, open_embedder
from bothands.storage import open_database
from bothands.understanding import Brain, Example, keep_topics, learn, topics_from_examples

THREADS = 2
TIMED_MESSAGES = 200
COSINE_FLOOR = 0.7
RISKS = ("0.01", "0.02", "0.05")


class Read(msgspec.Struct, frozen=True):
    """What was told of one test row."""

    row: Labelled
    topic: str
    probability: float
    is_ours: bool
    ours_score: float


class Run(msgspec.Struct, frozen=True):
    """All test rows read, by the product and by the baseline, and what it took."""

    product: list[Read]
    baseline: list[Read]
    train_seconds: list[float]
    message_ms: list[float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="rows to learn from")
    parser.add_argument("--test", type=Path, nargs="+", required=True, help="the same files: five-fold")
    parser.add_argument("--format", choices=("intents", "multidogo"), default="intents")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    train = labelled(arguments.train, arguments.format)
    test = labelled(arguments.test, arguments.format)
    parts = folds(train, test)
    runs = asyncio.run(_all(parts))
    product = [read for one in runs for read in one.product]
    baseline = [read for one in runs for read in one.baseline]
    times = np.array([ms for one in runs for ms in one.message_ms])
    return {
        "benchmark": "topics",
        "n": len(product),
        "n_train": len(train),
        "topics": len({label for row in train if row.is_ours for label in row.labels}),
        "folds": len(parts),
        **_figures(product),
        "train_seconds": round(float(np.mean([s for one in runs for s in one.train_seconds])), 1),
        "message_ms": figure(lambda rows: float(np.median(times[rows])), range(len(times))),
        "baseline": {"method": f"nearest training sentence, cosine ≥ {COSINE_FLOOR}", **_figures(baseline)},
        "seconds": round(time.perf_counter() - started, 1),
    }


async def _all(parts: list[tuple[list[Labelled], list[Labelled]]]) -> list[Run]:
    embedder = open_embedder(THREADS)
    embedder.warm_up()
    try:
        return [await _one(embedder, train, test) for train, test in parts]
    finally:
        embedder.close()


async def _one(embedder: Embedder, train: list[Labelled], test: list[Labelled]) -> Run:
    examples = [Example(row.text, label) for row in train for label in row.labels]
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(f"sqlite:///{Path(folder) / 'topics.db'}")
        try:
            await db.write(lambda unit: keep_topics(unit, topics_from_examples(examples)))
            began = time.perf_counter()
            brain = await learn(db, embedder)
            train_seconds = time.perf_counter() - began
        finally:
            db.close()
    print(f"learnt {len(examples)} examples in {train_seconds:.1f} s", file=sys.stderr)
    message_ms = [await _timed(brain, row.text) for row in test[:TIMED_MESSAGES]]
    readings = await brain.read_many([row.text for row in test])
    product = [
        Read(row, r.topics[0].topic, r.topics[0].probability, r.is_in_scope, r.in_scope_probability)
        if r.topics
        else Read(row, OUT_OF_SCOPE, 0.0, False, 0.0)
        for row, r in zip(test, readings, strict=True)
    ]
    print(f"read {len(test)} messages", file=sys.stderr)
    return Run(product, await _nearest(embedder, train, test), [train_seconds], message_ms)


async def _timed(brain: Brain, text: str) -> float:
    began = time.perf_counter()
    await brain.read(text)
    return (time.perf_counter() - began) * 1000


async def _nearest(embedder: Embedder, train: list[Labelled], test: list[Labelled]) -> list[Read]:
    ours = [row for row in train if row.is_ours]
    known = await embedder.embed([row.text for row in ours])
    cosines = (await embedder.embed([row.text for row in test])) @ known.T
    best = cosines.argmax(1)
    return [
        Read(
            row, ours[place].labels[0], float(min(max(score, 0.0), 1.0)), score >= COSINE_FLOOR, float(score)
        )
        for row, place, score in zip(test, best, cosines.max(1), strict=True)
    ]


def _figures(reads: list[Read]) -> dict[str, Any]:
    """The figures of BENCHMARKS; those that need strangers are null where there are none."""
    names: dict[str, int] = {OUT_OF_SCOPE: 0}

    def number(name: str) -> int:
        return names.setdefault(name, len(names))

    groups = [read.row.conversation for read in reads]
    is_ours = np.array([read.row.is_ours for read in reads])
    # Any label of the row is right; a wrong guess is held against its first one.
    matched = [read.topic if read.topic in read.row.labels else read.row.labels[0] for read in reads]
    truth = np.array([number(name) for name in matched])
    told = np.array([number(read.topic) for read in reads])
    gated = np.where([read.is_ours for read in reads], told, 0)
    score = np.array([read.ours_score for read in reads])
    inside = np.flatnonzero(is_ours)
    inside_groups = [groups[row] for row in inside]
    sure = np.array([reads[row].probability for row in inside])
    right = truth[inside] == told[inside]
    has_strangers = not is_ours.all()
    return {
        "n_in_scope": len(inside),
        "in_scope_accuracy": figure(lambda rows: float(right[rows].mean()), inside_groups),
        "macro_f1": figure(
            lambda rows: macro_f1(truth[inside][rows], told[inside][rows], np.arange(len(names))),
            inside_groups,
        ),
        "oos_auroc": _if(has_strangers, lambda rows: auroc(is_ours[rows], score[rows]), groups),
        "oos_recall": _if(has_strangers, lambda rows: _share(gated[rows] == 0, ~is_ours[rows]), groups),
        "in_scope_rejected": figure(lambda rows: _share(gated[rows] == 0, is_ours[rows]), groups),
        "mcc": figure(lambda rows: mcc(truth[rows], gated[rows]), groups),
        **_selective(sure, right, inside_groups),
    }


def _selective(sure: Floats, right: Flags, groups: list[str]) -> dict[str, Any]:
    def at(risk: str) -> Figure:
        return figure(lambda rows: coverage_at(sure[rows], right[rows], float(risk)), groups)

    return {
        "ece": figure(lambda rows: ece(sure[rows], right[rows]), groups),
        "aurc": figure(lambda rows: aurc(sure[rows], right[rows]), groups),
        "coverage_at": {risk: at(risk) for risk in RISKS},
    }


def _share(hits: Flags, among: Flags) -> float:
    return float(hits[among].mean()) if among.any() else float("nan")


def _if(is_known: bool, statistic: Callable[[Rows], float], groups: list[str]) -> Figure | None:
    return figure(statistic, groups) if is_known else None
