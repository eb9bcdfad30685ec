"""From a question to Answer, Ask or Nothing: approved reply, row of facts, written answer, article."""

from collections.abc import Sequence

import msgspec

from bothands.knowledge.citing import quoted, written
from bothands.knowledge.continuing import continue_fact
from bothands.knowledge.finding import Match, Shelf
from bothands.knowledge.gating import (
    ANSWER_PROBABILITY_MIN,
    ASK_PROBABILITY_MIN,
    as_dict,
    by_topic,
    carried,
    settled,
    strange,
)
from bothands.knowledge.looking_up import looked_up
from bothands.knowledge.model import Answer, Ask, FactsTable, Nothing, Outcome, Query, Source
from bothands.knowledge.placing import Place, offers, ranked, standing
from bothands.knowledge.replying import approved
from bothands.knowledge.shelving import source_of

NEAR_MAX = 3
CANDIDATES_MAX = 40
# What comes first in the order of trust wins against a later one that is only this much likelier.
ORDER_MARGIN = 0.15
# A company that has written three pages has no others that an answer could stand out from.
PLACES_MIN = 10
# From here on a table is a rival to be taken seriously.
FACT_PROBABILITY_MIN = 0.7
# The customer said themselves which of our choices it is about.
CHOSEN_PROBABILITY = 0.95
# A topic less likely than this does not bring its only reply along.
TOPIC_PROBABILITY_MIN = 0.5
# Titles less alike than this are no help as "near".
NEAR_COSINE_MIN = 0.25


def answer(query: Query, shelf: Shelf, tables: Sequence[FactsTable]) -> Outcome:
    """Pure: the same query on the same shelf gives the same outcome."""
    continued = continue_fact(query.text, query.asks, tables, query.topics, query.now)
    if continued is not None:
        return continued
    matches = shelf.match(query.focus, query.vectors, CANDIDATES_MAX)
    places = ranked(matches, query.topics)
    ordered = in_order(query, shelf, tables, matches, places)
    best = max((likely(outcome) for outcome in ordered), default=0.0)
    for outcome in ordered:
        enough = ASK_PROBABILITY_MIN if isinstance(outcome, Ask) else ANSWER_PROBABILITY_MIN
        if likely(outcome) >= max(enough, best - ORDER_MARGIN):
            if isinstance(outcome, Answer):
                return msgspec.structs.replace(
                    outcome, offers=offers(places), strange=strange(query.focus, shelf)
                )
            return outcome
    return Nothing(near(matches), best, best, offers(places), strange(query.focus, shelf))


def tell(query: Query, shelf: Shelf, offer_id: str) -> Answer | None:
    """The place a customer chose, read out for the question asked before; None when it is gone."""
    match = shelf.match_one(query.focus, query.vectors, offer_id)
    if match is None:
        return None
    words = carried(query.focus, shelf)
    for read_out in (approved, written, quoted):
        for answer in read_out(query, words, shelf, [match]):
            return msgspec.structs.replace(answer, score=1.0, probability=CHOSEN_PROBABILITY)
    return None


def in_order(
    query: Query,
    shelf: Shelf,
    tables: Sequence[FactsTable],
    matches: Sequence[Match],
    places: Sequence[Place],
) -> list[Answer | Ask]:
    """The best of each basis in the order of trust; a row whose keys the message names is no guess."""
    words = carried(query.focus, shelf)
    fact = looked_up(query, shelf, tables)
    is_named = isinstance(fact, Answer) and fact.signals.get("named", 0.0) == 1.0
    # Tables are no places, so being ahead of other places says nothing against them: only words do.
    rival = likely(fact) if fact is not None and likely(fact) >= FACT_PROBABILITY_MIN else 0.0
    replies = _beating(approved(query, words, shelf, matches), rival)
    answers = _beating(written(query, words, shelf, matches), rival)
    sections = _beating(quoted(query, words, shelf, matches), rival)
    bases = (
        fact if is_named else None,
        _best([*_settled(replies, places), *_read_off_topic(query, shelf, replies)]),
        None if is_named else fact,
        _best(_settled(answers, places)),
        _best(_settled(sections, places)),
    )
    return [outcome for outcome in bases if outcome is not None]


def _beating(answers: Sequence[Answer], fact: float) -> list[Answer]:
    return [answer for answer in answers if likely(answer) >= fact - ORDER_MARGIN]


def _settled(answers: Sequence[Answer], places: Sequence[Place]) -> list[Answer]:
    """Each with its probability weighed once more by how its place stands; among few that says nothing."""
    if len(places) < PLACES_MIN:
        return list(answers)
    found = []
    for answer in answers:
        stands = standing(likely(answer), answer.sources[0].url, places)
        signals = {**answer.signals, **as_dict(stands)}
        likelihood = settled(stands, is_reply=answer.basis == "approved")
        found.append(msgspec.structs.replace(answer, probability=likelihood, signals=signals))
    return found


def _read_off_topic(query: Query, shelf: Shelf, replies: Sequence[Answer]) -> list[Answer]:
    """The only reply of a topic, as likely as the topic: reading the topic is finding the reply.

    Not where the reply rests on an article: then more is written on the topic than the reply says.
    """
    found = []
    for reply in replies:
        topic = reply.topic or ""
        share = query.topics.get(topic, 0.0)
        is_all = shelf.replies_of.get(topic) == 1 and not reply.sources[0].article_id
        if is_all and share >= TOPIC_PROBABILITY_MIN:
            likelihood = by_topic(share, query.ours)
            signals = {**reply.signals, "by_topic": round(likelihood, 4)}
            found.append(msgspec.structs.replace(reply, probability=likelihood, signals=signals))
    return found


def likely(outcome: Answer | Ask) -> float:
    return outcome.probability or 0.0


def near(matches: Sequence[Match]) -> tuple[Source, ...]:
    """The closest articles, once each, as titles to offer."""
    found: dict[str, Source] = {}
    for match in matches:
        home = match.entry.passage.article_id
        if match.cosine >= NEAR_COSINE_MIN and home and home not in found:
            found[home] = source_of(match.entry, len(found) + 1)
    return tuple(found.values())[:NEAR_MAX]


def _best(answers: Sequence[Answer]) -> Answer | None:
    return max(answers, key=likely, default=None)
