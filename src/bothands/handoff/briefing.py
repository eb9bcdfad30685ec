"""The five lines a person reads first, taken from the timeline by rule: no model writes any of it.

A line is made of parts: the contact's or the record's own words, each tied to the entry that holds
them, between fixed phrases of ours. So it can be short, but it cannot say what nobody said.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bothands.conversations import AuthorKind, Entry, EntryKind
from bothands.handoff.extracting import (
    Said,
    card_number,
    contact_messages,
    is_from_contact,
    is_wish,
    order_numbers,
)
from bothands.handoff.feeling import mood_line
from bothands.handoff.model import Brief, Label, Line, Part

LINE_WORDS_MAX = 20
ECHO_WORDS_MAX = 6
TITLE_WORDS_MAX = 8
ITEMS_MAX = 4
# A question that was answered must say a lot more than an open one to be what is still wanted.
SETTLED_WEIGHT = 4.0
ANSWERS = frozenset({"approved", "fact", "article", "skill"})

_ASKS = frozenset(
    "want wants need needs like please can could would how when where which why what refund return exchange"
    " cancel replace replacement repair send change money back help".split()
)
_TROUBLE = frozenset(
    "broken broke damaged torn missing wrong late never not lost stain stained defective faulty crack cracked"
    " scratched twice again still waiting arrived disappointed".split()
)
_EMPTY_OPENINGS = frozenset("hi hello hey dear good morning afternoon evening there thanks thank you".split())

NOTHING_SAID = "Not said yet"
ONLY_A_PERSON = "Not said yet; asked for a person straight away"
ALL_ANSWERED = "Nothing open; the AI answered what was asked"
NOTHING_CHECKED = "Nothing checked yet"
NOTHING_TRIED = "Nothing: the AI did not answer yet"
NOT_ASKED = "You took it over; nobody was asked for"


def make_brief(entries: Sequence[Entry], *, made_at: datetime, matter_seq: int = 0) -> Brief:
    """The brief of the present matter, from its entries alone."""
    matter = [entry for entry in entries if entry.seq > matter_seq]
    said = contact_messages(matter)
    lines = (
        _wants(said, _settled(matter)),
        _confirmed(matter, said),
        _ai_tried(matter),
        _why_you(matter, said),
        mood_line(said),
    )
    messages = sum(1 for entry in matter if entry.kind is EntryKind.MESSAGE)
    return Brief(made_at, messages, matter_seq, lines)


def _wants(said: Sequence[Said], settled: frozenset[int]) -> Line:
    """The sentence that says most about what is wanted, the later the better, in the contact's own words."""
    weighed = [
        (
            _weight(sentence, message) + 0.3 * index - (message.seq in settled) * SETTLED_WEIGHT,
            -index,
            message,
            place,
        )
        for index, message in enumerate(said)
        for place, sentence in enumerate(message.sentences())
    ]
    best = max(weighed, default=None, key=lambda found: found[:2])
    if best is None or best[0] <= 0:
        return Line(Label.WANTS, (Part(_nothing_open(said, settled)),), certain=False)
    _, _, message, place = best
    parts: list[Part] = []
    pointing: tuple[int, ...] = ()
    if message.topic_title and message.reading_seq is not None:
        parts += [*_quote(message.topic_title, message.reading_seq, TITLE_WORDS_MAX, marks=False), Part(": ")]
        pointing = (message.seq,)
    room = LINE_WORDS_MAX - sum(len(part.text.split()) for part in parts)
    parts += _quote(_with_next(message, place, room), message.seq, room)
    return Line(Label.WANTS, tuple(parts), points_at=pointing)


def _nothing_open(said: Sequence[Said], settled: frozenset[int]) -> str:
    if any(message.wishes_person for message in said):
        return ONLY_A_PERSON
    return ALL_ANSWERED if settled else NOTHING_SAID


