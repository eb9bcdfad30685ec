import msgspec
import pytest

from bothands.balance import Reason
from bothands.conversations import (
    AuthorKind,
    By,
    EntryKind,
    Holder,
    HolderKind,
    IsClosed,
    NotHolder,
    change_holder,
    close,
)
from bothands.handoff import (
    Label,
    NotWaiting,
    Urgency,
    answer_question,
    brief_of,
    bring_in,
    cancel_wait,
    leave_address,
    people_now,
    place_of,
    queue,
    take_over,
    waiting_of,
)
from bothands.jobs import events_of
from bothands.kit import Invalid
from bothands.people import BadAddress, contact_of

WISH = Reason("wish", "The customer asked for a person")
UNSURE = Reason("unsure", "Still unsure after one question back")
DANGER = Reason("risk_self_harm", "A person takes care")
ADA = By(AuthorKind.CONTACT, "contact_ada", "Ada")


@pytest.fixture
def conv(shop) -> str:
    return shop.visitor()("My mattress arrived broken, again.").conversation.id


def test_bringing_a_person_in_is_last_words_transfer_place_and_brief_at_once(shop, desk, conv):
    waiting = shop.do(bring_in, conv, reason=WISH, desk=desk)
    message, transfer = shop.entries(conv)[1:]
    assert (message.kind, message.author_name) == (EntryKind.MESSAGE, "Echo")
    assert "I'm the AI assistant" in message.body
    assert "You are next in line, about 1 to 3 minutes." in message.body
    assert "you won't need to repeat it" in message.body
    assert (transfer.kind, transfer.ref["to"]["kind"]) == (EntryKind.TRANSFER, "queue")
    conversation = shop.conversation(conv)
    assert conversation.holder_kind is HolderKind.QUEUE
    assert conversation.reason_code == "wish"
    assert shop.see(waiting_of, conv) == waiting
    assert shop.see(place_of, conv) == 1
    assert shop.see(brief_of, conv).line(Label.WHY_YOU).text == "The customer asked for a person"
    kinds = {event["kind"] for event in shop.see(events_of, conv)}
    assert {"holder_changed", "person_asked", "brief_changed"} <= kinds


def test_asking_twice_is_asking_once(shop, desk, conv):
    first = shop.do(bring_in, conv, reason=WISH, desk=desk)
    again = shop.do(bring_in, conv, reason=UNSURE, desk=desk)
    assert again == first
    assert len(shop.entries(conv)) == 3


def test_asking_again_for_a_graver_reason_moves_forward(shop, desk, clock, conv):
    other = shop.visitor("Eve")("Where is my parcel?").conversation.id
    shop.do(bring_in, other, reason=WISH, desk=desk)
    clock.advance(1)
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    assert shop.see(place_of, conv) == 2
    hurried = shop.do(bring_in, conv, reason=DANGER, desk=desk)
    assert hurried.urgency is Urgency.SAFETY
    assert hurried.due_at == hurried.asked_at
    assert shop.conversation(conv).reason_code == DANGER.code
    assert shop.see(waiting_of, conv) == hurried
    assert (shop.see(place_of, conv), shop.see(place_of, other)) == (1, 2)


def test_while_a_person_has_it_nobody_is_asked_for(shop, desk, conv):
    shop.do(take_over, conv, shop.bo)
    assert shop.do(bring_in, conv, reason=WISH, desk=desk) is None


def test_a_closed_conversation_gets_no_person(shop, desk, conv):
    shop.do(close, conv, by=ADA, reason="done")
    with pytest.raises(IsClosed):
        shop.do(bring_in, conv, reason=WISH, desk=desk)
    assert shop.see(queue) == []


