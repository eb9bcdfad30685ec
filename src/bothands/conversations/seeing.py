"""Who may know of which conversations: an inbox may be limited to teams, and to others it is as nothing."""

from collections.abc import Collection

from sqlalchemy import Connection

from bothands.conversations.errors import TeamNeeded
from bothands.conversations.events import InboxLimited
from bothands.conversations.model import ALL, Conversation, Sight
from bothands.conversations.sight_store import inbox_ids_of, put_inbox_teams, teams_by_inbox
from bothands.conversations.store import inbox_by_id
from bothands.conversations.viewing import conversation_of, no_conversation
from bothands.jobs import announce
from bothands.kit import NotFound
from bothands.people import Agent, Role, team_of, teams_of
from bothands.storage import Unit, take_turns


def sight_of(records: Connection, agent: Agent) -> Sight:
    """Admins see all; leads and agents what is not limited, and what is limited to a team of theirs."""
    if agent.role is Role.ADMIN:
        return ALL
    limited = teams_by_inbox(records)
    if not limited:
        return ALL
    mine = teams_of(records, agent.id)
    return Sight(frozenset(inbox_id for inbox_id, teams in limited.items() if not teams & mine))


def keep_sight(records: Connection, *, is_changing: bool = False) -> None:
    """In a write, before a conversation is held: who may see what stays until it ends.

    Where that is about to change, whoever relied on it has come to an end.
    """
    take_turns(records, "sight", shared=not is_changing)


def visible_conversation(records: Connection, conversation_id: str, sight: Sight) -> Conversation:
    """The conversation; one that may not be seen is missing just as one that is not there."""
    conversation = conversation_of(records, conversation_id)
    if not sight.shows(conversation.inbox_id):
        raise no_conversation(conversation_id)
    return conversation


def inboxes_of(records: Connection, conversation_ids: Collection[str]) -> dict[str, str]:
    """The id of each one's inbox, which never changes."""
    return inbox_ids_of(records, conversation_ids)


def limit_inbox(unit: Unit, inbox_id: str, team_ids: Collection[str]) -> None:
    """From now on only these teams, and admins, see its conversations; without any, everybody at the desk."""
    if inbox_by_id(unit.records, inbox_id) is None:
        raise NotFound(f"inbox {inbox_id}", "there is none with this id", "check the id")
    for team_id in team_ids:
        team_of(unit.records, team_id)
    put_inbox_teams(unit.records, inbox_id, set(team_ids))
    announce(unit, InboxLimited(inbox_id))


def inbox_teams(records: Connection) -> dict[str, frozenset[str]]:
    """To which teams each limited inbox is limited, by id."""
    return teams_by_inbox(records)


def release_team(unit: Unit, team_id: str) -> None:
    """Before a team is dropped: raise while an inbox is limited to it."""
    for inbox_id, teams in teams_by_inbox(unit.records).items():
        if team_id in teams:
            inbox = inbox_by_id(unit.records, inbox_id)
            name = inbox.name if inbox else inbox_id
            raise TeamNeeded(
                f"team {team_id}", f"the inbox {name} is limited to it", "limit it otherwise first"
            )