def _settled(matter: Sequence[Entry]) -> frozenset[int]:
    """Messages that the assistant answered from a source: they are no longer what is wanted."""
    settled: set[int] = set()
    open_seqs: list[int] = []
    for entry in matter:
        if entry.kind is not EntryKind.MESSAGE:
            continue
        if is_from_contact(entry):
            open_seqs.append(entry.seq)
            continue
        if entry.ref.get("basis") in ANSWERS:
            settled.update(open_seqs)
        # A question back leaves the matter open: what answers it settles what was asked before, too.
        if not _asks_back(entry):
            open_seqs = []
    return frozenset(settled)


def _asks_back(entry: Entry) -> bool:
    asks = entry.ref.get("asks")
    return isinstance(asks, dict) and asks.get("kind") != "offer_person"


def _with_next(message: Said, place: int, words_max: int) -> str:
    """The sentence, and the one after it where both fit: trouble first, then what should be done about it."""
    sentences = message.sentences()
    both = " ".join(sentences[place : place + 2])
    fits = len(both.split()) <= words_max and both in message.body
    return (
        both
        if fits and not any(is_wish(one) for one in sentences[place + 1 : place + 2])
        else sentences[place]
    )


def _weight(sentence: str, message: Said) -> float:
    plain = [word.strip(".,!?;:'\"()").lower() for word in sentence.split()]
    if is_wish(sentence) or all(word in _EMPTY_OPENINGS for word in plain):
        return -1.0
    weight = 0.5 + min(len(plain), 12) / 12
    weight += 1.5 * ("?" in sentence) + 1.5 * bool(_ASKS.intersection(plain))
    weight += 2.0 * bool(_TROUBLE.intersection(plain)) + 1.0 * any(map(str.isdigit, sentence))
    # Small talk and bare answers to our questions say little about the matter itself.
    return weight - (3.0 if message.is_small_talk else 0.0) - (1.0 if len(plain) < 3 else 0.0)


def _confirmed(matter: Sequence[Entry], said: Sequence[Said]) -> Line:
    """What was looked up, answered or sent along; what the contact merely says is marked as theirs."""
    items: list[list[Part]] = []
    known: set[str] = set()
    pointing: list[int] = []
    is_checked = True
    for entry in matter:
        for item, number in (*_from_card(entry), *_from_answer(entry)):
            items.append(item)
            known.add(number)
            pointing.append(entry.seq)
    for message in said:
        for number in order_numbers(message):
            if number not in known:
                known.add(number)
                is_checked = False
                items.append([Part("says order "), Part(number, message.seq)])
        if photos := message.attachments:
            count = "a photo" if len(photos) == 1 else f"{len(photos)} photos"
            items.append([Part(f"sent {count}")])
            pointing.append(message.seq)
    if not items:
        return Line(Label.CONFIRMED, (Part(NOTHING_CHECKED),), certain=False)
    return Line(Label.CONFIRMED, _joined(items, "; "), certain=is_checked, points_at=tuple(pointing))


def _from_card(entry: Entry) -> Iterable[tuple[list[Part], str]]:
    card = entry.ref.get("card")
    number = card_number(entry)
    if entry.kind is not EntryKind.MESSAGE or not isinstance(card, dict) or not number:
        return
    parts = [Part("looked up order "), Part(number, entry.seq)]
    for key in ("total", "window"):
        if str(card.get(key) or "").strip():
            parts += [Part(", "), *_quote(str(card[key]), entry.seq, TITLE_WORDS_MAX, marks=False)]
    yield parts, number


def _from_answer(entry: Entry) -> Iterable[tuple[list[Part], str]]:
    """Answers given while waiting, and a left address: notes of the contact's own."""
    if entry.kind is not EntryKind.NOTE or entry.author_kind is not AuthorKind.CONTACT:
        return
    if entry.ref.get("photo"):
        yield [Part("sent a photo")], ""
    for key, phrase in (("order", "order number "), ("address", "reach at ")):
        value = entry.ref.get(key)
        if isinstance(value, str) and value.strip():
            yield [Part(phrase), *_quote(value, entry.seq, TITLE_WORDS_MAX, marks=False)], value


