"""From person to person and to teams: one holder throughout, and the contact hears of it only at the end."""

import pytest

from bothands.balance import Reason
from bothands.conversations import EntryKind, HolderKind, IsClosed, close, limit_inbox
from bothands.handoff import (
    OFFER_SECONDS,
    ConversationTaken,
    NotHeld,
    NotWaiting,
    Receiver,
    ReceiverAway,
    ReceiverFull,
    ReceiverKind,
    assign,
    assignment_of,
    brief_of,
    bring_in,
    cancel_wait,
    hand_back,
    lapse_assignment,
    offers_to,
    place_of,
    queue_for,
    receivers_of,
    release_all,
    settle_closing,
    take_over,
    transfer,
    unassign,
)
from bothands.handoff.store import takings_by_agent
from bothands.kit import Invalid, NotFound
from bothands.people import add_team, disable_agent, set_availability
from tests.cast import acts

WISH = Reason("wish", "The customer asked for a person")
DANGER = Reason("risk_self_harm", "They may be in danger")


def to(agent) -> Receiver:
    return Receiver(ReceiverKind.AGENT, agent.id)


@pytest.fixture
def waits(shop, desk) -> str:
    """A conversation in the queue."""
    conversation_id = shop.visitor()("My mattress arrived broken.").conversation.id
    shop.do(bring_in, conversation_id, reason=WISH, desk=desk)
    return conversation_id


@pytest.fixture
def held(shop, waits) -> str:
    """A conversation that Bo has."""
    shop.do(take_over, waits, shop.bo)
    return waits


@pytest.fixture
def returns(shop):
    return shop.do(add_team, "Returns", [shop.dee.id])


def meant_for(shop, conversation_id):
    found = shop.see(assignment_of, conversation_id)
    return found.to.name if found else None


# offers


def test_until_an_offer_is_accepted_it_stays_where_it_is(shop, desk, held):
    before = len(shop.entries(held))
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk, note="She wants the money back")
    assert shop.conversation(held).holder_id == shop.bo.id
    assert meant_for(shop, held) == "Dee"
    added = shop.entries(held)[before:]
    assert [(entry.kind, entry.body) for entry in added] == [
        (EntryKind.NOTE, "Offered to Dee: She wants the money back")
    ]
    assert shop.see(brief_of, held) is not None
    taken = shop.do(take_over, held, shop.dee)
    assert (taken.holder_id, taken.holder_name) == (shop.dee.id, "Dee")
    assert meant_for(shop, held) is None
    assert shop.see(takings_by_agent) == {shop.dee.id: 1}
    last = shop.entries(held)[-1]
    assert (last.kind, last.ref["to"]["name"]) == (EntryKind.TRANSFER, "Dee")


def test_nobody_else_accepts_an_offer_but_a_lead(shop, desk, held):
    eve = shop.hire("Eve", shop.bo.role)
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    with pytest.raises(ConversationTaken):
        shop.do(take_over, held, eve)
    assert shop.do(take_over, held, shop.chi).holder_name == "Chi"
    assert meant_for(shop, held) is None
    with pytest.raises(ConversationTaken):
        shop.do(take_over, held, shop.dee)


def test_an_offer_that_nobody_accepts_returns(shop, desk, held, clock):
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    offer = shop.see(assignment_of, held)
    clock.advance(OFFER_SECONDS - 1)
    shop.do(lapse_assignment, offer.id)
    assert shop.see(offers_to, shop.dee.id, clock.now()) == [held]
    clock.advance(1)
    assert shop.see(offers_to, shop.dee.id, clock.now()) == []
    for _ in range(2):
        shop.do(lapse_assignment, offer.id)
    assert meant_for(shop, held) is None
    assert shop.entries(held)[-1].body == "Dee did not take it in time. Bo still has it."
    with pytest.raises(ConversationTaken):
        shop.do(take_over, held, shop.dee)


def test_an_offer_is_declined_or_taken_back(shop, desk, held):
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    eve = shop.hire("Eve", shop.bo.role)
    with pytest.raises(ConversationTaken):
        shop.do(unassign, held, by=eve)
    shop.do(unassign, held, by=shop.dee)
    assert shop.entries(held)[-1].body == "Dee cannot take it"
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    shop.do(unassign, held, by=shop.bo)
    assert shop.entries(held)[-1].body == "No longer for Dee"
    with pytest.raises(NotFound):
        shop.do(unassign, held, by=shop.bo)


def test_a_second_offer_replaces_the_first(shop, desk, held):
    eve = shop.hire("Eve", shop.bo.role)
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    first = shop.see(assignment_of, held)
    shop.do(transfer, held, to(eve), by=shop.bo, desk=desk)
    assert meant_for(shop, held) == "Eve"
    shop.do(lapse_assignment, first.id)
    assert meant_for(shop, held) == "Eve"
    with pytest.raises(ConversationTaken):
        shop.do(take_over, held, shop.dee)


def test_whoever_is_away_or_full_is_only_asked_anyway(shop, desk, held):
    other = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(take_over, other, shop.dee)
    with pytest.raises(ReceiverFull, match="1 of 1"):
        shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    shop.do(set_availability, shop.dee.id, False)
    with pytest.raises(ReceiverAway, match="Dee is away"):
        shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk, anyway=True)
    assert meant_for(shop, held) == "Dee"


# teams


