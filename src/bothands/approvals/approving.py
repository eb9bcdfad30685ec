"""Ask a person, take the one answer, consume it in the transaction of the effect it allows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bothands.approvals.events import ApprovalAnswered, ApprovalAsked, ApprovalConsumed
from bothands.approvals.model import Approval, ApprovalAnsweredAlready, ApprovalNotUsable, Standing
from bothands.approvals.store import (
    answer_if_asked,
    approval_by_id,
    approvals_asked,
    consume_if_open,
    insert_approval,
    overdue_approvals,
)
from bothands.conversations import By, conversation_of
from bothands.jobs import announce
from bothands.kit import Invalid, NotFound
from bothands.storage import Unit

TEXT_CHARS_MAX = 8_000
REASON_CHARS_MAX = 300
LAPSES_AT_ONCE_MAX = 200


def ask(
    unit: Unit,
    conversation_id: str,
    text: str,
    *,
    kind: str = "reply",
    body: dict[str, Any] | None = None,
    decision_id: str | None = None,
    lapses_at: datetime | None = None,
) -> Approval:
    """Propose `text` to people. A newer question of the same kind replaces the one that still waits."""
    _check_text(text)
    # Two that ask at once stand in line at the conversation.
    conversation_of(unit.records, conversation_id)
    for older in approvals_asked(unit.records, conversation_id):
        if older.kind == kind:
            _answer(unit, older, Standing.LAPSED, by=None, reason="a newer proposal replaced it")
    approval = Approval(
        id=unit.ids.new("appr"),
        conversation_id=conversation_id,
        decision_id=decision_id,
        kind=kind,
        text=text,
        body=body or {},
        standing=Standing.ASKED,
        asked_at=unit.now,
        lapses_at=lapses_at,
        agreed_text=None,
        reason="",
        by_id=None,
        by_name=None,
        answered_at=None,
        consumed_at=None,
    )
    insert_approval(unit.records, approval)
    announce(unit, ApprovalAsked(approval.id, conversation_id, kind))
    return approval


def grant(unit: Unit, approval_id: str, *, by: By) -> Approval:
    """Yes, exactly as proposed."""
    approval = approval_of(unit.records, approval_id)
    return _answer(unit, approval, Standing.GRANTED, by=by, agreed_text=approval.text)


def amend(unit: Unit, approval_id: str, text: str, *, by: By) -> Approval:
    """Yes, with a person's own words; an unchanged text is a plain yes."""
    _check_text(text)
    approval = approval_of(unit.records, approval_id)
    if text.strip() == approval.text.strip():
        return _answer(unit, approval, Standing.GRANTED, by=by, agreed_text=approval.text)
    return _answer(unit, approval, Standing.AMENDED, by=by, agreed_text=text)


def refuse(unit: Unit, approval_id: str, *, by: By, reason: str = "") -> Approval:
    if len(reason) > REASON_CHARS_MAX:
        raise Invalid(
            "reason of the refusal", f"it has more than {REASON_CHARS_MAX} characters", "shorten it"
        )
    return _answer(unit, approval_of(unit.records, approval_id), Standing.REFUSED, by=by, reason=reason)


def lapse(unit: Unit, conversation_id: str, *, reason: str) -> list[Approval]:
    """What still waits in this conversation is no longer asked: it was handed back, or closed."""
    asked = approvals_asked(unit.records, conversation_id)
    return [_answer(unit, approval, Standing.LAPSED, by=None, reason=reason) for approval in asked]


def lapse_overdue(unit: Unit) -> int:
    """Let lapse what nobody answered in time; called by the clock."""
    overdue = overdue_approvals(unit.records, unit.now, LAPSES_AT_ONCE_MAX)
    for approval in overdue:
        _answer(unit, approval, Standing.LAPSED, by=None, reason="nobody answered in time")
    return len(overdue)


def consume(unit: Unit, approval_id: str) -> Approval:
    """Use the yes up, in the transaction of what it allows; the second time raises ApprovalNotUsable."""
    if not consume_if_open(unit.records, approval_id, unit.now):
        known = approval_of(unit.records, approval_id)
        cause = "it was used already" if known.consumed_at else f"it is {known.standing.value}"
        raise ApprovalNotUsable(f"approval {approval_id}", cause, "ask again if it should still happen")
    approval = approval_of(unit.records, approval_id)
    announce(unit, ApprovalConsumed(approval.id, approval.conversation_id))
    return approval


def approval_of(records: Connection, approval_id: str) -> Approval:
    found = approval_by_id(records, approval_id)
    if found is None:
        raise NotFound(f"approval {approval_id!r}", "there is none with this id", "check the id")
    return found


def pending_of(records: Connection, conversation_id: str) -> list[Approval]:
    """What still waits for an answer, oldest first."""
    return approvals_asked(records, conversation_id)


def _answer(
    unit: Unit,
    approval: Approval,
    standing: Standing,
    *,
    by: By | None,
    agreed_text: str | None = None,
    reason: str = "",
) -> Approval:
    values = {
        "standing": standing.value,
        "agreed_text": agreed_text,
        "reason": reason,
        "by_id": by.id if by else None,
        "by_name": by.name if by else None,
        "answered_at": unit.now,
    }
    # A yes to something that lapsed by the clock would let through what nobody asks any more.
    is_late = by is not None and approval.lapses_at is not None and approval.lapses_at <= unit.now
    if is_late or not answer_if_asked(unit.records, approval.id, values):
        known = approval_of(unit.records, approval.id)
        cause = (
            "it lapsed"
            if is_late
            else f"{known.by_name or 'the clock'} answered first: {known.standing.value}"
        )
        raise ApprovalAnsweredAlready(f"approval {approval.id}", cause, "look at the conversation again")
    announce(
        unit,
        ApprovalAnswered(
            approval.id,
            approval.conversation_id,
            approval.decision_id,
            standing.value,
            by.name if by else None,
        ),
    )
    return approval_of(unit.records, approval.id)


def _check_text(text: str) -> None:
    if not text.strip() or len(text) > TEXT_CHARS_MAX:
        raise Invalid(
            "text to approve",
            f"it must have 1 to {TEXT_CHARS_MAX} characters",
            "shorten it or write something",
        )
