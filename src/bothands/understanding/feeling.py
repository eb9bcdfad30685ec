"""Emotion: heads trained on GoEmotions and our own phrases, corrected for how people write to a company."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from bothands.understanding.cutting import Piece
from bothands.understanding.matching import patterns
from bothands.understanding.model import Emotion, EmotionLabel, Span
from bothands.understanding.signals import emotion_heads

LABELS: tuple[EmotionLabel, ...] = get_args(EmotionLabel)
# GoEmotions' names, and those of other collections, in ours; what is in none of ours is neutral.
EMOTION_GROUPS: dict[str, EmotionLabel] = {
    "anger": "anger",
    "disgust": "anger",
    "annoyance": "frustration",
    "disappointment": "frustration",
    "frustration": "frustration",
    "fear": "worry",
    "nervousness": "worry",
    "worry": "worry",
    "sadness": "sadness",
    "grief": "sadness",
    "remorse": "sadness",
    "confusion": "confusion",
    "gratitude": "gratitude",
    "relief": "gratitude",
}
STRENGTH_MIN = 0.5
SHOUTED_LETTERS_MIN = 10
SHOUTED_SHARE_MIN = 0.8

# What a cue in the words is worth, by emotion (patterns/emotion_….txt).
CUE_SCORES: dict[EmotionLabel, float] = {
    "anger": 0.9,
    "frustration": 0.8,
    "worry": 0.7,
    "sadness": 0.7,
    "confusion": 0.65,
    "gratitude": 0.7,
}
_CALM = re.compile(
    r"\b(?:no worries|don'?t worry|not (?:angry|upset|worried|annoyed)|never disappoint\w*)\b", re.IGNORECASE
)
# "Sorry." and "ok, pity" are manners; nobody is in distress.
_MANNERS = re.compile(
    r"^\W*(?:(?:oh|ah|ok|okay|hm+|well|i'?m|so|what an?|that'?s an?|an?|oops|very|really)\W+)*"
    r"(?:sorry|pity|shame|too bad|never mind|nevermind|pardon|excuse me|oops)\W*$",
    re.IGNORECASE,
)
# "Sorry, 48217 not 48271" corrects oneself.
_OPENS_SORRY = re.compile(r"^\W*(?:(?:oh|ah|ok|no|so)\W+)*(?:i'?m\W+)?sorry\W", re.IGNORECASE)
_MARKS = re.compile(r"!{2,}|\?!|!\?|\?{3,}")
_LETTERS = re.compile(r"[^\W\d_]")


def feel(pieces: Sequence[Piece], scores: Sequence[Mapping[str, float]], text: str) -> Emotion:
    """The strongest emotion and the sentence that shows it; neutral when none is strong enough."""
    strongest = Emotion("neutral", 1.0, Span(0, 0))
    best = STRENGTH_MIN
    is_shouted = _is_shouted(text)
    for piece, score in zip(pieces, scores, strict=True):
        label, strength, probability = _of(piece.text, score, is_shouted)
        # Thanks at the end of an angry message are politeness.
        weight = strength * (0.8 if label == "gratitude" and len(pieces) > 1 else 1.0)
        if label != "neutral" and weight >= best:
            strongest, best = Emotion(label, probability, piece.span), weight
    if strongest.label == "neutral":
        calm = min((score.get("neutral", 1.0) for score in scores), default=1.0)
        return Emotion("neutral", max(calm, 0.5), Span(0, 0))
    return strongest


def _of(text: str, scores: Mapping[str, float], is_shouted: bool) -> tuple[EmotionLabel, float, float]:
    """The label, its strength and its probability."""
    if _MANNERS.search(text):
        return "neutral", 1.0, 1.0
    strengths = emotion_heads().strengths(scores)
    found: dict[EmotionLabel, float] = {label: strengths[label] for label in LABELS if label != "neutral"}
    probable = dict(scores)
    if _OPENS_SORRY.search(text):
        found["sadness"] /= 2
    if _CALM.search(text):
        # "I'm not angry": the words are an emotion's, the sentence is not.
        found = {label: strength / 2 for label, strength in found.items()}
    else:
        for label, score in CUE_SCORES.items():
            if patterns(f"emotion_{label}").find(text):
                found[label] = max(found[label], score)
                probable[label] = max(probable[label], score)
    # Shouting and heaps of marks make a bad feeling angrier; alone they prove little.
    if is_shouted or _MARKS.search(text):
        found["anger"] += 0.25 * max(found["frustration"], found["anger"]) + (0.1 if is_shouted else 0.0)
        if is_shouted and found["frustration"] >= STRENGTH_MIN:
            found["anger"] = max(found["anger"], found["frustration"] + 0.05)
    label = max(found, key=lambda name: found[name])
    if found[label] < STRENGTH_MIN:
        return "neutral", 1 - found[label], probable["neutral"]
    return label, min(found[label], 1.0), probable[label]


def _is_shouted(text: str) -> bool:
    letters = _LETTERS.findall(text[:2_000])
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= SHOUTED_LETTERS_MIN and capitals / len(letters) >= SHOUTED_SHARE_MIN
