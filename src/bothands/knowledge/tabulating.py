"""Rows of facts: found by the keys a message names, asked for when one is missing, never invented."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any

import msgspec

from bothands.knowledge.matching import (
    Named,
    day_label,
    kind_of_key,
    named_in,
    partly_named,
    postcodes_in,
    rows_of,
    unmatched_size,
    values_of,
)
from bothands.knowledge.model import Answer, Ask, FactsTable, Source
from bothands.knowledge.quoting import QUOTE_WORDS_AIM, mark_whole, word_count
from bothands.knowledge.wording import content_words, family, tokens

CHOICES_MAX = 4
OTHER = "Other"
ROWS_SAID_MAX = 4
VALUES_LISTED_MAX = 8
ASKED_TWICE_MAX = 2

_GAP = re.compile(r"\{(\w+)\}")
_ALL = re.compile(
    r"^\W*(?:all(?: of (?:them|it))?|any|every(?: one)?|both|don'?t know|not sure|no idea|whatever)\W*$", re.I
)
_OTHER = re.compile(
    r"^\W*(?:other|others|another(?: one)?|something else|none(?: of (?:them|these))?|else)\W*$", re.I
)
_POINTS_BACK = re.compile(
    r"^\W*(?:and|or|what about|how about|then|also)\b|\b(?:it|its|it's|that|this|them|those|one|ones|same)\b",
    re.I,
)


class Reading(msgspec.Struct, frozen=True):
    """What a message says in terms of one table."""

    table: FactsTable
    known: dict[str, str]
    said: dict[str, str]
    several: dict[str, tuple[str, ...]]  # keys the message names more than one value of
    missing: tuple[str, ...]
    cue: float  # the share of the question's words the table speaks of
    left_over: frozenset[str]  # content words that are neither in the table nor a value
    named_share: float
    is_follow_up: bool = False  # "and in 240x220?": only values, about what was asked before


def read(
    table: FactsTable,
    text: str,
    now: datetime,
    earlier: Sequence[str] = (),
    known: Mapping[str, str] | None = None,
    among: Mapping[str, Sequence[str]] | None = None,
) -> Reading:
    """Find each key in the message; what is missing, in the contact's earlier words if it points back.

    `known` and `among` are what a pending question of ours holds: settled keys, and the choices offered.
    """
    settled = dict(known or {})
    found = {key: named_in(table, key, text, now) for key in table.keys}
    words = set(content_words(text))
    taken = {family(token) for hits in found.values() for hit in hits for token in _at(text, hit)}
    speaks = _speaks_of(table)
    for key in table.keys:
        # One word may be enough ("loft"), but only if nothing else is left to explain.
        vague = _vaguely(table, key, words - taken, (among or {}).get(key, ()))
        own = set(content_words(" ".join(vague)))
        if vague and not words - taken - speaks - own:
            found[key].extend(Named(value, value, frozenset(), is_exact=False) for value in vague)
            taken |= own & words
    _fit_to_known(table, found, settled, text, now)
    is_follow_up = bool(earlier) and any(found.values()) and not words - taken
    if is_follow_up or _POINTS_BACK.search(text):
        for key in table.keys:
            if not found[key] and key not in settled:
                found[key] = _from_before(table, key, earlier, now)
    single, said, several = _settled(table, found, settled)
    asking = set(content_words(earlier[-1])) if is_follow_up else words
    left_to_cue = asking - (set() if is_follow_up else taken)
    return Reading(
        table,
        single,
        said,
        several,
        tuple(key for key in table.keys if key not in single and key not in several),
        len(left_to_cue & speaks) / max(len(left_to_cue), 1),
        frozenset(words - taken - speaks),
        sum(bool(hits) for hits in found.values()) / len(table.keys),
        is_follow_up,
    )


def _vaguely(table: FactsTable, key: str, words: set[str], among: Sequence[str]) -> list[str]:
    """The values that left-over words can only mean: the best by all words, else one per word."""
    few = partly_named(table, key, " ".join(words), {}, among)
    if len(few) == 1:
        return few
    each = [partly_named(table, key, word, {}, among) for word in sorted(words)]
    return list(dict.fromkeys(values[0] for values in each if len(values) == 1))


def _fit_to_known(
    table: FactsTable, found: dict[str, list[Named]], known: Mapping[str, str], text: str, now: datetime
) -> None:
    """A size means what it means for this thing: "double" of a duvet is the table's "double duvet"."""
    sure = {**known, **{key: hits[0].value for key, hits in found.items() if len(hits) == 1}}
    for key, hits in found.items():
        others = {name: value for name, value in sure.items() if name != key}
        possible = set(values_of(table, key, others))
        if not hits or not others or any(hit.value in possible for hit in hits):
            continue
        words = [word for value in others.values() for word in tokens(value)]
        for word in words:
            better = [hit for hit in named_in(table, key, f"{text} {word}", now) if hit.value in possible]
            if better:
                found[key] = [Named(hit.value, hit.said, hits[0].words) for hit in better]
                break


