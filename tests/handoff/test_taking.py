import pytest

from bothands.approvals import ask, pending_of
from bothands.balance import Reason
from bothands.conversations import (
    Author,
    AuthorKind,
    By,
    EntryKind,
    HolderKind,
    IsClosed,
    NotHolder,
    Reply,
    Superseded,
    claim,
    close,
    latest_scene,
    post_reply,
    reopen,
)
from bothands.handoff import (
    ConversationTaken,
    Label,
    brief_of,
    bring_in,
    correct_brief,
    hand_back,
    place_of,
    queue,
    refresh_brief,
    settle_closing,
    take_over,
)
from bothands.handoff.store import recent_handle_seconds, takings_by_agent
from bothands.kit import Invalid, NotFound

WISH = Reason("wish", "The customer asked for a person")
ADA = By(AuthorKind.CONTACT, "contact_ada", "Ada")


@pytest.fixture
def ada(shop):
    return shop.visitor()


@pytest.fixture
def conv(ada) -> str:
    return ada("My mattress arrived broken, again.").conversation.id


def test_taking_from_the_queue_ends_the_wait_and_says_who_joined(shop, desk, conv, clock):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    clock.advance(42)
    taken = shop.do(take_over, conv, shop.bo)
    assert (taken.holder_kind, taken.holder_id, taken.holder_name) == (HolderKind.AGENT, shop.bo.id, "Bo")
    assert shop.entries(conv)[-1].body == "Bo joined, the AI stopped"
    assert shop.see(queue) == []
    assert (taken.reason_code, taken.reason_words) == ("wish", "The customer asked for a person")
    assert shop.see(takings_by_agent) == {shop.bo.id: 1}


def test_the_assistant_is_silent_from_that_very_transaction_on(shop, conv):
    scene = shop.see(latest_scene, conv)
    shop.do(take_over, conv, shop.bo)
    with pytest.raises(NotHolder):
        shop.echo_says(conv, "Two to four days.")
    # A turn that was thinking meanwhile finds that the world moved on.
    with pytest.raises(Superseded):
        shop.do(claim, scene)


