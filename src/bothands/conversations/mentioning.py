"""Colleagues whom a note mentions: only those who may read it, each by the @Name that stands in its text."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bothands.conversations.events import MentionsChanged
from bothands.conversations.mention_store import count_unread, insert_mentions, mentions_by_agent, put_read
from bothands.conversations.model import Conversation, Entry, Mention, Sight
from bothands.conversations.search_store import entries_at
from bothands.conversations.seeing import sight_of
from bothands.jobs import announce
from bothands.kit import Invalid
from bothands.people import Agent, agent_of
from bothands.storage import Unit

MENTIONS_MAX = 10


def mentioned_in(
    records: Connection, conversation: Conversation, text: str, agent_ids: Collection[str]
) -> list[dict[str, Any]]:
    """Where each is named: `start` and `end` in characters. Raises Invalid, naming whom and why."""
    wanted = [agent_of(records, agent_id) for agent_id in dict.fromkeys(agent_ids)]
    if len(wanted) > MENTIONS_MAX:
        raise Invalid("mentions", f"a note takes at most {MENTIONS_MAX}", "mention fewer colleagues")
    spans: list[dict[str, Any]] = []
    # The longest first: the @Bo in "@Bo Lind" is not Bo's.
    for agent in sorted(wanted, key=lambda agent: -len(agent.name)):
        _check_reader(records, conversation, agent)
        spans.append(_span(text, agent, spans))
    return sorted(spans, key=lambda span: int(span["start"]))


def keep_mentions(unit: Unit, entry: Entry) -> None:
    """So that those whom a note mentions find it."""
    agent_ids = tuple(span["id"] for span in entry.ref.get("mentions", ()))
    if agent_ids:
        insert_mentions(unit.records, entry.conversation_id, entry.seq, agent_ids, entry.at)
        announce(unit, MentionsChanged(agent_ids))


def mentions_of(
    records: Connection,
    agent_id: str,
    sight: Sight,
    *,
    before: tuple[datetime, str, int] | None = None,
    limit: int = 50,
) -> list[tuple[Mention, Entry]]:
    """The agent's own with their notes, newest first; what they may not see any more is left out."""
    found = mentions_by_agent(records, agent_id, sight.hidden, before, limit)
    entries = entries_at(records, [(one.conversation_id, one.seq) for one in found])
    return [(one, entries[one.conversation_id, one.seq]) for one in found]


def unread_mentions(records: Connection, agent_id: str, sight: Sight) -> int:
    return count_unread(records, agent_id, sight.hidden)


def read_mentions(unit: Unit, conversation_id: str, agent_id: str) -> None:
    """The agent has the conversation open; harmless where nothing mentions them."""
    if put_read(unit.records, conversation_id, agent_id, unit.now):
        announce(unit, MentionsChanged((agent_id,)))


def _check_reader(records: Connection, conversation: Conversation, agent: Agent) -> None:
    if agent.disabled_at is not None:
        raise Invalid(f"mention of {agent.name}", "they do not work here any more", "leave them out")
    if not sight_of(records, agent).shows(conversation.inbox_id):
        raise Invalid(
            f"mention of {agent.name}",
            "they may not read this inbox: it is limited to other teams",
            "leave them out, or let somebody add them to one of its teams",
        )


def _span(text: str, agent: Agent, taken: list[dict[str, Any]]) -> dict[str, Any]:
    for found in re.finditer(rf"(?<!\w)@{re.escape(agent.name)}(?!\w)", text):
        if all(found.end() <= span["start"] or found.start() >= span["end"] for span in taken):
            return {"id": agent.id, "name": agent.name, "start": found.start(), "end": found.end()}
    raise Invalid(
        f"mention of {agent.name}", f"the note does not say @{agent.name}", "write it, or leave them out"
    )
