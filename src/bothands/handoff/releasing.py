"""An agent goes for good, or may not see an inbox any more: what they hold waits for somebody else.

It goes ahead of what has only just come.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from bothands.balance import Reason
from bothands.conversations import By, Conversation, inbox_teams, inboxes_of, keep_sight, sight_of, view_page
from bothands.handoff.assigning import release_assignments, release_receiver
from bothands.handoff.assignment_store import agents_assigned, assignments_to
from bothands.handoff.events import HeldReleased
from bothands.handoff.model import Desk, Urgency
from bothands.handoff.queueing import put_in_line
from bothands.handoff.sla import urgency_of
from bothands.handoff.store import end_takings, takings_by_agent
from bothands.jobs import announce
from bothands.people import Agent, agent_of
from bothands.storage import Unit

PAGE_ROWS = 100


def release_all(unit: Unit, agent: Agent, *, desk: Desk, by: By) -> int:
    """Put every open conversation of this agent back in line; how many there were."""
    release_receiver(unit, agent_id=agent.id)
    return _put_back(unit, agent, _held(unit.records, agent), desk, by)


def release_hidden(unit: Unit, *, desk: Desk, by: By) -> int:
    """After teams, limits or roles changed: nobody keeps, or is offered, what they may not see.

    Whoever loses something is told how much, and of what no more. How many there were in all.
    """
    keep_sight(unit.records, is_changing=True)
    if not inbox_teams(unit.records):
        return 0
    count = 0
    for agent_id in sorted(takings_by_agent(unit.records).keys() | agents_assigned(unit.records)):
        agent = agent_of(unit.records, agent_id)
        count += _release_hidden(unit, agent, desk, by)
    return count


def _release_hidden(unit: Unit, agent: Agent, desk: Desk, by: By) -> int:
    sight = sight_of(unit.records, agent)
    if not sight.hidden:
        return 0
    meant = assignments_to(unit.records, agent.id)
    inboxes = inboxes_of(unit.records, [one.conversation_id for one in meant])
    release_assignments(unit, [one for one in meant if not sight.shows(inboxes[one.conversation_id])])
    hidden = [one for one in _held(unit.records, agent) if not sight.shows(one.inbox_id)]
    if hidden:
        _put_back(unit, agent, hidden, desk, by)
        announce(unit, HeldReleased(agent.id, len(hidden)))
    return len(hidden)


def _held(records: Connection, agent: Agent) -> list[Conversation]:
    held = page = view_page(records, "yours", agent.id, limit=PAGE_ROWS)
    while len(page) == PAGE_ROWS:
        page = view_page(
            records, "yours", agent.id, limit=PAGE_ROWS, before=(page[-1].updated_at, page[-1].id)
        )
        held = [*held, *page]
    return held


def _put_back(unit: Unit, agent: Agent, held: Sequence[Conversation], desk: Desk, by: By) -> int:
    for conversation in held:
        end_takings(unit.records, conversation.id, unit.now, "released")
        put_in_line(unit, conversation, reason=_reason(conversation, agent), desk=desk, by=by)
    return len(held)


def _reason(conversation: Conversation, agent: Agent) -> Reason:
    """Whoever may be in danger stays first in line, with the reason they had."""
    known = conversation.reason_code
    if known and urgency_of(known) is Urgency.SAFETY:
        return Reason(known, conversation.reason_words or "")
    return Reason("agent_left", f"{agent.name} cannot go on, somebody else is needed")
