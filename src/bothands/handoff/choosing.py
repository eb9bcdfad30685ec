"""To whom a conversation may go: who sees its inbox, who is there, and how much they have already."""

from sqlalchemy import Connection

from bothands.conversations import Conversation, inbox_teams
from bothands.handoff.model import Receiver, ReceiverKind, ReceiverLoad, Receivers
from bothands.handoff.store import takings_by_agent
from bothands.kit import NotFound
from bothands.people import Agent, Role, Team, available_agents, list_agents, list_teams


def receivers_of(records: Connection, conversation: Conversation) -> Receivers:
    """Everybody it may go to, whoever is free first."""
    limited = inbox_teams(records).get(conversation.inbox_id)
    teams = [team for team in list_teams(records) if limited is None or team.id in limited]
    insiders = {agent_id for team in teams for agent_id in team.member_ids}
    agents = [
        agent
        for agent in list_agents(records)
        if agent.disabled_at is None and (limited is None or agent.role is Role.ADMIN or agent.id in insiders)
    ]
    there = {agent.id for agent in available_agents(records)}
    held = takings_by_agent(records)
    people = [
        ReceiverLoad(
            _person(agent), agent.id in there, held.get(agent.id, 0), agent.capacity, agent.expertise
        )
        for agent in agents
    ]
    by_id = {one.receiver.id: one for one in people}
    people.sort(key=lambda one: (not one.is_free, not one.is_available, one.held, one.receiver.name))
    return Receivers(tuple(people), tuple(_team_load(team, by_id) for team in teams if team.member_ids))


def receiver_of(records: Connection, conversation: Conversation, to: Receiver) -> ReceiverLoad:
    """The one that was asked for, by its present name; raises NotFound for one it may not go to."""
    known = receivers_of(records, conversation)
    for one in known.people if to.kind is ReceiverKind.AGENT else known.teams:
        if one.receiver.id == to.id:
            return one
    raise NotFound(
        f"{to.kind.value} {to.id}",
        "there is none to whom this conversation may go",
        "choose somebody who sees its inbox",
    )


def _person(agent: Agent) -> Receiver:
    return Receiver(ReceiverKind.AGENT, agent.id, agent.name)


def _team_load(team: Team, people: dict[str, ReceiverLoad]) -> ReceiverLoad:
    """The team as one: what those who are there have, and could have."""
    there = [one for member in team.member_ids if (one := people.get(member)) and one.is_available]
    return ReceiverLoad(
        Receiver(ReceiverKind.TEAM, team.id, team.name),
        bool(there),
        sum(one.held for one in there),
        sum(one.capacity for one in there),
        members=len(team.member_ids),
        free=sum(one.is_free for one in there),
    )
