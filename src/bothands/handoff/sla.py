"""By when a person should have answered. Pure."""

from datetime import datetime, timedelta

from bothands.handoff.hours import Hours, next_open_at
from bothands.handoff.model import Urgency

FIRST_REPLY_SECONDS_MAX = {Urgency.SAFETY: 0, Urgency.PRESSING: 120, Urgency.NORMAL: 300}
# Whoever may be in danger goes before everybody, however long others have waited.
SAFETY_LEAD = timedelta(days=365)

_SAFETY = frozenset({"risk_self_harm", "risk_safety"})
_PRESSING = frozenset(
    {"risk", "risk_vulnerable", "risk_fraud", "risk_legal", "anger", "distress", "complaint", "agent_left"}
)


def urgency_of(reason_code: str) -> Urgency:
    if reason_code in _SAFETY:
        return Urgency.SAFETY
    return Urgency.PRESSING if reason_code in _PRESSING else Urgency.NORMAL


def due_at(asked_at: datetime, urgency: Urgency, hours: Hours | None) -> datetime:
    """The deadline of the first reply; outside hours the clock starts when people are back."""
    back_at = next_open_at(hours, asked_at) if hours is not None else None
    return (back_at or asked_at) + timedelta(seconds=FIRST_REPLY_SECONDS_MAX[urgency])


def rank_at(asked_at: datetime, urgency: Urgency) -> datetime:
    """The order of the queue: by deadline, so that pressing ones pass but nobody is passed for ever."""
    if urgency is Urgency.SAFETY:
        return asked_at - SAFETY_LEAD
    return asked_at + timedelta(seconds=FIRST_REPLY_SECONDS_MAX[urgency])