def _from_before(table: FactsTable, key: str, earlier: Sequence[str], now: datetime) -> list[Named]:
    for before in reversed(earlier):
        hits = named_in(table, key, before, now)
        if hits:
            return [Named(hit.value, hit.said, frozenset()) for hit in hits]
    return []


def _settled(
    table: FactsTable, found: Mapping[str, Sequence[Named]], known: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, ...]]]:
    """(one value per key, how to say it, keys with several values); the message overrides what was known."""
    single, said = dict(known), dict(known)
    several: dict[str, tuple[str, ...]] = {}
    for key, hits in found.items():
        fitting = _fitting(table, key, hits, {name: single[name] for name in single if name != key})
        if len(fitting) == 1:
            single[key], said[key] = fitting[0].value, fitting[0].said
        elif fitting:
            several[key] = tuple(item.value for item in fitting)
            single.pop(key, None)
    return single, said, several


def say(reading: Reading, sharing: Mapping[str, float]) -> Answer | Ask | None:
    """The row or rows, or a question for the first missing key; None when no row fits at all."""
    table = reading.table
    topic = max(table.topics, key=lambda name: sharing.get(name, 0.0), default=None)
    if not reading.missing:
        rows = _rows(reading)
        return _answer(table, rows, reading.said, topic) if rows else None
    only = reading.missing[0]
    if len(reading.missing) == 1 and kind_of_key(table, only) == "day":
        listed = _by_day(table, only, rows_of(table, reading.known))
        if word_count(listed) <= QUOTE_WORDS_AIM * 2:
            return _whole(table, listed, topic)
    return _ask(reading, only, topic)


def ask_again(reading: Reading, key: str, unknown: str, topic: str | None, tries: int) -> Ask:
    """Say that we do not have it, and what there is."""
    known = {name: value for name, value in reading.known.items() if name != key}
    label = key.replace("_", " ")
    of = f" for the {next(iter(known.values()))}" if known else f" in our {_titled(reading.table)}"
    text = f"I find no {label} “{unknown}”{of}." if unknown else f"These are the ones{of}."
    plain = msgspec.structs.replace(reading, known=known)
    asked = _ask(plain, key, topic, tries=tries)
    listed = values_of(reading.table, key, known)
    if len(listed) > CHOICES_MAX and kind_of_key(reading.table, key) == "exact":
        more = len(listed) - VALUES_LISTED_MAX
        rest = f" and {more} more" if more > 0 else ""
        text = f"{text} There is: {', '.join(listed[:VALUES_LISTED_MAX])}{rest}."
    return msgspec.structs.replace(asked, text=f"{text} {asked.text}")


def unknown_value(reading: Reading, key: str, text: str) -> str | None:
    """What the message names for a key that the table does not hold."""
    kind = kind_of_key(reading.table, key)
    if kind == "prefix":
        return next(iter(postcodes_in(text)), None)
    size = unmatched_size(text)
    if size and any(char.isdigit() for value in values_of(reading.table, key, {}) for char in value):
        return size
    return None


def wants_all(text: str) -> bool:
    return bool(_ALL.match(text))


def wants_other(text: str) -> bool:
    return bool(_OTHER.match(text))


def all_rows(reading: Reading, topic: str | None) -> Answer | None:
    """Every row of what is known, when they are few enough to be read."""
    rows = rows_of(reading.table, reading.known)
    if not 0 < len(rows) <= ROWS_SAID_MAX + 2:
        return None
    return _answer(reading.table, rows, {}, topic)


def _fitting(table: FactsTable, key: str, hits: Sequence[Named], known: Mapping[str, str]) -> list[Named]:
    """Of several cells one mention stands for, those that have a row; otherwise all of them."""
    possible = set(values_of(table, key, known))
    return [hit for hit in hits if hit.value in possible] or list(hits)


