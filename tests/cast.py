"""The people of our tests: Ada asks, Bo and Chi work at the desk, Echo is the assistant."""

from bothands.conversations import Author, AuthorKind, By, Inbound, Inbox, Received, open_inbox, receive
from bothands.people import Agent, Contact, Role, add_agent, meet
from bothands.storage import Unit

ECHO = Author(AuthorKind.ASSISTANT, "assistant", "Echo", "AI assistant. Not a person.")
ADA_SAYS = "Do you deliver on Saturdays?"


def shop(unit: Unit) -> Inbox:
    return open_inbox(unit, "shop", "Alder & Loft", assistant_name=ECHO.name, disclosure=ECHO.disclosure)


def ada(unit: Unit) -> Contact:
    contact, _ = meet(unit, None, name="Ada")
    return contact


def bo(unit: Unit) -> Agent:
    return add_agent(unit, name="Bo Lind", email="bo@shop.example", role=Role.AGENT)


def chi(unit: Unit) -> Agent:
    return add_agent(unit, name="Chi Park", email="chi@shop.example", role=Role.LEAD)


def speaks(agent: Agent) -> Author:
    return Author(AuthorKind.AGENT, agent.id, agent.name, "A person")


def acts(agent: Agent) -> By:
    return By(AuthorKind.AGENT, agent.id, agent.name)


def says(inbox: Inbox, contact: Contact, text: str, client_id: str) -> Inbound:
    return Inbound(inbox.id, contact.id, client_id, text)


def asked(unit: Unit) -> Received:
    """Ada asked how long delivery takes; Echo holds the conversation."""
    return receive(unit, says(shop(unit), ada(unit), "How long does delivery take?", "c-1"))
