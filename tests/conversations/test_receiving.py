"""A contact's message is stored once, in order, in the right matter."""

import pytest

from bothands.conversations import (
    EntryKind,
    HolderKind,
    close,
    conversation_of,
    entries_since,
    receive,
    receive_many,
    reopen,
    scene_of,
)
from bothands.jobs import count_jobs
from bothands.kit import Invalid, ManualClock
from bothands.storage import Database
from tests.cast import acts as acting
from tests.cast import ada, bo, says, shop


def test_a_first_message_opens_a_conversation_held_by_the_assistant(db: Database) -> None:
    received = db.write_now(lambda unit: receive(unit, says(shop(unit), ada(unit), "Hello", "c-1")))
    conversation = db.read_now(lambda records: conversation_of(records, received.conversation.id))
    assert conversation.holder_kind is HolderKind.ASSISTANT
    assert (conversation.seq, conversation.subject, conversation.needs_reply) == (1, "Hello", True)


def test_a_repeat_of_the_same_client_id_stores_nothing_more(db: Database) -> None:
    inbox, contact = db.write_now(lambda unit: (shop(unit), ada(unit)))
    message = says(inbox, contact, "Hello", "c-1")
    first = db.write_now(lambda unit: receive(unit, message))
    again = db.write_now(lambda unit: receive(unit, message))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.entry == first.entry
    assert len(db.read_now(lambda records: entries_since(records, first.entry.conversation_id, 0))) == 1


def test_a_batch_keeps_each_conversation_in_order_and_finds_repeats_inside_itself(db: Database) -> None:
    inbox, contact, other = db.write_now(lambda unit: (shop(unit), ada(unit), ada(unit)))
    batch = [
        says(inbox, contact, "one", "c-1"),
        says(inbox, other, "eins", "d-1"),
        says(inbox, contact, "two", "c-2"),
        says(inbox, contact, "one", "c-1"),
    ]
    received = db.write_now(lambda unit: receive_many(unit, batch))
    assert [r.is_new for r in received] == [True, True, True, False]
    assert [r.entry.seq for r in received] == [1, 1, 2, 1]
    assert received[0].entry.id == received[3].entry.id


def test_one_event_and_one_job_per_reaction_come_with_the_message_in_its_transaction(db: Database) -> None:
    db.react({"message_received": ("take_turn",)})
    inbox, contact = db.write_now(lambda unit: (shop(unit), ada(unit)))
    db.write_now(lambda unit: receive(unit, says(inbox, contact, "Hello", "c-1")))
    db.write_now(lambda unit: receive(unit, says(inbox, contact, "Hello", "c-1")))
    assert db.read_now(count_jobs) == {"waiting": 1, "dead": 0}


def test_a_message_soon_after_a_closing_begins_a_new_matter(db: Database, clock: ManualClock) -> None:
    inbox, contact, agent = db.write_now(lambda unit: (shop(unit), ada(unit), bo(unit)))
    first = db.write_now(lambda unit: receive(unit, says(inbox, contact, "My lamp broke", "c-1")))
    db.write_now(lambda unit: close(unit, first.conversation.id, by=acting(agent), reason="solved"))
    clock.advance(3600)
    second = db.write_now(lambda unit: receive(unit, says(inbox, contact, "Do you sell rugs?", "c-2")))
    assert second.conversation.id == first.conversation.id
    scene = db.read_now(lambda records: scene_of(records, second.entry.id))
    assert scene.earlier == ()
    kinds = [e.kind for e in db.read_now(lambda r: entries_since(r, first.conversation.id, 0))]
    assert kinds == [EntryKind.MESSAGE, EntryKind.CLOSING, EntryKind.REOPENING, EntryKind.MESSAGE]


def test_a_message_long_after_a_closing_opens_another_conversation(db: Database, clock: ManualClock) -> None:
    inbox, contact, agent = db.write_now(lambda unit: (shop(unit), ada(unit), bo(unit)))
    first = db.write_now(lambda unit: receive(unit, says(inbox, contact, "My lamp broke", "c-1")))
    db.write_now(lambda unit: close(unit, first.conversation.id, by=acting(agent), reason="solved"))
    clock.advance(8 * 86_400)
    second = db.write_now(lambda unit: receive(unit, says(inbox, contact, "Hello again", "c-2")))
    assert second.conversation.id != first.conversation.id


def test_reopening_goes_on_with_the_same_matter(db: Database) -> None:
    inbox, contact, agent = db.write_now(lambda unit: (shop(unit), ada(unit), bo(unit)))
    first = db.write_now(lambda unit: receive(unit, says(inbox, contact, "My lamp broke", "c-1")))
    db.write_now(lambda unit: close(unit, first.conversation.id, by=acting(agent), reason="solved"))
    db.write_now(lambda unit: reopen(unit, first.conversation.id, by=acting(agent)))
    again = db.write_now(lambda unit: receive(unit, says(inbox, contact, "It broke again", "c-2")))
    scene = db.read_now(lambda records: scene_of(records, again.entry.id))
    assert "My lamp broke" in [entry.body for entry in scene.earlier]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001, "nul\x00", "half \ud83d"])
def test_what_may_not_be_stored_is_refused_with_cause_and_cure(db: Database, text: str) -> None:
    inbox, contact = db.write_now(lambda unit: (shop(unit), ada(unit)))
    with pytest.raises(Invalid) as caught:
        db.write_now(lambda unit: receive(unit, says(inbox, contact, text, "c-1")))
    assert caught.value.cause
    assert caught.value.cure


def test_one_bad_message_of_a_batch_costs_the_others_nothing(db: Database) -> None:
    import asyncio

    inbox, contact, other = db.write_now(lambda unit: (shop(unit), ada(unit), ada(unit)))

    async def send() -> list[object]:
        return await asyncio.gather(
            db.write_many(receive_many, says(inbox, contact, "fine", "c-1")),
            db.write_many(receive_many, says(inbox, other, "", "d-1")),
            db.write_many(receive_many, says(inbox, contact, "fine too", "c-2")),
            return_exceptions=True,
        )

    fine, bad, too = asyncio.run(send())
    assert isinstance(bad, Invalid)
    assert not isinstance(fine, Exception)
    assert not isinstance(too, Exception)
