"""`emotion`: labels learnt from a file and told of messages, by the product's training door.

Each label of the train rows gets a head; the product's own groups are a mapping of labels, and what is in
none of them is neutral. Beside it the simple baseline: the labels of the nearest training message over the
same vectors. `shipped` are the heads that come with the product, which learnt to hear customers rather than
comments, on the same groups.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.intervals import figure
from benchmarks.rows import folds, json_lines
from benchmarks.scores import Flags, Floats, ece
from bothands.kit import Invalid
from bothands.models import open_embedder
from bothands.understanding import EMOTION_GROUPS, SignalHeads, emotion_heads, train_labels

THREADS = 2
NEUTRAL = "neutral"
COMPARED_ROWS = 1_000


class Felt(msgspec.Struct, frozen=True):
    """A text with its labels."""

    text: str
    labels: tuple[str, ...]
    conversation: str


class Told(msgspec.Struct, frozen=True):
    """A row per message, a column per label."""

    truth: Flags
    probability: Floats
    told: Flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, required=True, help="rows text, labels")
    parser.add_argument("--test", type=Path, required=True, help="the same file: five-fold")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    train, test = _rows(arguments.train), _rows(arguments.test)
    parts = folds(train, test)
    texts = list(dict.fromkeys(row.text for row in [*train, *test]))
    embedder = open_embedder(THREADS)
    try:
        vectors = dict(zip(texts, embedder.embed_now(texts), strict=True))
    finally:
        embedder.close()
    names = tuple(sorted({label for row in [*train, *test] for label in row.labels}))
    groups = tuple(sorted({*EMOTION_GROUPS.values(), NEUTRAL}))
    held = [row for _, rows in parts for row in rows]
    by_label = _joined([_learnt(learn, rows, vectors, names) for learn, rows in parts])
    near = _joined([_nearest(learn, rows, vectors, names) for learn, rows in parts])
    shipped = _told(emotion_heads(), _grouped(held), vectors, groups)
    conversations = [row.conversation for row in held]
    return {
        "benchmark": "emotion",
        "n": len(held),
        "n_train": len(train),
        "labels": len(names),
        "folds": len(parts),
        **_figures(by_label, names, conversations),
        "groups": _figures(_in_groups(by_label, names, groups), groups, conversations),
        "shipped": _figures(shipped, groups, conversations),
        "baseline": {
            "method": "the nearest training message's labels",
            **_figures(near, names, conversations),
            "groups": _figures(_in_groups(near, names, groups), groups, conversations),
        },
    }


def _rows(file: Path) -> list[Felt]:
    rows = []
    for number, row in enumerate(json_lines(file), 1):
        text, labels = row.get("text"), row.get("labels")
        if not isinstance(text, str) or not isinstance(labels, list):
            raise Invalid(f"{file.name}:{number}", "a row needs `text` and `labels`", "see the README")
        where = str(row.get("conv", f"{file.name}:{number}"))
        rows.append(Felt(text, tuple(str(label) for label in labels), where))
    if not rows:
        raise Invalid(f"file {file.name}", "it holds no rows", "give rows to measure on")
    return rows


def _grouped(rows: Sequence[Felt]) -> list[Felt]:
    return [
        msgspec.structs.replace(
            row, labels=tuple({EMOTION_GROUPS.get(label, NEUTRAL) for label in row.labels})
        )
        for row in rows
    ]


def _learnt(
    train: Sequence[Felt], test: Sequence[Felt], vectors: dict[str, Any], names: Sequence[str]
) -> Told:
    seen = np.stack([vectors[row.text] for row in train])
    return _told(
        train_labels([row.text for row in train], [row.labels for row in train], seen), test, vectors, names
    )


def _told(heads: SignalHeads, rows: Sequence[Felt], vectors: dict[str, Any], names: Sequence[str]) -> Told:
    """What heads say of the rows; a label they never learnt is never told."""
    scores = [heads.scores(row.text, vectors[row.text]) for row in rows]
    probability = np.array([[score.get(name, 0.0) for name in names] for score in scores])
    threshold = dict(zip(heads.labels, heads.thresholds.tolist(), strict=True))
    return Told(_truth(rows, names), probability, probability >= [threshold.get(name, 2.0) for name in names])


def _nearest(
    train: Sequence[Felt], test: Sequence[Felt], vectors: dict[str, Any], names: Sequence[str]
) -> Told:
    known, asked = np.stack([vectors[row.text] for row in train]), np.stack([vectors[r.text] for r in test])
    found = [(part @ known.T).argmax(1) for part in np.array_split(asked, len(asked) // COMPARED_ROWS + 1)]
    told = _truth([train[place] for place in np.concatenate(found)], names)
    return Told(_truth(test, names), told.astype(float), told)


def _truth(rows: Sequence[Felt], names: Sequence[str]) -> Flags:
    return np.array([[name in row.labels for name in names] for row in rows], bool)


def _joined(parts: Sequence[Told]) -> Told:
    return Told(
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.probability for part in parts]),
        np.concatenate([part.told for part in parts]),
    )


def _in_groups(told: Told, names: Sequence[str], groups: Sequence[str]) -> Told:
    """A group is there, told, and as likely as any of its labels is."""
    members = [np.array([EMOTION_GROUPS.get(name, NEUTRAL) == group for name in names]) for group in groups]

    def any_of(values: Any) -> Any:
        return np.stack([values[:, which].max(1, initial=0) for which in members], 1)

    return Told(any_of(told.truth), any_of(told.probability), any_of(told.told))


def _figures(told: Told, names: Sequence[str], conversations: Sequence[str]) -> dict[str, Any]:
    right, either = told.truth & told.told, told.truth.astype(int) + told.told

    def f1s(rows: Any, places: slice) -> Floats:
        """NaN for a label that no row has."""
        there, sums = told.truth[rows, places].any(0), either[rows, places].sum(0)
        return np.where(there, 2 * right[rows, places].sum(0) / np.maximum(sums, 1), np.nan)

    def f1(place: int) -> dict[str, Any]:
        return figure(lambda rows: float(f1s(rows, slice(place, place + 1))[0]), conversations)

    return {
        "macro_f1": figure(lambda rows: float(np.nanmean(f1s(rows, slice(None)))), conversations),
        "ece": figure(
            lambda rows: ece(told.probability[rows].ravel(), told.truth[rows].ravel()), conversations
        ),
        "per_label": {
            name: {"n": int(told.truth[:, place].sum()), "f1": f1(place)} for place, name in enumerate(names)
        },
    }
