"""Does the writer want a person? Patterns that read the wish in so many words, beside a trained head."""

import re

from bothands.understanding.cutting import Piece
from bothands.understanding.matching import patterns
from bothands.understanding.model import Signal, Span

PATTERN_SCORE = 0.95
HEAD_SCORE_MIN = 0.5

# "Are you a real person?" asks; it does not wish yet.
_ASKS_WHO = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|sorry|but|ok)\W+)?"
    r"(?:(?:are|r)\W+(?:you|u|ya)\b|am\W+i\b|(?:is|was)\W+(?:this|that|it)\W+(?!possible|ok))",
    re.IGNORECASE,
)

# A name in an address ("jo.agent@…") is no wish, and an address alone says nothing the head could judge.
_ADDRESS = re.compile(r"\S+@\S+")


def wish(piece: Piece, head_score: float) -> Signal | None:
    """The wish for a person in one sentence."""
    if _ASKS_WHO.search(piece.text):
        return None
    known = patterns("wish_person")
    if any(spare.search(piece.text) for spare in known.spares):
        return None
    text = _ADDRESS.sub(lambda address: " " * len(address.group(0)), piece.text)
    hit = known.find(text)
    if hit:
        start = piece.span.start
        return Signal(max(PATTERN_SCORE, head_score), Span(start + hit.start(), start + hit.end()))
    is_heard = head_score >= HEAD_SCORE_MIN and text == piece.text
    return Signal(head_score, piece.span) if is_heard else None
