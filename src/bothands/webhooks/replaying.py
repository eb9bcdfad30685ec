"""Send again: one delivery, or all since a time. The `webhook-id` stays, so receivers know what they have."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.kit import Invalid, NotFound
from bothands.storage import Unit
from bothands.webhooks.gathering import add_test, ask_to_send
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint, EndpointDisabledNow
from bothands.webhooks.registering import endpoint_of
from bothands.webhooks.store import change_delivery, change_endpoint, delivery_by_id, send_again

REPLAY_DAYS_MAX = 30


def replay_one(unit: Unit, endpoint_id: str, delivery_id: str) -> Delivery:
    """Make one delivery due again, whatever became of it."""
    _enabled(unit.records, endpoint_id)
    delivery_of(unit.records, endpoint_id, delivery_id)
    values = {"state": DeliveryState.WAITING.value, "attempts": 0, "next_at": unit.now}
    change_delivery(unit.records, delivery_id, values)
    ask_to_send(unit, endpoint_id)
    return delivery_of(unit.records, endpoint_id, delivery_id)


def replay_since(unit: Unit, endpoint_id: str, since: datetime) -> int:
    """Make all deliveries of events since then due; how many there were already.

    What happened while the endpoint was disabled has none yet: its events are gathered next.
    """
    endpoint = _enabled(unit.records, endpoint_id)
    if not unit.now - timedelta(days=REPLAY_DAYS_MAX) <= since <= unit.now:
        raise Invalid("since", f"it is not within the last {REPLAY_DAYS_MAX} days", "choose a time that is")
    again = send_again(unit.records, endpoint_id, since, unit.now)
    start = {"told_from": min(since, endpoint.told_from), "told_to": min(since, endpoint.told_to)}
    change_endpoint(unit.records, endpoint_id, start)
    ask_to_send(unit, endpoint_id)
    return again


def send_test(unit: Unit, endpoint_id: str) -> Delivery:
    """Let one delivery of no event be sent; it shows in the list what came of it."""
    return add_test(unit, _enabled(unit.records, endpoint_id))


def delivery_of(records: Connection, endpoint_id: str, delivery_id: str) -> Delivery:
    delivery = delivery_by_id(records, endpoint_id, delivery_id)
    if delivery is None:
        raise NotFound(f"delivery {delivery_id}", "this webhook has none with this id", "check the id")
    return delivery


def _enabled(records: Connection, endpoint_id: str) -> Endpoint:
    endpoint = endpoint_of(records, endpoint_id)
    if endpoint.disabled_at is not None:
        raise EndpointDisabledNow(
            f"webhook {endpoint_id}", endpoint.disabled_reason or "it is disabled", "enable it first"
        )
    return endpoint
