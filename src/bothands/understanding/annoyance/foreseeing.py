"""How likely a contact is or becomes annoyed, by all they wrote so far: how each emotion goes from message to
message, how they write, whether they repeat themselves, and what they write about."""

from collections.abc import Sequence

import msgspec
import numpy as np

from bothands.understanding.model import Vectors
from bothands.understanding.signals import emotion_heads
from bothands.understanding.topics import Floats
from bothands.understanding.warning import raw_of

_HEAPED = ("!!", "?!", "!?", "??")


class Foresight(msgspec.Struct, frozen=True):
    """Learnt from conversations of which it is known; one product on what was read anyway."""

    mean: Floats
    deviation: Floats
    weights: Floats
    bias: float

    def annoyed_probability(self, texts: Sequence[str], vectors: Vectors) -> float:
        """Of the contact's messages so far and their vectors."""
        seen = (course_of(texts, vectors) - self.mean) / self.deviation
        return float(1 / (1 + np.exp(-(seen @ self.weights + self.bias))))


def course_of(texts: Sequence[str], vectors: Vectors) -> Floats:
    """The course of a conversation as numbers; at least one message."""
    heads = emotion_heads()
    scores = [list(heads.scores(text, vector).values()) for text, vector in zip(texts, vectors, strict=True)]
    felt = raw_of(np.array(scores))
    alike = np.triu(vectors @ vectors.T, 1)
    words = [len(text.split()) for text in texts]
    manner = [
        np.mean(["!" in text for text in texts]),
        np.mean(["?" in text for text in texts]),
        np.mean([any(heap in text for heap in _HEAPED) for text in texts]),
        np.mean([sum(c.isupper() for c in text) / max(1, len(text)) for text in texts]),
        np.mean(words),
        words[-1],
        np.log(len(texts)),
        alike.max(),
        np.diagonal(alike, 1).mean() if len(texts) > 1 else 0.0,
    ]
    course = [felt.max(0), felt.mean(0), felt[-1], felt[-1] - felt[0], manner, vectors.mean(0)]
    return np.concatenate(course).astype(np.float32)
