"""API keys, and the secrets that inboxes share with the company's own server. Admins only; shown once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.channels import InboxSecret, list_secrets, make_secret, revoke_secret
from bothands.conversations import inbox_of
from bothands.people import (
    KEY_SCOPES,
    ApiKey,
    agent_of,
    list_api_keys,
    make_api_key,
    revoke_api_key,
)
from bothands.storage import Unit
from bothands.web.asking import Signed, TheDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.shapes import Input


class ApiKeyInput(Input, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    scopes: Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=60)]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class ApiKeyView(msgspec.Struct, frozen=True):
    """`hint` is how the key begins; `last_used_at` is true to a quarter of an hour."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiKeys(msgspec.Struct, frozen=True):
    """`scopes`: all that a key may be given."""

    api_keys: list[ApiKeyView]
    scopes: list[str]
    next_cursor: str | None


class ApiKeyMade(msgspec.Struct, frozen=True):
    """`secret` is the key itself, to be kept now: it is shown only here."""

    api_key: ApiKeyView
    secret: str


class SecretView(msgspec.Struct, frozen=True):
    """`hint` is how the secret begins; `last_used_at` is true to an hour."""

    id: str
    hint: str
    made_by: str
    created_at: datetime
    last_used_at: datetime | None


class Secrets(msgspec.Struct, frozen=True):
    secrets: list[SecretView]
    next_cursor: str | None


class SecretMade(msgspec.Struct, frozen=True):
    """`text` is what to sign with, to be kept now: it is shown only here."""

    secret: SecretView
    text: str


async def show_api_keys(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> ApiKeys:
    """The keys that are not revoked, newest first."""

    def look(records: Connection) -> list[ApiKeyView]:
        found = list_api_keys(records)
        names = _names(records, {api_key.made_by_id for api_key in found})
        return [_key_view(api_key, names[api_key.made_by_id]) for api_key in found]

    page, following = sliced(
        await desk.db.read(look), cursor, limit, lambda item: (item.id, ""), newest_first=True
    )
    return ApiKeys(page, sorted(KEY_SCOPES), following)


async def add_api_key(desk: TheDesk, signed_in: Signed, data: JSONBody[ApiKeyInput]) -> ApiKeyMade:
    """Make a key; an Idempotency-Key is not taken, as its answer is never kept."""
    agent = signed_in.agent

    def make(unit: Unit) -> tuple[ApiKey, str]:
        return make_api_key(unit, data.name, data.scopes, made_by_id=agent.id, expires_at=data.expires_at)

    api_key, secret = await desk.db.write(make)
    return ApiKeyMade(_key_view(api_key, agent.name), secret)


async def end_api_key(desk: TheDesk, key_id: FromPath[str]) -> None:
    """Revoke a key; it opens nothing from the next request on."""
    await desk.db.write(lambda unit: revoke_api_key(unit, key_id))


async def show_secrets(
    desk: TheDesk, inbox_id: FromPath[str], cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS
) -> Secrets:
    """The inbox's valid secrets, newest first; the inbox by its id or its short name."""

    def look(records: Connection) -> list[SecretView]:
        found = list_secrets(records, inbox_of(records, inbox_id).id)
        names = _names(records, {secret.made_by_id for secret in found if secret.made_by_id})
        return [_secret_view(secret, names.get(secret.made_by_id or "", "")) for secret in found]

    page, following = sliced(
        await desk.db.read(look), cursor, limit, lambda item: (item.id, ""), newest_first=True
    )
    return Secrets(page, following)


async def add_secret(desk: TheDesk, signed_in: Signed, inbox_id: FromPath[str]) -> SecretMade:
    """Make a secret to sign tokens with; the one before stays valid until it is revoked."""
    agent = signed_in.agent

    def make(unit: Unit) -> tuple[InboxSecret, str]:
        return make_secret(unit, desk.seal, inbox_of(unit.records, inbox_id), made_by_id=agent.id)

    secret, text = await desk.db.write(make)
    return SecretMade(_secret_view(secret, agent.name), text)


async def end_secret(desk: TheDesk, inbox_id: FromPath[str], secret_id: FromPath[str]) -> None:
    """Revoke a secret; what it signs is refused from now on."""
    await desk.db.write(lambda unit: revoke_secret(unit, inbox_of(unit.records, inbox_id).id, secret_id))


def _names(records: Connection, agent_ids: Iterable[str]) -> dict[str, str]:
    return {agent_id: agent_of(records, agent_id).name for agent_id in agent_ids}


def _key_view(api_key: ApiKey, made_by: str) -> ApiKeyView:
    return ApiKeyView(
        api_key.id,
        api_key.name,
        api_key.hint,
        api_key.scopes,
        made_by,
        api_key.created_at,
        api_key.expires_at,
        api_key.last_used_at,
    )


def _secret_view(secret: InboxSecret, made_by: str) -> SecretView:
    return SecretView(secret.id, secret.hint, made_by, secret.created_at, secret.last_used_at)
