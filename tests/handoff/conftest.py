from collections.abc import Callable

import pytest

from bothands.conversations import (
    Author,
    AuthorKind,
    Conversation,
    Entry,
    Inbound,
    Received,
    Reply,
    conversation_of,
    entries_since,
    open_inbox,
    post_reply,
    receive,
)
from bothands.handoff import Desk, hours_of
from bothands.people import Agent, Role, add_agent, meet, set_availability
from bothands.storage import Database

ECHO = Author(AuthorKind.ASSISTANT, "echo", "Echo", "AI assistant. Not a person. Can be wrong.")
# Friday 20 November 2026, 14:00 UTC is 15:00 in Berlin.
DESK = Desk(
    ECHO,
    hours_of(
        "Europe/Berlin",
        dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-20:00") | {"sat": "09:00-18:00"},
    ),
)


class Shop:
    """A small shop with Ada who asks, Bo and another agent, and Chi who leads."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.inbox = db.write_now(
            lambda unit: open_inbox(
                unit, "shop", "Shop", assistant_name="Echo", disclosure="AI assistant. Not a person."
            )
        )
        self.bo = self.hire("Bo", Role.AGENT)
        self.dee = self.hire("Dee", Role.AGENT)
        self.chi = self.hire("Chi", Role.LEAD)
        self._said = 0

    def hire(self, name: str, role: Role) -> Agent:
        def add(unit):
            agent = add_agent(unit, name=name, email=f"{name.lower()}@shop.example", role=role, capacity=1)
            set_availability(unit, agent.id, role is Role.AGENT)
            return agent

        return self.db.write_now(add)

    def nobody_is_there(self) -> None:
        for agent in (self.bo, self.dee):
            self.db.write_now(lambda unit, agent=agent: set_availability(unit, agent.id, False))

    def visitor(self, name: str = "Ada") -> Callable[[str], Received]:
        """A contact; call the result to have them say something."""
        contact, _ = self.db.write_now(lambda unit: meet(unit, None, name=name))

        def say(text: str, attachments=()) -> Received:
            self._said += 1
            client_id = f"c-{self._said}"
            inbound = Inbound(self.inbox.id, contact.id, client_id, text, tuple(attachments))
            return self.db.write_now(lambda unit: receive(unit, inbound))

        return say

    def echo_says(self, conversation_id: str, text: str, **ref) -> Entry:
        self._said += 1
        reply = Reply(conversation_id, ECHO, text, f"e-{self._said}", ref)
        return self.db.write_now(lambda unit: post_reply(unit, reply))

    def entries(self, conversation_id: str) -> list[Entry]:
        return self.db.read_now(lambda records: entries_since(records, conversation_id, 0))

    def conversation(self, conversation_id: str) -> Conversation:
        return self.db.read_now(lambda records: conversation_of(records, conversation_id))

    def do(self, verb, *args, **values):
        return self.db.write_now(lambda unit: verb(unit, *args, **values))

    def see(self, question, *args, **values):
        return self.db.read_now(lambda records: question(records, *args, **values))


@pytest.fixture
def shop(db: Database) -> Shop:
    return Shop(db)


@pytest.fixture
def desk() -> Desk:
    return DESK