def test_the_assistant_is_silent_in_the_queue(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    with pytest.raises(NotHolder):
        shop.echo_says(conv, "One more thing…")


def test_the_words_may_be_given(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk, words_to_contact="A colleague of our AI takes over.")
    assert shop.entries(conv)[1].body == "A colleague of our AI takes over."


def test_the_queue_goes_by_deadline_so_that_pressing_ones_pass_but_nobody_is_passed_for_ever(
    shop, desk, clock
):
    calm = shop.visitor("Ada")("How long?").conversation.id
    shop.do(bring_in, calm, reason=UNSURE, desk=desk)
    clock.advance(60)
    angry = shop.visitor("Eve")("This is outrageous").conversation.id
    shop.do(bring_in, angry, reason=Reason("anger", "The customer is angry"), desk=desk)
    clock.advance(200)
    late = shop.visitor("Fay")("Outrageous, too").conversation.id
    shop.do(bring_in, late, reason=Reason("anger", "The customer is angry"), desk=desk)
    assert [waiting.conversation_id for waiting in shop.see(queue)] == [angry, calm, late]
    danger = shop.visitor("Gil")("I can't go on").conversation.id
    shop.do(bring_in, danger, reason=DANGER, desk=desk)
    assert shop.see(queue)[0].conversation_id == danger
    assert [shop.see(place_of, one) for one in (danger, angry, calm, late)] == [1, 2, 3, 4]


def test_the_place_told_is_the_place_there_is(shop, desk, clock):
    for index, name in enumerate(("Ada", "Eve", "Fay")):
        conversation = shop.visitor(name)("Where is it?").conversation.id
        shop.do(bring_in, conversation, reason=WISH, desk=desk)
        clock.advance(1)
        assert shop.see(place_of, conversation) == index + 1
        told = shop.entries(conversation)[1].body
        assert ("next in line", "2nd in line", "3rd in line")[index] in told
    later = shop.see(people_now, desk, shop.db.clock.now())
    assert later.wait.high_minutes > 3
    assert (later.on_duty, later.open_until, later.next_open_at) == (True, "20:00", None)


def test_with_nobody_on_duty_it_says_when_people_are_back_and_asks_for_a_way(shop, desk, clock, conv):
    clock.advance(6 * 3600)
    waiting = shop.do(bring_in, conv, reason=WISH, desk=desk)
    words = shop.entries(conv)[1].body
    assert "Nobody is on duty right now. People are back tomorrow at 09:00 Berlin time." in words
    assert "Leave an e-mail address or phone number" in words
    assert waiting.told is None
    people = shop.see(people_now, desk, clock.now())
    assert (people.on_duty, people.open_until, people.wait) == (False, None, None)
    assert people.next_open_at == waiting.due_at.replace(minute=0)


def test_open_but_empty_desks_promise_nothing(shop, desk, conv):
    shop.nobody_is_there()
    assert shop.see(people_now, desk, shop.db.clock.now()).on_duty is False
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    assert "Nobody is on duty right now. Leave an e-mail" in shop.entries(conv)[1].body


def test_cancelling_gives_it_back_to_the_assistant(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    back = shop.do(cancel_wait, conv, by=ADA)
    assert back.holder_kind is HolderKind.ASSISTANT
    assert shop.see(place_of, conv) is None
    assert shop.see(queue) == []
    assert shop.do(cancel_wait, conv, by=ADA) == back
    shop.echo_says(conv, "What else?")
    assert shop.do(bring_in, conv, reason=WISH, desk=desk) is not None


def test_the_two_questions_land_in_the_brief(shop, desk, conv):
    waiting = shop.do(bring_in, conv, reason=WISH, desk=desk)
    assert [question.id for question in waiting.questions] == ["order", "photo"]
    shop.do(answer_question, conv, "order", "48217", by=ADA)
    shop.do(answer_question, conv, "order", "48217", by=ADA)
    photo = {"id": "file_1", "name": "seam.jpg", "media_type": "image/jpeg", "bytes": 3}
    shop.do(answer_question, conv, "photo", "file_1", by=ADA, attachment=photo)
    notes = [entry for entry in shop.entries(conv) if entry.kind is EntryKind.NOTE]
    assert [note.body for note in notes] == [
        "Do you have the order number? 48217",
        "A photo of it helps: seam.jpg",
    ]
    confirmed = shop.see(brief_of, conv).line(Label.CONFIRMED)
    assert confirmed.text == "Order number 48217; sent a photo"
    assert confirmed.entries == tuple(note.seq for note in notes)
    assert shop.see(waiting_of, conv).open_questions == ()


def test_questions_may_be_skipped(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    assert shop.do(answer_question, conv, "photo", None, by=ADA) is None
    assert [question.id for question in shop.see(waiting_of, conv).open_questions] == ["order"]


@pytest.mark.parametrize(
    ("text", "reason", "asked"),
    [
        ("Do you sell gift cards?", WISH, []),
        ("Where is my order?", WISH, ["order"]),
        ("Where is order 48217?", WISH, []),
        ("Order 48217 came torn", WISH, ["photo"]),
        ("My bed arrived broken and I can't go on", DANGER, []),
    ],
)
def test_only_what_is_not_known_is_asked(shop, desk, text, reason, asked):
    conversation = shop.visitor()(text).conversation.id
    waiting = shop.do(bring_in, conversation, reason=reason, desk=desk)
    assert [question.id for question in waiting.questions] == asked


def test_a_left_address_is_kept_with_the_contact_and_the_brief(shop, desk, conv):
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    shop.do(leave_address, conv, email="Ada@Example.com", phone="", name="Ada L.", by=ADA)
    assert shop.see(waiting_of, conv).address == {"name": "Ada L.", "email": "ada@example.com"}
    contact = shop.see(contact_of, shop.conversation(conv).contact_id)
    assert (contact.name, contact.email) == ("Ada L.", "ada@example.com")
    assert "Reach at ada@example.com" in shop.see(brief_of, conv).line(Label.CONFIRMED).text


def test_bad_answers_and_addresses_are_named_and_change_nothing(shop, desk, conv):
    with pytest.raises(NotWaiting):
        shop.do(answer_question, conv, "order", "1", by=ADA)
    shop.do(bring_in, conv, reason=WISH, desk=desk)
    before = shop.entries(conv)
    with pytest.raises(Invalid, match="Answer one of: order, photo"):
        shop.do(answer_question, conv, "shoe_size", "44", by=ADA)
    with pytest.raises(Invalid, match="300 characters"):
        shop.do(answer_question, conv, "order", "4" * 301, by=ADA)
    with pytest.raises(Invalid, match="neither e-mail nor phone"):
        shop.do(leave_address, conv, email=" ", by=ADA)
    with pytest.raises(BadAddress):
        shop.do(leave_address, conv, email="ada at home", by=ADA)
    assert shop.entries(conv) == before
    assert shop.see(waiting_of, conv).address == {}


def test_without_hours_people_answer_around_the_clock(shop, desk, clock, conv):
    always = msgspec.structs.replace(desk, hours=None)
    clock.advance(8 * 3600)
    assert shop.see(people_now, always, clock.now()).on_duty
    assert shop.do(bring_in, conv, reason=WISH, desk=always).told is not None


def test_a_wait_whose_row_was_lost_is_made_good_without_speaking_twice(shop, desk, conv):
    shop.do(change_holder, conv, Holder(HolderKind.QUEUE), reason_code="wish", words="", by=ADA)
    assert shop.do(bring_in, conv, reason=WISH, desk=desk) is not None
    assert [entry.kind for entry in shop.entries(conv)] == [EntryKind.MESSAGE, EntryKind.TRANSFER]
