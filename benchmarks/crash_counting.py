"""The books of the visitors and of the outside system against what the database holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise

import msgspec

from benchmarks.crash_visiting import Book
from bothands.conversations import AuthorKind, Entry, EntryKind, HolderKind, entries_since, view_page
from bothands.storage import Database

PAGE = 100
ENTRIES_MAX = 1_000_000


class Ledger(msgspec.Struct):
    """What was promised, and how often a promise was broken."""

    acknowledged: int
    lost: int
    duplicated_messages: int
    duplicated_replies: int
    duplicated_effects: int
    duplicated_outside_effects: int
    lost_outside_effects: int
    unanswered: int


def compare(db: Database, books: Sequence[Book], done_outside: Mapping[str, set[str]]) -> Ledger:
    timelines = _timelines(db)
    entries = [entry for timeline in timelines for entry in timeline]
    acknowledged = [client_id for book in books for client_id in book.acknowledged]
    stored = Counter(entry.client_id for entry in entries if entry.author_kind == AuthorKind.CONTACT)
    texts = Counter((entry.conversation_id, entry.body) for entry in entries if _is_contact_message(entry))
    return Ledger(
        acknowledged=len(acknowledged),
        lost=sum(stored[client_id] == 0 for client_id in acknowledged),
        duplicated_messages=sum(count - 1 for count in texts.values()),
        duplicated_replies=sum(_doubled_replies(timeline) for timeline in timelines),
        duplicated_effects=sum(_doubled_turns(timeline) for timeline in timelines),
        duplicated_outside_effects=sum(len(keys) - 1 for keys in done_outside.values()),
        lost_outside_effects=sum(_newest_of(timeline) not in done_outside for timeline in timelines),
        unanswered=sum(_is_unanswered(timeline) for timeline in timelines),
    )


def _timelines(db: Database) -> list[list[Entry]]:
    conversations = []
    before = None
    while page := db.read_now(partial(view_page, view="open", agent_id="", limit=PAGE, before=before)):
        conversations.extend(page)
        before = (page[-1].updated_at, page[-1].id)
    return [
        db.read_now(partial(entries_since, conversation_id=one.id, seq=0, limit=ENTRIES_MAX))
        for one in conversations
    ]


def _is_contact_message(entry: Entry) -> bool:
    return entry.kind is EntryKind.MESSAGE and entry.author_kind == AuthorKind.CONTACT


def _doubled_replies(timeline: list[Entry]) -> int:
    """Two replies of the assistant without a word of the contact between them."""
    messages = [entry for entry in timeline if entry.kind is EntryKind.MESSAGE]
    is_reply = [entry.author_kind == AuthorKind.ASSISTANT for entry in messages]
    return sum(first and second for first, second in pairwise(is_reply))


def _doubled_turns(timeline: list[Entry]) -> int:
    """Effects of one job that happened twice: two readings of the same message."""
    read = Counter(entry.ref["message_seq"] for entry in timeline if entry.kind is EntryKind.READING)
    return sum(count - 1 for count in read.values())


def _newest_of(timeline: list[Entry]) -> str:
    """The contact's newest message: the job of an earlier one may have been replaced by the next."""
    return [entry.id for entry in timeline if _is_contact_message(entry)][-1]


def _is_unanswered(timeline: list[Entry]) -> bool:
    """The contact spoke last, and nobody was brought in who would answer."""
    messages = [entry for entry in timeline if entry.kind is EntryKind.MESSAGE]
    transfers = [entry for entry in timeline if entry.kind is EntryKind.TRANSFER]
    waits_for_person = bool(transfers) and transfers[-1].ref["to"]["kind"] == HolderKind.QUEUE
    return bool(messages) and _is_contact_message(messages[-1]) and not waits_for_person