def test_of_two_agents_one_has_it_and_the_other_is_told_who(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    shop.do(take_over, conv, shop.bo)
    with pytest.raises(ConversationTaken, match=r"Bo has it\. Ask Bo or a lead"):
        shop.do(take_over, conv, shop.dee)
    assert shop.conversation(conv).holder_name == "Bo"


def test_taking_what_one_has_changes_nothing(shop, conv):
    first = shop.do(take_over, conv, shop.bo)
    assert shop.do(take_over, conv, shop.bo) == first


def test_a_lead_may_take_it_from_an_agent(shop, conv):
    shop.do(take_over, conv, shop.bo)
    taken = shop.do(take_over, conv, shop.chi)
    assert taken.holder_name == "Chi"
    assert shop.entries(conv)[-1].body == "Chi took over from Bo"
    assert shop.see(takings_by_agent) == {shop.chi.id: 1}


def test_a_closed_conversation_cannot_be_taken(shop, conv):
    shop.do(close, conv, by=ADA, reason="done")
    with pytest.raises(IsClosed):
        shop.do(take_over, conv, shop.bo)


def test_stepping_in_early_makes_a_brief_too(shop, conv):
    shop.do(take_over, conv, shop.bo)
    brief = shop.see(brief_of, conv)
    assert brief.line(Label.WHY_YOU).text == "You took it over; nobody was asked for"
    assert "My mattress arrived broken, again." in brief.line(Label.WANTS).text


def test_what_waits_for_a_yes_waits_on_when_a_person_takes_over_and_lapses_when_they_hand_back(shop, conv):
    approval = shop.do(ask, conv, "Your refund left us on Monday.")
    shop.do(take_over, conv, shop.bo)
    assert shop.see(pending_of, conv) == [approval]
    shop.do(hand_back, conv, shop.bo)
    assert shop.see(pending_of, conv) == []


def test_handing_back_gives_the_assistant_a_clean_slate(shop, desk, ada, conv, clock):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    shop.do(take_over, conv, shop.bo)
    clock.advance(300)
    back = shop.do(hand_back, conv, shop.bo, note="New mattress is on its way")
    note, transfer = shop.entries(conv)[-2:]
    assert (note.kind, note.body) == (EntryKind.NOTE, "New mattress is on its way")
    assert transfer.body == "Bo handed back to the AI assistant"
    assert (back.holder_kind, back.matter_seq) == (HolderKind.ASSISTANT, transfer.seq)
    assert shop.see(brief_of, conv) is None
    assert shop.see(recent_handle_seconds) == [300.0]
    ada("Do you deliver on Saturdays?")
    assert shop.see(latest_scene, conv).earlier == ()
    shop.echo_says(conv, "Yes, on Saturdays too.")


def test_handing_back_what_the_assistant_has_changes_nothing(shop, conv):
    before = shop.conversation(conv)
    assert shop.do(hand_back, conv, shop.bo) == before


def test_only_who_has_it_or_a_lead_hands_it_back(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    with pytest.raises(ConversationTaken, match="the queue has it"):
        shop.do(hand_back, conv, shop.dee)
    assert shop.do(hand_back, conv, shop.chi).holder_kind is HolderKind.ASSISTANT
    assert shop.see(queue) == []
    shop.do(take_over, conv, shop.bo)
    with pytest.raises(ConversationTaken, match="Bo has it"):
        shop.do(hand_back, conv, shop.dee)


def test_a_second_handoff_after_handing_back_speaks_of_the_new_matter_only(shop, desk, ada, conv):
    shop.do(take_over, conv, shop.bo)
    shop.do(hand_back, conv, shop.bo)
    ada("Can I cancel my pillow order?")
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    wants = shop.see(brief_of, conv).line(Label.WANTS).text
    assert "cancel my pillow order" in wants
    assert "mattress" not in wants


def test_after_a_closing_nobody_waits_or_handles(shop, desk, conv, clock):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    shop.do(settle_closing, conv)
    assert shop.see(place_of, conv) == 1
    shop.do(close, conv, by=ADA, reason="found it")
    shop.do(settle_closing, conv)
    assert shop.see(queue) == []
    shop.do(reopen, conv, by=ADA)
    shop.do(take_over, conv, shop.bo)
    shop.do(close, conv, by=By(AuthorKind.AGENT, shop.bo.id, "Bo"), reason="done")
    shop.do(settle_closing, conv)
    shop.do(settle_closing, conv)
    assert shop.see(takings_by_agent) == {}


def test_the_agent_speaks_under_their_own_name(shop, conv):
    shop.do(take_over, conv, shop.bo)
    bo = Author(AuthorKind.AGENT, shop.bo.id, "Bo", "A person at the shop")
    entry = shop.do(post_reply, Reply(conv, bo, "Hi Ada, I have your photo.", "b-1"))
    assert entry.author_name == "Bo"


def test_the_brief_stays_current_while_waiting(shop, desk, ada, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    ada("It is order 48217, by the way.")
    shop.do(refresh_brief, conv)
    brief = shop.see(brief_of, conv)
    assert "48217" in brief.line(Label.CONFIRMED).text
    assert brief.line(Label.CONFIRMED).certain is False
    assert brief.messages == 3


def test_while_the_assistant_has_it_there_is_no_brief(shop, conv):
    assert shop.do(refresh_brief, conv) is None
    assert shop.see(brief_of, conv) is None


def test_a_person_may_put_the_brief_right_and_it_stays_right(shop, desk, ada, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    bo = By(AuthorKind.AGENT, shop.bo.id, "Bo")
    shop.do(correct_brief, conv, "wants", "  A new mattress,\n not a refund ", by=bo)
    ada("Hello?")
    shop.do(refresh_brief, conv)
    line = shop.see(brief_of, conv).line(Label.WANTS)
    assert (line.text, line.corrected_by, line.certain) == ("A new mattress, not a refund", "Bo", True)


def test_bad_corrections_are_named(shop, desk, conv):
    bo = By(AuthorKind.AGENT, shop.bo.id, "Bo")
    with pytest.raises(NotFound, match="none was made yet"):
        shop.do(correct_brief, conv, "wants", "x", by=bo)
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    with pytest.raises(Invalid, match="Use one of: wants, confirmed, ai_tried, why_you, mood"):
        shop.do(correct_brief, conv, "summary", "x", by=bo)
    with pytest.raises(Invalid, match="1 to 300 characters"):
        shop.do(correct_brief, conv, "wants", " ", by=bo)
