"""Several entries written as one: the same as one by one, with few statements, or not at all."""

from typing import Any

import pytest
from sqlalchemy import event

from bothands.conversations import (
    EntryKind,
    Growth,
    NotHolder,
    Reply,
    claim,
    conversation_of,
    entries_since,
    receive,
    scene_of,
)
from bothands.conversations.model import Scene
from bothands.storage import Database
from tests.cast import ADA_SAYS, ECHO, ada, bo, says, shop, speaks

# One each for the entries, the conversation, and their events.
STATEMENTS_MAX = 3


@pytest.fixture
def scene(db: Database) -> Scene:
    received = db.write_now(lambda unit: receive(unit, says(shop(unit), ada(unit), ADA_SAYS, "c-1")))
    return db.read_now(lambda records: scene_of(records, received.entry.id))


def test_a_reading_a_decision_and_a_reply_cost_what_one_entry_costs(db: Database, scene: Scene) -> None:
    statements: list[str] = []

    def grow(unit: Any) -> None:
        growth = Growth(unit, claim(unit, scene))
        growth.add(EntryKind.READING, "", {"reading": {}})
        growth.mark(mood="anger", mood_trend=[0.2], topic="delivery")
        growth.add(EntryKind.DECISION, "found", {})
        growth.say(Reply(scene.conversation.id, ECHO, "Yes, we do.", "turn-1"))
        event.listen(unit.records, "before_cursor_execute", lambda *found: statements.append(found[2]))
        growth.write()

    db.write_now(grow)
    assert len([one for one in statements if not one.startswith("RELEASE")]) <= STATEMENTS_MAX
    entries = db.read_now(lambda records: entries_since(records, scene.conversation.id, 0))
    assert [(entry.seq, entry.kind.value) for entry in entries] == [
        (1, "message"),
        (2, "reading"),
        (3, "decision"),
        (4, "message"),
    ]
    after = db.read_now(lambda records: conversation_of(records, scene.conversation.id))
    assert (after.seq, after.mood, after.topic, after.preview) == (4, "anger", "delivery", "Yes, we do.")
    assert after.version == scene.conversation.version + 1
    assert not after.needs_reply


def test_who_does_not_hold_the_conversation_leaves_nothing_in_it(db: Database, scene: Scene) -> None:
    agent = db.write_now(bo)

    def grow(unit: Any) -> None:
        growth = Growth(unit, claim(unit, scene))
        growth.add(EntryKind.READING, "", {})
        growth.say(Reply(scene.conversation.id, speaks(agent), "Hello.", "m-1"))
        growth.write()

    with pytest.raises(NotHolder):
        db.write_now(grow)
    assert db.read_now(lambda records: conversation_of(records, scene.conversation.id)).seq == 1


def test_a_message_is_said_and_never_added(db: Database, scene: Scene) -> None:
    with pytest.raises(ValueError, match="Use say"):
        db.write_now(lambda unit: Growth(unit, claim(unit, scene)).add(EntryKind.MESSAGE, "psst", {}))
