"""Maya cannot go on: she passes Ada to Lena, who knows everything already. Nobody is left alone meanwhile."""

from bothands.conversations import AuthorKind, EntryKind, HolderKind, Reply, post_reply
from bothands.handoff import (
    OFFER_SECONDS,
    Label,
    Receiver,
    ReceiverKind,
    assignment_of,
    brief_of,
    lapse_assignment,
    take_over,
    transfer,
)
from bothands.jobs import jobs_by_kind
from tests.cast import speaks
from tests.stories.conftest import Story


async def offer(story: Story, note: str) -> None:
    await story.write(lambda unit: take_over(unit, story.conversation_id, story.maya))
    await story.write(
        lambda unit: transfer(
            unit,
            story.conversation_id,
            Receiver(ReceiverKind.AGENT, story.lena.id),
            by=story.maya,
            desk=story.desk.handoff,
            note=note,
            anyway=True,
        )
    )


async def test_a_colleague_takes_over_with_the_brief_and_a_word_and_the_customer_repeats_nothing(
    story: Story,
) -> None:
    await story.ada_says("My mattress arrived broken, again. Order 48217")
    await offer(story, "She was promised a new one on Friday")
    assert story.conversation.holder_id == story.maya.id
    assert await story.ada_says("Are you still there?") is None, "a person has it: the AI is silent"
    reply = Reply(story.conversation_id, speaks(story.maya), "I am. One moment.", "m-1")
    await story.write(lambda unit: post_reply(unit, reply))
    await story.write(lambda unit: take_over(unit, story.conversation_id, story.lena))
    brief = story.desk.db.read_now(lambda records: brief_of(records, story.conversation_id))
    assert brief is not None
    assert "broken" in brief.line(Label.WANTS).text
    notes = [entry.body for entry in story.entries(EntryKind.NOTE)]
    assert notes == [f"Offered to {story.lena.name}: She was promised a new one on Friday"]
    assert story.entries()[-1].ref["to"]["id"] == story.lena.id
    assert story.conversation.holder_kind is HolderKind.AGENT


async def test_an_offer_nobody_accepts_comes_back_by_itself(story: Story) -> None:
    await story.ada_says("My mattress arrived broken")
    await offer(story, "")
    kept = story.desk.db.read_now(lambda records: assignment_of(records, story.conversation_id))
    assert kept is not None
    assert kept.lapses_at is not None
    assert (kept.lapses_at - kept.at).total_seconds() == OFFER_SECONDS
    assert ("lapse_assignment", "waiting", 1) in story.desk.db.read_now(jobs_by_kind)
    await story.write(lambda unit: lapse_assignment(unit, kept.id))
    still = story.desk.db.read_now(lambda records: assignment_of(records, story.conversation_id))
    assert still is not None, "its time is not over"
    said = [entry for entry in story.entries(EntryKind.MESSAGE) if entry.author_kind is AuthorKind.AGENT]
    assert said == []
