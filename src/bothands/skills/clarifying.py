"""Not sure: one question whose choices lead to an answer, or an honest word about what we do not have."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from bothands.kit import words
from bothands.knowledge import Offer, Source
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.wording import (
    CLARIFY,
    CONFIRM,
    NEAR,
    NEAR_MISS,
    NO_SOURCE,
    OUT_OF_SCOPE,
    SOMETHING_ELSE,
    TALK_TO_PERSON,
    UNKNOWN_WORD,
    listing,
    pick,
    quoted_titles,
)
from bothands.understanding import Reading

CHOICES_MAX = 4
# A topic this unlikely is no choice worth reading.
CHOICE_PROBABILITY_MIN = 0.15
# Topics that lead on by themselves (a task, a table) take this many of the choices at most.
LEADING_TOPICS_MAX = 2
# From here on we only want it confirmed; below, we say openly that we are not sure to have it.
CONFIRM_PROBABILITY_MIN = 0.35
LABEL_RATIO_MIN = 88
NEAR_TITLES_MAX = 3
# Naming more words than this back is reading the question aloud.
STRANGE_WORDS_MAX = 2

Option = dict[str, str]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_THIS_ONE = frozenset({"yes", "yes please", "yep", "yeah", "that one", "that's it", "exactly", "right"})
_NONE_OF_THEM = frozenset({"none", "neither", "no", "nope", "else", "other"})


def ask_which(
    question: str,
    reading: Reading,
    offers: Sequence[Offer],
    leads_on: Collection[str],
    *,
    likely: float,
    strange: Sequence[str] = (),
    said: frozenset[str],
) -> Proposal | None:
    """A question with what may be meant as choices; each leads to an answer. None when nothing is near.

    `leads_on` are the topics a choice of which goes on by itself: to a task, or to a question for a fact;
    `strange` are words of the question that stand nowhere in our pages.
    """
    options = _options(reading, offers, leads_on)
    if not options:
        return None
    top = reading.topics[0] if reading.topics and reading.is_in_scope else None
    wordings = CLARIFY if likely >= CONFIRM_PROBABILITY_MIN else NEAR_MISS
    if 0 < len(strange) <= STRANGE_WORDS_MAX and likely < CONFIRM_PROBABILITY_MIN:
        wordings = tuple(wording.format(words=listing(strange, "or")) for wording in UNKNOWN_WORD)
    elif len(options) == 1:
        wordings = CONFIRM
    return Proposal(
        ProposalKind.ASK,
        pick(wordings, said),
        "clarify",
        reading,
        topic=top.topic if top else None,
        topic_title=top.title if top else "",
        topic_probability=top.probability if top else 0.0,
        score=likely,
        choices=(*(option["label"] for option in options), SOMETHING_ELSE),
        asks={"kind": "clarify", "options": options, "question": question},
        reason="several places may answer this, none surely enough",
        tried=("searched the articles, facts and approved replies",),
    )


def _options(reading: Reading, offers: Sequence[Offer], leads_on: Collection[str]) -> list[Option]:
    titles = {guess.topic: guess.title for guess in reading.topics}
    leading = [
        {"topic": guess.topic, "label": guess.title}
        for guess in reading.topics
        if guess.topic in leads_on and guess.probability >= CHOICE_PROBABILITY_MIN
    ][:LEADING_TOPICS_MAX]
    places: list[Option] = []
    for offer in offers:
        label = offer.label or titles.get(offer.topic) or offer.topic.replace("_", " ").capitalize()
        if label:
            places.append({"offer": offer.id, "topic": offer.topic, "label": label})
    is_sure = bool(leading) and reading.topics[0].topic == leading[0]["topic"]
    ordered = [*leading, *places] if is_sure else [*places[:2], *leading, *places[2:]]
    kept = {option["label"].casefold(): option for option in reversed(ordered)}
    return list(reversed(kept.values()))[:CHOICES_MAX]


def say_no_source(reading: Reading, near: Sequence[Source], said: frozenset[str]) -> Proposal:
    """It is ours, but nothing we have answers it: say so, offer what is near and a person."""
    top = reading.topics[0] if reading.topics else None
    return Proposal(
        ProposalKind.ASK,
        _with_near(pick(NO_SOURCE, said), near),
        "no_source",
        reading,
        topic=top.topic if top else None,
        topic_title=top.title if top else "",
        topic_probability=top.probability if top else 0.0,
        sources=tuple(near[:NEAR_TITLES_MAX]),
        choices=(TALK_TO_PERSON, SOMETHING_ELSE),
        asks={"kind": "offer_person"},
        reason="no source answers this",
        tried=("searched the articles, facts and approved replies",),
    )


def say_out_of_scope(
    reading: Reading, near: Sequence[Source], topic_titles: Sequence[str], said: frozenset[str]
) -> Proposal:
    """It is none of ours: what we can do, said once; near matches; a person."""
    text = pick([wording.format(topics=quoted_titles(topic_titles)) for wording in OUT_OF_SCOPE], said)
    return Proposal(
        ProposalKind.ASK,
        _with_near(text, near),
        "out_of_scope",
        reading,
        sources=tuple(near[:NEAR_TITLES_MAX]),
        choices=(TALK_TO_PERSON, SOMETHING_ELSE),
        asks={"kind": "offer_person"},
        reason="the message is about none of our topics",
        tried=("looked through all topics and pages",),
    )


def chosen(text: str, asks: Mapping[str, Any]) -> Option | None:
    """The choice that `text` names: by its label or nearly its label, by number, or by a bare yes."""
    options = [option for option in asks.get("options") or () if isinstance(option, dict)]
    plain = _plain(text)
    spoken = words(plain)
    if not options:
        return None
    place = _number(plain, spoken)
    if place is not None:
        return options[place - 1] if 1 <= place <= len(options) else None
    if len(options) == 1 and plain in _THIS_ONE:
        return options[0]
    best = max(options, key=lambda option: fuzz.ratio(plain, _plain(option["label"])))
    return best if _likeness(plain, best) else None


def is_something_else(text: str) -> bool:
    """None of our choices, in these or like words."""
    spoken = words(_plain(text))
    if fuzz.ratio(_plain(text), SOMETHING_ELSE.casefold()) >= LABEL_RATIO_MIN:
        return True
    return 0 < len(spoken) <= 4 and bool(_NONE_OF_THEM & set(spoken))


def _plain(text: str) -> str:
    return text.strip().casefold().rstrip(".!?").strip()


def _number(plain: str, spoken: Sequence[str]) -> int | None:
    if plain.isdecimal() and len(plain) == 1:
        return int(plain)
    named = [_ORDINALS[word] for word in spoken if word in _ORDINALS]
    return named[0] if len(named) == 1 and len(spoken) <= 4 else None


def _likeness(plain: str, option: Mapping[str, str]) -> bool:
    return bool(fuzz.ratio(plain, _plain(option["label"])) >= LABEL_RATIO_MIN)


def _with_near(text: str, near: Sequence[Source]) -> str:
    titles = list(dict.fromkeys(source.title for source in near))[:NEAR_TITLES_MAX]
    return f"{text} {NEAR.format(titles=listing(titles))}" if titles else text
