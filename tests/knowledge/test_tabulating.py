"""The missing-cell dialogue, as Ada has it."""

from bothands.knowledge import Answer, Ask

PRICE = (("price", 0.9),)


def _text(outcome: object) -> str:
    assert isinstance(outcome, Answer | Ask)
    return outcome.text


async def test_a_row_is_said_when_the_message_holds_the_whole_key(talk) -> None:
    (answer,) = await talk("How much is the Cloud mattress in 160x200?", topics=PRICE)
    assert _text(answer) == "The Cloud mattress in 160 × 200 cm costs €399.00. [1]"
    assert isinstance(answer, Answer)
    assert answer.basis == "fact"
    assert answer.sources[0].kind == "table"


async def test_the_missing_cell_is_asked_for_with_the_choices_that_exist(talk) -> None:
    (ask,) = await talk("How much is the Cloud mattress?", topics=PRICE)
    assert isinstance(ask, Ask)
    assert ask.text == "Which size of the Cloud mattress?"
    assert ask.choices == ("90 × 200 cm", "160 × 200 cm")
    assert ask.asks["known"] == {"product": "Cloud mattress"}


async def test_a_bare_word_a_bare_size_or_a_choice_is_the_answer_to_our_question(talk) -> None:
    for bare in ("Single", "90x200", "90 × 200 cm", "the twin one please"):
        _, answer = await talk("How much is the Cloud mattress?", bare, topics=PRICE)
        assert _text(answer) == "The Cloud mattress in 90 × 200 cm costs €249.00. [1]"


async def test_ada_may_correct_herself(talk) -> None:
    _, answer = await talk("How much is the Cloud mattress?", "sorry, the River in single", topics=PRICE)
    assert "River mattress in 90 × 200 cm costs €329.00" in _text(answer)


async def test_ada_may_change_the_subject(talk) -> None:
    _, answer = await talk("How much is the Cloud mattress?", "Do you deliver on Saturdays?", topics=PRICE)
    assert isinstance(answer, Answer)
    assert answer.basis == "approved"


async def test_a_vague_word_picks_among_the_choices_we_offered(talk) -> None:
    first, second = await talk("How much is a duvet?", "the wool one", topics=PRICE)
    assert isinstance(first, Ask)
    assert first.choices == ("Wool duvet", "Down duvet", "Other")
    assert isinstance(second, Ask)
    assert second.asks["known"] == {"product": "Wool duvet"}


async def test_a_size_we_do_not_have_gets_what_there_is_and_no_price(talk) -> None:
    for question in ("Cloud mattress in 75x300, how much?", "price of the oak bed frame, single"):
        (ask,) = await talk(question, topics=PRICE)
        assert isinstance(ask, Ask)
        assert "I find no size" in ask.text
        assert "€" not in ask.text


async def test_a_thing_we_do_not_sell_gets_what_there_is_and_no_price(talk) -> None:
    (ask,) = await talk("price of a hammock", topics=PRICE)
    assert isinstance(ask, Ask)
    assert "hammock" in ask.text
    assert "€" not in ask.text


async def test_after_two_failed_tries_we_stop_asking(talk) -> None:
    *_, last = await talk("How much is the Cloud mattress?", "huge", "gigantic", topics=PRICE)
    assert not isinstance(last, Ask)


async def test_other_and_all_are_understood(talk) -> None:
    _, listed = await talk("How much is the Cloud mattress?", "other", topics=PRICE)
    assert isinstance(listed, Ask)
    _, rows = await talk("How much is the Cloud mattress?", "all of them", topics=PRICE)
    assert "€249.00" in _text(rows)
    assert "€399.00" in _text(rows)


async def test_a_follow_up_keeps_the_thing_and_changes_the_size(talk) -> None:
    _, answer = await talk("How much is the Cloud mattress in 90x200?", "and in queen?", topics=PRICE)
    assert _text(answer) == "The Cloud mattress in 160 × 200 cm costs €399.00. [1]"


async def test_two_things_are_answered_at_once_each_with_its_row(talk) -> None:
    (answer,) = await talk("price of cloud or river mattress in single", topics=PRICE)
    assert isinstance(answer, Answer)
    assert [source.number for source in answer.sources] == [1, 2]
    assert "€249.00. [1]" in answer.text
    assert "€329.00. [2]" in answer.text


async def test_a_postcode_finds_its_area_and_an_unknown_one_none(talk) -> None:
    (near,) = await talk("how long does delivery take to 25980?", topics=(("delivery_times", 0.9),))
    assert _text(near) == "To 25980 (Sylt) it takes 4 days. [1]"
    (far,) = await talk("how long does delivery take to 99999?", topics=(("delivery_times", 0.9),))
    assert "days" not in _text(far)
    ask, answer = await talk("how long to my postcode?", "20095", topics=(("delivery_times", 0.9),))
    assert isinstance(ask, Ask)
    assert "the north" in _text(answer)


async def test_tomorrow_is_the_day_after_today(talk) -> None:
    (answer,) = await talk("are you open tomorrow?", topics=(("hours", 0.9),))
    assert _text(answer) == "Saturday: the showroom is open from 10:00 to 16:00. [1]"
    (today,) = await talk("until when are you open today?", topics=(("hours", 0.9),))
    assert _text(today) == "Friday: the showroom is open from 10:00 to 19:00. [1]"


async def test_hours_without_a_day_are_the_whole_week(talk) -> None:
    (answer,) = await talk("opening hours?", topics=(("hours", 0.9),))
    assert _text(answer).count("\n") == 2
