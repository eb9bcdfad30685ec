"""Look at endpoints and their deliveries."""

from datetime import datetime

from sqlalchemy import Connection

from bothands.kit import Invalid
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint
from bothands.webhooks.registering import endpoint_of
from bothands.webhooks.store import all_endpoints, count_waiting, delivery_page


def list_endpoints(records: Connection) -> list[tuple[Endpoint, int]]:
    """Each with how many deliveries still wait, oldest first."""
    waiting = count_waiting(records)
    return [(endpoint, waiting.get(endpoint.id, 0)) for endpoint in all_endpoints(records)]


def deliveries_of(
    records: Connection,
    endpoint_id: str,
    *,
    state: str | None = None,
    limit: int = 50,
    before: tuple[datetime, str] | None = None,
) -> list[Delivery]:
    """Newest first, after the cursor `before` = (created_at, id)."""
    endpoint_of(records, endpoint_id)
    known = [item.value for item in DeliveryState]
    if state is not None and state not in known:
        raise Invalid(f"state {state!r}", "it is not known", f"use one of: {', '.join(known)}")
    return delivery_page(records, endpoint_id, state, limit, before)
