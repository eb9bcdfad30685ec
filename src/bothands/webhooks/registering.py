"""Register an endpoint, change it, give it a new secret, forget it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bothands.kit import Invalid
from bothands.storage import Seal, Unit
from bothands.webhooks.describing import type_names
from bothands.webhooks.model import Endpoint, EndpointUnknown
from bothands.webhooks.signing import make_secret
from bothands.webhooks.store import (
    all_endpoints,
    change_endpoint,
    delete_endpoint,
    endpoint_by_id,
    insert_endpoint,
)

# Each may hold one of the worker's 32 places while its receiver is slow.
ENDPOINTS_MAX = 10
DESCRIPTION_CHARS_MAX = 200
OLD_SECRET_HOURS = 24


def register(
    unit: Unit,
    seal: Seal,
    url: str,
    event_types: Sequence[str],
    *,
    include_text: bool = False,
    description: str = "",
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret; told of what happens from now on. Its address was checked before."""
    if len(all_endpoints(unit.records)) >= ENDPOINTS_MAX:
        raise Invalid("webhook", f"there are {ENDPOINTS_MAX} already", "delete one first")
    secret = make_secret(unit.random)
    endpoint = Endpoint(
        id=unit.ids.new("hook"),
        url=url,
        event_types=_known(event_types),
        include_text=include_text,
        description=_described(description),
        secret=seal.shut(secret),
        old_secret=None,
        old_secret_until=None,
        created_at=unit.now,
        told_from=unit.now,
        told_to=unit.now,
        failing_since=None,
        disabled_at=None,
        disabled_reason=None,
        sending_job=None,
        sending_until=None,
    )
    insert_endpoint(unit.records, endpoint)
    return endpoint, secret


def change(
    unit: Unit,
    endpoint_id: str,
    *,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    include_text: bool | None = None,
    description: str | None = None,
    enabled: bool | None = None,
) -> Endpoint:
    """Change what is given; None leaves it. What happened while it was disabled comes only by a replay."""
    endpoint = endpoint_of(unit.records, endpoint_id)
    values: dict[str, Any] = {}
    if url is not None:
        values["url"] = url
    if event_types is not None:
        values["event_types"] = _known(event_types)
    if include_text is not None:
        values["include_text"] = include_text
    if description is not None:
        values["description"] = _described(description)
    if enabled is True and endpoint.disabled_at is not None:
        values |= {
            "disabled_at": None,
            "disabled_reason": None,
            "failing_since": None,
            "told_from": unit.now,
            "told_to": unit.now,
        }
    if enabled is False and endpoint.disabled_at is None:
        values |= {"disabled_at": unit.now, "disabled_reason": "Disabled by a person"}
    if values:
        change_endpoint(unit.records, endpoint_id, values)
    return endpoint_of(unit.records, endpoint_id)


def renew_secret(unit: Unit, seal: Seal, endpoint_id: str) -> tuple[Endpoint, str]:
    """A new secret; for a day deliveries carry a signature of the old one too."""
    endpoint = endpoint_of(unit.records, endpoint_id)
    secret = make_secret(unit.random)
    values = {
        "secret": seal.shut(secret),
        "old_secret": endpoint.secret,
        "old_secret_until": unit.now + timedelta(hours=OLD_SECRET_HOURS),
    }
    change_endpoint(unit.records, endpoint_id, values)
    return endpoint_of(unit.records, endpoint_id), secret


def forget(unit: Unit, endpoint_id: str) -> None:
    """Delete the endpoint with its deliveries."""
    endpoint_of(unit.records, endpoint_id)
    delete_endpoint(unit.records, endpoint_id)


def endpoint_of(records: Connection, endpoint_id: str) -> Endpoint:
    endpoint = endpoint_by_id(records, endpoint_id)
    if endpoint is None:
        raise EndpointUnknown(f"webhook {endpoint_id}", "there is none with this id", "check the id")
    return endpoint


def _known(event_types: Sequence[str]) -> tuple[str, ...]:
    known = type_names()
    strange = [name for name in event_types if name not in known]
    if strange or not event_types:
        what = f"{strange[0]!r} is none of them" if strange else "none was picked"
        raise Invalid("event types", what, f"pick from: {', '.join(known)}")
    return tuple(name for name in known if name in event_types)


def _described(description: str) -> str:
    if len(description) > DESCRIPTION_CHARS_MAX or "\x00" in description:
        raise Invalid(
            "description", f"it has more than {DESCRIPTION_CHARS_MAX} characters", "write a shorter one"
        )
    return description.strip()
