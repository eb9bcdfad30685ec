"""A person's yes, amended yes or no to a proposal.

One answer per approval, whoever is first; a yes is consumed once, in the transaction of its effect.
"""

from bothands.approvals.approving import (
    amend,
    approval_of,
    ask,
    consume,
    grant,
    lapse,
    lapse_overdue,
    pending_of,
    refuse,
)
from bothands.approvals.events import ApprovalAnswered, ApprovalAsked, ApprovalConsumed
from bothands.approvals.model import Approval, ApprovalAnsweredAlready, ApprovalNotUsable, Standing

__all__ = [
    "Approval",
    "ApprovalAnswered",
    "ApprovalAnsweredAlready",
    "ApprovalAsked",
    "ApprovalConsumed",
    "ApprovalNotUsable",
    "Standing",
    "amend",
    "approval_of",
    "ask",
    "consume",
    "grant",
    "lapse",
    "lapse_overdue",
    "pending_of",
    "refuse",
]