def _ai_tried(matter: Sequence[Entry]) -> Line:
    """What the assistant did, the latest last, and what the contact said to the last of it."""
    items: list[list[Part]] = []
    last_seq = 0
    for entry in matter:
        if entry.kind is EntryKind.MESSAGE and entry.author_kind is AuthorKind.ASSISTANT:
            deed = _deed(entry)
            if deed and deed not in items:
                items.append(deed)
                last_seq = entry.seq
    if not items:
        return Line(Label.AI_TRIED, (Part(NOTHING_TRIED),))
    reply = next((entry for entry in matter if is_from_contact(entry) and entry.seq > last_seq), None)
    parts = list(_joined(items[-ITEMS_MAX:], "; "))
    if reply is not None and reply.body.strip():
        parts += [Part(" → "), *_quote(reply.body, reply.seq, ECHO_WORDS_MAX)]
    return Line(Label.AI_TRIED, tuple(parts), points_at=(last_seq,))


def _deed(entry: Entry) -> list[Part]:
    ref: dict[str, Any] = entry.ref
    asks = ref.get("asks")
    if number := card_number(entry):
        return [Part("looked up order "), Part(number, entry.seq)]
    if isinstance(asks, dict) and asks.get("kind") == "offer_person":
        return [Part("found no source")]
    if isinstance(asks, dict):
        return [Part("asked "), *_quote(_question(entry.body), entry.seq, TITLE_WORDS_MAX)]
    titles = [
        str(source["title"]) for source in ref.get("sources") or () if str(source.get("title") or "").strip()
    ]
    if titles:
        return [Part("answered from "), *_quote(titles[0], entry.seq, TITLE_WORDS_MAX, marks=False)]
    return []


def _question(body: str) -> str:
    """The last question in what the assistant said."""
    sentences = [part.strip() for part in body.replace("? ", "?\n").splitlines() if part.strip()]
    return next((part for part in reversed(sentences) if part.endswith("?")), body)


def _why_you(matter: Sequence[Entry], said: Sequence[Said]) -> Line:
    transfers = [
        entry
        for entry in matter
        if entry.kind is EntryKind.TRANSFER and (entry.ref.get("to") or {}).get("kind") == "queue"
    ]
    if not transfers or not transfers[-1].ref.get("words"):
        return Line(Label.WHY_YOU, (Part(NOT_ASKED),))
    last = transfers[-1]
    parts = [*_quote(str(last.ref["words"]), last.seq, LINE_WORDS_MAX, marks=False)]
    wish = next((message for message in said if message.wishes_person), None)
    if wish is not None and last.ref.get("reason") != "wish":
        return Line(Label.WHY_YOU, (*parts, Part("; also asked for a person")), points_at=(wish.seq,))
    return Line(Label.WHY_YOU, tuple(parts))


def _joined(items: Sequence[list[Part]], between: str) -> tuple[Part, ...]:
    """As many items as fit in a line, and how many more there are."""
    parts: list[Part] = []
    words = 0
    for index, item in enumerate(items):
        words += sum(len(part.text.split()) for part in item)
        if index and (words > LINE_WORDS_MAX or index >= ITEMS_MAX):
            parts.append(Part("; and more"))
            break
        parts += [Part(between), *item] if index else item
    first = parts[0]
    return (Part(first.text[:1].upper() + first.text[1:], first.seq), *parts[1:])


def _quote(text: str, seq: int, words_max: int, *, marks: bool = True) -> list[Part]:
    """The first words of `text`, untouched, and an ellipsis of ours where it goes on."""
    kept = text.split()
    cut = " ".join(kept[:words_max])
    parts = [Part(cut, seq)]
    if len(kept) > words_max:
        parts.append(Part("…"))
    return [Part("“"), *parts, Part("”")] if marks else parts
