"""Webhooks: which of the company's systems are told what, and what became of each delivery."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands import webhooks
from bothands.kit import Invalid
from bothands.storage import Unit
from bothands.web.asking import TheDesk
from bothands.web.paging import PAGE_ROWS, CursorText, Limit, Moment, page_of, read_cursor, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Id, Input
from bothands.webhooks import Delivery, Endpoint

Url = Annotated[str, Meta(min_length=1, max_length=2_000)]
EventTypes = Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(min_length=1, max_length=50)]
Description = Annotated[str, Meta(max_length=200)]


class WebhookInput(Input, frozen=True):
    """`include_text`: whether messages come with what was said, and not only with their ids."""

    url: Url
    event_types: EventTypes
    include_text: bool = False
    description: Description = ""


class WebhookChangeInput(Input, frozen=True):
    """What is left out stays as it is."""

    url: Url | None = None
    event_types: EventTypes | None = None
    include_text: bool | None = None
    description: Description | None = None
    enabled: bool | None = None


class ReplayInput(Input, frozen=True):
    """One of the two: a delivery, or all that happened since a time within the last 30 days."""

    delivery_id: Id | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None


class WebhookView(msgspec.Struct, frozen=True):
    """`failing_since`: nothing arrived since then. `disabled_reason`: why nothing is sent any more."""

    id: str
    url: str
    event_types: tuple[str, ...]
    include_text: bool
    description: str
    created_at: datetime
    waiting: int
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    old_secret_until: datetime | None


class EventTypeView(msgspec.Struct, frozen=True):
    name: str
    help: str


class WebhookPage(msgspec.Struct, frozen=True):
    """`event_types`: all that there are to pick from."""

    webhooks: list[WebhookView]
    event_types: list[EventTypeView]
    next_cursor: str | None


class WebhookMade(msgspec.Struct, frozen=True):
    """`secret` verifies the signatures; keep it now, it is shown only here."""

    webhook: WebhookView
    secret: str


class DeliveryView(msgspec.Struct, frozen=True):
    """`event_id` came as `webhook-id`. `state`: waiting, delivered or given_up."""

    id: str
    event_id: str
    event_type: str
    conversation_id: str | None
    at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    last_at: datetime | None
    last_code: int | None
    last_milliseconds: int | None
    last_error: str | None


class DeliveryPage(msgspec.Struct, frozen=True):
    deliveries: list[DeliveryView]
    next_cursor: str | None


class Replayed(msgspec.Struct, frozen=True):
    """How many deliveries are sent again; what was never told is found in the background."""

    deliveries: int


WebhookId = FromPath[str]


async def show_webhooks(desk: TheDesk, cursor: CursorText = None, limit: Limit = PAGE_ROWS) -> WebhookPage:
    """The webhooks there are, and the events they can be told of."""
    found = await desk.db.read(webhooks.list_endpoints)
    page, following = sliced(found, cursor, limit, lambda item: (item[0].id, ""))
    types = [EventTypeView(item.name, item.help) for item in webhooks.EVENT_TYPES]
    return WebhookPage([_view(*item) for item in page], types, following)


async def show_webhook(desk: TheDesk, webhook_id: WebhookId) -> WebhookView:
    """One webhook."""
    return await desk.db.read(lambda records: _shown(records, webhook_id))


async def add_webhook(desk: TheDesk, data: JSONBody[WebhookInput]) -> WebhookMade:
    """Tell an address what happens from now on. No Idempotency-Key is taken: the answer is never kept."""
    await desk.reach.check(data.url)

    def register(unit: Unit) -> tuple[Endpoint, str]:
        return webhooks.register(
            unit,
            desk.seal,
            data.url,
            data.event_types,
            include_text=data.include_text,
            description=data.description,
        )

    endpoint, secret = await desk.db.write(register)
    return WebhookMade(_view(endpoint, 0), secret)


async def change_webhook(
    desk: TheDesk, once: TheOnce, webhook_id: WebhookId, data: JSONBody[WebhookChangeInput]
) -> WebhookView:
    """Change a webhook; `enabled` ends and resumes it, what happened meanwhile comes by a replay."""
    if data.url is not None:
        await desk.reach.check(data.url)

    def change(unit: Unit) -> WebhookView:
        webhooks.change(unit, webhook_id, **msgspec.structs.asdict(data))
        return _shown(unit.records, webhook_id)

    return await once.write(change, WebhookView)


async def end_webhook(once: TheOnce, webhook_id: WebhookId) -> None:
    """Forget a webhook with its deliveries."""
    await once.write(lambda unit: webhooks.forget(unit, webhook_id), None)


async def renew_secret(desk: TheDesk, webhook_id: WebhookId) -> WebhookMade:
    """A new secret; for a day deliveries are signed with the old one too."""

    def renew(unit: Unit) -> tuple[WebhookView, str]:
        _, secret = webhooks.renew_secret(unit, desk.seal, webhook_id)
        return _shown(unit.records, webhook_id), secret

    view, secret = await desk.db.write(renew)
    return WebhookMade(view, secret)


async def show_deliveries(
    desk: TheDesk,
    webhook_id: WebhookId,
    only: FromQuery[str | None] = None,
    cursor: CursorText = None,
    limit: Limit = PAGE_ROWS,
) -> DeliveryPage:
    """What was told, newest first, and how it was answered; `only` waiting, delivered or given_up."""
    before = read_cursor(cursor, Moment)
    found = await desk.db.read(
        lambda records: webhooks.deliveries_of(
            records, webhook_id, state=only, limit=limit + 1, before=before
        )
    )
    page, following = page_of(found, limit, lambda delivery: (delivery.created_at, delivery.id))
    return DeliveryPage([_delivery(delivery) for delivery in page], following)


async def replay(once: TheOnce, webhook_id: WebhookId, data: JSONBody[ReplayInput]) -> Replayed:
    """Send again, under the same ids: one delivery, or all since a time."""
    if (data.delivery_id is None) == (data.since is None):
        raise Invalid("replay", "it names not exactly one of delivery_id and since", "give one of the two")

    def again(unit: Unit) -> Replayed:
        if data.delivery_id is not None:
            webhooks.replay_one(unit, webhook_id, data.delivery_id)
            return Replayed(1)
        assert data.since is not None
        return Replayed(webhooks.replay_since(unit, webhook_id, data.since))

    return await once.write(again, Replayed)


async def send_test(once: TheOnce, webhook_id: WebhookId) -> DeliveryView:
    """Let one delivery of no event be sent; look for it among the deliveries."""
    return await once.write(lambda unit: _delivery(webhooks.send_test(unit, webhook_id)), DeliveryView)


def _shown(records: Connection, webhook_id: str) -> WebhookView:
    webhooks.endpoint_of(records, webhook_id)
    waiting = {endpoint.id: (endpoint, count) for endpoint, count in webhooks.list_endpoints(records)}
    return _view(*waiting[webhook_id])


def _view(endpoint: Endpoint, waiting: int) -> WebhookView:
    return WebhookView(
        id=endpoint.id,
        url=endpoint.url,
        event_types=endpoint.event_types,
        include_text=endpoint.include_text,
        description=endpoint.description,
        created_at=endpoint.created_at,
        waiting=waiting,
        failing_since=endpoint.failing_since,
        disabled_at=endpoint.disabled_at,
        disabled_reason=endpoint.disabled_reason,
        old_secret_until=endpoint.old_secret_until,
    )


def _delivery(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        event_id=delivery.event_id,
        event_type=delivery.event_type,
        conversation_id=delivery.conversation_id,
        at=delivery.at,
        state=delivery.state.value,
        attempts=delivery.attempts,
        next_at=delivery.next_at,
        last_at=delivery.last_at,
        last_code=delivery.last_code,
        last_milliseconds=delivery.last_milliseconds,
        last_error=delivery.last_error,
    )
