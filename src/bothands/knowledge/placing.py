"""Places: a section with the replies that were approved from it is one place, and questions are asked of it.

Two entries of one place do not compete: an approved reply and the section it was checked against say the
same. So what tells a sure answer from a lucky one is how far the best *place* is ahead of the next.
"""

from collections.abc import Mapping, Sequence

import msgspec

from bothands.kit import excerpt
from bothands.knowledge.finding import Match
from bothands.knowledge.gating import Standing, log_odds
from bothands.knowledge.model import Article, Offer, Question, Reply
from bothands.knowledge.shelving import Entry, source_of

# What the reader's topics count beside what is found.
TOPIC_SHARE = 0.1
# Where there are few others to hold a place against, so many count as this much worse.
OTHERS_MIN = 3
ABOVE_USUAL = 0.15
# A question that asks more than this is as good as any other.
ASKED_FULL = 4.0
OFFERS_MAX = 4
# A place this much worse than the best is no choice worth reading.
OFFER_BEHIND_MAX = 0.3
OFFER_SCORE_MIN = 0.22
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


def standing(evidence: float, url: str, places: Sequence[Place]) -> Standing:
    """The place an answer comes from among the others; `evidence` is what the answer's own words say."""
    place = next(place for place in places if place.url == url)
    behind = [place.score - other.score for other in places if other.url != url]
    match = place.match
    return Standing(
        evidence=log_odds(evidence),
        ahead=min(behind, default=ABOVE_USUAL),
        above=(sum(behind) + OTHERS_MIN * ABOVE_USUAL) / (len(behind) + OTHERS_MIN),
        meaning=match.cosine,
        piece=match.piece,
        whole=match.whole,
        gap=match.gap,
        asked=min(match.asked, ASKED_FULL),
        met=match.whole * min(match.asked, ASKED_FULL),
    )


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
    return match.score + TOPIC_SHARE * shared


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
