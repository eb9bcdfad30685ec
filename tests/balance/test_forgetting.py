"""Decisions outlive the signals they were made from, and come out the same when they are replayed."""

import pytest

from bothands.balance import (
    Facts,
    Step,
    decide,
    decision_of,
    forget_in_decisions,
    proposal_of,
)
from bothands.conversations import Received
from bothands.skills import ProposalKind
from bothands.storage import Database

from .cases import CHARTER, propose, risky
from .test_keeping import kept

KINDS = ("self_harm", "safety", "fraud", "vulnerable", "legal", "complaint", "health")


def forgotten(db: Database, asked: Received, decision):
    db.write_now(lambda unit: forget_in_decisions(unit, asked.conversation.id))
    return db.read_now(lambda records: decision_of(records, decision.id))


@pytest.mark.parametrize("kind", KINDS)
def test_replayed_it_is_the_same_step(db: Database, asked: Received, kind: str):
    before = kept(db, asked, propose(reading=risky(kind)))
    after = forgotten(db, asked, before)
    again = decide(Facts(**after.facts), proposal_of(after), CHARTER)
    assert (again.step, again.reasons, again.topic) == (before.step, after.reasons, before.topic)
    assert (after.step, after.score, after.versions) == (before.step, before.score, before.versions)


def test_the_kind_and_the_words_that_showed_it_are_gone(db: Database, asked: Received):
    reading = risky("vulnerable")
    words = reading.risks[0].reason
    question = propose(reading=reading, kind=ProposalKind.ASK, basis="clarify", reason=words)
    before = kept(db, asked, propose(reading=reading, reason=words, instead=question))
    assert "vulnerable" in str(before)
    assert str(before).count(words) > 3
    after = forgotten(db, asked, before)
    assert after.step is Step.HAND_OFF
    assert after.reason.code == "risk_unnamed"
    assert "vulnerable" not in str(after)
    assert words not in str(after)


def test_other_conversations_and_other_reasons_stay(db: Database, asked: Received):
    calm, legal = kept(db, asked, propose()), kept(db, asked, propose(reading=risky("legal")))
    assert forgotten(db, asked, calm) == calm
    assert forgotten(db, asked, legal) == legal
