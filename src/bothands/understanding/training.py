"""Learning topic heads from examples: the one file here that knows scikit-learn, imported when it trains.

Held-out scores come from the very code that serves, so training and serving cannot drift apart.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bothands.kit import Invalid
from bothands.understanding.model import OUT_OF_SCOPE, Example, Vectors
from bothands.understanding.topics import Linear, Memory, Mix, Scores, TopicHeads
from bothands.understanding.vectorising import Sparse, char_grams, learn_vocabulary, word_grams

EXAMPLES_MAX = 200_000
# Up to here the regression sees n-grams too: better by 1–2 points of out-of-scope AUROC with few examples,
# and too slow with many, where it gains nothing.
FUSED_EXAMPLES_MAX = 3_000
FOLDS = 5
# Above this, one fold of five is held out instead of each in turn: plenty to fit a mix on.
EVERY_FOLD_EXAMPLES_MAX = 5_000
TRAINING_THREADS = 2
REJECTED_SHARE = 0.05  # the stated share of our own held-out examples that the gate may turn away
MEANING_WEIGHT = 2.0
HELD_OUT_MIN = 10
KERNEL_RIDGE = 1e-6  # makes the kernel of doubled examples solvable
DEVIATION_MIN = 1e-3
ELSEWHERE_COSINE_MAX = 0.7

Labels = NDArray[np.int64]


class Lesson(msgspec.Struct, frozen=True):
    """The examples to learn from, with what is computed once for all folds."""

    texts: list[str]
    vectors: Vectors
    labels: Labels
    words: list[Counter[int]]
    chars: list[Counter[int]]

    def part(self, rows: NDArray[np.int64]) -> "Lesson":
        def pick(values: list[Any]) -> list[Any]:
            return [values[row] for row in rows]

        labels, vectors = self.labels[rows], self.vectors[rows]
        return Lesson(pick(self.texts), vectors, labels, pick(self.words), pick(self.chars))


def train_topics(
    examples: Sequence[Example], vectors: Vectors, elsewhere: Sequence[str], elsewhere_vectors: Vectors
) -> TopicHeads:
    """Heads for the topics of the examples. What is near to those marked OOS is turned away; they and general
    phrases from elsewhere also teach what the gate's score means as a probability."""
    if len(examples) != len(vectors):
        raise Invalid(
            "topic training", f"{len(examples)} examples but {len(vectors)} vectors", "embed each once"
        )
    if len(examples) > EXAMPLES_MAX:
        raise Invalid("topic training", f"{len(examples)} examples, the limit is {EXAMPLES_MAX}", "use fewer")
    ours = [row for row, example in enumerate(examples) if example.topic != OUT_OF_SCOPE]
    topics = tuple(sorted({examples[row].topic for row in ours}))
    if len(topics) < 2:
        raise Invalid("topic training", f"{len(topics)} topics", "give examples of two topics or more")
    lesson = _lesson([examples[row] for row in ours], vectors[ours], topics)
    # One thread each: BLAS threads that wait for each other made this twelve times slower on a busy machine.
    # A limit reaches only libraries that are loaded by then.
    from sklearn import linear_model, svm  # noqa: F401

    # OpenMP's limit holds for the thread that sets it.
    threads = ThreadPoolExecutor(
        TRAINING_THREADS, "bothands-training", initializer=threadpool_limits, initargs=(1,)
    )
    with threadpool_limits(1), threads as pool:
        strange = [row for row, example in enumerate(examples) if example.topic == OUT_OF_SCOPE]
        learning = pool.submit(_fit, lesson, topics, vectors[strange])
        held, labels = _held_out(lesson, topics, vectors[strange], pool)
        heads = learning.result()
        # Strangers know themselves too well: what they are near to is left out when they are judged.
        others = [
            msgspec.structs.replace(scores, strangeness=None)
            for scores in heads.score_many([examples[row].text for row in strange], vectors[strange])
        ]
        apart = _apart(elsewhere_vectors, lesson.vectors)
        others += heads.score_many([elsewhere[row] for row in apart], elsewhere_vectors[apart])
    return msgspec.structs.replace(heads, mix=_mix(held, labels, others))


def _apart(elsewhere: Vectors, ours: Vectors) -> NDArray[np.int64]:
    """General phrases that are not, in this company, a topic after all."""
    return np.flatnonzero((elsewhere @ ours.T).max(1) < ELSEWHERE_COSINE_MAX)


def _lesson(examples: Sequence[Example], vectors: Vectors, topics: tuple[str, ...]) -> Lesson:
    number = {topic: place for place, topic in enumerate(topics)}
    texts = [example.text for example in examples]
    labels = np.array([number[example.topic] for example in examples], np.int64)
    return Lesson(
        texts, vectors, labels, [word_grams(text) for text in texts], [char_grams(t) for t in texts]
    )


def _fit(lesson: Lesson, topics: tuple[str, ...], strangers: Vectors) -> TopicHeads:
    from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    is_large = len(lesson.texts) > FUSED_EXAMPLES_MAX
    words = learn_vocabulary(lesson.words, 2 if is_large else 1)
    chars = learn_vocabulary(lesson.chars, 2 if is_large else 1)
    word_rows, char_rows = [words.row(r) for r in lesson.words], [chars.row(r) for r in lesson.chars]
    by_char = matrix(char_rows, len(chars.hashes))
    fused = hstack(
        [matrix(word_rows, len(words.hashes)), by_char, csr_matrix(MEANING_WEIGHT * lesson.vectors)]
    ).tocsr()
    margins = LinearSVC(C=0.3, random_state=0).fit(fused, lesson.labels)
    if is_large:
        regression = LogisticRegression(C=30, max_iter=1_000).fit(lesson.vectors, lesson.labels)
    else:
        regression = _fused_regression(fused, lesson.labels)
    sizes = (len(words.hashes), len(chars.hashes))
    return TopicHeads(
        topics,
        words,
        chars,
        _linear(regression, (0, 0) if is_large else sizes, 1.0 if is_large else MEANING_WEIGHT),
        _linear(margins, sizes, MEANING_WEIGHT),
        _memory(lesson, len(topics), by_char.tocsc()),
        strangers.astype(np.float32),
        Mix(),
    )


