"""After a closing that stays, nobody reads of a customer's hardship in what the desk wrote down."""

import msgspec

from bothands.balance import Reason
from bothands.conversations import AuthorKind, By, EntryKind, add_entry, close, undo_closing
from bothands.handoff import FORGET, brief_of, bring_in, forget_signals, take_over
from bothands.jobs.store import next_due_at
from bothands.understanding import Risk, Span

HARDSHIP = Reason("risk_vulnerable", 'A person takes care, because they may be vulnerable ("zq017qz")')
UNDO_IS_OVER_SECONDS = 13


def signs(shop):
    return By(AuthorKind.AGENT, shop.bo.id, shop.bo.name)


def heard(shop, desk):
    """Bo has a conversation in which a hardship was heard."""
    conversation_id = shop.visitor()("I cannot pay this month.").conversation.id
    risks = [msgspec.to_builtins(Risk("vulnerable", 0.9, 'tells of: "zq017qz"', Span(2, 9)))]
    shop.do(
        add_entry, conversation_id, EntryKind.READING, "", {"message_seq": 1, "reading": {"risks": risks}}
    )
    shop.do(bring_in, conversation_id, reason=HARDSHIP, desk=desk)
    shop.do(take_over, conversation_id, shop.bo)
    return conversation_id


def told(shop, conversation_id):
    """All that the desk shows."""
    shown = (
        shop.conversation(conversation_id),
        shop.entries(conversation_id),
        shop.see(brief_of, conversation_id),
    )
    return str(shown)


def names_it(shop, conversation_id):
    shown = told(shop, conversation_id)
    return "vulnerable" in shown, "zq017qz" in shown


def test_while_it_is_open_people_know_it(shop, desk):
    conversation_id = heard(shop, desk)
    shop.do(forget_signals, conversation_id)
    assert names_it(shop, conversation_id) == (True, True)


def test_a_closing_waits_until_it_cannot_be_undone(shop, desk, clock):
    conversation_id = heard(shop, desk)
    shop.do(close, conversation_id, by=signs(shop), reason="done")
    shop.do(forget_signals, conversation_id)
    assert names_it(shop, conversation_id) == (True, True)
    due_at = shop.see(next_due_at)
    assert (due_at - clock.now()).total_seconds() == UNDO_IS_OVER_SECONDS, f"a {FORGET} job of its own"
    clock.advance(UNDO_IS_OVER_SECONDS)
    shop.do(forget_signals, conversation_id)
    assert names_it(shop, conversation_id) == (False, False)
    assert "risk_unnamed" in told(shop, conversation_id)


def test_a_closing_that_was_undone_changes_nothing(shop, desk, clock):
    conversation_id = heard(shop, desk)
    shop.do(close, conversation_id, by=signs(shop), reason="done")
    shop.do(undo_closing, conversation_id, by=signs(shop))
    before = told(shop, conversation_id)
    clock.advance(UNDO_IS_OVER_SECONDS)
    shop.do(forget_signals, conversation_id)
    assert told(shop, conversation_id) == before


def test_what_was_said_stays_and_other_reasons_do(shop, desk, clock):
    conversation_id = shop.visitor()("I am so disappointed.").conversation.id
    shop.do(bring_in, conversation_id, reason=Reason("complaint", "It deserves a person"), desk=desk)
    shop.do(take_over, conversation_id, shop.bo)
    shop.do(close, conversation_id, by=signs(shop), reason="done")
    entries = shop.entries(conversation_id)
    clock.advance(UNDO_IS_OVER_SECONDS)
    shop.do(forget_signals, conversation_id)
    assert shop.entries(conversation_id) == entries
    assert shop.conversation(conversation_id).reason_code == "complaint"
