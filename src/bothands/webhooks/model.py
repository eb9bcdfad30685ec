"""Endpoints and deliveries as values."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from bothands.kit import Conflict, NotFound


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Endpoint(msgspec.Struct, frozen=True):
    """An address of the company's own systems that is told what happens.

    The secrets are sealed, because each delivery is signed with them. What happened before
    `told_from` is not for it; until `told_to` the events were looked at. `failing_since`: the first failure
    since anything last arrived.
    """

    id: str
    url: str
    event_types: tuple[str, ...]
    include_text: bool
    description: str
    secret: str
    old_secret: str | None
    old_secret_until: datetime | None
    created_at: datetime
    told_from: datetime
    told_to: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    sending_job: str | None
    sending_until: datetime | None

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """What to sign with, sealed: during a rotation the old secret too."""
        if self.old_secret and self.old_secret_until and now < self.old_secret_until:
            return self.secret, self.old_secret
        return (self.secret,)


class Delivery(msgspec.Struct, frozen=True):
    """One event for one endpoint. `event_id` is the `webhook-id`: the same in every retry and replay."""

    id: str
    endpoint_id: str
    event_id: str
    event_type: str
    conversation_id: str | None
    body: dict[str, Any]
    at: datetime
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    created_at: datetime
    last_at: datetime | None
    last_code: int | None
    last_milliseconds: int | None
    last_error: str | None


class Outcome(msgspec.Struct, frozen=True):
    """What one attempt came to. `code` is None when nobody answered."""

    code: int | None
    milliseconds: int
    error: str | None

    @property
    def is_delivered(self) -> bool:
        return self.error is None

    @property
    def is_gone(self) -> bool:
        return self.code == 410


class Terms(msgspec.Struct, frozen=True):
    """How patient deliveries are. Tests are not."""

    # After the first try; together a little over three days.
    retry_after: tuple[timedelta, ...] = tuple(
        timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1_200, 1_440)
    )
    disable_after: timedelta = timedelta(days=3)


class EndpointUnknown(NotFound):
    code = "webhook-unknown"
    title = "There is no such webhook"


class EndpointDisabledNow(Conflict):
    code = "webhook-disabled"
    title = "The webhook is disabled"
