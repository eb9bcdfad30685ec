"""A customer is answered, or handed over without repeating."""

import asyncio

import pytest
from sqlalchemy import text as sql

from bothands.balance import Role, change_role, decisions_of, resume, stop
from bothands.conversations import (
    AuthorKind,
    By,
    EntryKind,
    HolderKind,
    Inbound,
    Reply,
    close,
    post_reply,
    receive_many,
)
from bothands.handoff import Label, brief_of, cancel_wait, come_back, hand_back, queue, take_over
from bothands.jobs import count_jobs, working
from bothands.people import meet
from tests.cast import acts, speaks
from tests.stories.conftest import Story


def brief_line(story: Story, label: Label) -> str:
    brief = story.desk.db.read_now(lambda records: brief_of(records, story.conversation_id))
    assert brief is not None
    return brief.line(label).text


async def test_a_question_we_know_is_answered_with_its_source(story: Story) -> None:
    answer = await story.ada_says("Do you deliver on Saturdays?")
    assert answer is not None
    assert "Saturday" in answer.body
    assert answer.ref["sources"][0]["title"] == "Delivery and hours"
    assert (answer.author_name, answer.disclosure) == (
        "AI assistant",
        "AI assistant. Not a person. Can be wrong.",
    )


async def test_every_decision_is_kept_with_reasons_a_person_can_read(story: Story) -> None:
    await story.ada_says("Do you deliver on Saturdays?")
    kept = story.desk.db.read_now(lambda records: decisions_of(records, story.conversation_id))
    assert kept[0].step == "act"
    assert not kept[0].certified
    assert any("not certified yet" in reason.words for reason in kept[0].reasons)
    assert [entry.kind for entry in story.entries()] == [
        EntryKind.MESSAGE,
        EntryKind.READING,
        EntryKind.DECISION,
        EntryKind.MESSAGE,
    ]


@pytest.mark.parametrize(
    "text",
    ["Can I talk to a human please?", "agent", "I don't want a robot, give me a real person", "PERSON!!"],
)
async def test_a_wish_for_a_person_in_any_words_brings_one_in_at_once(story: Story, text: str) -> None:
    words = await story.ada_says(text)
    assert story.conversation.holder_kind is HolderKind.QUEUE
    assert words is not None
    assert words.author_kind is AuthorKind.ASSISTANT
    assert len(story.desk.db.read_now(queue)) == 1


async def test_the_brief_spares_the_customer_from_repeating(story: Story) -> None:
    await story.ada_says("My mattress arrived broken, again. Order 48217")
    assert story.conversation.holder_kind is HolderKind.QUEUE
    assert "broken" in brief_line(story, Label.WANTS)
    for label in Label:
        assert brief_line(story, label).strip()


async def test_taking_over_silences_the_assistant_and_handing_back_starts_clean(story: Story) -> None:
    await story.ada_says("My mattress arrived broken")
    await story.write(lambda unit: take_over(unit, story.conversation_id, story.maya))
    assert await story.ada_says("Do you deliver on Saturdays?") is None, "a person holds: the AI is silent"
    reply = Reply(story.conversation_id, speaks(story.maya), "I'm sorry. A new one comes on Friday.", "m-1")
    await story.write(lambda unit: post_reply(unit, reply))
    await story.write(lambda unit: hand_back(unit, story.conversation_id, story.maya, note="settled"))
    answer = await story.ada_says("Do you deliver on Saturdays?")
    assert answer is not None
    assert answer.author_kind is AuthorKind.ASSISTANT
    assert story.conversation.holder_kind is HolderKind.ASSISTANT


async def test_an_order_is_looked_up_in_the_shop_asking_only_what_is_missing(story: Story) -> None:
    asked = await story.ada_says("Where is my order?")
    assert asked is not None
    assert asked.ref["asks"]["missing"] == "number"
    asked = await story.ada_says("48217")
    assert asked is not None
    assert asked.ref["asks"]["missing"] == "email"
    shown = await story.ada_says("ana.lima@mail.example")
    assert shown is not None
    assert shown.ref["card"]["number"] == "48217"
    assert shown.ref["sources"][0]["kind"] == "order"


