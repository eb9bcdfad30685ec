"""What a contact said elsewhere comes in through another system of the company's."""

from bothands.conversations.model import Inbound, Received
from bothands.conversations.noting import By, write_note
from bothands.conversations.receiving import receive
from bothands.storage import Unit


def relay(unit: Unit, inbound: Inbound, *, by: By) -> Received:
    """Receive it as the contact's message, with a note for the desk that says who brought it."""
    received = receive(unit, inbound)
    conversation_id = received.entry.conversation_id
    words = f"{by.name or 'Another system'} brought the message above in for the contact."
    write_note(unit, conversation_id, words, by=by, client_id=f"for {received.entry.id}")
    return received
