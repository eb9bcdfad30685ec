"""What happened to a contact's data."""

import msgspec


class ContactErased(msgspec.Struct, frozen=True):
    """Nobody is known by this id any more; what they left behind is being erased."""

    contact_id: str
