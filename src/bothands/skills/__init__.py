"""What the assistant can do: the read–find–propose chain, small talk, questions, routine tasks.

A skill is a folder in `packs/` with a manifest, a policy in words, and steps over a connector.
"""

from bothands.skills.connectors.shop import ShopOrders
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.packs.order_lookup import OrderLookup
from bothands.skills.proposing import Mind, Proposer, Task, unanswered
from bothands.skills.wording import HAND_OVER, TALK_TO_PERSON

__all__ = [
    "HAND_OVER",
    "TALK_TO_PERSON",
    "Mind",
    "OrderLookup",
    "Proposal",
    "ProposalKind",
    "Proposer",
    "ShopOrders",
    "Task",
    "unanswered",
]
