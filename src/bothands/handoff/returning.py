"""The contact says that it is not solved: the matter goes on where it was dealt with."""

from bothands.balance import Reason
from bothands.conversations import (
    AuthorKind,
    By,
    Conversation,
    conversation_of,
    last_closing,
    reopen,
    undo_closing,
)
from bothands.handoff.assignment_store import resume_assignments
from bothands.handoff.model import Desk
from bothands.handoff.queueing import bring_in
from bothands.handoff.store import resume_takings
from bothands.handoff.taking import ended_by_closing
from bothands.storage import Unit

NOT_SOLVED = Reason("reopened", "The customer says it is not solved yet")


def come_back(unit: Unit, conversation_id: str, *, desk: Desk, by: By) -> Conversation:
    """Reopen; what a person closed goes back to people, what the assistant closed to the assistant."""
    closing = last_closing(unit.records, conversation_id)
    reopened = reopen(unit, conversation_id, by=by)
    if closing is None or closing.author_kind is not AuthorKind.AGENT:
        return reopened
    bring_in(unit, conversation_id, reason=NOT_SOLVED, desk=desk, by=by)
    return conversation_of(unit.records, conversation_id)


def undo(unit: Unit, conversation_id: str, *, by: By) -> None:
    """As if it had not been closed: whoever had it has it, and an offer that was out is out again."""
    closing = undo_closing(unit, conversation_id, by=by)
    how = ended_by_closing(closing.seq)
    resume_takings(unit.records, conversation_id, how)
    resume_assignments(unit.records, conversation_id, how)
