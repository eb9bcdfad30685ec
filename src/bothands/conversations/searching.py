"""Find conversations by words and by what they are like, newest first.

`refund "blue sofa" from:maya tag:vip is:open after:2026-11-01`: words match at their beginning, quoted ones
exactly and in their order; case and accents do not matter.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bothands.conversations.model import Conversation, Entry
from bothands.conversations.search_store import OF_CONTACT, OF_TAGS, Place, Wanted, entries_at, index, places
from bothands.conversations.tagging import tag_key, tags_of
from bothands.conversations.viewing import conversation_of
from bothands.kit import Folded, Invalid, Unavailable, folded_words, squeeze
from bothands.people import contact_of
from bothands.storage import Sought

QUERY_CHARS_MAX = 300
QUERY_PARTS_MAX = 12
PAGE_HITS_MAX = 50
SNIPPET_CHARS = 220
# So much of a snippet stands before the first word that was found.
SNIPPET_CHARS_BEFORE = 60
OPERATORS = ("tag", "from", "is", "before", "after")

_PART = re.compile(r'(?:([a-z]+):)?(?:"([^"]*)"|(\S+))', re.IGNORECASE)

Mark = tuple[int, int]


class Query(msgspec.Struct, frozen=True):
    sought: tuple[Sought, ...]
    wanted: Wanted


class Hit(msgspec.Struct, frozen=True):
    """Something found: an entry, or the conversation's contact or tags when `entry` is None.

    `marks` are (start, end) in the characters of `text` that fit what was sought.
    """

    conversation: Conversation
    what: str
    entry: Entry | None
    text: str
    marks: tuple[Mark, ...]


class Hits(msgspec.Struct, frozen=True):
    """A page; `following` continues it."""

    hits: list[Hit]
    following: int | None


def search(
    records: Connection,
    words: str,
    *,
    hidden: frozenset[str] = frozenset(),
    below: int | None = None,
    limit: int = PAGE_HITS_MAX,
) -> Hits:
    """What fits, newest first, after the cursor `below`; nothing of the hidden inboxes is looked at."""
    query = read_query(words)
    if not index.is_made(records):
        raise Unavailable("search", "its index is being made", "try again in a moment")
    limit = min(limit, PAGE_HITS_MAX)
    wanted = msgspec.structs.replace(query.wanted, hidden=hidden)
    found = places(records, query.sought, wanted, below, limit + 1)
    page = found[:limit]
    entries = entries_at(records, [(one.conversation_id, one.seq) for one in page if one.seq > 0])
    hits = [_hit(records, one, entries, query) for one in page]
    return Hits([hit for hit in hits if hit], page[-1].number if len(found) > limit else None)


def read_query(words: str) -> Query:
    """Raises Invalid, naming the part that cannot be understood."""
    if len(words) > QUERY_CHARS_MAX:
        raise Invalid("search", f"it has more than {QUERY_CHARS_MAX} characters", "shorten it")
    if words.count('"') % 2:
        raise Invalid(
            "search", 'a quotation mark " has no second one', "close the quotation, or leave it out"
        )
    parts = _PART.findall(words)
    if len(parts) > QUERY_PARTS_MAX:
        raise Invalid("search", f"it has more than {QUERY_PARTS_MAX} words", "leave some out")
    sought: list[Sought] = []
    wanted = Wanted()
    for name, quoted, bare in parts:
        if name and not bare.startswith("//"):
            wanted = _with(wanted, name.lower(), quoted or bare)
        elif found := _sought(quoted or f"{name}{bare}", begins=not quoted):
            sought.append(found)
    if not sought and wanted == Wanted():
        raise Invalid("search", "it has no word to search for", "write a word, a name or a tag")
    return Query(tuple(sought), wanted)


def _sought(text: str, *, begins: bool) -> Sought | None:
    found = tuple(one.word for one in folded_words(text))
    return Sought(found, begins and len(found[-1]) > 1) if found else None


def _with(wanted: Wanted, name: str, value: str) -> Wanted:
    change = msgspec.structs.replace
    if name == "tag":
        return change(wanted, tags=(*wanted.tags, tag_key(value)))
    if name == "from":
        if not (found := _sought(value, begins=True)):
            raise Invalid(f"from:{value}", "it names nobody", "write from:maya")
        return change(wanted, contact=(*wanted.contact, found))
    if name == "is":
        if value.lower() not in ("open", "closed"):
            raise Invalid(f"is:{value}", "it is not known", "write is:open or is:closed")
        return change(wanted, is_open=value.lower() == "open")
    if name == "before":
        return change(wanted, until=_day(name, value))
    if name == "after":
        return change(wanted, since=_day(name, value) + timedelta(days=1))
    known = ", ".join(f"{operator}:" for operator in OPERATORS)
    raise Invalid(
        f"{name}:{value}", f"{name}: is not known", f"use {known}, or put the words into quotation marks"
    )


def _day(name: str, value: str) -> datetime:
    """The day's first moment, UTC."""
    try:
        if len(value) != len("2026-11-22"):
            raise ValueError(value)
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(f"{name}:{value}", "it is no day", f"write it like {name}:2026-11-22") from None


def _hit(
    records: Connection, place: Place, entries: dict[tuple[str, int], Entry], query: Query
) -> Hit | None:
    conversation = conversation_of(records, place.conversation_id)
    entry = entries.get((place.conversation_id, place.seq))
    sought = query.sought
    if entry is not None:
        what, text = entry.kind.value, squeeze(entry.body)
    elif place.seq == OF_CONTACT:
        contact = contact_of(records, conversation.contact_id)
        parts = (contact.name, contact.email, contact.phone)
        what, text, sought = "contact", " · ".join(part for part in parts if part), (
            *sought,
            *query.wanted.contact,
        )  # fmt: skip
    elif place.seq == OF_TAGS:
        tags = tags_of(records, place.conversation_id)
        what, text = "tags", ", ".join(tag.name for tag in tags)
    else:
        return None  # gone a moment ago
    return Hit(conversation, what, entry, *snippet(text, sought))


def snippet(text: str, sought: Sequence[Sought]) -> tuple[str, tuple[Mark, ...]]:
    """The part of the text around the first thing found, and where in it what was sought stands."""
    found = list(folded_words(text))
    marks = sorted({mark for one in sought for mark in _runs(found, one)})
    first = marks[0][0] if marks else 0
    start = 0
    if len(text) > SNIPPET_CHARS and first > SNIPPET_CHARS_BEFORE:
        start = next((w.start for w in found if w.start >= first - SNIPPET_CHARS_BEFORE), 0)
    end = len(text)
    if end - start > SNIPPET_CHARS:
        end = max((w.end for w in found if w.end <= start + SNIPPET_CHARS), default=start + SNIPPET_CHARS)
    head, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    shift = len(head) - start
    shown = tuple((a + shift, b + shift) for a, b in _joined(marks) if start <= a and b <= end)
    return f"{head}{text[start:end]}{tail}", shown


def _runs(found: list[Folded], sought: Sought) -> list[Mark]:
    """Where these words stand one after the other."""
    length = len(sought.words)
    runs = []
    for place in range(len(found) - length + 1):
        run = found[place : place + length]
        last = run[-1].word
        fits_last = last.startswith(sought.words[-1]) if sought.begins else last == sought.words[-1]
        if fits_last and tuple(one.word for one in run[:-1]) == sought.words[:-1]:
            runs.append((run[0].start, run[-1].end))
    return runs


def _joined(marks: Sequence[Mark]) -> list[Mark]:
    """Marks that overlap become one."""
    joined: list[Mark] = []
    for start, end in marks:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
