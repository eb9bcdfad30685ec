"""API keys: what programs of the company come in with. Shown once, stored hashed, revoked at once.

A key reads, and adds what programs add (notes, knowledge). It is nobody in person: it neither speaks to
contacts nor holds conversations, and it makes no keys and no people.
"""

import base64
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.kit import Invalid, NotFound, squeeze
from bothands.people.key_store import api_key_by_secret, change_api_key, insert_api_key, living_api_keys
from bothands.people.model import ApiKey
from bothands.people.roles import KEY_SCOPES
from bothands.storage import Unit

API_KEY_PREFIX = "key_"
API_KEY_BYTES = 32
API_KEY_CHARS_MAX = 100
API_KEYS_MAX = 100
API_KEY_NAME_CHARS_MAX = 80
HINT_CHARS = 9
USE_NOTED_MINUTES = 15


def make_api_key(
    unit: Unit, name: str, scopes: Collection[str], *, made_by_id: str, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key's text is returned now and never again."""
    cleaned = squeeze(name)
    if not 1 <= len(cleaned) <= API_KEY_NAME_CHARS_MAX:
        raise Invalid(
            "name of the key", f"it must have 1 to {API_KEY_NAME_CHARS_MAX} characters", "change it"
        )
    if unknown := sorted(set(scopes) - KEY_SCOPES):
        raise Invalid(
            f"scope {unknown[0][:40]!r}",
            "a key cannot have it",
            f"choose among {', '.join(sorted(KEY_SCOPES))}",
        )
    if expires_at is not None and expires_at <= unit.now:
        raise Invalid("expiry of the key", "it is over already", "choose a later one, or none")
    if len(living_api_keys(unit.records)) >= API_KEYS_MAX:
        raise Invalid("API keys", f"there are {API_KEYS_MAX} already", "revoke one that is not used")
    secret = API_KEY_PREFIX + base64.urlsafe_b64encode(unit.random.randbytes(API_KEY_BYTES)).decode().rstrip(
        "="
    )
    api_key = ApiKey(
        id=unit.ids.new("apikey"),
        name=cleaned,
        hint=secret[:HINT_CHARS],
        scopes=tuple(sorted(set(scopes))),
        made_by_id=made_by_id,
        created_at=unit.now,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    insert_api_key(unit.records, api_key, secret)
    return api_key, secret


def api_key_of(records: Connection, secret: str, now: datetime) -> ApiKey | None:
    """The key, if it lives; one that is revoked or expired looks like none."""
    if not secret.startswith(API_KEY_PREFIX) or len(secret) > API_KEY_CHARS_MAX:
        return None
    found = api_key_by_secret(records, secret)
    if found is None or found.revoked_at is not None:
        return None
    return found if found.expires_at is None or found.expires_at > now else None


def list_api_keys(records: Connection) -> list[ApiKey]:
    return living_api_keys(records)


def revoke_api_key(unit: Unit, key_id: str) -> None:
    if not change_api_key(unit.records, key_id, {"revoked_at": unit.now}):
        raise NotFound(f"API key {key_id}", "there is none, or it is revoked already", "reload the list")


def is_use_due(api_key: ApiKey, now: datetime) -> bool:
    """Whether `note_use` is due; the last use is kept to a quarter of an hour only."""
    return api_key.last_used_at is None or now - api_key.last_used_at > timedelta(minutes=USE_NOTED_MINUTES)


def note_use(unit: Unit, key_id: str) -> None:
    change_api_key(unit.records, key_id, {"last_used_at": unit.now})
