"""Prove by a code that an address is one's own: six digits go there, and come back with the ask.

Who asks keeps the `ask`, a long secret. The code alone opens nothing, and so does the ask; of neither
more than a hash is stored. An address nobody knows is treated as any other until a mail would go out.
"""

import hmac
import re
from datetime import timedelta

from bothands.jobs import enqueue
from bothands.people.code_store import (
    Asked,
    code_by_id,
    consume_code,
    count_codes,
    count_try,
    insert_code,
    put_code_hashes,
)
from bothands.people.contacting import clean_email
from bothands.people.model import SignedIn, TooManyAttempts
from bothands.people.signing_in import TOKEN_CHARS_MAX, new_token, open_sign_in
from bothands.people.store import agent_by_email, hash_of
from bothands.storage import Unit

SIGN_IN = "sign_in"

CODE_DIGITS = 6
CODE_CHARS_MAX = 20
CODE_MINUTES_MAX = 10
CODE_TRIES_MAX = 5
# With five tries each, whoever knows only the address guesses right once in 20,000 days.
CODES_PER_DAY_MAX = 10
CODES_PER_HOUR_MAX = 5
CODES_KEPT_MAX = 3

_BETWEEN_DIGITS = re.compile(r"[\s-]")


def ask_code(unit: Unit, purpose: str, address: str) -> str:
    """Ask for a code to this address, whoever may have it; gives the secret that must come back with it."""
    address = clean_email(address)
    for hours, most in ((1, CODES_PER_HOUR_MAX), (24, CODES_PER_DAY_MAX)):
        window = timedelta(hours=hours)
        count, first_at = count_codes(unit.records, purpose, address, unit.now - window)
        if count >= most and first_at is not None:
            raise TooManyAttempts(
                "codes for this address",
                f"{most} were asked for within {hours} hours",
                "use the newest one, or sign in another way",
                retry_after_seconds=max(int((first_at + window - unit.now).total_seconds()), 1),
            )
    ask = new_token(unit, "ask_")
    asked = Asked(unit.ids.new("code"), purpose, address, [])
    insert_code(unit.records, asked, ask, unit.now, unit.now + timedelta(minutes=CODE_MINUTES_MAX))
    enqueue(unit, "mail_code", {"code_id": asked.id})
    return ask


def make_code(unit: Unit, code_id: str) -> tuple[str, str] | None:
    """The address and the digits, made when they are sent; None when nobody waits for them."""
    asked = code_by_id(unit.records, code_id, unit.now)
    if asked is None or not _is_expected(unit, asked):
        return None
    code = f"{unit.random.randrange(10**CODE_DIGITS):0{CODE_DIGITS}}"
    put_code_hashes(unit.records, code_id, [*asked.code_hashes, _hash(asked, code)][-CODES_KEPT_MAX:])
    return asked.address, code


def prove(unit: Unit, purpose: str, ask: str, code: str) -> str | None:
    """Use up one try, and with the right code all of it: the address that is proved, or None.

    Do not raise in the same transaction for None: the try would not have been counted.
    """
    if len(ask) > TOKEN_CHARS_MAX or len(code) > CODE_CHARS_MAX:
        return None
    asked = count_try(unit.records, purpose, ask, unit.now, CODE_TRIES_MAX)
    if asked is None:
        return None
    given = _hash(asked, _BETWEEN_DIGITS.sub("", code))
    if not any(hmac.compare_digest(given, one) for one in asked.code_hashes):
        return None
    consume_code(unit.records, asked.id, unit.now)
    return asked.address


def sign_in_by_code(unit: Unit, ask: str, code: str, *, device: str = "") -> tuple[SignedIn, str] | None:
    """Sign the asking browser in; None for whatever is not right about it."""
    address = prove(unit, SIGN_IN, ask, code)
    found = agent_by_email(unit.records, address) if address else None
    if found is None or found[0].disabled_at is not None:
        return None
    return open_sign_in(unit, found[0], device)


def _is_expected(unit: Unit, asked: Asked) -> bool:
    """Whether this address may get a mail for this purpose: strangers' mailboxes are left alone."""
    found = agent_by_email(unit.records, asked.address)
    return asked.purpose == SIGN_IN and found is not None and found[0].disabled_at is None


def _hash(asked: Asked, code: str) -> str:
    return hash_of(f"{asked.id} {code}")
