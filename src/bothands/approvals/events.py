"""What happened to approvals."""

import msgspec


class ApprovalAsked(msgspec.Struct, frozen=True):
    """A proposal waits for a person."""

    approval_id: str
    conversation_id: str
    kind: str


class ApprovalAnswered(msgspec.Struct, frozen=True):
    """A person answered, or nobody did in time (`lapsed`)."""

    approval_id: str
    conversation_id: str
    decision_id: str | None
    standing: str
    by_name: str | None


class ApprovalConsumed(msgspec.Struct, frozen=True):
    """The effect it allowed happened, in the same transaction."""

    approval_id: str
    conversation_id: str
