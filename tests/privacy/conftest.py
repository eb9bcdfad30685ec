"""A contact with a past: messages, a note, a wait, a file; and somebody else who must not suffer."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bothands.balance import Reason
from bothands.channels import Image, ImageStore, add_file
from bothands.conversations import receive, write_note
from bothands.handoff import Desk, bring_in, take_over
from bothands.people import Agent, Contact, meet
from bothands.privacy import Places
from bothands.storage import Database, Unit
from tests.cast import ADA_SAYS, ECHO, acts, ada, bo, says, shop

WISH = Reason("wish", "The customer asked for a person")
EVE_SAYS = "Eve keeps what is hers"


@dataclass(frozen=True)
class Past:
    ada: Contact
    eve: Contact
    agent: Agent
    conversation_id: str
    eves_id: str


@pytest.fixture
def past(db: Database) -> Past:
    return db.write_now(_happened)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(ImageStore(tmp_path / "images"), tmp_path / "exports")


def _happened(unit: Unit) -> Past:
    inbox, contact, agent = shop(unit), ada(unit), bo(unit)
    eve, _ = meet(unit, None, name="Eve")
    conversation = receive(unit, says(inbox, contact, ADA_SAYS, "c-1")).conversation
    bring_in(unit, conversation.id, reason=WISH, desk=Desk(ECHO))
    take_over(unit, conversation.id, agent)
    write_note(unit, conversation.id, "She sounds tired", by=acts(agent), client_id="n-1")
    eves = receive(unit, says(inbox, eve, EVE_SAYS, "c-1")).conversation
    for name, whose in (("a", contact), ("b", eve)):
        add_file(
            unit, Image(name * 64, "image/png", 10), f"{name}.png", contact_id=whose.id, inbox_id=inbox.id
        )
    return Past(contact, eve, agent, conversation.id, eves.id)
