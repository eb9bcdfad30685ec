"""Small talk: only when nothing else is said, because a question after "thanks" is a question."""

import re
from collections.abc import Sequence
from functools import cache
from typing import get_args

from bothands.understanding.model import SmallTalk
from bothands.understanding.signals import phrases

KINDS: tuple[SmallTalk, ...] = get_args(SmallTalk)
WORDS_MAX = 9
HEAD_SCORE_MIN = 0.85
SURE_SCORE = 0.98
# Several kinds in one message ("Hi! How are you? Thanks"): what asks for more comes first.
_ORDER: tuple[SmallTalk, ...] = (
    "insult",
    "are_you_human",
    "how_are_you",
    "no",
    "yes",
    "goodbye",
    "thanks",
    "greeting",
    "unclear",
)
_WORD = re.compile(r"\w+", re.UNICODE)
_NOISE = re.compile(r"^(?:(\w)\1{2,}|[bcdfghjklmnpqrstvwxz]{5,}|asdf\w*|qwert\w*)$", re.IGNORECASE)
_LENGTHENED = re.compile(r"([a-z])\1{2,}")
_THUMB_UP, _THUMB_DOWN, _THANKFUL = re.compile("[👍👌✅]"), re.compile("[👎❌]"), re.compile("[🙏❤💕😘]")
_ADDRESS = {
    "sir",
    "madam",
    "mam",
    "mate",
    "dear",
    "team",
    "there",
    "buddy",
    "bro",
    "man",
    "all",
    "guys",
    "please",
    "pls",
}


def small_talk(sentences: Sequence[str], scores: Sequence[dict[str, float]]) -> SmallTalk | None:
    """What kind, when every sentence is small talk; `scores` are the heads' for each sentence."""
    if not sentences:
        return "unclear"
    kinds = {_kind(text, score) for text, score in zip(sentences, scores, strict=True)}
    if None in kinds:
        return None
    return next(kind for kind in _ORDER if kind in kinds)


def _kind(text: str, scores: dict[str, float]) -> SmallTalk | None:
    words = _WORD.findall(text.lower())
    if not words:
        return _by_signs(text)
    found = _known().get(_key(words)) or _known().get(_key([w for w in words if w not in _ADDRESS]))
    if found:
        return found
    if len(words) == 1 and _NOISE.match(words[0]) and not words[0].isdigit():
        return "unclear"
    if len(words) > WORDS_MAX or any(char.isdigit() for char in text):
        return None
    best = max(KINDS, key=lambda kind: scores.get(kind, 0.0))
    rival = max((value for name, value in scores.items() if name not in KINDS), default=0.0)
    # One unknown word is more often a product or a place than a greeting.
    enough = SURE_SCORE if len(words) == 1 else HEAD_SCORE_MIN
    return best if scores.get(best, 0.0) >= enough and rival < enough else None


def _by_signs(text: str) -> SmallTalk:
    if _THUMB_DOWN.search(text):
        return "no"
    if _THUMB_UP.search(text):
        return "yes"
    return "thanks" if _THANKFUL.search(text) else "unclear"


def _key(words: Sequence[str]) -> str:
    return _LENGTHENED.sub(r"\1", " ".join(words))


@cache
def _known() -> dict[str, SmallTalk]:
    """Every phrase of ours word by word, so that the plain cases need no statistics."""
    known: dict[str, SmallTalk] = {}
    for kind in reversed(_ORDER):
        for phrase in phrases(kind):
            known[_key(_WORD.findall(phrase.lower()))] = kind
    return known
