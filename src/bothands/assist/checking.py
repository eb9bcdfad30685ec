"""Find the claims in a draft that no source stands behind. Pure."""

import re

from bothands.assist.model import Unsourced

DRAFT_CHARS_MAX = 8_000

_MARKER = re.compile(r"\[\d+\]")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*(?:\s*\[\d+\])*")
_MONTHS = "january|february|march|april|june|july|august|september|october|november|december"
_DAYS = "mon|tues|wednes|thurs|fri|satur|sun"
# Something that can be right or wrong: a number, an amount, a day, a promise.
_CLAIM = re.compile(
    rf"\d|[€$£%]|\b(?:{_MONTHS})\b|\b(?:{_DAYS})day\b|\b(?:today|tonight|tomorrow|yesterday)\b"
    r"|\b(?:free|refund(?:ed)?|replace(?:d|ment)?|guarantee[ds]?|warranty|in stock|discount|voucher)\b"
    r"|\b(?:I|we)(?:['’]ll| will| can| have| are going to)\b"
    r"|\b(?:(?:it|they|this) will|will be|you (?:get|will|can))\b",
    re.IGNORECASE,
)
# What a person may always say: it is in the conversation itself, or asks.
_HARMLESS = re.compile(r"\b(?:I have read|I(?:'|’)m|I am|I can see|sorry)\b", re.IGNORECASE)


def unsourced(text: str) -> tuple[Unsourced, ...]:
    """Sentences that claim something and have no marker after them in their paragraph."""
    found: list[Unsourced] = []
    at = 0
    for paragraph in text[:DRAFT_CHARS_MAX].split("\n"):
        found.extend(_unsourced_in(paragraph, at))
        at += len(paragraph) + 1
    return tuple(found)


def spoken(paragraph: str) -> list[str]:
    """The sentences of a paragraph, each with the markers that follow it."""
    return [said for match in _SENTENCE.finditer(paragraph) if (said := match.group(0).strip())]


def _unsourced_in(paragraph: str, offset: int) -> list[Unsourced]:
    markers = [match.start() for match in _MARKER.finditer(paragraph)]
    last = markers[-1] if markers else -1
    found = []
    for match in _SENTENCE.finditer(paragraph):
        sentence = match.group(0).strip()
        # A marker at the end of a paragraph stands behind all of it.
        is_backed = match.start() < last
        if not sentence or is_backed or sentence.endswith("?") or not _CLAIM.search(sentence):
            continue
        if _HARMLESS.search(sentence) and not re.search(r"\d|[€$£%]", sentence):
            continue
        start = offset + match.start() + (len(match.group(0)) - len(match.group(0).lstrip()))
        found.append(Unsourced(start, start + len(sentence), sentence))
    return found
