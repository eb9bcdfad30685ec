"""A question back whose choices lead on: picked, numbered, refused, or followed by something else."""

import pytest

from bothands.balance.model import Step
from bothands.people import meet
from bothands.skills import ProposalKind
from bothands.skills.clarifying import chosen, is_something_else

from .conftest import Talk

ASKS = {
    "kind": "clarify",
    "options": [
        {"offer": "reply:returns", "topic": "returns", "label": "How do I return something?"},
        {"topic": "product_price", "label": "Prices"},
    ],
    "question": "question about a return",
}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("How do I return something?", "How do I return something?"),
        ("how do i return somthing", "How do I return something?"),
        ("1", "How do I return something?"),
        ("the second one", "Prices"),
        ("prices!", "Prices"),
    ],
)
def test_a_choice_is_picked_by_its_words_its_number_or_its_place(text: str, label: str) -> None:
    option = chosen(text, ASKS)
    assert option is not None
    assert option["label"] == label


@pytest.mark.parametrize(
    "text", ["3", "²", "①", "where is my order", "no", "48217", "", "return it to sender please"]
)
def test_anything_else_is_no_choice(text: str) -> None:
    assert chosen(text, ASKS) is None


@pytest.mark.parametrize("text", ["Something else", "something else.", "none of these", "no", "neither"])
def test_none_of_them_is_understood(text: str) -> None:
    assert is_something_else(text)


def test_a_bare_yes_picks_the_only_choice_and_none_of_two() -> None:
    assert chosen("yes", ASKS) is None
    assert chosen("yes", {**ASKS, "options": ASKS["options"][:1]}) is not None


async def test_every_choice_leads_on(talk: Talk) -> None:
    asked = await talk.says("question about a return")
    assert asked.basis == "clarify"
    for place, choice in enumerate(asked.choices[:-1]):
        other = await _fresh(talk)
        await other.says("question about a return")
        told = await other.says(choice if place else "1")
        assert told.basis in ("approved", "article", "fact", "fact_question", "skill_question"), choice
        assert told.sources or told.asks


async def test_the_words_before_the_choice_decide_what_is_quoted(talk: Talk) -> None:
    asked = await talk.says("does a voucher run out")
    assert asked.basis == "clarify"
    label = next(choice for choice in asked.choices if choice != "Something else")
    told = await talk.says(label)
    assert told.sources
    assert talk.step is Step.ACT


async def test_something_else_brings_a_person(talk: Talk) -> None:
    await talk.says("voucher")
    handed = await talk.says("Something else")
    assert handed.kind is ProposalKind.HAND_OVER
    assert talk.step is Step.HAND_OFF


async def test_a_second_miss_in_a_row_brings_a_person(talk: Talk) -> None:
    await talk.says("do you have hammocks")
    await talk.says("mattress")
    assert talk.step is Step.HAND_OFF


async def test_after_a_question_that_led_to_an_answer_one_may_be_asked_again(talk: Talk) -> None:
    await talk.says("question about a return")
    await talk.says("1")
    asked = await talk.says("voucher")
    assert asked.basis == "clarify"
    assert talk.step is Step.ACT


async def test_a_word_that_stands_nowhere_is_named(talk: Talk) -> None:
    asked = await talk.says("do you have hammocks")
    assert "“hammocks”" in asked.text


async def test_a_new_question_instead_of_a_choice_is_answered(talk: Talk) -> None:
    await talk.says("voucher")
    told = await talk.says("Do you deliver on Saturdays?")
    assert "Saturday" in told.text


async def test_out_of_scope_says_what_we_can_do_once(talk: Talk) -> None:
    first = await talk.says("What is the capital of Peru?")
    second = await talk.says("And of Chile?")
    assert "“" in first.text
    assert "“" not in second.text
    assert first.choices[0] == "Talk to a person"


async def _fresh(talk: Talk) -> Talk:
    ada, _ = await talk.company.db.write(lambda unit: meet(unit, None, name="Ada"))
    return Talk(talk.company, talk.proposer, ada)
