"""Heads that each say yes or no to a label; of the shipped ones, how near a sentence comes to each kind of
signal, and to each emotion.

The shipped ones are trained by tools/train_signals.py and tools/train_emotion.py on our own phrases (and
GoEmotions), stored in heads/, served with NumPy.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.understanding.model import SmallTalk, Vectors
from bothands.understanding.packing import unpack
from bothands.understanding.topics import Floats, Linear, Message
from bothands.understanding.vectorising import Vocabulary, char_grams, word_grams
from bothands.understanding.warning import RISKS

SMALL_TALK: tuple[str, ...] = get_args(SmallTalk)
SIGNALS = ("wish_person", *SMALL_TALK, *RISKS)


class SignalHeads(msgspec.Struct, frozen=True):
    """One independent yes-or-no head per label, which is told from its threshold on."""

    labels: tuple[str, ...]
    words: Vocabulary
    chars: Vocabulary
    linear: Linear
    thresholds: Floats
    checksum: str  # of what it was trained on

    def see(self, text: str, vector: Vectors) -> Message:
        return Message(self.words.row(word_grams(text)), self.chars.row(char_grams(text)), vector)

    def scores(self, text: str, vector: Vectors) -> dict[str, float]:
        """A score between 0 and 1 per label."""
        raw: Floats = self.linear.scores(self.see(text, vector))
        return dict(zip(self.labels, (1 / (1 + np.exp(-raw))).tolist(), strict=True))

    def strengths(self, scores: Mapping[str, float]) -> dict[str, float]:
        """How far each score is above (0.5 to 1) or below its label's threshold, to compare labels by."""
        by_label = zip(self.labels, self.thresholds.tolist(), strict=True)
        return {label: scores[label] / (scores[label] + threshold) for label, threshold in by_label}


class HeldOut(msgspec.Struct, frozen=True):
    """What heads that never saw a sentence of `signal_lesson` say of it: a row each, a column per risk."""

    raw: NDArray[np.float16]
    checksum: str  # of the phrases


@cache
def signal_heads() -> SignalHeads:
    return unpack(SignalHeads, _head("signals"))


@cache
def emotion_heads() -> SignalHeads:
    return unpack(SignalHeads, _head("emotion"))


@cache
def held_out_risks() -> HeldOut:
    return unpack(HeldOut, _head("risks_held_out"))


def signal_lesson() -> tuple[list[str], list[set[str]], list[bool]]:
    """Each sentence once, with all the labels it has, and whether it may say that small talk is absent."""
    labels: dict[str, set[str]] = {}
    for name in SIGNALS:
        for text in phrases(name):
            labels.setdefault(text, set()).add(name)
    general = [text for text in phrases("elsewhere") if text not in labels]
    plain = phrases("ordinary") + phrases("ordinary_elsewhere")
    ordinary = [text for text in dict.fromkeys(plain) if text not in labels]
    texts = [*labels, *ordinary, *general]
    return texts, [labels.get(text, set()) for text in texts], [text not in set(general) for text in texts]


def phrases(name: str) -> list[str]:
    """Our own seed sentences of one kind."""
    text = files("bothands.understanding").joinpath(f"phrases/{name}.txt").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _head(name: str) -> bytes:
    return files("bothands.understanding").joinpath(f"heads/{name}.npz").read_bytes()
