"""What a contact may see of the timeline: the kinds meant for them, without what belongs to the desk."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bothands.conversations import SHOWN_TO_CONTACT, AuthorKind, Entry, EntryKind, without_undone

# Per kind, the keys of `ref` that are the contact's business. Reasons and scores are not.
SHOWN_KEYS: dict[EntryKind, frozenset[str]] = {
    EntryKind.MESSAGE: frozenset({"sources", "choices", "asks", "card", "attachments"}),
    EntryKind.TRANSFER: frozenset({"from", "to"}),
    EntryKind.CLOSING: frozenset({"by", "agreed"}),
    EntryKind.REOPENING: frozenset(),
}


def shown_to_contact(entries: Sequence[Entry]) -> list[Entry]:
    return [_shown(entry) for entry in without_undone(entries) if entry.kind in SHOWN_TO_CONTACT]


def _shown(entry: Entry) -> Entry:
    ref: dict[str, Any] = {
        key: _party(value) if key in ("from", "to", "by") else value
        for key, value in entry.ref.items()
        if key in SHOWN_KEYS[entry.kind]
    }
    is_ours = entry.author_kind is AuthorKind.CONTACT
    return msgspec.structs.replace(
        entry,
        ref=ref,
        author_id=entry.author_id if is_ours else None,
        # The words of a transfer say why, in terms meant for colleagues.
        body="" if entry.kind is EntryKind.TRANSFER else entry.body,
    )


def _party(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return {"kind": value.get("kind"), "name": value.get("name")}