async def test_an_order_is_not_shown_to_whoever_only_knows_its_number(story: Story) -> None:
    await story.ada_says("Where is my order 48217?")
    told = await story.ada_says("someone.else@mail.example")
    assert told is not None
    assert told.ref["card"] is None
    assert "no order" in told.body
    assert "duvet" not in told.body


async def test_a_missing_cell_is_asked_for_and_a_bare_word_answers_it(story: Story) -> None:
    asked = await story.ada_says("How much is the linen duvet cover?")
    assert asked is not None
    assert asked.ref["asks"]["kind"] == "fact"
    answer = await story.ada_says("200x200")
    assert answer is not None
    assert "€" in answer.body
    assert answer.ref["sources"]


async def test_what_nobody_wrote_down_is_not_guessed(story: Story) -> None:
    said = await story.ada_says("Can I boil-wash the wool underblanket?")
    assert said is not None
    assert "boil" not in said.body.lower() or "no source" in said.body or "not" in said.body


async def test_two_turns_that_did_not_help_bring_a_person_in(story: Story) -> None:
    for text in ("Do you sell hammocks?", "What about surfboards?", "And kayaks?"):
        await story.ada_says(text)
    assert story.conversation.holder_kind is HolderKind.QUEUE


async def test_another_language_is_told_so_and_handed_over(story: Story) -> None:
    await story.ada_says("Guten Tag, wann wird meine Matratze geliefert?")
    assert story.conversation.holder_kind is HolderKind.QUEUE


async def test_thanks_and_insults_get_short_answers_that_differ(story: Story) -> None:
    answers = [await story.ada_says(text) for text in ("hi", "thanks", "??", "??")]
    bodies = [answer.body for answer in answers if answer is not None]
    assert len(bodies) == 4
    assert len(set(bodies)) == 4
    assert all(len(body) < 200 for body in bodies)


async def test_a_stop_holds_for_the_next_message_and_is_lifted_again(story: Story) -> None:
    held = await story.write(lambda unit: stop(unit, None, by=acts(story.lena), reason="wrong prices"))
    await story.ada_says("Do you deliver on Saturdays?")
    assert story.conversation.holder_kind is HolderKind.QUEUE
    await story.write(lambda unit: resume(unit, held.id, by=acts(story.lena)))
    await story.write(lambda unit: cancel_wait(unit, story.conversation_id))
    answer = await story.ada_says("Do you deliver on Saturdays?")
    assert answer is not None
    assert answer.ref["sources"]


async def test_a_stop_pulled_while_the_assistant_thinks_holds_for_that_very_turn(story: Story) -> None:
    propose = story.desk.proposer.propose

    async def propose_slowly(*given: object, **named: object) -> object:
        proposal = await propose(*given, **named)  # type: ignore[arg-type]
        await story.desk.db.write(lambda unit: stop(unit, None, by=acts(story.lena), reason="now"))
        return proposal

    story.desk.proposer.propose = propose_slowly  # type: ignore[assignment,method-assign]
    await story.ada_says("Do you deliver on Saturdays?")
    assert story.conversation.holder_kind is HolderKind.QUEUE


async def test_a_person_who_takes_over_while_the_assistant_thinks_wins(story: Story) -> None:
    propose = story.desk.proposer.propose

    async def propose_slowly(scene: object, **named: object) -> object:
        proposal = await propose(scene, **named)  # type: ignore[arg-type]
        conversation_id = scene.conversation.id  # type: ignore[attr-defined]
        await story.desk.db.write(lambda unit: take_over(unit, conversation_id, story.maya))
        return proposal

    story.desk.proposer.propose = propose_slowly  # type: ignore[assignment,method-assign]
    assert await story.ada_says("Do you deliver on Saturdays?") is None
    assert story.conversation.holder_id == story.maya.id


