"""Webhooks: tells the company's own systems what happened, signed after the Standard Webhooks scheme.

Deliveries are gathered from the rows of events, so nothing is on the message path and nothing is lost;
they are sent by jobs, at least once, under a `webhook-id` that stays the same.
"""

from bothands.webhooks.describing import EVENT_TYPES, type_names
from bothands.webhooks.events import EndpointDisabled
from bothands.webhooks.gathering import SEND, TELL
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint, Terms
from bothands.webhooks.reaching import Reach
from bothands.webhooks.registering import (
    change,
    endpoint_of,
    forget,
    register,
    renew_secret,
)
from bothands.webhooks.replaying import replay_one, replay_since, send_test
from bothands.webhooks.telling import Courier
from bothands.webhooks.viewing import deliveries_of, list_endpoints

__all__ = [
    "EVENT_TYPES",
    "SEND",
    "TELL",
    "Courier",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "EndpointDisabled",
    "Reach",
    "Terms",
    "change",
    "deliveries_of",
    "endpoint_of",
    "forget",
    "list_endpoints",
    "register",
    "renew_secret",
    "replay_one",
    "replay_since",
    "send_test",
    "type_names",
]
