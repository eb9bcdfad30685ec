"""Asked back well: a choice leads to an answer, a miss to a person who knows what was tried."""

import pytest

from bothands.conversations import HolderKind
from bothands.handoff import Label, brief_of
from tests.stories.conftest import Story

pytestmark = pytest.mark.slow


async def test_a_vague_question_is_asked_about_and_a_click_answers_it(story: Story) -> None:
    asked = await story.ada_says("question about a return")
    assert asked is not None
    assert asked.ref["basis"] == "clarify"
    answer = await story.ada_says(asked.ref["choices"][0])
    assert answer is not None
    assert answer.ref["sources"][0]["title"] == "Returns and refunds"
    assert story.conversation.holder_kind is HolderKind.ASSISTANT


async def test_something_else_after_our_choices_brings_a_person(story: Story) -> None:
    await story.ada_says("voucher")
    await story.ada_says("Something else")
    assert story.conversation.holder_kind is HolderKind.QUEUE


async def test_two_misses_of_an_order_reach_a_person_with_number_and_address(story: Story) -> None:
    await story.ada_says("where is my order 99999, x@y.example")
    await story.ada_says("it says 88888 in the mail")
    assert story.conversation.holder_kind is HolderKind.QUEUE
    brief = story.desk.db.read_now(lambda records: brief_of(records, story.conversation_id))
    assert brief is not None
    assert "88888" in brief.line(Label.AI_TRIED).text


async def test_thanks_after_an_offer_of_a_person_is_no_yes_to_it(story: Story) -> None:
    for text in ("What is the weather like in Peru?", "thanks", "ok"):
        await story.ada_says(text)
    assert story.conversation.holder_kind is HolderKind.ASSISTANT
