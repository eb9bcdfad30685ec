"""Keep every decision with all that it was made from, and read it back."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from bothands.balance.events import DecisionKept
from bothands.balance.model import Decision, Facts, Verdict
from bothands.balance.store import decision_by_id, decisions_by_conversation, insert_decision
from bothands.jobs import announce
from bothands.kit import NotFound
from bothands.skills import Proposal
from bothands.storage import Unit

DECISIONS_MAX = 200


def keep(
    unit: Unit, verdict: Verdict, facts: Facts, proposal: Proposal, *, conversation_id: str, message_seq: int
) -> Decision:
    """Write the verdict down with its reading, proposal, evidence, facts and versions."""
    body = _plain(proposal)
    decision = Decision(
        id=unit.ids.new("dec"),
        conversation_id=conversation_id,
        message_seq=message_seq,
        at=unit.now,
        step=verdict.step,
        reasons=verdict.reasons,
        topic=verdict.topic,
        score=verdict.score,
        threshold=verdict.threshold,
        certified=verdict.certified,
        propensity=verdict.propensity,
        versions=verdict.versions,
        facts=_plain(facts),
        reading=body.pop("reading"),
        evidence=body["sources"],
        proposal=body,
    )
    insert_decision(unit.records, decision)
    announce(unit, DecisionKept(decision.id, conversation_id, message_seq, decision.step.value))
    return decision


def decision_of(records: Connection, decision_id: str) -> Decision:
    found = decision_by_id(records, decision_id)
    if found is None:
        raise NotFound(f"decision {decision_id!r}", "there is none with this id", "check the id")
    return found


def decisions_of(records: Connection, conversation_id: str, limit: int = DECISIONS_MAX) -> list[Decision]:
    """The newest decisions of a conversation, newest first."""
    return decisions_by_conversation(records, conversation_id, min(limit, DECISIONS_MAX))


def proposal_of(decision: Decision) -> Proposal:
    """The proposal as it was when the decision was made."""
    return msgspec.convert({**decision.proposal, "reading": decision.reading}, Proposal)


def _plain(value: Any) -> Any:
    # By way of JSON, so that what is kept and what is read back are the same value.
    return msgspec.json.decode(msgspec.json.encode(value))