def _rows(reading: Reading) -> list[dict[str, str]]:
    ways = [reading.several.get(key, (reading.known.get(key, ""),)) for key in reading.table.keys]
    rows: list[dict[str, str]] = []
    for values in product(*ways):
        rows.extend(rows_of(reading.table, dict(zip(reading.table.keys, values, strict=True))))
    return sorted(rows, key=reading.table.rows.index)[:ROWS_SAID_MAX]


def _answer(
    table: FactsTable, rows: Sequence[dict[str, str]], said: Mapping[str, str], topic: str | None
) -> Answer:
    lines: list[str] = []
    sources: dict[str, Source] = {}
    for row in rows:
        source = _source(table, table.rows.index(row), len(sources) + 1)
        number = sources.setdefault(source.url, source).number
        lines.append(f"{_filled(table.answer, {**row, **(said if len(rows) == 1 else {})})} [{number}]")
    return Answer("\n".join(lines), tuple(sources.values()), "fact", 1.0, None, topic)


def _whole(table: FactsTable, text: str, topic: str | None) -> Answer:
    source = msgspec.structs.replace(_source(table, 0, 1), section="")
    return Answer(mark_whole(text, 1), (source,), "fact", 1.0, None, topic)


def _ask(reading: Reading, key: str, topic: str | None, tries: int = 0) -> Ask:
    table = reading.table
    values = values_of(table, key, reading.known) or values_of(table, key, {})
    few = partly_named(table, key, " ".join(reading.left_over), reading.known) or values
    is_open = kind_of_key(table, key) == "prefix"
    choices = () if is_open else tuple(few[:CHOICES_MAX])
    if choices and len(values) > len(choices):
        choices = (*choices, OTHER)
    label = key.replace("_", " ")
    text = _filled(table.ask.get(key) or f"Which {label}?", reading.said)
    kind = _kind_of(few) if len(few) < len(values) else ""
    if kind:
        text = re.sub(rf"\b{re.escape(label)}\b", kind, text, count=1)
    asks: dict[str, Any] = {"kind": "fact", "table": table.id, "known": dict(reading.known), "missing": key}
    if 0 < len(choices) < len(values):
        asks["among"] = [choice for choice in choices if choice != OTHER]
    if tries:
        asks["tries"] = tries
    return Ask(_GAP.sub("it", text), choices, asks, topic=topic)


def _kind_of(values: Sequence[str]) -> str:
    """The word a few values share at their end: of three mattresses, "mattress"."""
    last = {value.split()[-1].lower() for value in values if value.split()}
    return (
        last.pop()
        if len(values) > 1 and len(last) == 1 and not any(char.isdigit() for char in min(last))
        else ""
    )


def _by_day(table: FactsTable, key: str, rows: Sequence[dict[str, str]]) -> str:
    """A week said shortly: days in a row that are alike share their sentence."""
    runs: list[tuple[list[str], dict[str, str]]] = []
    for row in rows:
        rest = {name: cell for name, cell in row.items() if name != key}
        if runs and runs[-1][1] == rest:
            runs[-1][0].append(row[key])
        else:
            runs.append(([row[key]], rest))
    return "\n".join(_filled(table.answer, {**rest, key: day_label(days)}) for days, rest in runs)


def _filled(template: str, cells: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: cells.get(gap.group(1), gap.group(0)), template)


def _source(table: FactsTable, position: int, number: int) -> Source:
    row = table.rows[position]
    page = f"facts-{table.id}"
    url = f"/help/{table.source}" if table.source else f"/help/{page}#row-{position + 1}"
    section = ", ".join(row[key] for key in table.keys)
    return Source(number, table.title, section, url, "table", page, table.reviewed_at)


def _speaks_of(table: FactsTable) -> set[str]:
    """The words of a table that are not values: what it can be asked about."""
    said = [
        table.title,
        *table.columns,
        *table.keys,
        _GAP.sub(" ", table.answer),
        *table.topics,
        *table.ask.values(),
    ]
    return {family(token) for text in said for token in tokens(text.replace("_", " "))}


def _at(text: str, hit: Named) -> list[str]:
    message = tokens(text)
    return [message[place] for place in hit.words if place < len(message)]


def _titled(table: FactsTable) -> str:
    return table.title[:1].lower() + table.title[1:]
