"""An agent sends the assistant's draft: that is a yes to it, as it was or amended."""

import re

from bothands.approvals import amend, consume, grant, pending_of
from bothands.assist.composing import without_self
from bothands.conversations import By
from bothands.kit import squeeze
from bothands.storage import Unit


def use_draft(unit: Unit, conversation_id: str, draft_id: str | None, text: str, *, by: By) -> None:
    """Settle the approval that waits for this draft, in the transaction that posts the reply.

    The agent's own greeting around it is no amendment; a changed word of it is.
    """
    for approval in pending_of(unit.records, conversation_id):
        if draft_id is None or draft_id not in (approval.decision_id, approval.id):
            continue
        if _holds(_plain(text), _plain(without_self(approval.text))):
            grant(unit, approval.id, by=by)
        else:
            amend(unit, approval.id, text, by=by)
        consume(unit, approval.id)


def _holds(text: str, said: str) -> bool:
    """Whether all of it is there, and not as the beginning of something else."""
    return bool(said) and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", text) is not None


def _plain(text: str) -> str:
    """Without markers of sources and runs of space: what the reader reads."""
    for number in range(1, 10):
        text = text.replace(f"[{number}]", "")
    return squeeze(text).replace(" .", ".")
