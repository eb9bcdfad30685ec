"""An agent who goes for good leaves nobody behind."""

import pytest

from bothands.balance import Reason
from bothands.conversations import AuthorKind, By, HolderKind, Inbound, limit_inbox, open_inbox, receive
from bothands.handoff import (
    HeldReleased,
    Receiver,
    ReceiverKind,
    assign,
    assignment_of,
    bring_in,
    place_of,
    queue,
    release_all,
    release_hidden,
    take_over,
)
from bothands.handoff.store import takings_by_agent
from bothands.kit import NotFound
from bothands.people import Role, add_team, meet, update_agent, update_team

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


def limited_to(shop, *members):
    """The shop's inbox is for a team of these from now on."""
    team = shop.do(add_team, "Care", [member.id for member in members])
    shop.do(limit_inbox, shop.inbox.id, [team.id])
    return team


def release_what_is_hidden(shop, desk):
    return shop.do(release_hidden, desk=desk, by=By(AuthorKind.AGENT, shop.chi.id, shop.chi.name))


def test_who_is_taken_out_of_the_team_gives_back_what_they_held(shop, desk):
    team = limited_to(shop, shop.bo, shop.dee)
    ada, eve = taken(shop, desk, "Ada", "My mattress arrived broken."), taken(shop, desk, "Eve", "Hello?")
    dees = shop.visitor("Fay")("Hello?").conversation.id
    shop.do(take_over, dees, shop.dee)
    assert release_what_is_hidden(shop, desk) == 0, "both may see all of it"
    shop.do(update_team, team.id, member_ids=[shop.dee.id])
    heard: list[object] = []
    shop.db.listen(heard.extend)
    assert release_what_is_hidden(shop, desk) == 2
    for conversation_id in (ada, eve):
        found = shop.conversation(conversation_id)
        assert (found.holder_kind, found.reason_code) == (HolderKind.QUEUE, "agent_left")
        assert "Bo cannot go on" in shop.entries(conversation_id)[-1].body
    assert shop.conversation(dees).holder_id == shop.dee.id
    assert [event for event in heard if isinstance(event, HeldReleased)] == [HeldReleased(shop.bo.id, 2)]
    assert release_what_is_hidden(shop, desk) == 0


def test_what_was_meant_for_them_is_for_everybody(shop, desk):
    ada = shop.visitor("Ada")("Hello?").conversation.id
    shop.do(bring_in, ada, reason=WISH, desk=desk)
    shop.do(assign, ada, Receiver(ReceiverKind.AGENT, shop.bo.id), by=shop.chi)
    limited_to(shop, shop.dee)
    release_what_is_hidden(shop, desk)
    assert shop.see(assignment_of, ada) is None


def test_an_admin_who_becomes_an_agent_keeps_what_they_still_see(shop, desk):
    eva, _ = shop.hire("Eva", Role.ADMIN), shop.hire("Gil", Role.ADMIN)
    ada = shop.visitor("Ada")("Hello?").conversation.id
    shop.do(take_over, ada, eva)
    other = shop.do(open_inbox, "other", "Other", assistant_name="Echo", disclosure="AI assistant.")
    limited_to(shop, shop.bo)
    fay, _ = shop.do(meet, None, name="Fay")
    fays = shop.do(receive, Inbound(other.id, fay.id, "f-1", "Hello?")).conversation.id
    shop.do(take_over, fays, eva)
    shop.do(update_agent, eva.id, role=Role.AGENT, by_id=eva.id)
    assert release_what_is_hidden(shop, desk) == 1
    assert shop.conversation(ada).holder_kind is HolderKind.QUEUE
    assert shop.conversation(fays).holder_id == eva.id


def test_nobody_takes_over_what_they_may_not_see(shop, desk):
    limited_to(shop, shop.dee)
    ada = shop.visitor("Ada")("Hello?").conversation.id
    with pytest.raises(NotFound):
        shop.do(take_over, ada, shop.bo)
    assert shop.do(take_over, ada, shop.dee).holder_id == shop.dee.id
