"""Decisions forget which risk to health or hardship was heard; that one was, and what followed, stays."""

from typing import Any

import msgspec

from bothands.balance.model import Decision, Reason
from bothands.balance.store import decisions_with_reading, put_forgotten
from bothands.storage import Unit
from bothands.understanding import FORGOTTEN, UNNAMED, UNNAMED_REASON, forget_risks

_CODES = frozenset(f"risk_{kind}" for kind in FORGOTTEN)
UNNAMED_RISK = Reason(f"risk_{UNNAMED}", f"A person takes care, because {UNNAMED_REASON}")


def forgotten(reason: Reason) -> Reason:
    """The reason as it may be kept once the conversation is over."""
    return UNNAMED_RISK if reason.code in _CODES else reason


def forget_in_decisions(unit: Unit, conversation_id: str) -> None:
    """All decisions of the conversation; replayed, each comes out as it was made."""
    for decision in decisions_with_reading(unit.records, conversation_id):
        changed = _forgotten(decision)
        if changed != decision:
            put_forgotten(unit.records, changed)


def _forgotten(decision: Decision) -> Decision:
    reading = forget_risks(decision.reading)
    return msgspec.structs.replace(
        decision,
        reasons=tuple(forgotten(reason) for reason in decision.reasons),
        reading=reading,
        proposal=_proposal(decision.proposal, decision.reading),
    )


def _proposal(body: dict[str, Any], reading: dict[str, Any]) -> dict[str, Any]:
    """Its grounds may repeat the words in which a risk was heard, and what it would ask instead has a reading
    of its own.
    """
    named = {risk["reason"] for risk in reading.get("risks") or () if risk["kind"] in FORGOTTEN}
    changed = dict(body)
    if body.get("reason") in named:
        changed["reason"] = UNNAMED_REASON
    if instead := body.get("instead"):
        own = instead.get("reading") or {}
        changed["instead"] = {**_proposal(instead, own), "reading": forget_risks(own)}
    return changed
