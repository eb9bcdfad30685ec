"""The queue as it stands: who waits in which place, how long it takes, whether people are there."""

from datetime import datetime

from sqlalchemy import Connection

from bothands.handoff.assignment_store import assignments_by_conversation
from bothands.handoff.estimating import Wait, estimate
from bothands.handoff.hours import is_open, local, next_open_at, open_until
from bothands.handoff.model import Desk, People, Urgency, Waiting
from bothands.handoff.sla import rank_at
from bothands.handoff.store import (
    count_before,
    count_waiting,
    recent_handle_seconds,
    takings_by_agent,
    waiting_by_conversation,
    waitings_in_order,
)
from bothands.people import available_agents, teams_of

FOR_EVERYBODY_NOW, FOR_THEM, FOR_THEIR_TEAM, FOR_ANYBODY, FOR_OTHERS = range(5)


def queue(records: Connection) -> list[Waiting]:
    """Who waits, in the order in which they should be taken."""
    return waitings_in_order(records)


def queue_for(records: Connection, agent_id: str) -> list[tuple[Waiting, int]]:
    """Who waits, in the order in which this agent should take them, each with how near it is to them.

    Whoever may be in danger goes first for everybody; then what is meant for them, for their teams, for
    nobody in particular, and last what is meant for others.
    """
    waiting = waitings_in_order(records)
    meant = assignments_by_conversation(records, [item.conversation_id for item in waiting])
    near = {agent_id: FOR_THEM, **dict.fromkeys(teams_of(records, agent_id), FOR_THEIR_TEAM)}

    def distance(item: Waiting) -> int:
        assignment = meant.get(item.conversation_id)
        if item.urgency is Urgency.SAFETY:
            return FOR_EVERYBODY_NOW
        return near.get(assignment.to.id, FOR_OTHERS) if assignment else FOR_ANYBODY

    ranked = [(item, distance(item)) for item in waiting]
    return sorted(ranked, key=lambda pair: pair[1])


def queue_now(records: Connection, now: datetime) -> tuple[int, float]:
    """How many wait, and the longest wait in seconds."""
    count, since = count_waiting(records)
    return count, max(0.0, (now - since).total_seconds()) if since else 0.0


def waiting_of(records: Connection, conversation_id: str) -> Waiting | None:
    return waiting_by_conversation(records, conversation_id)


def place_of(records: Connection, conversation_id: str) -> int | None:
    """1 for the next in line; None for who does not wait."""
    waiting = waiting_by_conversation(records, conversation_id)
    return None if waiting is None else place_in_line(records, waiting)


def place_in_line(records: Connection, waiting: Waiting) -> int:
    return count_before(records, waiting.rank_at, waiting.id) + 1


def place_of_newcomer(records: Connection, now: datetime, urgency: Urgency = Urgency.NORMAL) -> int:
    return count_before(records, rank_at(now, urgency), None) + 1


def held_now(records: Connection) -> dict[str, int]:
    """How many conversations each agent has; who has none is left out."""
    return takings_by_agent(records)


def is_staffed(records: Connection, desk: Desk, now: datetime) -> bool:
    """Whether anybody is on duty who takes conversations: as `people_now`, without the wait."""
    if desk.hours is not None and not is_open(desk.hours, now):
        return False
    return any(agent.capacity > 0 for agent in available_agents(records))


def wait_at(records: Connection, place: int, desk: Desk, now: datetime) -> Wait | None:
    """The honest wait of that place; None while nobody is on duty."""
    if desk.hours is not None and not is_open(desk.hours, now):
        return None
    agents = available_agents(records)
    taken = takings_by_agent(records)
    return estimate(
        place,
        slots=sum(agent.capacity for agent in agents),
        busy=sum(min(taken.get(agent.id, 0), agent.capacity) for agent in agents),
        recent_seconds=recent_handle_seconds(records),
        usual_seconds=desk.handle_seconds,
    )


def people_now(records: Connection, desk: Desk, now: datetime, *, place: int | None = None) -> People:
    """What the contact may be told: on duty or not, until when, from when on, and the wait."""
    wait = wait_at(records, place or place_of_newcomer(records, now), desk, now)
    if desk.hours is None:
        return People(wait is not None, None, None, wait)
    until = open_until(desk.hours, now)
    return People(
        on_duty=wait is not None,
        open_until=f"{local(desk.hours, until):%H:%M}" if until and wait else None,
        next_open_at=next_open_at(desk.hours, now),
        wait=wait,
    )
