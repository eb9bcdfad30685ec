"""Something is said to the contact. The only way: with an author, by the holder, once."""

from bothands.conversations.errors import Collision
from bothands.conversations.growing import Growth
from bothands.conversations.model import AuthorKind, Entry, EntryKind, Reply
from bothands.conversations.store import entries_by_client_id, newest_by_others
from bothands.conversations.viewing import conversation_of
from bothands.storage import Unit


def post_reply(unit: Unit, reply: Reply, *, last_seen_seq: int | None = None) -> Entry:
    """Say it, as the holder; a repeat of the same `client_id` returns what was said.

    `last_seen_seq`: refuse with Collision if the contact or a colleague did something after it.
    """
    known = entries_by_client_id(unit.records, [(reply.conversation_id, reply.client_id)])
    if repeat := known.get((reply.conversation_id, reply.client_id)):
        return repeat
    growth = Growth(unit, conversation_of(unit.records, reply.conversation_id))
    entry = growth.say(reply)
    if last_seen_seq is not None:
        newest = newest_by_others(unit.records, reply.conversation_id, last_seen_seq, reply.author.id)
        if newest is not None:
            raise Collision("reply", f"{_happened(newest)} since you looked", "read it, then send or edit")
    growth.write()
    return entry


def _happened(entry: Entry) -> str:
    who = "the contact" if entry.author_kind is AuthorKind.CONTACT else entry.author_name or "a colleague"
    if entry.kind is EntryKind.MESSAGE:
        return f"{who} wrote"
    return f"{who} left a note" if entry.kind is EntryKind.NOTE else f"{who} did something else here"
