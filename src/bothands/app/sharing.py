"""`bothands secret`: an inbox's secrets from the command line."""

from bothands.app.settings import Settings
from bothands.app.wiring import open_store
from bothands.channels import InboxSecret, list_secrets, make_secret, revoke_secret
from bothands.conversations import inbox_of
from bothands.storage import open_seal


def new_secret(settings: Settings, inbox: str) -> tuple[InboxSecret, str]:
    """Made, and told this once; raises NotFound for an unknown inbox, DatabaseOwned while the server runs."""
    db = open_store(settings)
    try:
        seal = open_seal(settings.data)
        return db.write_now(lambda unit: make_secret(unit, seal, inbox_of(unit.records, inbox)))
    finally:
        db.close()


def secrets_of(settings: Settings, inbox: str) -> list[InboxSecret]:
    db = open_store(settings)
    try:
        return db.read_now(lambda records: list_secrets(records, inbox_of(records, inbox).id))
    finally:
        db.close()


def end_secret(settings: Settings, inbox: str, secret_id: str) -> None:
    db = open_store(settings)
    try:
        db.write_now(lambda unit: revoke_secret(unit, inbox_of(unit.records, inbox).id, secret_id))
    finally:
        db.close()
