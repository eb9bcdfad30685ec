"""Exactly one writer, always with author and disclosure."""

from functools import partial

import pytest
from sqlalchemy import exc, text

from bothands.conversations import (
    Author,
    AuthorKind,
    Collision,
    Holder,
    HolderKind,
    IsClosed,
    NotHolder,
    Reply,
    Superseded,
    change_holder,
    claim,
    close,
    conversation_of,
    entries_since,
    post_reply,
    receive,
    scene_of,
    write_note,
)
from bothands.people import Agent
from bothands.storage import Database
from tests.cast import ADA_SAYS, ECHO, acts, ada, bo, chi, says, shop, speaks


@pytest.fixture
def conversation_id(db: Database) -> str:
    received = db.write_now(lambda unit: receive(unit, says(shop(unit), ada(unit), ADA_SAYS, "c-1")))
    return received.conversation.id


def give_to(db: Database, conversation_id: str, agent: Agent, by: Agent | None = None) -> None:
    holder = Holder(HolderKind.AGENT, agent.id, agent.name)
    db.write_now(
        lambda unit: change_holder(
            unit, conversation_id, holder, reason_code="taken", words="took over", by=acts(by or agent)
        )
    )


def test_the_assistant_may_speak_while_it_holds(db: Database, conversation_id: str) -> None:
    entry = db.write_now(lambda unit: post_reply(unit, Reply(conversation_id, ECHO, "Yes, we do.", "r-1")))
    assert (entry.author_name, entry.disclosure) == ("Echo", "AI assistant. Not a person.")
    assert not db.read_now(lambda records: conversation_of(records, conversation_id)).needs_reply


def test_the_assistant_falls_silent_in_the_transaction_in_which_a_person_takes_over(
    db: Database, conversation_id: str
) -> None:
    agent = db.write_now(bo)
    give_to(db, conversation_id, agent)
    with pytest.raises(NotHolder):
        db.write_now(lambda unit: post_reply(unit, Reply(conversation_id, ECHO, "Yes.", "r-1")))


def test_an_agent_who_does_not_hold_cannot_speak(db: Database, conversation_id: str) -> None:
    holder, other = db.write_now(lambda unit: (bo(unit), chi(unit)))
    give_to(db, conversation_id, holder)
    db.write_now(lambda unit: post_reply(unit, Reply(conversation_id, speaks(holder), "Hi", "r-1")))
    with pytest.raises(NotHolder):
        db.write_now(lambda unit: post_reply(unit, Reply(conversation_id, speaks(other), "Hi", "r-2")))


def test_a_retried_reply_is_said_once(db: Database, conversation_id: str) -> None:
    reply = Reply(conversation_id, ECHO, "Yes.", "r-1")
    first = db.write_now(lambda unit: post_reply(unit, reply))
    assert db.write_now(lambda unit: post_reply(unit, reply)) == first
    assert len(db.read_now(lambda records: entries_since(records, conversation_id, 0))) == 2


def test_a_newer_message_stops_a_reply_that_did_not_see_it(db: Database, conversation_id: str) -> None:
    with pytest.raises(Collision):
        db.write_now(
            lambda unit: post_reply(unit, Reply(conversation_id, ECHO, "Yes.", "r-1"), last_seen_seq=0)
        )


def test_what_a_colleague_did_stops_a_reply_that_did_not_see_it(db: Database, conversation_id: str) -> None:
    holder, other = db.write_now(lambda unit: (bo(unit), chi(unit)))
    give_to(db, conversation_id, holder)

    def last_seq() -> int:
        return db.read_now(lambda records: entries_since(records, conversation_id, 0))[-1].seq

    def note(by: Agent) -> None:
        client_id = f"n-{last_seq()}"
        db.write_now(lambda unit: write_note(unit, conversation_id, "Wait", by=acts(by), client_id=client_id))

    seen = last_seq()
    note(holder)
    reply = partial(post_reply, reply=Reply(conversation_id, speaks(holder), "Yes.", "r-1"))
    assert db.write_now(partial(reply, last_seen_seq=seen)).body == "Yes.", "one's own note is no news"
    note(other)
    reply = partial(post_reply, reply=Reply(conversation_id, speaks(holder), "No.", "r-2"))
    with pytest.raises(Collision, match="Chi Park left a note"):
        db.write_now(partial(reply, last_seen_seq=seen))
    assert db.write_now(partial(reply, last_seen_seq=last_seq())).body == "No."


def test_a_conversation_that_went_and_came_back_stops_a_reply(db: Database, conversation_id: str) -> None:
    holder, other = db.write_now(lambda unit: (bo(unit), chi(unit)))
    give_to(db, conversation_id, holder)
    seen = db.read_now(lambda records: entries_since(records, conversation_id, 0))[-1].seq
    for agent in (other, holder):
        give_to(db, conversation_id, agent, by=other)
    reply = Reply(conversation_id, speaks(holder), "Yes.", "r-1")
    with pytest.raises(Collision, match="Chi Park did something else"):
        db.write_now(partial(post_reply, reply=reply, last_seen_seq=seen))


def test_nothing_is_said_in_a_closed_conversation(db: Database, conversation_id: str) -> None:
    agent = db.write_now(bo)
    db.write_now(lambda unit: close(unit, conversation_id, by=acts(agent), reason="solved"))
    with pytest.raises(IsClosed):
        db.write_now(lambda unit: post_reply(unit, Reply(conversation_id, ECHO, "Yes.", "r-1")))


def test_a_turn_that_thought_too_long_gives_way(db: Database, conversation_id: str) -> None:
    entries = db.read_now(lambda records: entries_since(records, conversation_id, 0))
    scene = db.read_now(lambda records: scene_of(records, entries[0].id))
    db.write_now(lambda unit: claim(unit, scene))
    agent = db.write_now(bo)
    give_to(db, conversation_id, agent)
    with pytest.raises(Superseded):
        db.write_now(lambda unit: claim(unit, scene))


@pytest.mark.parametrize(("name", "disclosure"), [("", "AI"), ("Echo", ""), ("Echo", "  ")])
def test_an_author_without_name_or_disclosure_cannot_be_constructed(name: str, disclosure: str) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        Author(AuthorKind.ASSISTANT, "assistant", name, disclosure)


@pytest.mark.parametrize("missing", ["author_name", "disclosure", "author_id"])
def test_the_database_refuses_an_outbound_message_without_author_or_disclosure(
    db: Database, conversation_id: str, missing: str
) -> None:
    row = {"author_id": "assistant", "author_name": "Echo", "disclosure": "AI", missing: None}
    statement = text(
        "INSERT INTO conversations_entry (conversation_id, seq, id, kind, author_kind, author_id,"
        " author_name, disclosure, body, ref, at) VALUES (:c, 99, 'msg_x', 'message', 'assistant',"
        " :author_id, :author_name, :disclosure, 'hi', '{}', 0)"
    )
    with pytest.raises(exc.IntegrityError):
        db.write_now(lambda unit: unit.records.execute(statement, {"c": conversation_id, **row}))


def test_exactly_one_holder_is_kept_by_the_database_too(db: Database, conversation_id: str) -> None:
    statement = text("UPDATE conversations_conversation SET holder_kind = 'agent', holder_id = NULL")
    with pytest.raises(exc.IntegrityError):
        db.write_now(lambda unit: unit.records.execute(statement))
