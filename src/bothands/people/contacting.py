"""Contacts: finding them, keeping what they tell about themselves."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from bothands.kit import Invalid, NotFound, squeeze
from bothands.people.model import BadAddress, Contact, Identity
from bothands.people.store import (
    change_contact,
    contact_by_id,
    contacts_by_email,
    contacts_by_id,
    hold_contacts,
)
from bothands.storage import Unit

NAME_CHARS_MAX = 120
SAME_EMAIL_MAX = 50
EMAIL_CHARS_MAX = 254
PHONE_CHARS_MAX = 40
LANGUAGE_CHARS_MAX = 35
FACTS_MAX = 30
FACT_CHARS_MAX = 300

# Deliberately plain: one @, no spaces, a dot in the domain. Only a delivered mail proves an address.
_EMAIL = re.compile(r"[^@\s\"'<>(),;:\\]{1,64}@[^@\s\"'<>(),;:\\.]+(?:\.[^@\s\"'<>(),;:\\.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,38}[0-9]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def contact_of(records: Connection, contact_id: str) -> Contact:
    contact = contact_by_id(records, contact_id)
    if contact is None:
        raise NotFound(f"contact {contact_id}", "no such contact", "check the id")
    return contact


def contacts_of(records: Connection, contact_ids: Sequence[str]) -> dict[str, Contact]:
    """Many contacts in one query; ids nobody has are left out."""
    return contacts_by_id(records, contact_ids)


def contacts_of_email(records: Connection, email: str) -> list[Contact]:
    """Those who told us this address; nobody checked that it is theirs."""
    return contacts_by_email(records, clean_email(email), SAME_EMAIL_MAX)


def update_contact(
    unit: Unit,
    contact_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Contact:
    """Keep what a contact tells about themselves; None or empty leaves a field as it is.

    A verified contact's name and e-mail come from the company alone: a claim never stands beside its word.
    """
    contact = contact_of(unit.records, contact_id)
    values: dict[str, Any] = {}
    if name and name.strip():
        values["name"] = clean_name(name)
    if email and email.strip():
        values["email"] = clean_email(email)
    if phone and phone.strip():
        values["phone"] = clean_phone(phone)
    if contact.identity is Identity.VERIFIED:
        values = {field: value for field, value in values.items() if field == "phone"}
    if not values:
        return contact
    change_contact(unit.records, contact_id, values)
    return contact_of(unit.records, contact_id)


def add_facts(unit: Unit, contact_id: str, facts: dict[str, str]) -> Contact:
    """Remember facts about a contact, such as an order's number."""
    merged = contact_of(unit.records, contact_id).facts | facts
    if len(merged) > FACTS_MAX or any(len(str(value)) > FACT_CHARS_MAX for value in merged.values()):
        raise Invalid(
            f"facts of contact {contact_id}",
            f"more than {FACTS_MAX}, or one longer than {FACT_CHARS_MAX} characters",
            "keep fewer and shorter ones",
        )
    change_contact(unit.records, contact_id, {"facts": merged})
    return contact_of(unit.records, contact_id)


def clean_name(name: str) -> str:
    """A name in one line, without control or direction-changing characters."""
    plain = "".join(
        " " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    plain = squeeze(plain)
    if not plain or len(plain) > NAME_CHARS_MAX:
        raise Invalid(
            "name", f"it is empty or longer than {NAME_CHARS_MAX} characters", "write a shorter one"
        )
    return plain


def clean_email(email: str) -> str:
    plain = email.strip()
    if len(plain) > EMAIL_CHARS_MAX or not _EMAIL.fullmatch(plain) or not plain.isprintable():
        raise BadAddress("e-mail address", "it does not look like one", "write it like name@example.com")
    return plain.lower()


def clean_phone(phone: str) -> str:
    plain = squeeze(phone)
    if len(plain) > PHONE_CHARS_MAX or not _PHONE.fullmatch(plain):
        raise BadAddress("phone number", "it does not look like one", "write digits, such as +49 30 1234567")
    return plain


def clean_language(language: str | None) -> str | None:
    """A language tag, or None: a browser's odd value is no reason to refuse a visitor."""
    if not language or len(language) > LANGUAGE_CHARS_MAX or not _LANGUAGE.fullmatch(language):
        return None
    return language


__all__ = [
    "add_facts",
    "clean_email",
    "clean_language",
    "clean_name",
    "clean_phone",
    "contact_of",
    "contacts_of",
    "contacts_of_email",
    "hold_contacts",
    "update_contact",
]
