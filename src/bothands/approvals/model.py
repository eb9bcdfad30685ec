"""A person's yes, amended yes or no to what the assistant would say or do."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from bothands.kit import Conflict


class Standing(StrEnum):
    """Where an approval stands. Only granted and amended ones can be consumed, once."""

    ASKED = "asked"
    GRANTED = "granted"
    AMENDED = "amended"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Approval(msgspec.Struct, frozen=True):
    """`text` is what was proposed, `agreed_text` what a person let through; they differ when amended."""

    id: str
    conversation_id: str
    decision_id: str | None
    kind: str
    text: str
    body: dict[str, Any]
    standing: Standing
    asked_at: datetime
    lapses_at: datetime | None
    agreed_text: str | None
    reason: str
    by_id: str | None
    by_name: str | None
    answered_at: datetime | None
    consumed_at: datetime | None


class ApprovalAnsweredAlready(Conflict):
    """Two people answered, or it lapsed first: the first answer holds."""

    code = "approval-answered"
    title = "This was answered already"


class ApprovalNotUsable(Conflict):
    """Consumed before, refused, lapsed or never answered: the effect must not happen."""

    code = "approval-not-usable"
    title = "There is no open yes for this"
