"""Who acts: the charter, the Stop, and decisions that are pure, explained and kept.

`decide` takes values and returns a verdict with reasons; `keep` writes it down with all it was made
from. Whoever acts reads the stops and decides in the same transaction, so that a Stop holds for a turn
that is thinking right now.
"""

from bothands.balance.choosing import choose
from bothands.balance.deciding import decide, risk_in
from bothands.balance.events import CharterChanged, DecisionKept, StopPulled, StopReleased
from bothands.balance.forgetting import forget_in_decisions, forgotten
from bothands.balance.keeping import decision_of, decisions_of, keep, proposal_of
from bothands.balance.model import (
    Charter,
    CharterTopic,
    Decision,
    Facts,
    Reason,
    Role,
    Rules,
    Step,
    Stop,
    Verdict,
)
from bothands.balance.roles import adopt_charter, change_role, charter_from, charter_of
from bothands.balance.stopping import active_stops, resume, stop

__all__ = [
    "Charter",
    "CharterChanged",
    "CharterTopic",
    "Decision",
    "DecisionKept",
    "Facts",
    "Reason",
    "Role",
    "Rules",
    "Step",
    "Stop",
    "StopPulled",
    "StopReleased",
    "Verdict",
    "active_stops",
    "adopt_charter",
    "change_role",
    "charter_from",
    "charter_of",
    "choose",
    "decide",
    "decision_of",
    "decisions_of",
    "forget_in_decisions",
    "forgotten",
    "keep",
    "proposal_of",
    "resume",
    "risk_in",
    "stop",
]
