"""The chain from a message to the best idea: what comes before what, and two questions at once."""

import pytest

from bothands.balance.model import Step
from bothands.skills import ProposalKind

from .conftest import Talk


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Can I talk to a human please?", "wish"),
        ("my husband passed away and the bed was for him", "risk"),
        ("Ich möchte meine Bestellung stornieren, bitte", "language"),
        ("I want to make a formal complaint", "complaint"),
    ],
)
async def test_what_must_not_be_answered_is_handed_over_whatever_we_know(
    talk: Talk, text: str, basis: str
) -> None:
    handed = await talk.says(text)
    assert (handed.kind, handed.basis) == (ProposalKind.HAND_OVER, basis)


@pytest.mark.parametrize(
    "text",
    [
        "what if there is a coffee stain on it",
        "Sorry. Do you deliver to Belgium?",
        "when do I get my refund for order 48190? I returned it two weeks ago",
        "my address is someone.else@mail.example, do you deliver on saturdays?",
    ],
)
async def test_ordinary_words_are_no_alarm(talk: Talk, text: str) -> None:
    assert (await talk.says(text)).kind is not ProposalKind.HAND_OVER


async def test_two_questions_are_both_answered_with_sources_numbered_through(talk: Talk) -> None:
    told = await talk.says("How do I wash linen? Do you have a store in Berlin?")
    assert "40 °C" in told.text
    assert "Speicherweg" in told.text
    assert [source.number for source in told.sources] == [1, 2]
    assert "[2]" in told.text


async def test_where_only_one_has_an_answer_the_other_is_not_passed_over(talk: Talk) -> None:
    told = await talk.says("Do you deliver on Saturdays? What is the capital of France?")
    assert "Saturday" in told.text
    assert "“What is the capital of France”" in told.text
    assert talk.step is Step.ACT


async def test_a_price_is_asked_for_in_good_english_and_answered(talk: Talk) -> None:
    asked = await talk.says("price of a mattress")
    assert asked.text == "Which mattress do you mean?"
    assert (await talk.says("the latex one")).text.startswith("Which size do you have in mind for the Birch")
    assert "€729.00" in (await talk.says("160x200")).text


async def test_a_bare_size_leans_on_the_row_we_said_last(talk: Talk) -> None:
    for text in ("price of a duvet?", "wool", "200x200"):
        await talk.says(text)
    assert "Wool duvet, 240 × 220 cm, costs €179.00" in (await talk.says("and in 240x220?")).text


async def test_the_versions_it_was_thought_with_are_kept(talk: Talk) -> None:
    told = await talk.says("Do you deliver on Saturdays?")
    assert set(told.versions) == {"brain", "knowledge"}


async def test_an_answer_carries_what_to_ask_should_it_not_be_good_enough(talk: Talk) -> None:
    scene_words = "can I get a softer mattress instead of mine, this one is hard"
    told = await talk.says(scene_words)
    assert told.basis in ("approved", "article", "clarify")
    assert told.sources or told.choices


async def test_what_reads_like_none_of_our_topics_is_asked_about_rather_than_answered(talk: Talk) -> None:
    for text in ("train from hamburg to berlin times", "what should i wear to a wedding"):
        told = await talk.says(text)
        assert told.basis in ("clarify", "out_of_scope", "no_source"), told.text
