"""The company's own systems list contacts, and tell who they are: theirs is the last word."""

from typing import Any

from sqlalchemy import Connection

from bothands.kit import Conflict
from bothands.people.contacting import add_facts, clean_email, clean_name, clean_phone, contact_of
from bothands.people.directory_store import contact_rows
from bothands.people.key_store import visitor_key_ids
from bothands.people.model import Contact
from bothands.people.store import change_contact, contact_by_external_id
from bothands.people.visiting import clean_external_id, customer_of, revoke_visitor_keys
from bothands.storage import Unit


class ExternalIdTaken(Conflict):
    code = "external-id-taken"
    title = "Another contact has this id of yours"


def list_contacts(
    records: Connection,
    *,
    limit: int,
    before: str | None = None,
    email: str | None = None,
    external_id: str | None = None,
) -> list[Contact]:
    """A page of contacts, newest first, after the one whose id is `before`."""
    return contact_rows(records, limit, before, email.strip().lower() if email else None, external_id)


def record_contact(
    unit: Unit,
    external_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    facts: dict[str, str] | None = None,
) -> Contact:
    """The one contact with this id of the company's own, made or brought up to date."""
    contact = customer_of(unit, external_id, name=name, email=email, language=language)
    return correct_contact(unit, contact.id, phone=phone, facts=facts)


def correct_contact(
    unit: Unit,
    contact_id: str,
    *,
    external_id: str | None = None,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    facts: dict[str, str] | None = None,
) -> Contact:
    """Change what is given; None leaves it, facts are added. Your own id makes them verified.

    With another id than before, no browser that was known as this contact is known any more: that it was
    theirs is something nobody vouched for.
    """
    contact = contact_of(unit.records, contact_id)
    values: dict[str, Any] = {}
    if external_id is not None and external_id != contact.external_id:
        values["external_id"] = _free(unit.records, clean_external_id(external_id))
        revoke_visitor_keys(unit, contact_id, visitor_key_ids(unit.records, contact_id))
    if name is not None:
        values["name"] = clean_name(name)
    if email is not None:
        values["email"] = clean_email(email)
    if phone is not None:
        values["phone"] = clean_phone(phone)
    if values:
        change_contact(unit.records, contact_id, values)
    return add_facts(unit, contact_id, facts) if facts else contact_of(unit.records, contact_id)


def _free(records: Connection, external_id: str) -> str:
    if taken := contact_by_external_id(records, external_id):
        raise ExternalIdTaken(
            f"customer id {external_id!r}", f"contact {taken.id} has it", "change that contact instead"
        )
    return external_id
