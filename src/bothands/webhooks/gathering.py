"""Find what an endpoint has not been told of yet, and write one delivery for each: from the rows of events.

Events are found by the time in their ids. The mark of an endpoint never passes a write that is still open,
and a pass looks back a little, because clocks differ: who has a delivery already gets no second one.
"""

from datetime import datetime, timedelta
from typing import Any

from bothands.jobs import Event, enqueue, events_after
from bothands.kit import first_id
from bothands.storage import Unit
from bothands.webhooks.describing import TEST_TYPE, kinds_of, thin, type_of_kind
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint
from bothands.webhooks.store import change_endpoint, endpoint_by_id, insert_deliveries, known_events

EVENTS_AT_ONCE = 500
# Kinds of jobs.
SEND = "send_webhooks"
TELL = "tell_webhooks"


def start_of(endpoint: Endpoint, look_back: timedelta) -> str:
    """Where a pass over the events begins."""
    return first_id("evt", max(endpoint.told_to - look_back, endpoint.told_from))


def gather(unit: Unit, endpoint: Endpoint, after: str, began_at: datetime) -> str | None:
    """Write the deliveries of one page of events; where the next page begins, None at the end.

    What happened before `began_at` was committed when the pass began. `endpoint` is as it was then: if it
    was told to look again from earlier meanwhile, the end of this pass is not its end.
    """
    current = endpoint_by_id(unit.records, endpoint.id)
    if current is None or current.disabled_at is not None:
        return None
    events = events_after(unit.records, after, kinds_of(current.event_types), EVENTS_AT_ONCE)
    known = known_events(unit.records, endpoint.id, [event.id for event in events])
    if new := [event for event in events if event.id not in known]:
        insert_deliveries(unit.records, [_delivery(unit, endpoint.id, event) for event in new])
        ask_to_send(unit, endpoint.id)
    if len(events) == EVENTS_AT_ONCE:
        return events[-1].id
    if current.told_to == endpoint.told_to:
        change_endpoint(unit.records, endpoint.id, {"told_to": max(began_at, endpoint.told_to)})
    return None


def ask_to_send(unit: Unit, endpoint_id: str) -> None:
    enqueue(unit, SEND, {"endpoint_id": endpoint_id}, key=f"{SEND} {endpoint_id}")


def add_test(unit: Unit, endpoint: Endpoint) -> Delivery:
    """A delivery that tells of nothing, to see whether anybody is there."""
    event_id = unit.ids.new("evt")
    delivery = _made(unit, endpoint.id, event_id, TEST_TYPE, {}, unit.now)
    insert_deliveries(unit.records, [delivery])
    ask_to_send(unit, endpoint.id)
    return delivery


def _delivery(unit: Unit, endpoint_id: str, event: Event) -> Delivery:
    body = thin(event.kind, event.body)
    return _made(unit, endpoint_id, event.id, type_of_kind(event.kind), body, event.at)


def _made(
    unit: Unit, endpoint_id: str, event_id: str, event_type: str, body: dict[str, Any], at: datetime
) -> Delivery:
    return Delivery(
        id=unit.ids.new("dlv"),
        endpoint_id=endpoint_id,
        event_id=event_id,
        event_type=event_type,
        conversation_id=body.get("conversation_id"),
        body=body,
        at=at,
        state=DeliveryState.WAITING,
        attempts=0,
        next_at=unit.now,
        created_at=unit.now,
        last_at=None,
        last_code=None,
        last_milliseconds=None,
        last_error=None,
    )
