from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bothands.approvals import (
    ApprovalAnsweredAlready,
    ApprovalNotUsable,
    Standing,
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
from bothands.conversations import AuthorKind, By, Received
from bothands.jobs import events_of
from bothands.kit import Invalid, ManualClock, NotFound
from bothands.storage import Database

BO = By(AuthorKind.AGENT, "agent_bo", "Bo")
CHI = By(AuthorKind.AGENT, "agent_chi", "Chi")
PROPOSED = "Your refund left us on Monday."


def asking(db: Database, asked: Received, **values):
    return db.write_now(lambda unit: ask(unit, asked.conversation.id, PROPOSED, **values))


def test_a_granted_text_goes_through_as_proposed_and_only_once(db: Database, asked: Received):
    approval = asking(db, asked, decision_id="dec_1", body={"sources": []})
    assert db.read_now(lambda records: pending_of(records, asked.conversation.id)) == [approval]
    granted = db.write_now(lambda unit: grant(unit, approval.id, by=BO))
    assert (granted.standing, granted.agreed_text, granted.by_name) == (Standing.GRANTED, PROPOSED, "Bo")
    used = db.write_now(lambda unit: consume(unit, approval.id))
    assert used.consumed_at is not None
    with pytest.raises(ApprovalNotUsable, match="used already"):
        db.write_now(lambda unit: consume(unit, approval.id))
    kinds = [event["kind"] for event in db.read_now(lambda r: events_of(r, asked.conversation.id))]
    assert set(kinds) >= {"approval_asked", "approval_answered", "approval_consumed"}


def test_an_amended_text_keeps_both_texts(db: Database, asked: Received):
    approval = asking(db, asked)
    amended = db.write_now(lambda unit: amend(unit, approval.id, "It left on Tuesday.", by=BO))
    assert (amended.standing, amended.text) == (Standing.AMENDED, PROPOSED)
    assert amended.agreed_text == "It left on Tuesday."


def test_an_unchanged_text_is_a_plain_yes(db: Database, asked: Received):
    approval = asking(db, asked)
    assert (
        db.write_now(lambda unit: amend(unit, approval.id, PROPOSED + " ", by=BO)).standing
        is Standing.GRANTED
    )


def test_a_refused_proposal_can_never_happen(db: Database, asked: Received):
    approval = asking(db, asked)
    db.write_now(lambda unit: refuse(unit, approval.id, by=BO, reason="wrong day"))
    with pytest.raises(ApprovalNotUsable, match="it is refused"):
        db.write_now(lambda unit: consume(unit, approval.id))
    with pytest.raises(IntegrityError, match="consumed"):
        db.write_now(lambda unit: unit.records.execute(text("UPDATE approvals_approval SET consumed_at = 1")))


def test_the_first_answer_holds(db: Database, asked: Received):
    approval = asking(db, asked)
    db.write_now(lambda unit: refuse(unit, approval.id, by=BO))
    with pytest.raises(ApprovalAnsweredAlready, match="Bo answered first: refused"):
        db.write_now(lambda unit: grant(unit, approval.id, by=CHI))


def test_nobody_may_consume_what_nobody_answered(db: Database, asked: Received):
    approval = asking(db, asked)
    with pytest.raises(ApprovalNotUsable, match="it is asked"):
        db.write_now(lambda unit: consume(unit, approval.id))


def test_a_newer_proposal_replaces_the_one_that_waits(db: Database, asked: Received):
    first, other = asking(db, asked), asking(db, asked, kind="refund")
    second = asking(db, asked)
    waiting = db.read_now(lambda records: pending_of(records, asked.conversation.id))
    assert [approval.id for approval in waiting] == [other.id, second.id]
    assert db.read_now(lambda records: approval_of(records, first.id)).standing is Standing.LAPSED


def test_what_waits_lapses_when_a_person_takes_over(db: Database, asked: Received):
    approval = asking(db, asked)
    lapsed = db.write_now(lambda unit: lapse(unit, asked.conversation.id, reason="Bo took over"))
    assert [a.id for a in lapsed] == [approval.id]
    with pytest.raises(ApprovalAnsweredAlready, match="the clock answered first: lapsed"):
        db.write_now(lambda unit: grant(unit, approval.id, by=BO))


def test_what_nobody_answers_in_time_lapses(db: Database, asked: Received, clock: ManualClock):
    approval = asking(db, asked, lapses_at=clock.now() + timedelta(minutes=10))
    assert db.write_now(lapse_overdue) == 0
    clock.advance(601)
    with pytest.raises(ApprovalAnsweredAlready, match="it lapsed"):
        db.write_now(lambda unit: grant(unit, approval.id, by=BO))
    assert db.write_now(lapse_overdue) == 1
    assert db.read_now(lambda records: approval_of(records, approval.id)).reason == "nobody answered in time"


def test_an_answer_in_time_counts(db: Database, asked: Received, clock: ManualClock):
    approval = asking(db, asked, lapses_at=clock.now() + timedelta(minutes=10))
    assert db.write_now(lambda unit: grant(unit, approval.id, by=BO)).standing is Standing.GRANTED


def test_bad_input_is_named(db: Database, asked: Received):
    with pytest.raises(Invalid, match="1 to 8000 characters"):
        db.write_now(lambda unit: ask(unit, asked.conversation.id, " "))
    approval = asking(db, asked)
    with pytest.raises(Invalid, match="300 characters"):
        db.write_now(lambda unit: refuse(unit, approval.id, by=BO, reason="x" * 301))
    with pytest.raises(NotFound, match="appr_nowhere"):
        db.write_now(lambda unit: consume(unit, "appr_nowhere"))
