import pytest

from bothands.approvals import Standing, approval_of, ask
from bothands.assist import use_draft
from bothands.conversations import AuthorKind, By, Inbound, open_inbox, receive
from bothands.people import meet

BO = By(AuthorKind.AGENT, "agent_bo", "Bo")
PROPOSED = "Your refund left us on Monday. [1] A colleague can tell you more."


def asked(db, proposed):
    def begin(unit):
        inbox = open_inbox(unit, "shop", "Shop", assistant_name="Echo", disclosure="AI assistant.")
        ada, _ = meet(unit, None, name="Ada")
        received = receive(unit, Inbound(inbox.id, ada.id, "c-1", "Where is my money?"))
        return ask(unit, received.conversation.id, proposed, decision_id="dec_1")

    return db.write_now(begin)


@pytest.fixture
def approval(db):
    return asked(db, PROPOSED)


def standing(db, approval):
    return db.read_now(lambda records: approval_of(records, approval.id))


@pytest.mark.parametrize("draft_id", ["dec_1", "the approval itself"])
def test_sending_the_draft_under_an_own_greeting_is_a_yes(db, approval, draft_id):
    text = "Hi Ada, I'm Bo.\n\nYour refund left us on Monday."
    known = approval.id if draft_id != "dec_1" else draft_id
    db.write_now(lambda unit: use_draft(unit, approval.conversation_id, known, text, by=BO))
    after = standing(db, approval)
    assert (after.standing, after.by_name) == (Standing.GRANTED, "Bo")
    assert after.consumed_at is not None


def test_changing_a_word_of_it_is_an_amended_yes(db, approval):
    text = "Your refund left us on Tuesday."
    db.write_now(lambda unit: use_draft(unit, approval.conversation_id, "dec_1", text, by=BO))
    after = standing(db, approval)
    assert (after.standing, after.agreed_text) == (Standing.AMENDED, text)


@pytest.mark.parametrize("draft_id", [None, "dec_other"])
def test_own_words_leave_the_question_open(db, approval, draft_id):
    db.write_now(lambda unit: use_draft(unit, approval.conversation_id, draft_id, "Hello", by=BO))
    assert standing(db, approval).standing is Standing.ASKED


@pytest.mark.parametrize(
    ("proposed", "sent"),
    [
        ("Delivery costs 5", "Delivery costs 50 euros."),
        ("I'm the AI assistant.", "We sent it again this morning."),
    ],
)
def test_other_words_are_no_plain_yes_however_they_begin(db, proposed, sent):
    approval = asked(db, proposed)
    db.write_now(lambda unit: use_draft(unit, approval.conversation_id, "dec_1", sent, by=BO))
    after = standing(db, approval)
    assert (after.standing, after.agreed_text) == (Standing.AMENDED, sent)
