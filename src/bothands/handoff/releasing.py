"""An agent goes for good: all that they hold waits for somebody else, ahead of what has only just come."""

from bothands.balance import Reason
from bothands.conversations import By, Conversation, view_page
from bothands.handoff.assigning import release_receiver
from bothands.handoff.model import Desk, Urgency
from bothands.handoff.queueing import put_in_line
from bothands.handoff.sla import urgency_of
from bothands.handoff.store import end_takings
from bothands.people import Agent
from bothands.storage import Unit

PAGE_ROWS = 100


def release_all(unit: Unit, agent: Agent, *, desk: Desk, by: By) -> int:
    """Put every open conversation of this agent back in line; how many there were."""
    release_receiver(unit, agent_id=agent.id)
    count = 0
    while held := view_page(unit.records, "yours", agent.id, limit=PAGE_ROWS):
        for conversation in held:
            end_takings(unit.records, conversation.id, unit.now, "released")
            put_in_line(unit, conversation, reason=_reason(conversation, agent), desk=desk, by=by)
        count += len(held)
    return count


def _reason(conversation: Conversation, agent: Agent) -> Reason:
    """Whoever may be in danger stays first in line, with the reason they had."""
    known = conversation.reason_code
    if known and urgency_of(known) is Urgency.SAFETY:
        return Reason(known, conversation.reason_words or "")
    return Reason("agent_left", f"{agent.name} cannot go on, somebody else is needed")
