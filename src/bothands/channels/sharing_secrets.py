"""The secrets an inbox shares with the company's own server: made, shown once, replaced with an overlap."""

import base64

from sqlalchemy import Connection

from bothands.channels.identity_store import all_sealed, change_secret, insert_secret, living_secrets
from bothands.channels.model import InboxSecret
from bothands.conversations import Inbox
from bothands.kit import Conflict, NotFound
from bothands.storage import Seal, Unit

SECRET_BYTES = 32
HINT_CHARS = 9
SECRETS_PER_INBOX_MAX = 2


class TooManySecrets(Conflict):
    code = "too-many-secrets"
    title = "This inbox has two secrets already"


def make_secret(
    unit: Unit, seal: Seal, inbox: Inbox, *, made_by_id: str | None = None
) -> tuple[InboxSecret, str]:
    """A new one, valid at once beside the one before it; the text is shown now and never again."""
    if len(living_secrets(unit.records, inbox.id)) >= SECRETS_PER_INBOX_MAX:
        raise TooManySecrets(
            f"inbox {inbox.slug!r}",
            f"it has {SECRETS_PER_INBOX_MAX} secrets, an old one and a new one",
            "revoke the one that your server no longer signs with",
        )
    text = "ids_" + base64.urlsafe_b64encode(unit.random.randbytes(SECRET_BYTES)).decode().rstrip("=")
    secret = InboxSecret(
        unit.ids.new("secret"), inbox.id, text[:HINT_CHARS], made_by_id, unit.now, None, None
    )
    insert_secret(unit.records, secret, seal.shut(text))
    return secret, text


def list_secrets(records: Connection, inbox_id: str) -> list[InboxSecret]:
    return living_secrets(records, inbox_id)


def kept_sealed(records: Connection) -> list[str]:
    """All valid secrets as they are kept, for whoever looks whether they can still be read."""
    return all_sealed(records)


def revoke_secret(unit: Unit, inbox_id: str, secret_id: str) -> None:
    """What it signed is refused from now on; what it sealed is gone. Browsers let in by it stay known."""
    if not change_secret(unit.records, inbox_id, secret_id, {"revoked_at": unit.now, "sealed": ""}):
        raise NotFound(
            f"secret {secret_id}", "this inbox has no such secret, or no longer", "reload the list"
        )
