"""Where is my order: number and e-mail once each, corrections, digressions, and a shop in trouble."""

from typing import Any

import pytest

from bothands.balance.model import Step
from bothands.skills import ProposalKind

from .conftest import Talk


async def test_number_and_address_are_asked_for_once_each_and_the_order_is_shown(talk: Talk) -> None:
    assert (await talk.says("where is my order")).asks["missing"] == "number"  # type: ignore[index]
    assert (await talk.says("48217")).asks["missing"] == "email"  # type: ignore[index]
    shown = await talk.says("ana.lima@mail.example")
    assert shown.kind is ProposalKind.PERFORM
    assert shown.card is not None
    assert shown.card["number"] == "48217"
    assert shown.sources[0].kind == "order"


@pytest.mark.parametrize(
    "text",
    [
        "where is my order 48217? ana.lima@mail.example",
        "Hi, ana.lima@mail.example here, any news of #48217?",
        "order status 48217, my mail is ana.lima@mail.example",
    ],
)
async def test_what_the_first_message_says_is_not_asked_again(talk: Talk, text: str) -> None:
    shown = await talk.says(text)
    assert shown.card is not None


async def test_a_number_given_earlier_in_the_matter_is_remembered(talk: Talk) -> None:
    await talk.says("do you deliver on saturdays? it is about order 48217")
    asked = await talk.says("where is my order")
    assert asked.asks is not None
    assert asked.asks["missing"] == "email"


async def test_the_planned_day_stands_on_the_card_and_not_in_the_words_too(talk: Talk) -> None:
    shown = await talk.says("where is order 48217, ana.lima@mail.example")
    assert shown.card is not None
    assert shown.card["window"]
    assert shown.text == "Your order 48217 is on its way. [1]"
    assert shown.card["window"] not in shown.text


@pytest.mark.parametrize(
    ("number", "email", "words"),
    [
        ("48251", "oskar.lund@mail.example", "is cancelled"),
        ("48198", "petra.novak@mail.example", "is returned"),
        ("48144", "mei.lindqvist@mail.example", "has arrived"),
        ("48260", "sam.oyelaran@mail.example", "is paid"),
        ("48222", "tomas.ferreira@mail.example", "Left with a neighbour"),
    ],
)
async def test_each_state_is_said_in_plain_words(talk: Talk, number: str, email: str, words: str) -> None:
    shown = await talk.says(f"where is my order {number}? {email}")
    assert words in shown.text


async def test_a_wrong_number_is_corrected_without_asking_for_the_address_again(talk: Talk) -> None:
    await talk.says("where is my order")
    await talk.says("48271")
    missed = await talk.says("ana.lima@mail.example")
    assert missed.card is None
    assert "48271" in missed.text
    shown = await talk.says("sorry, 48217 not 48271")
    assert shown.card is not None
    assert shown.card["number"] == "48217"


async def test_a_wrong_address_is_corrected_without_asking_for_the_number_again(talk: Talk) -> None:
    await talk.says("where is my order 48217, ana@mail.example")
    shown = await talk.says("oh, ana.lima@mail.example")
    assert shown.card is not None


async def test_whoever_only_knows_a_number_learns_nothing(talk: Talk) -> None:
    real = await talk.says("where is my order 48217, someone.else@mail.example")
    assert real.card is None
    assert "duvet" not in real.text
    assert real.text.startswith("I found no order 48217 for someone.else@mail.example")


async def test_two_misses_bring_a_person_who_knows_what_was_tried(talk: Talk) -> None:
    await talk.says("where is my order 99999, x@y.example")
    handed = await talk.says("88888")
    assert handed.kind is ProposalKind.HAND_OVER
    assert talk.step is Step.HAND_OFF
    assert "88888 for x@y.example" in handed.tried[0]


async def test_who_has_no_number_is_asked_twice_in_other_words_and_then_meets_a_person(talk: Talk) -> None:
    first = await talk.says("where's my parcel")
    second = await talk.says("i dont know the number")
    assert second.kind is ProposalKind.ASK
    assert second.text != first.text
    assert (await talk.says("i really don't have it")).kind is ProposalKind.HAND_OVER


async def test_another_question_in_between_is_answered_and_the_task_goes_on(talk: Talk) -> None:
    await talk.says("where is my order?")
    between = await talk.says("do you deliver on saturdays?")
    assert "Saturday" in between.text
    assert between.text.endswith("And to find your order: what is your order number?")
    assert (await talk.says("ok. my number is 48217")).asks["missing"] == "email"  # type: ignore[index]
    assert (await talk.says("ana.lima@mail.example")).card is not None


async def test_the_address_of_the_profile_is_not_asked_for(talk: Talk) -> None:
    shown = await talk.says("where is my order 48217", known_email="ana.lima@mail.example")
    assert shown.card is not None


@pytest.mark.parametrize("fault", ["slow", "down", "garbage", "forgetful"])
async def test_a_shop_in_trouble_brings_a_person_and_never_an_invented_order(
    talk: Talk, shop: Any, fault: str
) -> None:
    shop.fault = fault
    handed = await talk.says("where is my order 48217? ana.lima@mail.example")
    assert handed.kind is ProposalKind.HAND_OVER
    assert handed.card is None
    assert "order 48217 for ana.lima@mail.example" in handed.tried[0]
    assert "system" in handed.reason
