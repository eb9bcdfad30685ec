"""Risk signals: what makes a message one for careful people. Recall first, each with its reason."""

from bothands.understanding.cutting import Piece
from bothands.understanding.matching import patterns
from bothands.understanding.model import Risk, RiskKind, Span

PATTERN_SCORE = 0.95
HEAD_SCORE_MIN: dict[RiskKind, float] = {
    "self_harm": 0.35,
    "vulnerable": 0.5,
    "legal": 0.5,
    "fraud": 0.5,
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
