"""How likely an answer is right: a few signs that can be read, weighed once, kept with the answer.

A fixed cosine floor is no gate: on real traffic a floor of 0.7 answered 31 % and got 16 % of those wrong.
What helps is to ask what the evidence does *not* say. "Can I boil-wash the duvet?" is close to the page on
washing in every vector space; the word that carries the question stands nowhere on it. So besides the
likeness we weigh how much of the question the quoted words cover, whether a carrying word is unknown to the
whole shelf or stands elsewhere on it, how far the next best is behind, and whether the reader's topic agrees.

The weights were fitted by logistic regression on self-made pairs (tests/knowledge/retail_pairs.csv): the
questions with their sections, and again with those sections removed. Those of the places come from
tools/train_gate.py: these pairs, tests/skills/retail_messages.csv and some entities of SK-TOD, tried on the
others. They are a start, not a promise: only reviewed outcomes certify (balance).
"""

import math
from collections.abc import Mapping

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bothands.knowledge.finding import Shelf
from bothands.knowledge.wording import content_words, family, tokens

# Below this an answer is more often wrong than not, and `Nothing` is the honest outcome.
ANSWER_PROBABILITY_MIN = 0.5
# A question back costs the customer a moment; a wrong answer costs more.
ASK_PROBABILITY_MIN = 0.4
# A word this close to a known one is a typing error, not a new word.
TYPO_SIMILARITY_MIN = 0.8
TYPO_CHARS_MIN = 5
# Shorter ones are mostly typing errors and abbreviations.
STRANGE_CHARS_MIN = 4
# Without a reader's topics an answer neither gains nor loses by them.
TOPIC_NEUTRAL = 0.4
MARGIN_MAX = 0.3
# Two rare words in common are as good as ten.
MASS_FULL = 2.0


class Signals(msgspec.Struct, frozen=True):
    """What the gate looks at in a text, each 0–1 (the margin −0.3 to 0.3)."""

    likeness: float
    coverage: float
    mass: float  # how much was covered at all: one common word in common is no evidence
    unknown: float
    elsewhere: float
    margin: float
    topic: float


class FactSignals(msgspec.Struct, frozen=True):
    """What speaks for a row of a table, each 0–1."""

    topic: float
    named: float
    cue: float
    unknown: float
    left_over: float


class Standing(msgspec.Struct, frozen=True):
    """What the gate looks at in the place an answer comes from, beside the answer's own words."""

    evidence: float  # what the words say, as log odds
    ahead: float  # of the next place; negative where it is behind
    above: float  # and of all others that were found, on average
    meaning: float  # likeness of place and question
    piece: float  # how much of the question the best piece of the place speaks of,
    whole: float  # and all of it
    gap: float  # how rare the rarest word is that it does not speak of
    asked: float  # how much is asked at all
    met: float  # and how much of that the place speaks of


SECTION_WEIGHTS = {
    "base": -6.2,
    "likeness": 4.8,
    "coverage": 0.6,
    "mass": 2.6,
    "unknown": -2.0,
    "elsewhere": -0.6,
    "margin": 7.0,
    "topic": 2.5,
}
QUESTION_WEIGHTS = {
    "base": -5.0,
    "likeness": 6.0,
    "coverage": 1.0,
    "mass": 1.0,
    "unknown": -1.0,
    "elsewhere": -0.4,
    "margin": 4.0,
    "topic": 1.0,
}
REPLY_WEIGHTS = {
    "base": -6.4,
    "likeness": 5.6,
    "coverage": 0.2,
    "mass": 2.5,
    "unknown": -2.2,
    "elsewhere": -1.5,
    "margin": 2.1,
    "topic": 2.6,
}
FACT_WEIGHTS = {"base": -2.1, "topic": 3.6, "named": 2.2, "cue": 1.4, "unknown": -2.4, "left_over": -4.5}
# A question for a missing cell is wrong more often than a row is: a table speaks up too easily.
ASK_WEIGHTS = {**FACT_WEIGHTS, "base": -2.8}
# The evidence of the words once more, with how the place stands among the others. Printed by
# tools/train_gate.py.
PLACE_WEIGHTS = {
    "base": -3.25,
    "evidence": 0.11,
    "ahead": -1.68,
    "above": 12.55,
    "meaning": 1.64,
    "piece": -2.79,
    "whole": -0.33,
    "gap": -1.13,
    "asked": 0.05,
    "met": 0.91,
}
# What alone is weighed for an approved reply, and without which no article is more than likely: these were
# fitted on our own questions, and wrong on none of those they were sure of.
CAUTIOUS_WEIGHTS = {"base": -0.6, "evidence": 0.3, "ahead": 7.0}
LIKELY_MAX = 0.65
# How little of what goes beyond that still counts, so that the likelier stays the likelier.
BEYOND_SHARE = 0.1
# Where a topic has one reply only, reading the topic is finding the reply. Fitted on real traffic to another
# kind of shop (HINT3 Curekart: at 0.85 it answered 24 %, 4 % of them wrong): two log-odds together.
TOPIC_WEIGHTS = {"base": -2.2, "topic": 0.31, "ours": 0.49}
LOG_ODDS_MAX = 6.0


