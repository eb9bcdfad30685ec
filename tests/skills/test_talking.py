"""Small talk: short, varied, back to what is open, and nothing taken for a yes that was none."""

import pytest

from bothands.balance.model import Step

from .conftest import Talk


async def test_a_question_of_ours_is_asked_again_after_thanks_with_its_choices(talk: Talk) -> None:
    asked = await talk.says("how much is the loft pocket mattress?")
    thanked = await talk.says("thanks")
    assert thanked.text.endswith("Which size do you have in mind for the Loft pocket mattress?")
    assert thanked.choices == asked.choices
    assert "€" in (await talk.says("queen")).text


async def test_it_is_asked_again_once_and_not_after_every_courtesy(talk: Talk) -> None:
    await talk.says("how much is the loft pocket mattress?")
    first, second = await talk.says("thanks"), await talk.says("thank you")
    assert "Back to" in first.text
    assert "Back to" not in second.text
    assert second.choices


async def test_an_offer_of_a_person_is_no_open_question(talk: Talk) -> None:
    offered = await talk.says("What is the weather like in Peru?")
    assert offered.asks == {"kind": "offer_person"}
    thanked = await talk.says("thanks")
    assert "Back to" not in thanked.text
    assert "source" not in thanked.text


async def test_ok_after_thanks_does_not_accept_an_offer_made_before_them(talk: Talk) -> None:
    await talk.says("What is the weather like in Peru?")
    await talk.says("thanks")
    await talk.says("ok")
    assert talk.step is Step.ACT


async def test_yes_to_an_offer_of_a_person_brings_one(talk: Talk) -> None:
    await talk.says("What is the weather like in Peru?")
    await talk.says("yes please")
    assert talk.step is Step.HAND_OFF


async def test_no_sentence_is_said_twice_in_a_row_of_courtesies(talk: Talk) -> None:
    said = [(await talk.says(text)).text for text in ("hi", "thanks", "hello", "thank you", "??", "???")]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("text", ["what can you do?", "How can you help me?", "what can i ask"])
async def test_who_asks_what_we_do_is_told_and_not_turned_away(talk: Talk, text: str) -> None:
    told = await talk.says(text)
    assert "can't" not in told.text
    assert "“" in told.text
    assert talk.step is Step.ACT


async def test_a_bare_insult_gets_one_short_calm_line_and_a_person_as_choice(talk: Talk) -> None:
    told = await talk.says("you are useless")
    assert len(told.text) < 100
    assert told.choices == ("Talk to a person",)


async def test_an_angry_question_is_answered(talk: Talk) -> None:
    told = await talk.says("this is ridiculous, just tell me what delivery costs")
    assert "€4.90" in told.text
    assert talk.step is Step.ACT
