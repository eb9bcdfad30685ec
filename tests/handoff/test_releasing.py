"""An agent who goes for good leaves nobody behind."""

from bothands.balance import Reason
from bothands.conversations import AuthorKind, By, HolderKind
from bothands.handoff import bring_in, place_of, queue, release_all, take_over
from bothands.handoff.store import takings_by_agent

WISH = Reason("wish", "The customer asked for a person")
DANGER = Reason("risk_self_harm", "They may be in danger")


def taken(shop, desk, name, text, reason=WISH):
    conversation_id = shop.visitor(name)(text).conversation.id
    shop.do(bring_in, conversation_id, reason=reason, desk=desk)
    shop.do(take_over, conversation_id, shop.bo)
    return conversation_id


def release(shop, desk):
    return shop.do(release_all, shop.bo, desk=desk, by=By(AuthorKind.AGENT, shop.chi.id, shop.chi.name))


def test_all_that_an_agent_holds_waits_for_somebody_else(shop, desk):
    ada = taken(shop, desk, "Ada", "My mattress arrived broken.")
    eve = taken(shop, desk, "Eve", "Where is my parcel?")
    dees = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(take_over, dees, shop.dee)
    assert release(shop, desk) == 2
    assert {waiting.conversation_id for waiting in shop.see(queue)} == {ada, eve}
    for conversation_id in (ada, eve):
        found = shop.conversation(conversation_id)
        assert (found.holder_kind, found.reason_code) == (HolderKind.QUEUE, "agent_left")
        assert "Bo cannot go on" in shop.entries(conversation_id)[-1].body
    assert shop.conversation(dees).holder_id == shop.dee.id
    assert shop.see(takings_by_agent) == {shop.dee.id: 1}
    assert release(shop, desk) == 0
    assert shop.do(take_over, ada, shop.dee).holder_id == shop.dee.id


def test_they_go_before_newcomers_and_danger_before_all(shop, desk, clock):
    ada = taken(shop, desk, "Ada", "My mattress arrived broken.")
    eve = taken(shop, desk, "Eve", "I cannot go on.", DANGER)
    newcomer = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(bring_in, newcomer, reason=WISH, desk=desk)
    clock.advance(60)
    release(shop, desk)
    assert [shop.see(place_of, one) for one in (eve, ada, newcomer)] == [1, 2, 3]
    assert shop.conversation(eve).reason_code == "risk_self_harm"


def test_more_than_a_page_of_them(shop, desk):
    many = [taken(shop, desk, f"Ada {n}", "Hello?") for n in range(103)]
    assert release(shop, desk) == 103
    assert {shop.conversation(one).holder_kind for one in many} == {HolderKind.QUEUE}
