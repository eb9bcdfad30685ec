"""Learning heads that each say yes or no to one label.

All labels are learnt at once, because one pass over the texts then serves them all. What the heads say of
texts they did not learn from makes their scores probabilities, and sets from which on a label is told.
"""

import hashlib
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bothands.kit import Invalid
from bothands.understanding.model import Vectors
from bothands.understanding.signals import SignalHeads
from bothands.understanding.topics import Floats, Linear
from bothands.understanding.training import TRAINING_THREADS, matrix
from bothands.understanding.vectorising import char_grams, learn_vocabulary, word_grams

TEXTS_MAX = 200_000
LABELS_MAX = 200
FOLDS = 3
ROUNDS_MAX = 50
MEANING_WEIGHT = 2.0
STRICTNESS = 0.5  # how much the texts count against small weights (scikit-learn's C)
LABEL_SHARE_MIN = 1e-4
# An n-gram counts that is when one of so many texts has it: fewer learn as much, and the heads stay small.
TEXTS_PER_WORDS, TEXTS_PER_CHARS = 4_000, 400
SEEN_IN_MIN = 2

Truth = NDArray[np.float32]


class LabelLesson(msgspec.Struct, frozen=True):
    """What is learnt from: n-grams, meaning, which labels hold, and how much each text counts."""

    grams: Any  # a sparse matrix
    meaning: Vectors
    truth: Truth
    weights: Floats

    def part(self, rows: NDArray[np.bool_]) -> "LabelLesson":
        return LabelLesson(self.grams[rows], self.meaning[rows], self.truth[rows], self.weights[rows])


def train_labels(
    texts: Sequence[str],
    labels: Sequence[Collection[str]],
    vectors: Vectors,
    weights: Sequence[float] | None = None,
) -> SignalHeads:
    """A head for each label that occurs; `weights`: how many texts each stands for."""
    names = tuple(sorted({label for row in labels for label in row}))
    if not len(texts) == len(labels) == len(vectors):
        raise Invalid("label training", f"{len(texts)} texts, {len(labels)} labelled", "give as many of each")
    if not names or len(names) > LABELS_MAX or not FOLDS <= len(texts) <= TEXTS_MAX:
        raise Invalid(
            "label training",
            f"{len(names)} labels on {len(texts)} texts",
            f"give 1 to {LABELS_MAX} labels on {FOLDS} to {TEXTS_MAX} texts",
        )
    from scipy.sparse import hstack  # type: ignore[import-untyped]

    word_rows, char_rows = [word_grams(text) for text in texts], [char_grams(text) for text in texts]
    words = learn_vocabulary(word_rows, max(SEEN_IN_MIN, len(texts) // TEXTS_PER_WORDS))
    chars = learn_vocabulary(char_rows, max(SEEN_IN_MIN, len(texts) // TEXTS_PER_CHARS))
    by_word = matrix([words.row(row) for row in word_rows], len(words.hashes))
    by_char = matrix([chars.row(row) for row in char_rows], len(chars.hashes))
    lesson = LabelLesson(
        hstack([by_word, by_char]).tocsr().astype(np.float32),
        (MEANING_WEIGHT * vectors).astype(np.float32),
        np.array([[name in row for name in names] for row in labels], np.float32),
        np.ones(len(texts), np.float32) if weights is None else np.asarray(weights, np.float32),
    )
    learnt, held = _learn(lesson)
    slopes, offsets = _calibrate(held, lesson)
    thresholds = _thresholds(_sigmoid(held * slopes + offsets), lesson)
    learnt = learnt * slopes
    learnt[-1] += offsets
    by_word, by_char, meaning, bias = np.split(
        learnt, np.cumsum([len(words.hashes), len(chars.hashes), len(vectors[0])])
    )
    linear = Linear(
        by_word.astype(np.float16),
        by_char.astype(np.float16),
        (MEANING_WEIGHT * meaning).astype(np.float32),
        bias[0].astype(np.float32),
    )
    return SignalHeads(names, words, chars, linear, thresholds, _checksum(texts))


def _learn(lesson: LabelLesson) -> tuple[Floats, Floats]:
    """The weights, and what weights that never saw a text say of it."""
    # Every third text: rows of a file that stand together are often of a kind.
    folds = np.arange(len(lesson.truth)) % FOLDS
    held = np.zeros_like(lesson.truth)

    def hold_out(fold: int) -> None:
        away = lesson.part(folds == fold)
        held[folds == fold] = _scores(_fit(lesson.part(folds != fold)), away)

    with threadpool_limits(1), ThreadPoolExecutor(TRAINING_THREADS, "bothands-training") as pool:
        learning = pool.submit(_fit, lesson)
        list(pool.map(hold_out, range(FOLDS)))
        return learning.result(), held


def _scores(weights: Floats, lesson: LabelLesson) -> Floats:
    width = lesson.grams.shape[1]
    return np.asarray(lesson.grams @ weights[:width] + lesson.meaning @ weights[width:-1] + weights[-1])


def _fit(lesson: LabelLesson) -> Floats:
    """Logistic regressions side by side: rows for n-grams, meaning and the bias, a column per label."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    truth, turned = lesson.truth, lesson.grams.T.tocsr()
    shape = (lesson.grams.shape[1] + lesson.meaning.shape[1] + 1, truth.shape[1])
    counts = lesson.weights[:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        raw = _scores(weights, lesson)
        wrong = counts * (_sigmoid(raw) - truth)
        slope = np.concatenate([turned @ wrong, lesson.meaning.T @ wrong, wrong.sum(0, keepdims=True)])
        slope[:-1] += weights[:-1] / STRICTNESS
        small = float((weights[:-1].astype(np.float64) ** 2).sum()) / 2 / STRICTNESS
        surprise = float((counts * (np.logaddexp(0, raw) - raw * truth)).sum(dtype=np.float64))
        return surprise + small, slope.astype(np.float64).ravel()

    start = np.zeros(shape)
    share = np.clip((counts * truth).sum(0) / counts.sum(), LABEL_SHARE_MIN, 1 - LABEL_SHARE_MIN)
    start[-1] = np.log(share / (1 - share))
    best = minimize(
        loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS_MAX, "maxcor": 6}
    )
    return np.asarray(best.x.reshape(shape), np.float32)


def _calibrate(held: Floats, lesson: LabelLesson) -> tuple[Floats, Floats]:
    """Per label the line that makes held-out scores probabilities (Platt)."""
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = np.ones(held.shape[1], np.float32), np.zeros(held.shape[1], np.float32)
    for place, truth in enumerate(lesson.truth.T):
        if 0 < truth.sum() < len(truth):
            line = LogisticRegression(C=100.0).fit(held[:, [place]], truth, sample_weight=lesson.weights)
            slopes[place], offsets[place] = line.coef_[0, 0], line.intercept_[0]
    return slopes, offsets


def _thresholds(held: Floats, lesson: LabelLesson) -> Floats:
    """Per label the probability from which on telling it gives the best F1 on held-out texts."""
    best = np.full(held.shape[1], 0.5, np.float32)
    for place, truth in enumerate(lesson.truth.T):
        order = np.argsort(-held[:, place])
        counts = lesson.weights[order]
        hits = np.cumsum(counts * truth[order])
        if hits[-1]:
            at = int((2 * hits / (np.cumsum(counts) + hits[-1])).argmax())
            best[place] = (held[order[at], place] + held[order[min(at + 1, len(order) - 1)], place]) / 2
    return best


def _sigmoid(raw: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(raw, -60, 60))), np.float32)


def _checksum(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()
