"""What was written down beside the messages may have to say less later; messages and notes stay."""

from collections.abc import Callable
from typing import Any

from bothands.conversations.model import Entry, EntryKind
from bothands.conversations.store import entries_of_kinds, put_entry_words
from bothands.storage import Unit

REWORDED = (EntryKind.READING, EntryKind.DECISION, EntryKind.TRANSFER)


def reword(unit: Unit, conversation_id: str, change: Callable[[Entry], tuple[str, dict[str, Any]]]) -> None:
    """Give the readings, decisions and transfers of a conversation the body and ref that `change` makes."""
    for entry in entries_of_kinds(unit.records, conversation_id, REWORDED):
        body, ref = change(entry)
        if (body, ref) != (entry.body, entry.ref):
            put_entry_words(unit.records, entry, body, ref)
