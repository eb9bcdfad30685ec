"""The table that fits a question: its row when every key is named, else a question for the rest."""

from collections.abc import Sequence

import msgspec

from bothands.knowledge.finding import Shelf
from bothands.knowledge.gating import (
    ASK_WEIGHTS,
    FACT_WEIGHTS,
    TOPIC_NEUTRAL,
    FactSignals,
    as_dict,
    probability,
)
from bothands.knowledge.matching import kind_of_key, partly_named
from bothands.knowledge.model import Answer, Ask, FactsTable, Query
from bothands.knowledge.tabulating import Reading, ask_again, read, say, unknown_value
from bothands.knowledge.wording import content_words

# Asking which one is meant is forgiving: a word we do not know is then the very thing to ask about.
ASK_LENIENCE = 0.5
# A value named in part ("a duvet", of three duvets) is worth this much of a named one.
PART_SHARE = 0.6
FOLLOW_UP_TOPIC = 0.7


def looked_up(query: Query, shelf: Shelf, tables: Sequence[FactsTable]) -> Answer | Ask | None:
    """The likeliest table's outcome, with its probability."""
    best: tuple[float, Answer | Ask] | None = None
    for table in tables:
        reading = read(table, query.text, query.now, query.earlier)
        if not _is_touched(query, reading):
            continue
        signals = _signals(query, shelf, reading)
        outcome = _outcome(query, reading)
        if outcome is None:
            continue
        if isinstance(outcome, Ask):
            softer = {
                "unknown": signals.unknown * ASK_LENIENCE,
                "left_over": signals.left_over * ASK_LENIENCE,
            }
            signals = msgspec.structs.replace(signals, **softer)
        weights = ASK_WEIGHTS if isinstance(outcome, Ask) else FACT_WEIGHTS
        likely = probability(signals, weights)
        if best is None or likely > best[0]:
            kept = msgspec.structs.replace(outcome, score=likely, probability=likely)
            if isinstance(kept, Answer):
                kept = msgspec.structs.replace(kept, signals=as_dict(signals))
            best = (likely, kept)
    return best[1] if best else None


def _is_touched(query: Query, reading: Reading) -> bool:
    """A table speaks up when its words, its values or its topic are in the message."""
    if reading.cue > 0 or reading.named_share > 0:
        return True
    return any(query.topics.get(topic, 0.0) >= 0.5 for topic in reading.table.topics)


def _outcome(query: Query, reading: Reading) -> Answer | Ask | None:
    """The row, a question for a missing key, or what there is instead of a value we do not have."""
    topic = max(reading.table.topics, key=lambda name: query.topics.get(name, 0.0), default=None)
    for key in reading.missing:
        unknown = unknown_value(reading, key, query.text)
        if unknown:
            return ask_again(reading, key, unknown, topic, 1)
    thing = unknown_thing(reading, query)
    if thing:
        return ask_again(reading, reading.missing[0], thing, topic, 1)
    outcome = say(reading, query.topics)
    if outcome is None:
        last = reading.table.keys[-1]
        return ask_again(reading, last, reading.known.get(last, ""), topic, 1)
    return outcome


def unknown_thing(reading: Reading, query: Query) -> str | None:
    """The one word left when table and values are taken away: most likely the thing we do not have."""
    if not reading.missing or reading.named_share > 0 or len(reading.left_over) != 1 or reading.cue == 0:
        return None
    if kind_of_key(reading.table, reading.missing[0]) != "exact":
        return None  # A word is no day and no postcode.
    if partly_named(reading.table, reading.missing[0], query.text, reading.known):
        return None
    return content_words(query.text).get(next(iter(reading.left_over)))


def _signals(query: Query, shelf: Shelf, reading: Reading) -> FactSignals:
    shares = [query.topics.get(topic, 0.0) for topic in reading.table.topics]
    total = max(len(content_words(query.text)), 1)
    left, named = set(reading.left_over), reading.named_share
    for key in reading.missing:
        parts = partly_named(reading.table, key, " ".join(left), reading.known) if left else []
        if parts:
            spoken = set(content_words(" ".join(parts)))
            left -= spoken
            named += PART_SHARE / len(reading.table.keys)
        if unknown_value(reading, key, query.text):
            left = {word for word in left if not any(char.isdigit() for char in word)}
            named += 1 / len(reading.table.keys)
    if unknown_thing(reading, query):
        left = set()  # It is said openly that we do not have it.
    topic = max(shares, default=0.0) if query.topics else TOPIC_NEUTRAL
    return FactSignals(
        # A message of values alone has no topic of its own; the question before it had.
        topic=max(topic, FOLLOW_UP_TOPIC) if reading.is_follow_up else topic,
        named=min(named, 1.0),
        cue=reading.cue,
        unknown=float(any(word not in shelf.seen_in for word in left)),
        left_over=len(left) / total,
    )
