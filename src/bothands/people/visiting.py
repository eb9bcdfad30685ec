"""Visitors' keys: by them a browser is known again, until it was not used for long.

A browser the company vouched for has one that ends unless the company vouches again.
"""

import base64
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.jobs import announce
from bothands.kit import Invalid
from bothands.people.contacting import clean_email, clean_language, clean_name
from bothands.people.events import VisitorKeysRevoked
from bothands.people.key_store import (
    drop_expired_visitor_keys,
    drop_visitor_keys,
    has_visitor_key,
    insert_visitor_key,
    prolong_visitor_key,
    visitor_key,
    visitor_key_ids,
)
from bothands.people.model import Contact, KnownBrowser, VisitorKey
from bothands.people.store import change_contact, contact_by_external_id, contact_by_id, insert_contact
from bothands.storage import Unit

KEY_BYTES = 24
KEY_CHARS_MAX = 80
VOUCHED_KEY_DAYS_MAX = 14
UNUSED_KEY_DAYS_MAX = 90
# A browser that comes every day is written down once in so many days.
RENEWED_EVERY_DAYS = 30
# Each browser of a customer has one; the oldest gives way.
VOUCHED_KEYS_PER_CONTACT_MAX = 20
EXTERNAL_ID_CHARS_MAX = 120


def browser_of(
    records: Connection, key: str, now: datetime, *, inbox_id: str | None = None
) -> KnownBrowser | None:
    """Whose browser this is. With `inbox_id`: a key for which another inbox vouched does not count there."""
    if not key or len(key) > KEY_CHARS_MAX:
        return None
    known = visitor_key(records, key)
    if known is None or (known.expires_at is not None and known.expires_at <= now):
        return None
    if inbox_id is not None and known.inbox_id not in (None, inbox_id):
        return None
    contact = contact_by_id(records, known.contact_id)
    return KnownBrowser(contact, known, key) if contact else None


def contact_of_key(
    records: Connection, key: str, now: datetime, *, inbox_id: str | None = None
) -> Contact | None:
    browser = browser_of(records, key, now, inbox_id=inbox_id)
    return browser.contact if browser else None


def is_key_living(records: Connection, key_id: str, now: datetime) -> bool:
    return has_visitor_key(records, key_id, now)


def meet_browser(
    unit: Unit,
    key: str | None,
    *,
    name: str | None = None,
    language: str | None = None,
    is_simulated: bool = False,
    inbox_id: str | None = None,
) -> KnownBrowser:
    """The browser of this key, or a new contact with a key that we make: a foreign one is never adopted."""
    if key and (known := browser_of(unit.records, key, unit.now, inbox_id=inbox_id)):
        return known
    contact = Contact(
        id=unit.ids.new("contact"),
        name=clean_name(name) if name else None,
        email=None,
        phone=None,
        language=clean_language(language),
        is_simulated=is_simulated,
        first_seen_at=unit.now,
        facts={},
    )
    insert_contact(unit.records, contact)
    return _give_key(unit, contact, None, unit.now + timedelta(days=UNUSED_KEY_DAYS_MAX))


def meet(
    unit: Unit,
    key: str | None,
    *,
    name: str | None = None,
    language: str | None = None,
    is_simulated: bool = False,
) -> tuple[Contact, str]:
    """As `meet_browser`, for those who need no more than the contact and the key."""
    browser = meet_browser(unit, key, name=name, language=language, is_simulated=is_simulated)
    return browser.contact, browser.key


def customer_of(
    unit: Unit, external_id: str, *, name: str | None, email: str | None, language: str | None
) -> Contact:
    """The one contact with this id of the company's own, made or brought up to date."""
    clean_external_id(external_id)
    told = {"name": clean_name(name) if name else None, "email": clean_email(email) if email else None}
    known = contact_by_external_id(unit.records, external_id)
    if known is None:
        contact = Contact(
            id=unit.ids.new("contact"),
            name=told["name"],
            email=told["email"],
            phone=None,
            language=clean_language(language),
            is_simulated=False,
            first_seen_at=unit.now,
            facts={},
            external_id=external_id,
        )
        insert_contact(unit.records, contact)
        return contact
    if news := {field: value for field, value in told.items() if value and value != getattr(known, field)}:
        change_contact(unit.records, known.id, news)
    return contact_by_id(unit.records, known.id) or known


def let_in(unit: Unit, contact: Contact, inbox_id: str) -> KnownBrowser:
    """A key for one more browser of a contact whom the company vouched for at this inbox."""
    browser = _give_key(unit, contact, inbox_id, unit.now + timedelta(days=VOUCHED_KEY_DAYS_MAX))
    mine = visitor_key_ids(unit.records, contact.id)
    revoke_visitor_keys(unit, contact.id, mine[VOUCHED_KEYS_PER_CONTACT_MAX:])
    return browser


def prolong(unit: Unit, browser: KnownBrowser) -> None:
    """The company vouched for this browser again."""
    prolong_visitor_key(unit.records, browser.known.id, unit.now + timedelta(days=VOUCHED_KEY_DAYS_MAX))


def is_due_again(browser: KnownBrowser, now: datetime) -> bool:
    """Whether this use of the key is to be written down, so that it does not end."""
    known = browser.known
    if known.inbox_id is not None or known.expires_at is None:
        return False
    return known.expires_at - now < timedelta(days=UNUSED_KEY_DAYS_MAX - RENEWED_EVERY_DAYS)


def renew(unit: Unit, browser: KnownBrowser) -> None:
    """Its key is in use."""
    prolong_visitor_key(unit.records, browser.known.id, unit.now + timedelta(days=UNUSED_KEY_DAYS_MAX))


def revoke_visitor_keys(unit: Unit, contact_id: str, key_ids: Collection[str]) -> None:
    """These browsers are not known any more, and what they have open closes."""
    if key_ids:
        drop_visitor_keys(unit.records, key_ids)
        announce(unit, VisitorKeysRevoked(contact_id, tuple(key_ids)))


def drop_expired_keys(unit: Unit) -> None:
    drop_expired_visitor_keys(unit.records, unit.now)


def clean_external_id(external_id: str) -> str:
    """Refused rather than tidied: two spellings of an id must never become one customer."""
    is_plain = external_id.isprintable() and external_id == external_id.strip()
    if not is_plain or not 1 <= len(external_id) <= EXTERNAL_ID_CHARS_MAX:
        raise Invalid(
            "customer id",
            f"it must be 1 to {EXTERNAL_ID_CHARS_MAX} visible characters without space around them",
            "send your own id of the customer",
        )
    return external_id


def _give_key(
    unit: Unit, contact: Contact, inbox_id: str | None = None, expires_at: datetime | None = None
) -> KnownBrowser:
    key = "vk_" + base64.b32encode(unit.random.randbytes(KEY_BYTES)).decode().rstrip("=").lower()
    known = VisitorKey(unit.ids.new("vkey"), contact.id, inbox_id, unit.now, expires_at)
    insert_visitor_key(unit.records, known, key)
    return KnownBrowser(contact, known, key)