async def test_a_topic_that_people_check_is_drafted_and_waits_for_them(story: Story) -> None:
    role = Role.AI_DRAFTS
    await story.write(
        lambda unit: change_role(unit, "delivery_days", role, reason="new crew", by=acts(story.lena))
    )
    await story.ada_says("Do you deliver on Saturdays?")
    assert story.conversation.holder_kind is HolderKind.QUEUE
    kept = story.desk.db.read_now(lambda records: decisions_of(records, story.conversation_id))
    assert kept[0].step == "draft"


async def test_a_failing_mind_brings_a_person_in_instead_of_silence(story: Story) -> None:
    async def fail(*_: object, **__: object) -> object:
        raise RuntimeError("no thoughts")

    story.desk.proposer.propose = fail  # type: ignore[method-assign]
    await story.ada_says("Do you deliver on Saturdays?")
    for _ in range(12):
        if story.conversation.holder_kind is HolderKind.QUEUE:
            break
        await story.desk.worker.drain()
        await asyncio.sleep(0.4)
    assert story.conversation.holder_kind is HolderKind.QUEUE
    assert story.conversation.reason_code == "assistant_unavailable"


async def test_an_answer_that_cannot_be_kept_brings_a_person_in_instead_of_silence(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "BACKOFF_SECONDS_MAX", 0.0)
    await story.write(
        lambda unit: unit.records.execute(sql("ALTER TABLE balance_decision RENAME TO put_away"))
    )
    await story.ada_says("Do you deliver on Saturdays?")
    async with asyncio.timeout(30):
        while story.conversation.holder_kind is HolderKind.ASSISTANT:
            await story.desk.worker.drain()
    assert story.conversation.reason_code == "assistant_unavailable"
    assert story.desk.db.read_now(count_jobs)["dead"] == 1


async def test_who_tells_of_a_danger_while_waiting_goes_before_everybody(story: Story) -> None:
    eve, _ = await story.write(lambda unit: meet(unit, None, name="Eve"))
    said = Inbound(story.inbox.id, eve.id, "e-1", "I want to talk to a person")
    await story.desk.db.write_many(receive_many, said)
    await story.desk.worker.drain()
    await story.ada_says("I want to talk to a person")
    assert story.desk.db.read_now(queue)[1].conversation_id == story.conversation_id
    await story.ada_says("I want to kill myself")
    assert story.desk.db.read_now(queue)[0].conversation_id == story.conversation_id
    assert story.conversation.reason_code == "risk_self_harm"


async def test_a_closing_ends_the_wait_too(story: Story) -> None:
    await story.ada_says("agent")
    by = By(AuthorKind.AGENT, story.maya.id, story.maya.name)
    await story.write(lambda unit: close(unit, story.conversation_id, by=by, reason="spam"))
    assert story.desk.db.read_now(queue) == []


async def test_the_brief_says_what_is_still_wanted_not_what_was_answered(story: Story) -> None:
    await story.ada_says("How much is the linen duvet cover in 200x200?")
    await story.ada_says("My mattress arrived broken, again. My order is 48217.")
    assert "broken" in brief_line(story, Label.WANTS)
    assert "48217" in brief_line(story, Label.CONFIRMED)


async def test_not_solved_yet_brings_it_back_to_people_with_all_that_was_said(story: Story) -> None:
    await story.ada_says("My mattress arrived broken")
    await story.write(lambda unit: take_over(unit, story.conversation_id, story.maya))
    by = By(AuthorKind.AGENT, story.maya.id, story.maya.name)
    await story.write(lambda unit: close(unit, story.conversation_id, by=by, reason="solved"))
    ada = By(AuthorKind.CONTACT, story.ada.id)
    front = story.desk.handoff
    await story.write(lambda unit: come_back(unit, story.conversation_id, desk=front, by=ada))
    assert story.conversation.holder_kind is HolderKind.QUEUE
    assert "broken" in brief_line(story, Label.WANTS)
