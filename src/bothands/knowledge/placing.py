"""Places: a section with the replies that were approved from it is one place, and questions are asked of it.

Two entries of one place do not compete: an approved reply and the section it was checked against say the
same. So what tells a sure answer from a lucky one is how far the best *place* is ahead of the next.
"""

from collections.abc import Mapping, Sequence

import msgspec

from bothands.kit import excerpt
from bothands.knowledge.finding import Match
from bothands.knowledge.model import Article, Offer, Question, Reply
from bothands.knowledge.shelving import Entry, source_of

# Words in common and the reader's topics beside likeness of meaning; with these the right place was first
# for 73 % of our own 294 questions that have one, and among the first three for 89 %.
WORDS_SHARE = 0.2
TOPIC_SHARE = 0.15
OFFERS_MAX = 4
# A place this much worse than the best is no choice worth reading.
OFFER_BEHIND_MAX = 0.35
OFFER_SCORE_MIN = 0.4
LABEL_CHARS_MAX = 60


class Place(msgspec.Struct, frozen=True):
    """Somewhere an answer can be read, with its best entry for one question."""

    url: str
    score: float
    match: Match


def ranked(matches: Sequence[Match], topics: Mapping[str, float]) -> list[Place]:
    """Every place once, the best first."""
    best: dict[str, Place] = {}
    for match in matches:
        url = match.entry.passage.url
        place = Place(url, _score(match, topics), match)
        if url not in best or place.score > best[url].score:
            best[url] = place
    return sorted(best.values(), key=lambda place: -place.score)


def margin(url: str, places: Sequence[Place]) -> float:
    """How far this place is ahead of the best other one; negative where it is behind."""
    own = next((place.score for place in places if place.url == url), 0.0)
    other = next((place.score for place in places if place.url != url), 0.0)
    return own - other


def offers(places: Sequence[Place]) -> tuple[Offer, ...]:
    """The nearest places as choices, in a customer's words; no two with the same words."""
    found: dict[str, Offer] = {}
    for place in places:
        is_far = place.score < places[0].score - OFFER_BEHIND_MAX or place.score < OFFER_SCORE_MIN
        if is_far or len(found) == OFFERS_MAX:
            break
        offer = _offer(place)
        found.setdefault(offer.label or offer.topic, offer)
    return tuple(found.values())


def _score(match: Match, topics: Mapping[str, float]) -> float:
    shared = min(sum(topics.get(topic, 0.0) for topic in match.entry.topics), 1.0)
    return match.cosine + WORDS_SHARE * match.bm25 + TOPIC_SHARE * shared


def _offer(place: Place) -> Offer:
    entry = place.match.entry
    tied = sorted(entry.topics)
    return Offer(
        f"{entry.passage.kind}:{entry.passage.id}",
        excerpt(_label(entry), LABEL_CHARS_MAX),
        tied[0] if len(tied) == 1 else "",
        place.score,
        source_of(entry),
    )


def _label(entry: Entry) -> str:
    """A reply's own first question, a question itself, or what stands above a section."""
    value = entry.value
    if isinstance(value, Reply):
        return value.questions[0] if value.questions else ""
    if isinstance(value, Question):
        return value.question
    assert isinstance(value, Article)
    section = value.section(entry.slug)
    if section is None or section.slug == "top" or section.title == value.title:
        return value.title
    return f"{value.title}: {section.title[:1].lower()}{section.title[1:]}"
