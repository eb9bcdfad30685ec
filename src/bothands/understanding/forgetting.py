"""What a reading says of health and hardship is forgotten: that a risk was seen stays, which one goes."""

from typing import Any

import msgspec

from bothands.understanding.model import Risk, RiskKind, Span

# Together under one name, so that the name left over does not give away which it was.
FORGOTTEN: frozenset[RiskKind] = frozenset({"self_harm", "vulnerable", "safety", "fraud"})
# Nothing is decided by it, so nobody needs to know later that it was there.
DROPPED: frozenset[RiskKind] = frozenset({"health"})
UNNAMED: RiskKind = "unnamed"
UNNAMED_REASON = "a risk was seen, and which one is not kept"


def forget_risks(reading: dict[str, Any]) -> dict[str, Any]:
    """A reading as it is stored, with its risks unnamed; what was forgotten before stays so."""
    risks = reading.get("risks") or []
    gone = [risk for risk in risks if risk["kind"] in FORGOTTEN]
    left = [risk for risk in risks if risk["kind"] not in FORGOTTEN | DROPPED]
    if gone:
        unnamed = Risk(UNNAMED, max(risk["score"] for risk in gone), UNNAMED_REASON, Span(0, 0))
        left.append(msgspec.to_builtins(unnamed))
    return reading if len(left) == len(risks) and not gone else {**reading, "risks": left}
