"""A conversation that began with an unknown visitor goes on as a known contact's."""

from bothands.conversations.store import update_conversation
from bothands.conversations.viewing import conversation_of
from bothands.storage import Unit


def give_to_contact(unit: Unit, conversation_id: str, contact_id: str) -> None:
    """All of it is this contact's; holder and turns under way do not notice."""
    conversation_of(unit.records, conversation_id)  # held until the commit
    update_conversation(unit.records, conversation_id, {"contact_id": contact_id})