def _fused_regression(fused: Any, labels: Labels) -> Any:
    """The logistic regression on n-grams and meaning, solved among the examples instead of the features: the
    same optimum at a third of the time, since there are far fewer examples."""
    from scipy.linalg import cholesky, solve_triangular  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression

    kernel = np.asarray((fused @ fused.T).todense(), np.float64)
    kernel[np.diag_indices_from(kernel)] += KERNEL_RIDGE
    root = cholesky(kernel, lower=True)
    model = LogisticRegression(C=10, max_iter=1_000).fit(root, labels)
    model.coef_ = (fused.T @ solve_triangular(root.T, model.coef_.T)).T
    return model


def matrix(rows: list[Sparse], width: int) -> Any:
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0] + [len(row.columns) for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    weights = np.concatenate([row.weights for row in rows])
    return csr_matrix((weights, columns, starts), shape=(len(rows), width))


def _linear(model: Any, sizes: tuple[int, int], meaning_weight: float) -> Linear:
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:  # two topics: scikit-learn keeps one row, the second topic's side
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    by_word, by_char, meaning = np.split(weights.T, [sizes[0], sizes[0] + sizes[1]])
    return Linear(
        by_word.astype(np.float16),
        by_char.astype(np.float16),
        (meaning * meaning_weight).astype(np.float32),
        bias.astype(np.float32),
    )


def _memory(lesson: Lesson, topics: int, by_char: Any) -> Memory:
    rows = [np.flatnonzero(lesson.labels == topic) for topic in range(topics)]
    of_topic = np.full((topics, max(len(row) for row in rows)), -1, np.int64)
    for topic, row in enumerate(rows):
        of_topic[topic, : len(row)] = row
    return Memory(
        lesson.vectors.astype(np.float32),
        of_topic,
        by_char.indptr.astype(np.int64),
        by_char.indices.astype(np.int32),
        by_char.data.astype(np.float32),
    )


def _held_out(
    lesson: Lesson, topics: tuple[str, ...], strangers: Vectors, pool: ThreadPoolExecutor
) -> tuple[list[Scores], Labels]:
    """Scores of examples by heads that never saw them."""
    folds = _folds(lesson.labels)
    count = FOLDS if len(lesson.labels) <= EVERY_FOLD_EXAMPLES_MAX else 1

    def score(fold: int) -> tuple[list[Scores], Labels]:
        away = lesson.part(np.flatnonzero(folds == fold))
        if not away.texts:
            return [], away.labels
        heads = _fit(lesson.part(np.flatnonzero(folds != fold)), topics, strangers)
        return heads.score_many(away.texts, away.vectors), away.labels

    parts = list(pool.map(score, range(count)))
    return [scores for part, _ in parts for scores in part], np.concatenate([labels for _, labels in parts])


def _folds(labels: Labels) -> NDArray[np.int64]:
    """A fold for each example, each topic spread evenly; -1, never held out, for a topic's only one."""
    folds = np.full(len(labels), -1, np.int64)
    shuffle = np.random.default_rng(0)
    for topic in np.unique(labels):
        rows = shuffle.permutation(np.flatnonzero(labels == topic))
        if len(rows) > 1:
            folds[rows] = (np.arange(len(rows)) + topic) % FOLDS
    return folds


def _mix(held: list[Scores], labels: Labels, others: list[Scores]) -> Mix:
    if len(held) < HELD_OUT_MIN:
        return Mix()
    mix = Mix(
        _view_weights(np.stack([scores.views for scores in held]), labels),
        _scale([scores.energy for scores in held]),
        _scale([scores.nearness for scores in held]),
        _scale([scores.strangeness or 0.0 for scores in held]),
    )
    own = np.array([mix.gate(scores) for scores in held])
    slope, offset = _scope_line(own, np.array([mix.gate(scores) for scores in others]))
    threshold = float(np.quantile(own, REJECTED_SHARE))
    return msgspec.structs.replace(mix, threshold=threshold, slope=slope, offset=offset)


def _scale(values: list[float]) -> tuple[float, float]:
    return float(np.mean(values)), max(float(np.std(values)), DEVIATION_MIN)


def _view_weights(views: NDArray[np.float32], labels: Labels) -> tuple[float, ...]:
    """Weights of the views, none below zero, that make the held-out topics most likely."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.special import log_softmax  # type: ignore[import-untyped]

    rows = np.arange(len(labels))

    def loss(weights: NDArray[np.float64]) -> float:
        mixed = np.einsum("v,nvk->nk", weights, views)
        # The small ridge keeps weights finite when every held-out example is right.
        return float(-log_softmax(mixed, axis=1)[rows, labels].mean() + 1e-4 * (weights**2).sum())

    best = minimize(loss, [1.0, 2.0, 4.0], method="L-BFGS-B", bounds=[(0, None)] * 3)
    return tuple(float(weight) for weight in best.x)


def _scope_line(own: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[float, float]:
    """The logistic line from the gate's score to "is ours", as many strange messages assumed as own."""
    from sklearn.linear_model import LogisticRegression

    if not len(others):
        return 1.0, 2.0
    both = np.concatenate([own, others])[:, None]
    is_own = np.concatenate([np.ones(len(own)), np.zeros(len(others))])
    model = LogisticRegression(C=1.0, class_weight="balanced").fit(both, is_own)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
