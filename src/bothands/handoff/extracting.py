"""What a timeline holds, as a brief needs it: contact's messages with what was read in them. Pure."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from bothands.conversations import AuthorKind, Entry, EntryKind
from bothands.kit import squeeze

ENTRIES_MAX = 500

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
# "order 48217", "order no. AL-48217", "#48217"
_ORDER = re.compile(
    r"(?:\border\b[^0-9A-Za-z#]{0,3}(?:number|no|nr|id)?[^0-9A-Za-z]{0,4}|#)([A-Z]{0,4}-?\d{4,12})\b", re.I
)
_BARE_NUMBER = re.compile(r"(?:it'?s |no\.? ?|nr\.? ?|#)?([A-Z]{0,4}-?\d{4,12})[.!]?", re.I)
_WISH = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer|get|want|need|put|give|real|actual|live)\b.{0,30}"
    r"\b(?:person|human|someone|somebody|agent|representative|colleague|advisor|operator|employee)\b",
    re.I,
)


class Said(msgspec.Struct, frozen=True):
    """One message of the contact; `reading` is empty where nothing was read yet."""

    seq: int
    body: str
    reading: dict[str, Any]
    reading_seq: int | None
    attachments: tuple[dict[str, Any], ...]
    asked: str = ""  # what the contact was answering: the last words of the other side

    @property
    def is_small_talk(self) -> bool:
        return bool(self.reading.get("small_talk"))

    @property
    def wishes_person(self) -> bool:
        return bool(self.reading.get("wishes_person")) or bool(_WISH.search(self.body))

    @property
    def emotion(self) -> tuple[str, float] | None:
        emotion = self.reading.get("emotion")
        if not isinstance(emotion, dict) or not emotion.get("label"):
            return None
        return str(emotion["label"]), float(emotion.get("score") or 0.0)

    @property
    def topic_title(self) -> str:
        topics = self.reading.get("topics") or []
        first = topics[0] if topics and self.reading.get("is_in_scope", True) else {}
        is_likely = float(first.get("probability") or 0.0) >= 0.5
        return str(first.get("title") or "") if is_likely else ""

    def sentences(self) -> list[str]:
        return [s for s in (squeeze(part) for part in _SENTENCE_END.split(self.body)) if s]


def contact_messages(entries: Sequence[Entry]) -> list[Said]:
    """The contact's messages, each with the reading that follows it (or names it)."""
    readings: dict[int, Entry] = {}
    asked: dict[int, str] = {}
    last_seq, last_words = 0, ""
    for entry in entries:
        if is_from_contact(entry):
            last_seq = entry.seq
            asked[entry.seq] = last_words
        elif entry.kind is EntryKind.READING:
            readings[int(entry.ref.get("message_seq") or last_seq)] = entry
        elif entry.kind is EntryKind.MESSAGE:
            last_words = entry.body
    return [
        _said(entry, readings.get(entry.seq), asked[entry.seq]) for entry in entries if is_from_contact(entry)
    ]


def is_from_contact(entry: Entry) -> bool:
    return entry.kind is EntryKind.MESSAGE and entry.author_kind is AuthorKind.CONTACT


def is_wish(sentence: str) -> bool:
    return bool(_WISH.search(sentence))


def order_numbers(said: Said) -> list[str]:
    """Order numbers as the contact wrote them."""
    read = [
        str(entity.get("value"))
        for entity in said.reading.get("entities") or []
        if isinstance(entity, dict) and entity.get("kind") == "order_number"
    ]
    found = [match.group(1) for match in _ORDER.finditer(said.body)]
    if "order number" in said.asked.lower() and (bare := _BARE_NUMBER.fullmatch(said.body)):
        found.append(bare.group(1))
    return list(dict.fromkeys(value for value in (*read, *found) if value in said.body))


def card_number(entry: Entry) -> str:
    """The number of the order that was looked up, as it stands in the entry."""
    card = entry.ref.get("card")
    return squeeze(str(card.get("number") or "")) if isinstance(card, dict) else ""


def _said(entry: Entry, reading: Entry | None, asked: str) -> Said:
    ref = reading.ref if reading else {}
    body = ref.get("reading") if isinstance(ref.get("reading"), dict) else ref
    attachments = tuple(photo for photo in entry.ref.get("attachments") or () if isinstance(photo, dict))
    return Said(
        entry.seq, squeeze(entry.body), body or {}, reading.seq if reading else None, attachments, asked
    )
