"""Read the record: conversations, pages of them, entries, the scene of a turn."""

from datetime import datetime

from sqlalchemy import Connection

from bothands.conversations.model import ALL, AuthorKind, Conversation, EntryKind, Inbox, Scene, Sight
from bothands.conversations.store import (
    all_inboxes,
    conversation_by_id,
    conversations_of_contact,
    entries_since,
    entry_by_id,
    inbox_by_id,
    inbox_by_slug,
    latest_conversations,
)
from bothands.conversations.view_store import count_views, view_rows
from bothands.kit import Invalid, NotFound

SCENE_ENTRIES_MAX = 300
PAGE_ROWS_MAX = 200
VIEWS = ("yours", "handoffs", "ai", "open", "closed")


def conversation_of(records: Connection, conversation_id: str) -> Conversation:
    found = conversation_by_id(records, conversation_id)
    if found is None:
        raise no_conversation(conversation_id)
    return found


def no_conversation(conversation_id: str) -> NotFound:
    """One answer for what is not there and what somebody may not know of."""
    return NotFound(f"conversation {conversation_id!r}", "there is none with this id", "check the id")


def inbox_of(records: Connection, name: str) -> Inbox:
    """By its short name, or its id."""
    found = inbox_by_slug(records, name) or inbox_by_id(records, name)
    if found is None:
        known = ", ".join(inbox.slug for inbox in all_inboxes(records)) or "none yet"
        raise NotFound(f"inbox {name!r}", "there is none with this name", f"use one of: {known}")
    return found


def current_conversation(records: Connection, inbox_id: str, contact_id: str) -> Conversation | None:
    """The contact's newest conversation in this inbox, open or closed."""
    return latest_conversations(records, [(inbox_id, contact_id)]).get((inbox_id, contact_id))


def earlier_conversations(
    records: Connection, contact_id: str, limit: int = 20, *, sight: Sight = ALL
) -> list[Conversation]:
    found = conversations_of_contact(records, contact_id, limit)
    return [conversation for conversation in found if sight.shows(conversation.inbox_id)]


def scene_of(records: Connection, entry_id: str) -> Scene:
    """What a turn needs to think about one message: the present matter up to it, nothing of closed ones."""
    message = entry_by_id(records, entry_id)
    if message is None or message.kind is not EntryKind.MESSAGE:
        raise NotFound(f"message {entry_id!r}", "there is none with this id", "check the id")
    conversation = conversation_of(records, message.conversation_id)
    inbox = inbox_by_id(records, conversation.inbox_id)
    assert inbox is not None, "a conversation's inbox is a foreign key"
    start = max(conversation.matter_seq, message.seq - SCENE_ENTRIES_MAX)
    earlier = entries_since(records, conversation.id, start, SCENE_ENTRIES_MAX)
    return Scene(inbox, conversation, message, tuple(e for e in earlier if e.seq < message.seq))


def latest_scene(records: Connection, conversation_id: str) -> Scene | None:
    """The scene of the contact's newest message in the present matter, if there is one."""
    conversation = conversation_of(records, conversation_id)
    entries = entries_since(records, conversation_id, conversation.matter_seq, SCENE_ENTRIES_MAX)
    for entry in reversed(entries):
        if entry.kind is EntryKind.MESSAGE and entry.author_kind is AuthorKind.CONTACT:
            return scene_of(records, entry.id)
    return None


def view_page(
    records: Connection,
    view: str,
    agent_id: str,
    *,
    limit: int = 50,
    before: tuple[datetime, str] | None = None,
    sight: Sight = ALL,
) -> list[Conversation]:
    """A page of a desk view, newest first, after the cursor `before` = (updated_at, id)."""
    if view not in VIEWS:
        raise Invalid(f"view {view!r}", "it is not known", f"use one of: {', '.join(VIEWS)}")
    return view_rows(records, view, agent_id, min(limit, PAGE_ROWS_MAX), before, sight.hidden)


def view_counts(records: Connection, agent_id: str, sight: Sight = ALL) -> dict[str, int]:
    """How many each view has."""
    return count_views(records, agent_id, sight.hidden)


__all__ = [
    "VIEWS",
    "conversation_of",
    "current_conversation",
    "earlier_conversations",
    "entries_since",
    "inbox_of",
    "latest_scene",
    "no_conversation",
    "scene_of",
    "view_counts",
    "view_page",
]
