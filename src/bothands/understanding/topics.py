"""Topic heads as they are served: NumPy only, three views of a message mixed into one probability.

`regression` and `margins` are linear in n-grams and meaning, `nearest` looks at single examples; the mix is
learnt on held-out examples and is the calibration. A second question, "is it ours at all?", is answered by
the regression's energy and the nearness of the five nearest examples, less the nearness of known strangers
(rows marked OOS), all standardised on the same held-out examples.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.understanding.model import Vectors
from bothands.understanding.vectorising import Sparse, Vocabulary, char_grams, word_grams
from bothands.understanding.warning import NO_SHIFT, RiskShift

NEAREST_OF_TOPIC = 3
NEAREST_OF_ALL = 5
# How much equal spelling counts beside equal meaning when examples are compared: it finds product names,
# codes and typing errors that the encoder splits into meaningless pieces.
SPELLING_WEIGHT = 0.5
NEAREST_STRANGERS = 3
STRANGER_WEIGHT = 0.5

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


class Message(msgspec.Struct, frozen=True):
    """A message as the heads see it."""

    words: Sparse
    chars: Sparse
    vector: Vectors


class Linear(msgspec.Struct, frozen=True):
    """Scores = words·W + chars·W + meaning·W + bias; the first two may be absent (no rows)."""

    words: NDArray[np.float16]
    chars: NDArray[np.float16]
    meaning: Floats
    bias: Floats

    def scores(self, message: Message) -> Floats:
        total = message.vector @ self.meaning + self.bias
        for sparse, weights in ((message.words, self.words), (message.chars, self.chars)):
            if len(weights) and len(sparse.columns):
                total = total + sparse.weights @ weights[sparse.columns].astype(np.float32)
        return np.asarray(total, np.float32)


class Memory(msgspec.Struct, frozen=True):
    """The examples themselves: their vectors, and which of them hold a given run of characters."""

    vectors: Floats
    of_topic: Integers  # (topics, most examples of a topic): row numbers, -1 where there are fewer
    holders_start: Integers  # per run of characters, where its holders begin
    holders: NDArray[np.int32]
    weights: Floats

    def meaning(self, vector: Vectors) -> Floats:
        return np.asarray(self.vectors @ vector, np.float32)

    def spelling(self, chars: Sparse) -> Floats:
        """Cosine of the runs of characters with each example's."""
        if not len(chars.columns):
            return np.zeros(len(self.vectors), np.float32)
        starts, ends = self.holders_start[chars.columns], self.holders_start[chars.columns + 1]
        counts = ends - starts
        # The places of all holders in one run: each stretch moved to where its column begins.
        places = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        weights = self.weights[places] * np.repeat(chars.weights, counts)
        return np.bincount(self.holders[places], weights, len(self.vectors)).astype(np.float32)

    def nearest(self, cosines: Floats) -> Floats:
        """Per topic the mean cosine of its three nearest examples."""
        here = np.where(self.of_topic >= 0, cosines[self.of_topic], -1.0)
        width = min(NEAREST_OF_TOPIC, here.shape[1])
        best = -np.partition(-here, width - 1, axis=1)[:, :width]
        counted = np.minimum((self.of_topic >= 0).sum(1), width)
        valid = np.where(best > -1.0, best, 0.0).sum(1)
        return np.asarray(valid / np.maximum(counted, 1), np.float32)


class Scores(msgspec.Struct, frozen=True):
    """What each view says, before it is mixed."""

    views: Floats  # (3, topics)
    energy: float
    nearness: float
    strangeness: float | None  # None: no strangers are known


class Mix(msgspec.Struct, frozen=True):
    """How the views become a probability, and the two facts a gate; fitted on held-out scores."""

    weights: tuple[float, ...] = (1.0, 2.0, 4.0)
    energy: tuple[float, float] = (0.0, 1.0)  # mean and deviation of the held-out own examples
    nearness: tuple[float, float] = (0.5, 0.2)
    strangeness: tuple[float, float] = (0.3, 0.1)
    threshold: float = -2.0
    slope: float = 1.0
    offset: float = 0.0

    def gate(self, scores: Scores) -> float:
        """How much the message looks like one of ours; larger is more."""
        gate = _standard(scores.energy, self.energy) + _standard(scores.nearness, self.nearness)
        if scores.strangeness is not None:
            gate -= STRANGER_WEIGHT * _standard(scores.strangeness, self.strangeness)
        return gate

    def probabilities(self, scores: Scores) -> Floats:
        return softmax(np.asarray(self.weights, np.float32) @ scores.views)

    def in_scope_probability(self, gate: float) -> float:
        return float(1 / (1 + np.exp(-np.clip(self.slope * gate + self.offset, -30, 30))))


class TopicHeads(msgspec.Struct, frozen=True):
    """All that is needed to tell topics, exported from training."""

    topics: tuple[str, ...]
    words: Vocabulary
    chars: Vocabulary
    regression: Linear
    margins: Linear
    memory: Memory
    strangers: Floats  # vectors of messages known to be none of ours; may have no rows
    mix: Mix
    risks: RiskShift = NO_SHIFT

    def see(self, text: str, vector: Vectors) -> Message:
        return Message(self.words.row(word_grams(text)), self.chars.row(char_grams(text)), vector)

    def scores(self, message: Message) -> Scores:
        regression = self.regression.scores(message)
        cosines = self.memory.meaning(message.vector)
        near = cosines + SPELLING_WEIGHT * self.memory.spelling(message.chars)
        views = np.stack([regression, self.margins.scores(message), self.memory.nearest(cosines)])
        strange = (
            _mean_of_top(self.strangers @ message.vector, NEAREST_STRANGERS) if len(self.strangers) else None
        )
        return Scores(views, log_sum_exp(regression), _mean_of_top(near, NEAREST_OF_ALL), strange)

    def score_many(self, texts: Sequence[str], vectors: Vectors) -> list[Scores]:
        return [self.scores(self.see(text, vector)) for text, vector in zip(texts, vectors, strict=True)]


def _mean_of_top(values: Floats, count: int) -> float:
    count = min(count, len(values))
    return float(np.partition(values, len(values) - count)[-count:].mean())


def _standard(value: float, scale: tuple[float, float]) -> float:
    return (value - scale[0]) / scale[1]


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)


def log_sum_exp(scores: Floats) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