def test_to_a_team_it_waits_in_line_and_the_team_comes_first(shop, desk, held, returns, clock):
    clock.advance(60)
    other = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(bring_in, other, reason=WISH, desk=desk)
    clock.advance(60)
    team = Receiver(ReceiverKind.TEAM, returns.id)
    moved = shop.do(transfer, held, team, by=shop.bo, desk=desk, note="Needs a return label")
    assert (moved.holder_kind, moved.reason_words) == (HolderKind.QUEUE, "Bo transferred it to Returns")
    assert shop.see(takings_by_agent) == {}
    assert shop.see(place_of, held) == 2
    order = [[item.conversation_id for item, _ in shop.see(queue_for, who.id)] for who in (shop.dee, shop.bo)]
    assert order == [[held, other], [other, held]]
    assert shop.entries(held)[-1].body == "For Returns: Needs a return label"
    shop.do(take_over, held, shop.dee)
    assert meant_for(shop, held) is None


def test_a_team_whose_people_are_all_away_may_still_be_given_it(shop, desk, held, returns):
    shop.nobody_is_there()
    shop.do(transfer, held, Receiver(ReceiverKind.TEAM, returns.id), by=shop.bo, desk=desk)
    assert shop.conversation(held).holder_kind is HolderKind.QUEUE


def test_danger_stays_first_for_everybody(shop, desk, held, returns):
    danger = shop.visitor("Eve")("I cannot go on.").conversation.id
    shop.do(bring_in, danger, reason=DANGER, desk=desk)
    shop.do(take_over, danger, shop.dee)
    team = Receiver(ReceiverKind.TEAM, returns.id)
    shop.do(transfer, danger, team, by=shop.dee, desk=desk)
    shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    shop.do(transfer, held, team, by=shop.bo, desk=desk)
    assert shop.conversation(danger).reason_code == "risk_self_harm"
    for who in (shop.bo, shop.dee):
        assert shop.see(queue_for, who.id)[0][0].conversation_id == danger


# who waits


def test_what_waits_is_meant_for_somebody_who_then_sees_it_first(shop, desk, waits, clock):
    clock.advance(60)
    second = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(bring_in, second, reason=WISH, desk=desk)
    shop.do(assign, second, to(shop.dee), by=shop.chi, note="You know her")
    assert shop.see(place_of, second) == 2
    order = [[item.conversation_id for item, _ in shop.see(queue_for, who.id)] for who in (shop.dee, shop.bo)]
    assert order == [[second, waits], [waits, second]]
    assert shop.do(take_over, second, shop.bo).holder_name == "Bo"
    assert meant_for(shop, second) is None


def test_only_what_waits_is_assigned_and_only_what_a_person_has_is_transferred(shop, desk, held):
    with pytest.raises(NotWaiting):
        shop.do(assign, held, to(shop.dee), by=shop.bo)
    shop.do(hand_back, held, shop.bo)
    with pytest.raises(NotWaiting):
        shop.do(assign, held, to(shop.dee), by=shop.bo)
    with pytest.raises(NotHeld):
        shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)
    shop.do(close, held, by=acts(shop.bo), reason="solved")
    with pytest.raises(IsClosed):
        shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)


def test_what_was_meant_ends_with_the_wait_and_with_the_conversation(shop, desk, waits):
    shop.do(assign, waits, to(shop.dee), by=shop.bo)
    shop.do(cancel_wait, waits)
    assert meant_for(shop, waits) is None
    shop.do(bring_in, waits, reason=WISH, desk=desk)
    shop.do(take_over, waits, shop.bo)
    for end in (
        lambda unit: hand_back(unit, waits, shop.bo),
        lambda unit: close(unit, waits, by=acts(shop.bo), reason="solved"),
    ):
        shop.do(take_over, waits, shop.bo)
        shop.do(transfer, waits, to(shop.dee), by=shop.bo, desk=desk)
        shop.db.write_now(end)
        shop.do(settle_closing, waits)
        assert meant_for(shop, waits) is None


def test_only_whoever_has_it_and_leads_pass_it_on_and_not_to_themselves(shop, desk, held):
    eve = shop.hire("Eve", shop.bo.role)
    with pytest.raises(ConversationTaken):
        shop.do(transfer, held, to(eve), by=shop.dee, desk=desk)
    with pytest.raises(Invalid, match="has it already"):
        shop.do(transfer, held, to(shop.bo), by=shop.bo, desk=desk)
    shop.do(transfer, held, to(eve), by=shop.chi, desk=desk)
    assert meant_for(shop, held) == "Eve"


def test_nobody_is_given_what_they_may_not_see_and_nobody_who_left(shop, desk, held, returns):
    other = shop.do(add_team, "Delivery", [shop.bo.id])
    shop.do(limit_inbox, shop.inbox.id, [other.id])
    for receiver in (
        to(shop.dee),
        Receiver(ReceiverKind.TEAM, returns.id),
        Receiver(ReceiverKind.TEAM, "team_x"),
    ):
        with pytest.raises(NotFound):
            shop.do(transfer, held, receiver, by=shop.bo, desk=desk)
    shop.do(limit_inbox, shop.inbox.id, [])
    shop.do(disable_agent, shop.dee.id)
    with pytest.raises(NotFound):
        shop.do(transfer, held, to(shop.dee), by=shop.bo, desk=desk)


def test_who_is_free_is_listed_first_with_how_many_chats_they_have(shop, held, returns):
    found = shop.see(receivers_of, shop.conversation(held))
    assert [(one.receiver.name, one.is_free, one.held) for one in found.people] == [
        ("Dee", True, 0),
        ("Bo", False, 1),
        ("Chi", False, 0),
    ]
    assert [(one.receiver.name, one.free, one.members) for one in found.teams] == [("Returns", 1, 1)]


def test_whoever_leaves_is_meant_for_nothing_any_more(shop, desk, waits, held):
    second = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(bring_in, second, reason=WISH, desk=desk)
    shop.do(assign, second, to(shop.dee), by=shop.bo)
    shop.do(release_all, shop.dee, desk=desk, by=acts(shop.chi))
    assert meant_for(shop, second) is None
