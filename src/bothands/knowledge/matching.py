"""Which values of a table's key a message names: by word, synonym, typing error, size, postcode or day."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from bothands.knowledge.model import FactsTable
from bothands.knowledge.wording import content_words, family, plain, tokens

FUZZY_RATIO_MIN = 86
FUZZY_CHARS_MIN = 5
# A measure given in inches is met by one in centimetres this near.
SIZE_TOLERANCE_CM = 2.0
CM_PER_INCH = 2.54
POSTCODE_CHARS_MIN = 4

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_POSTAL_KEYS = {"postcode", "zip", "zip_code", "zipcode", "postal_code", "plz", "pincode", "eircode"}
_DAY_KEYS = {"day", "weekday", "days"}
_DIMENSIONS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:x|by|\*|/)\s*(\d+(?:[.,]\d+)?)\s*(inch(?:es)?|in\b|\"|''|cm|mm|m\b)?"
)
_POSTCODE = re.compile(
    r"\b(?:[a-z]{1,2}-?)?\d[\da-z]{1,6}(?:\s\d[a-z]{2})?\b|\b[a-z]{1,2}\d[\da-z]?\s?\d[a-z]{2}\b"
)


class Named(msgspec.Struct, frozen=True):
    """A value of a key, found in a message."""

    value: str  # the cell
    said: str  # how it is said back: the cell, or the customer's own postcode or day
    words: frozenset[int]  # the places of the message it took
    is_exact: bool = True


def named_in(table: FactsTable, key: str, text: str, now: datetime, *, is_bare: bool = False) -> list[Named]:
    """The values of `key` that the message names, longest mention first; none twice."""
    match kind_of_key(table, key):
        case "prefix":
            found = [*_by_words(table, key, text), *_postcodes(table, key, text, is_bare)]
        case "day":
            found = _days(table, key, text, now)
        case _:
            found = _by_words(table, key, text) or _by_size(table, key, text)
    kept: dict[str, Named] = {}
    for named in found:
        kept.setdefault(named.value, named)
    return list(kept.values())


def kind_of_key(table: FactsTable, key: str) -> str:
    if key in table.match:
        return table.match[key]
    if key.lower() in _POSTAL_KEYS:
        return "prefix"
    return "day" if key.lower() in _DAY_KEYS else "exact"


def values_of(table: FactsTable, key: str, known: Mapping[str, str]) -> list[str]:
    """The values a key can take, given what is known; in the order of the table."""
    rows = rows_of(table, known)
    return list(dict.fromkeys(row[key] for row in rows))


def rows_of(table: FactsTable, known: Mapping[str, str]) -> list[dict[str, str]]:
    return [row for row in table.rows if all(row.get(key) == value for key, value in known.items())]


def partly_named(
    table: FactsTable, key: str, text: str, known: Mapping[str, str], among: Sequence[str] = ()
) -> list[str]:
    """Values that share the most words with the message, the main word first ("duvet" → the three duvets)."""
    asked = set(content_words(text))
    values = [value for value in values_of(table, key, known) if not among or value in among]
    shared = {value: len(asked & set(content_words(value))) for value in values}
    scores = {
        value: count + (0.5 if count and _root(value) in asked else 0) for value, count in shared.items()
    }
    best = max(scores.values(), default=0)
    return [value for value in values if best and scores[value] == best]


def unmatched_size(text: str) -> str | None:
    """A size in the message, as written, for saying that we do not have it."""
    match = _DIMENSIONS.search(plain(text))
    return f"{match.group(1)} × {match.group(2)} {match.group(3) or ''}".strip() if match else None


def day_label(values: Sequence[str]) -> str:
    """`Monday` … `Friday` as one word for a run of days."""
    return values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"


def _root(value: str) -> str:
    words = tokens(value)
    return family(words[-1]) if words else ""


def _spellings(table: FactsTable, key: str) -> Iterable[tuple[str, str]]:
    """(spelling, cell) for every way a value may be written."""
    for value in dict.fromkeys(row[key] for row in table.rows):
        yield value, value
    known = {row[key] for row in table.rows}
    for value, others in table.synonyms.get(key, {}).items():
        if value in known:
            yield from ((other, value) for other in others)


def _by_words(table: FactsTable, key: str, text: str) -> list[Named]:
    message = tokens(text)
    windows: dict[int, list[tuple[tuple[str, ...], str]]] = {}
    hits: list[Named] = []
    for spelling, value in _spellings(table, key):
        wanted, written = _roots(spelling), _written(spelling)
        length = len(wanted)
        if not wanted or length > len(message):
            continue
        if length not in windows:
            windows[length] = _windows(message, length)
        for start, (roots, said) in enumerate(windows[length]):
            is_exact = roots == wanted
            if is_exact or (written and _is_near(said, written)):
                hits.append(Named(value, value, frozenset(range(start, start + length)), is_exact))
    return _longest(hits)


def _windows(message: Sequence[str], length: int) -> list[tuple[tuple[str, ...], str]]:
    """Each run of so many words: their families, and as said."""
    roots = [family(token) for token in message]
    starts = range(len(message) - length + 1)
    return [(tuple(roots[at : at + length]), " ".join(message[at : at + length])) for at in starts]


@lru_cache(maxsize=20_000)
def _roots(spelling: str) -> tuple[str, ...]:
    return tuple(family(token) for token in tokens(spelling))


@lru_cache(maxsize=20_000)
def _written(spelling: str) -> str:
    """As a typing error may come near it; empty where it must be met exactly."""
    wanted = " ".join(tokens(spelling))
    is_exact = len(wanted) < FUZZY_CHARS_MIN or any(char.isdigit() for char in wanted)
    return "" if is_exact else wanted


def _is_near(said: str, wanted: str) -> bool:
    if said[0] != wanted[0] or abs(len(said) - len(wanted)) > 3:
        return False
    return fuzz.ratio(said, wanted) >= FUZZY_RATIO_MIN


def _longest(hits: Sequence[Named]) -> list[Named]:
    """Longer mentions win their words: "oak bed frame" leaves nothing for "bed"."""
    kept: list[Named] = []
    for hit in sorted(hits, key=lambda item: (-len(item.words), not item.is_exact, min(item.words))):
        rivals = [other for other in kept if other.words & hit.words]
        # One mention may stand for several cells ("single"); the rows decide between them.
        if all(other.words == hit.words and other.is_exact == hit.is_exact for other in rivals):
            kept.append(hit)
    return kept


def _by_size(table: FactsTable, key: str, text: str) -> list[Named]:
    wanted = _DIMENSIONS.search(plain(text))
    if wanted is None:
        return []
    asked = (_number(wanted.group(1)), _number(wanted.group(2)))
    is_inches = (wanted.group(3) or "").startswith(("in", '"', "''"))
    exact: list[Named] = []
    near: list[Named] = []
    places = frozenset(
        index for index, token in enumerate(tokens(text)) if any(char.isdigit() for char in token)
    )
    for spelling, value in _spellings(table, key):
        for match in _DIMENSIONS.finditer(plain(spelling)):
            have = (_number(match.group(1)), _number(match.group(2)))
            if have in (asked, asked[::-1]):
                exact.append(Named(value, value, places))
            elif is_inches and _is_alike(have, asked):
                near.append(Named(value, value, places, is_exact=False))
    return exact or near


def _is_alike(centimetres: tuple[float, float], inches: tuple[float, float]) -> bool:
    wanted = sorted(number * CM_PER_INCH for number in inches)
    return all(abs(a - b) <= SIZE_TOLERANCE_CM for a, b in zip(sorted(centimetres), wanted, strict=True))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _postcodes(table: FactsTable, key: str, text: str, is_bare: bool) -> list[Named]:
    flat = _DIMENSIONS.sub(" ", plain(text))
    found: list[Named] = []
    for match in _POSTCODE.finditer(flat):
        said = match.group(0).upper()
        code = re.sub(r"[\s-]", "", said)
        if len(code) < (2 if is_bare else POSTCODE_CHARS_MIN):
            continue
        cell = longest_cover([row[key] for row in table.rows], code)
        if cell is not None:
            places = frozenset(
                index for index, token in enumerate(tokens(text)) if token.upper() in said.split()
            )
            found.append(Named(cell, said, places))
    return found


def postcodes_in(text: str) -> list[str]:
    """What looks like a postcode, for saying that we do not know it."""
    return [
        m.group(0).upper()
        for m in _POSTCODE.finditer(_DIMENSIONS.sub(" ", plain(text)))
        if len(m.group(0)) >= POSTCODE_CHARS_MIN
    ]


def longest_cover(cells: Iterable[str], code: str) -> str | None:
    """The narrowest cell a postcode falls under: prefix (`SW*`), range (`1000-1999`), list or `*`."""
    best: tuple[int, str] | None = None
    for cell in cells:
        for part in re.split(r"[,;]", cell):
            width = _cover(re.sub(r"\s", "", part).upper(), code)
            if width is not None and (best is None or width > best[0]):
                best = (width, cell)
    return best[1] if best else None


def _cover(part: str, code: str) -> int | None:
    low, dash, high = (piece.strip() for piece in part.replace("–", "-").partition("-"))
    if dash and low.isdigit() and high.isdigit() and len(low) == len(high):
        head = code[: len(low)]
        return len(low) if head.isdigit() and len(head) == len(low) and low <= head <= high else None
    prefix = part.rstrip("*…")
    if not prefix:
        return 0 if part else None
    return len(prefix) if code.startswith(prefix) else None


def _days(table: FactsTable, key: str, text: str, now: datetime) -> list[Named]:
    wanted = days_said(text, now)
    found = []
    places = frozenset(index for index, token in enumerate(tokens(text)) if days_said(token, now))
    for day in wanted:
        for cell in dict.fromkeys(row[key] for row in table.rows):
            if day in days_of_cell(cell):
                found.append(Named(cell, cell if len(days_of_cell(cell)) == 1 else DAYS[day].title(), places))
    return found or _by_words(table, key, text)


def days_said(text: str, now: datetime) -> list[int]:
    """Weekdays a message speaks of, 0 for Monday; "tomorrow" and "the weekend" given the present."""
    flat = plain(text)
    today = now.weekday()
    if re.search(r"\bday after tomorrow\b", flat):
        return [(now + timedelta(days=2)).weekday()]
    found = []
    for word in tokens(flat):
        root = word.removesuffix("'s")
        if root in ("today", "tonight", "now"):
            found.append(today)
        elif root in ("tomorrow", "tomorow", "tommorow", "tommorrow"):
            found.append((today + 1) % 7)
        elif root in ("weekend", "weekends"):
            found.extend((5, 6))
        elif root in ("weekday", "weekdays"):
            found.extend(range(5))
        else:
            found.extend(_day_number(root))
    return list(dict.fromkeys(found))


def days_of_cell(cell: str) -> tuple[int, ...]:
    """`Mon-Fri`, `Saturday`, `weekdays`, `Sat, Sun`, `daily` → weekday numbers."""
    flat = plain(cell).replace("–", "-")
    if re.search(r"\b(?:daily|every day|all days)\b", flat):
        return tuple(range(7))
    found: list[int] = []
    for part in re.split(r"[,;&]|\band\b", flat):
        ends = [number for word in re.findall(r"[a-z]+", part) for number in _day_number(word)]
        if len(ends) == 2 and re.search(r"-|\bto\b|\bthrough\b|\buntil\b", part):
            span = (ends[1] - ends[0]) % 7
            found.extend((ends[0] + step) % 7 for step in range(span + 1))
        elif "weekday" in part:
            found.extend(range(5))
        elif "weekend" in part:
            found.extend((5, 6))
        else:
            found.extend(ends)
    return tuple(dict.fromkeys(found))


def _day_number(word: str) -> list[int]:
    """Full names, plurals, and the short forms that are no other English word."""
    name = word.rstrip(".")
    for number, day in enumerate(DAYS):
        if name in (day, f"{day}s") or (
            name in (day[:3], day[:4], day[:5]) and name not in ("sun", "sat", "mon")
        ):
            return [number]
    return [{"mon": 0, "sat": 5, "sun": 6}[name]] if name in ("mon", "sat", "sun") else []
