import pytest

from bothands.balance import Step, decide, decision_of, decisions_of, keep, proposal_of
from bothands.conversations import Received
from bothands.jobs import events_of
from bothands.kit import NotFound
from bothands.storage import Database

from .cases import CHARTER, HELD_BY_ECHO, WISH, propose


def kept(db: Database, asked: Received, proposal):
    verdict = decide(HELD_BY_ECHO, proposal, CHARTER)
    return db.write_now(
        lambda unit: keep(
            unit,
            verdict,
            HELD_BY_ECHO,
            proposal,
            conversation_id=asked.conversation.id,
            message_seq=asked.entry.seq,
        )
    )


def test_a_decision_is_kept_with_all_it_was_made_from(db: Database, asked: Received):
    proposal = propose(versions={"brain": "brain-1"})
    decision = kept(db, asked, proposal)
    again = db.read_now(lambda records: decision_of(records, decision.id))
    assert again == decision
    assert again.step is Step.ACT
    assert again.versions == {"brain": "brain-1", "deciding": "deciding-1", "charter": "3"}
    assert again.facts["holder_kind"] == "assistant"
    assert again.reading["brain"] == "brain-1"


def test_a_kept_proposal_comes_back_as_it_was_and_decides_the_same(db: Database, asked: Received):
    proposal = propose(reading=WISH)
    decision = kept(db, asked, proposal)
    assert proposal_of(decision) == proposal
    assert decide(HELD_BY_ECHO, proposal_of(decision), CHARTER).reasons == decision.reasons


def test_the_newest_decision_comes_first(db: Database, asked: Received):
    first, second = kept(db, asked, propose(score=0.1)), kept(db, asked, propose())
    found = db.read_now(lambda records: decisions_of(records, asked.conversation.id))
    assert [decision.id for decision in found] == [second.id, first.id]


def test_keeping_is_told(db: Database, asked: Received):
    decision = kept(db, asked, propose(reading=WISH))
    events = db.read_now(lambda records: events_of(records, asked.conversation.id))
    told = [event["body"] for event in events if event["kind"] == "decision_kept"]
    assert told[0]["decision_id"] == decision.id
    assert told[0]["step"] == "hand_off"
    assert "wish" not in str(told[0]), "why is kept with the decision alone"


def test_an_unknown_decision_is_named(db: Database):
    with pytest.raises(NotFound, match="dec_nowhere"):
        db.read_now(lambda records: decision_of(records, "dec_nowhere"))
