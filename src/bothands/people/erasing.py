"""Contacts who had everything about them erased: nobody comes back under their id."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bothands.kit import NotFound
from bothands.people.contacting import contact_of, hold_contacts
from bothands.people.erased_store import erased_of, insert_erased
from bothands.storage import Unit


class IsErased(NotFound):
    code = "contact-erased"
    title = "This contact was erased"


def mark_erased(unit: Unit, contact_id: str) -> None:
    """From this commit on nothing is taken from them; what they left behind is for `privacy` to erase."""
    contact_of(unit.records, contact_id)
    hold_contacts(unit.records, [contact_id])
    if not is_erased(unit.records, contact_id):
        insert_erased(unit.records, contact_id, unit.now)


def is_erased(records: Connection, contact_id: str) -> bool:
    return bool(erased_of(records, [contact_id]))


def refuse_erased(records: Connection, contact_ids: Sequence[str]) -> None:
    """Raise IsErased for the first of them who is."""
    for contact_id in erased_of(records, contact_ids):
        raise IsErased(
            f"contact {contact_id}", "all that was known of them is erased", "begin anew, as somebody new"
        )
