"""The next message after we asked for a missing cell: the value, another value, or another subject."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bothands.knowledge.matching import named_in
from bothands.knowledge.model import Answer, Ask, FactsTable
from bothands.knowledge.tabulating import (
    ASKED_TWICE_MAX,
    Reading,
    all_rows,
    ask_again,
    read,
    say,
    unknown_value,
    wants_all,
    wants_other,
)
from bothands.knowledge.wording import content_words

# A reply to our question is rarely longer than this; a longer one has a subject of its own.
REPLY_LEFT_OVER_WORDS_MAX = 1
# The customer answered what we asked: as sure as reading a cell can be.
CONTINUED_PROBABILITY = 0.95
AGAIN_PROBABILITY = 0.8


def continue_fact(
    text: str,
    asks: Mapping[str, Any] | None,
    tables: Sequence[FactsTable],
    topics: Mapping[str, float],
    now: datetime,
) -> Answer | Ask | None:
    """What the message means as a reply to our question; None when it is not one."""
    if not asks or asks.get("kind") != "fact":
        return None
    table = next((item for item in tables if item.id == asks.get("table")), None)
    missing = str(asks.get("missing", ""))
    if table is None or missing not in table.keys:
        return None
    known = {
        str(key): str(value) for key, value in dict(asks.get("known") or {}).items() if key in table.keys
    }
    tries = int(asks.get("tries", 0)) + 1
    topic = max(table.topics, key=lambda name: topics.get(name, 0.0), default=None)
    # Our choices narrow a vague word ("the wool one"), unless it named something else altogether.
    among = {missing: [str(value) for value in asks.get("among") or ()]}
    reading = read(table, text, now, (), known, among)
    if missing in reading.missing:
        reading = read(table, text, now, (), known)
    is_short = len(reading.left_over) <= REPLY_LEFT_OVER_WORDS_MAX and not _asks_anew(text)
    if wants_all(text):
        listed = all_rows(msgspec.structs.replace(reading, known=known), topic)
        return _sure(listed) if listed else _again(reading, missing, "", topic, tries)
    if wants_other(text):
        return _again(reading, missing, "", topic, tries)
    # Bare digits are a postcode only here, where a postcode was asked for.
    bare = named_in(table, missing, text, now, is_bare=True)
    if bare and missing in reading.missing:
        reading = read(table, text, now, (), {**known, missing: bare[0].value})
    if missing not in reading.missing or reading.known != known:
        if not is_short and len(content_words(text)) > 2 and reading.left_over:
            return None
        said = say(reading, topics)
        if said is not None:
            return _sure(said)
        value = reading.known.get(missing, "")
        return _again(reading, missing, value, topic, tries)
    if is_short:
        unknown = unknown_value(reading, missing, text)
        if unknown or _is_word(text):
            named = unknown or ("" if any(char.isdigit() for char in text) else text.strip(" .!?"))
            return _again(reading, missing, named, topic, tries)
    return None


def _again(reading: Reading, missing: str, unknown: str, topic: str | None, tries: int) -> Ask | None:
    if tries >= ASKED_TWICE_MAX:
        return None
    known = {key: value for key, value in reading.known.items() if key != missing}
    plain = msgspec.structs.replace(reading, known=known)
    asked = ask_again(plain, missing, unknown, topic, tries)
    return msgspec.structs.replace(asked, score=1.0, probability=AGAIN_PROBABILITY)


def _sure(outcome: Answer | Ask) -> Answer | Ask:
    return msgspec.structs.replace(outcome, score=1.0, probability=CONTINUED_PROBABILITY)


def _asks_anew(text: str) -> bool:
    return "?" in text and len(text.split()) > 3


def _is_word(text: str) -> bool:
    return 0 < len(text.split()) <= 3 and len(content_words(text)) > 0
