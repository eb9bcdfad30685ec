"""A visitor whom the company vouches for: the same contact in every browser, and nobody else's words.

What may be joined is deliberately little. A shared computer is the rule, not the exception: whoever
signs in after somebody else must see nothing of them, and leave nothing of theirs behind.
"""

import logging
from datetime import timedelta

from bothands.channels.identity_store import (
    change_secret,
    drop_spent,
    is_spent,
    last_use_of,
    sealed_secrets,
    spend,
)
from bothands.channels.reading_tokens import SKEW_SECONDS_MAX, Claims, TokenRefused, TokenSpent, read_token
from bothands.channels.store import give_files_since
from bothands.conversations import (
    AuthorKind,
    By,
    Conversation,
    EntryKind,
    Inbox,
    add_entry,
    current_conversation,
    give_to_contact,
)
from bothands.kit import Invalid
from bothands.people import (
    Contact,
    Identity,
    KnownBrowser,
    browser_of,
    customer_of,
    hold_contacts,
    let_in,
    prolong,
    revoke_visitor_keys,
)
from bothands.storage import Database, Seal, SealBroken, Unit

# An anonymous conversation this quiet is not what the customer is in the middle of.
JOINED_MINUTES_MAX = 60
USE_NOTED_MINUTES = 60

# Who tells the desk about it.
DOORKEEPER = By(AuthorKind.SYSTEM, name="Signed identity")

log = logging.getLogger(__name__)


async def identify(
    db: Database, seal: Seal, inbox: Inbox, token: str, *, key: str | None = None, language: str | None = None
) -> KnownBrowser:
    """Take the token, once. The browser gets a key of the customer's, in exchange for the one it had.

    Raises TokenRefused, TokenExpired or TokenSpent; then nothing was written.
    """
    secrets = await _secrets(db, seal, inbox)
    claims, secret_id = read_token(token, secrets, inbox, db.clock.now())
    return await db.write(lambda unit: _let_in(unit, inbox, claims, secret_id, (key, language)))


async def forget(db: Database, inbox: Inbox, key: str) -> None:
    """This browser is nobody's from now on; what others have of the same contact stays."""

    def drop(unit: Unit) -> None:
        if browser := browser_of(unit.records, key, unit.now, inbox_id=inbox.id):
            revoke_visitor_keys(unit, browser.contact.id, [browser.known.id])

    await db.write(drop)


def drop_expired_tokens(unit: Unit) -> None:
    """Those that would be refused for their age anyway."""
    drop_spent(unit.records, unit.now - timedelta(seconds=2 * SKEW_SECONDS_MAX))


async def _secrets(db: Database, seal: Seal, inbox: Inbox) -> dict[str, str]:
    readable: dict[str, str] = {}
    broken: SealBroken | None = None
    for secret_id, sealed in (await db.read(lambda records: sealed_secrets(records, inbox.id))).items():
        try:
            readable[secret_id] = seal.read(sealed)
        except SealBroken as error:
            broken = error
            log.error("Secret %s: %s", secret_id, error)
    if broken is not None and not readable:
        raise broken
    return readable


def _let_in(
    unit: Unit, inbox: Inbox, claims: Claims, secret_id: str, sent: tuple[str | None, str | None]
) -> KnownBrowser:
    key, language = sent
    _spend(unit, inbox, claims, secret_id)
    before = browser_of(unit.records, key, unit.now, inbox_id=inbox.id) if key else None
    try:
        contact = customer_of(unit, claims.sub, name=claims.name, email=claims.email, language=language)
    except Invalid as error:
        raise TokenRefused("signed token", f"{error.thing}: {error.cause}", error.cure) from None
    if before is not None and before.contact.id == contact.id:
        prolong(unit, before)
        return KnownBrowser(contact, before.known, before.key)
    browser = let_in(unit, contact, inbox.id)
    if before is not None:
        if before.contact.identity is not Identity.VERIFIED:
            _join(unit, inbox, before.contact, contact)
        # Its old key opens nothing any more: neither what was joined, nor what was there before.
        revoke_visitor_keys(unit, before.contact.id, [before.known.id])
    return browser


def _spend(unit: Unit, inbox: Inbox, claims: Claims, secret_id: str) -> None:
    """Exactly one of those that bring the same token gets past."""
    is_valid, last_used_at = last_use_of(unit.records, secret_id)
    if not is_valid:
        raise TokenRefused("signed token", "its secret was revoked just now", "sign with the other one")
    parts = (inbox.id, claims.jti)
    if is_spent(unit.records, parts):
        raise TokenSpent(
            "signed token", "its jti came before", "have your server sign a new one for each page"
        )
    spend(unit.records, parts, claims.expires_at)
    if last_used_at is None or unit.now - last_used_at > timedelta(minutes=USE_NOTED_MINUTES):
        change_secret(unit.records, inbox.id, secret_id, {"last_used_at": unit.now})


def _join(unit: Unit, inbox: Inbox, before: Contact, contact: Contact) -> None:
    """What this browser is in the middle of goes on as the customer's; nothing older of it does.

    Where the customer has a conversation of their own going on, that one is shown, and the desk is told.
    """
    hold_contacts(unit.records, [before.id, contact.id])
    going = current_conversation(unit.records, inbox.id, before.id)
    quiet_since = unit.now - timedelta(minutes=JOINED_MINUTES_MAX)
    if going is None or not going.is_open or going.updated_at < quiet_since:
        return
    own = current_conversation(unit.records, inbox.id, contact.id)
    if own is not None and (own.is_open or own.id > going.id):
        _tell_both(unit, going, own)
        return
    give_to_contact(unit, going.id, contact.id)
    give_files_since(unit.records, inbox.id, before.id, contact.id, going.opened_at)
    words = "From here on the company vouches for who this customer is. What stands above was written before."
    add_entry(unit, going.id, EntryKind.NOTE, words, {"identity": Identity.VERIFIED.value}, by=DOORKEEPER)


def _tell_both(unit: Unit, going: Conversation, own: Conversation) -> None:
    left = f"The visitor signed in as a customer and goes on in their own conversation {own.id}."
    come = f"Just before signing in, the same browser wrote in the conversation {going.id}."
    add_entry(unit, going.id, EntryKind.NOTE, left, {"conversation_id": own.id}, by=DOORKEEPER)
    add_entry(unit, own.id, EntryKind.NOTE, come, {"conversation_id": going.id}, by=DOORKEEPER)
