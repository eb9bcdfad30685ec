"""Guests of a company made for measuring: known by their key, each talking to an agent if so wished."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.wires import Hear, Wire, open_wire
from bothands.app.importing import import_company
from bothands.app.settings import Settings, read_settings
from bothands.app.wiring import open_model, open_store
from bothands.conversations import Inbound, Inbox, inbox_of, receive_many
from bothands.handoff import take_over
from bothands.people import Agent, Role, add_agent, make_link_token, meet
from bothands.storage import Unit

SMALL_COMPANY = Path(__file__).with_name("crashing")
INBOX = "shop"
# Below what one address may hold at once (web/limiting.py).
GUESTS_PER_ADDRESS = 500
AGENT_NAME, AGENT_EMAIL = "Bo", "bo@lamp.example"


class Guest(msgspec.Struct, frozen=True):
    key: str
    contact_id: str


class Party(msgspec.Struct, frozen=True):
    """The guests of one data folder, and a link that signs in the agent."""

    guests: tuple[Guest, ...]
    agent: Agent
    link: str


async def invite(
    data: Path, count: int, *, held: bool, company: Path = SMALL_COMPANY, database: str = ""
) -> Party:
    """A company imported as its user would, with guests; `held`: an agent has taken each one over."""
    settings = settings_of(data, database=database)
    db, embedder = open_store(settings), open_model(settings)
    try:
        await import_company(db, embedder, company)
        inbox = db.read_now(lambda records: inbox_of(records, INBOX))
        agent = db.write_now(_hire)
        guests = db.write_now(lambda unit: [_meet(unit) for _ in range(count)])
        if held:
            db.write_now(partial(_hold, inbox=inbox, guests=guests, agent=agent))
        link = db.write_now(lambda unit: make_link_token(unit, agent.id))
    finally:
        embedder.close()
        db.close()
    return Party(tuple(guests), agent, link)


def settings_of(data: Path, port: int = 0, *, database: str = "") -> Settings:
    return read_settings({"data": str(data), "port": str(port), "database": database}, {})


async def come_in(port: int, guest: Guest, place: int, hear: Hear) -> Wire:
    """Open the guest's chat, as the widget does; frames are heard after the welcome went out."""
    address = f"127.0.0.{2 + place // GUESTS_PER_ADDRESS}"
    wire = await open_wire(port, f"/ws/chat/{INBOX}", hear, address=address)
    wire.tell({"do": "hello", "key": guest.key, "since": 0, "page": "", "language": "en"})
    return wire


def send_frame(client_id: str, text: str) -> dict[str, Any]:
    return {"do": "send", "client_id": client_id, "text": text, "attachments": []}


def _hire(unit: Unit) -> Agent:
    return add_agent(unit, name=AGENT_NAME, email=AGENT_EMAIL, role=Role.LEAD)


def _meet(unit: Unit) -> Guest:
    contact, key = meet(unit, None, language="en")
    return Guest(key, contact.id)


def _hold(unit: Unit, *, inbox: Inbox, guests: Sequence[Guest], agent: Agent) -> None:
    first = [Inbound(inbox.id, guest.contact_id, "first", "Can a person help me?") for guest in guests]
    for received in receive_many(unit, first):
        take_over(unit, received.conversation.id, agent)
