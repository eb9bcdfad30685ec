"""Risk signals: what makes a message one for careful people. Recall first, each with its reason."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.understanding.cutting import Piece
from bothands.understanding.matching import patterns
from bothands.understanding.model import Risk, RiskKind, Span, Vectors

PATTERN_SCORE = 0.95
HEAD_SCORE_MIN: dict[RiskKind, float] = {
    "self_harm": 0.35,
    "vulnerable": 0.5,
    "legal": 0.5,
    "fraud": 0.35,
    "complaint": 0.6,
    "health": 0.55,
    "safety": 0.5,
}
_REASONS: dict[RiskKind, str] = {
    "self_harm": "may be in danger of harming themselves",
    "vulnerable": "tells of circumstances that need special care",
    "legal": "speaks of law, authorities or data rights",
    "fraud": "may be the victim of fraud, or suspects it",
    "complaint": "complains and expects an answer from somebody in charge",
    "health": "tells of an ill effect or asks a medical question",
    "safety": "tells of something that can hurt somebody",
}


RISKS = tuple(f"risk_{kind}" for kind in HEAD_SCORE_MIN)
SURE_SCORE = 1 - 1e-6


class RiskShift(msgspec.Struct, frozen=True):
    """What a company's ordinary messages taught: how much the shipped heads still count, and what the meaning
    adds, a column per risk. Without columns nothing was taught, because too few of them raised an alarm."""

    raw: NDArray[np.float32]
    meaning: NDArray[np.float32]
    bias: NDArray[np.float32]

    def apply(self, scores: dict[str, float], vector: Vectors) -> dict[str, float]:
        """The scores, those of risks as this company's messages have them."""
        if not len(self.raw):
            return scores
        raw = (
            raw_of(np.array([scores[risk] for risk in RISKS])) * self.raw + vector @ self.meaning + self.bias
        )
        return {**scores, **dict(zip(RISKS, (1 / (1 + np.exp(-raw))).tolist(), strict=True))}


NO_SHIFT = RiskShift(np.zeros(0, np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))


def raw_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds of scores between 0 and 1."""
    held = np.clip(scores, 1 - SURE_SCORE, SURE_SCORE)
    return np.asarray(np.log(held / (1 - held)))


def risks(piece: Piece, scores: dict[str, float]) -> list[Risk]:
    """The risk signals of one sentence."""
    found = []
    for kind, reason in _REASONS.items():
        score, hit = scores.get(f"risk_{kind}", 0.0), patterns(f"risk_{kind}").find(piece.text)
        if hit:
            start = piece.span.start
            span = Span(start + hit.start(), start + hit.end())
            found.append(Risk(kind, max(PATTERN_SCORE, score), f'{reason}: "{hit.group(0)}"', span))
        elif score >= HEAD_SCORE_MIN[kind]:
            found.append(Risk(kind, score, reason, piece.span))
    return found