def probability(signals: Signals | FactSignals | Standing, weights: Mapping[str, float]) -> float:
    total = weights["base"] + sum(
        weights[name] * getattr(signals, name) for name in signals.__struct_fields__
    )
    return _share(total)


def settled(standing: Standing, *, is_reply: bool) -> float:
    """An answer's probability, given what its words say and how its place stands among the others."""
    ahead = max(min(standing.ahead, MARGIN_MAX), -MARGIN_MAX)
    cautious = (
        CAUTIOUS_WEIGHTS["base"]
        + CAUTIOUS_WEIGHTS["evidence"] * standing.evidence
        + CAUTIOUS_WEIGHTS["ahead"] * ahead
    )
    if is_reply:
        return _share(cautious)
    likely = log_odds(probability(standing, PLACE_WEIGHTS))
    allowed = min(likely, max(cautious, log_odds(LIKELY_MAX)))
    return _share(allowed + BEYOND_SHARE * (likely - allowed))


def by_topic(topic: float, ours: float) -> float:
    """How likely the only reply of a topic is right, given the reader's two probabilities."""
    weights = TOPIC_WEIGHTS
    return _share(weights["base"] + weights["topic"] * log_odds(topic) + weights["ours"] * log_odds(ours))


def log_odds(share: float) -> float:
    if share <= 0.0 or share >= 1.0:
        return LOG_ODDS_MAX if share >= 1.0 else -LOG_ODDS_MAX
    return max(min(math.log(share / (1 - share)), LOG_ODDS_MAX), -LOG_ODDS_MAX)


def _share(total: float) -> float:
    return 1 / (1 + math.exp(-total))


def as_dict(signals: Signals | FactSignals | Standing) -> dict[str, float]:
    return {name: round(float(getattr(signals, name)), 4) for name in signals.__struct_fields__}


def carried(question: str, shelf: Shelf) -> frozenset[str]:
    """The content words of a question, typing errors mended by the shelf's own words."""
    return frozenset(_mended(word, shelf) for word in content_words(question))


def strange(question: str, shelf: Shelf) -> tuple[str, ...]:
    """The words that carry the question and stand nowhere here, as written."""
    found = content_words(question)
    return tuple(
        written
        for word, written in found.items()
        if written.isalpha()
        and len(written) >= STRANGE_CHARS_MIN
        and _mended(word, shelf) not in shelf.seen_in
    )


def weigh(
    words: frozenset[str],
    evidence: frozenset[str],
    shelf: Shelf,
    likeness: float,
    margin: float,
    topic: float,
) -> Signals:
    """`words` carry the question, `evidence` is what the answer's own words speak of."""
    weights = {word: shelf.rarity(word) for word in words}
    total = sum(weights.values())
    missing = [word for word in words if not covers(evidence, word)]
    covered = total - sum(weights[word] for word in missing)
    elsewhere = [weights[word] for word in missing if word in shelf.seen_in]
    return Signals(
        likeness=max(likeness, 0.0),
        coverage=covered / total if total else 0.0,
        mass=min(covered / MASS_FULL, 1.0),
        unknown=sum(word not in shelf.seen_in for word in missing) / max(len(words), 1),
        elsewhere=max(elsewhere, default=0.0),
        margin=max(min(margin, MARGIN_MAX), -MARGIN_MAX),
        topic=topic,
    )


def covers(evidence: frozenset[str], word: str) -> bool:
    """A hyphenated word is also covered by both of its parts: "boil-wash" not by "wash" alone."""
    parts = word.split("-")
    return word in evidence or (
        len(parts) > 1 and ("".join(parts) in evidence or all(part in evidence for part in parts))
    )


def mended(text: str, shelf: Shelf) -> str:
    """The text with its typing errors put right by the shelf's own words, for the encoder."""
    wrong = {written: _mended(word, shelf) for word, written in content_words(text).items()}
    words = [
        shelf.written.get(wrong[token], token) if token in wrong and wrong[token] != family(token) else token
        for token in tokens(text)
    ]
    return " ".join(words) if words != tokens(text) else text


def _mended(word: str, shelf: Shelf) -> str:
    if word in shelf.seen_in or len(word) < TYPO_CHARS_MIN or any(char.isdigit() for char in word):
        return word
    near = process.extractOne(
        word, shelf.seen_in.keys(), scorer=OSA.normalized_similarity, score_cutoff=TYPO_SIMILARITY_MIN
    )
    # People seldom miss the first letter; another first letter is mostly another word.
    return str(near[0]) if near and str(near[0])[0] == word[0] else word
