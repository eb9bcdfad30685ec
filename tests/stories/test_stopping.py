"""Many ask, somebody pulls the Stop: by the times in the record, the assistant acts no more."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bothands.balance import stop
from bothands.conversations import Entry, EntryKind, Inbound, entries_since, receive_many
from bothands.people import meet
from bothands.turn import taking
from tests.cast import acts
from tests.stories.conftest import Story

CONTACTS = 12
# So many answers are let out; the others are thought of already when the Stop comes, and said only after it.
BEFORE = 3
SECONDS_MAX = 1.0
# A slow machine shall not make a turn give up here.
PATIENCE_SECONDS = 60.0


async def ask_all(story: Story) -> list[str]:
    """Everybody asks what the assistant knows; their conversations."""
    found = []
    for place in range(CONTACTS):
        contact, _ = await story.desk.db.write(lambda unit: meet(unit, None, name="Ada"))
        asked = Inbound(story.inbox.id, contact.id, f"c-{place}", "Do you deliver on Saturdays?")
        found.append((await story.desk.db.write_many(receive_many, asked)).conversation.id)
    return found


def decisions(story: Story, conversations: list[str]) -> list[Entry]:
    """Of all of them, with the time of each."""
    return story.desk.db.read_now(
        lambda records: [
            entry
            for conversation_id in conversations
            for entry in entries_since(records, conversation_id, 0)
            if entry.kind is EntryKind.DECISION
        ]
    )


async def pull_among_answers(story: Story, conversations: list[str]) -> datetime:
    """The Stop while answers go out and others wait to; when whoever pulled it was told that it holds."""
    propose, is_stopped = story.desk.proposer.propose, asyncio.Event()
    thought_of = 0

    async def propose_and_wait(*given: object, **named: object) -> object:
        nonlocal thought_of
        thought_of += 1
        place, proposal = thought_of, await propose(*given, **named)  # type: ignore[arg-type]
        if place > BEFORE:
            await is_stopped.wait()
        return proposal

    story.desk.proposer.propose = propose_and_wait  # type: ignore[assignment,method-assign]
    working = asyncio.create_task(story.desk.worker.drain(PATIENCE_SECONDS))
    while len(decisions(story, conversations)) < BEFORE:
        await asyncio.sleep(0.01)
    await story.desk.db.write(lambda unit: stop(unit, None, by=acts(story.lena), reason="wrong prices"))
    told_at = story.desk.db.clock.now()
    is_stopped.set()
    await working
    return told_at


async def test_after_a_stop_there_is_no_new_act_a_second_later(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "TURN_SECONDS_MAX", PATIENCE_SECONDS)
    conversations = await ask_all(story)
    told_at = await pull_among_answers(story, conversations)
    made = decisions(story, conversations)
    acted_at = [entry.at for entry in made if entry.ref["step"] == "act"]
    held = [entry for entry in made if entry.ref["step"] != "act"]
    assert (len(acted_at), len(held)) == (BEFORE, CONTACTS - BEFORE)
    assert max(acted_at) <= told_at + timedelta(seconds=SECONDS_MAX)
