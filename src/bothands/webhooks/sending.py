"""Send what is due to one endpoint: sign, post, note what came of it. One sender at a time for each."""

import asyncio
from datetime import timedelta

import msgspec

from bothands.egress import Caller
from bothands.jobs import Job, announce, enqueue, finish
from bothands.kit import BothandsError
from bothands.storage import Database, Seal, Unit
from bothands.webhooks.describing import payload_of
from bothands.webhooks.events import EndpointDisabled
from bothands.webhooks.gathering import SEND, ask_to_send
from bothands.webhooks.model import Delivery, DeliveryState, Endpoint, Outcome, Terms
from bothands.webhooks.signing import signed
from bothands.webhooks.store import (
    change_delivery,
    change_endpoint,
    due_deliveries,
    endpoint_by_id,
)

# Together within a job's lease of 60 seconds, however slow the receiver is.
DELIVERIES_PER_JOB = 20
AT_ONCE_MAX = 5
SENDING_SECONDS_MAX = 60
ERROR_CHARS_MAX = 300


class Letter(msgspec.Struct, frozen=True):
    """A delivery with the bytes and headers that go out."""

    delivery: Delivery
    content: bytes
    headers: dict[str, str]


class Batch(msgspec.Struct, frozen=True):
    endpoint: Endpoint
    letters: tuple[Letter, ...]


async def send_due(db: Database, caller: Caller, seal: Seal, terms: Terms, job: Job) -> None:
    """The job `send_webhooks`: outside calls between two short writes, the second of which ends the job."""
    batch = await db.write(lambda unit: begin(unit, seal, job))
    if batch is None:
        return
    gate = asyncio.Semaphore(AT_ONCE_MAX)

    async def post(letter: Letter) -> Outcome:
        async with gate:
            return await _post(db, caller, batch.endpoint.url, letter)

    outcomes = await asyncio.gather(*(post(letter) for letter in batch.letters))
    done = list(zip(batch.letters, outcomes, strict=True))
    await db.write(lambda unit: settle(unit, job, terms, [(letter.delivery, out) for letter, out in done]))


def begin(unit: Unit, seal: Seal, job: Job) -> Batch | None:
    """What to send now; None when there is nothing, or another job sends there and will look again."""
    endpoint = endpoint_by_id(unit.records, job.body["endpoint_id"])
    if endpoint is None or endpoint.disabled_at is not None or _is_another_sending(unit, endpoint, job):
        return None
    due = due_deliveries(unit.records, endpoint.id, unit.now, DELIVERIES_PER_JOB)
    if not due:
        return None
    until = unit.now + timedelta(seconds=SENDING_SECONDS_MAX)
    change_endpoint(unit.records, endpoint.id, {"sending_job": job.id, "sending_until": until})
    return Batch(endpoint, tuple(_letter(unit, seal, endpoint, delivery) for delivery in due))


def settle(unit: Unit, job: Job, terms: Terms, done: list[tuple[Delivery, Outcome]]) -> None:
    """Write down what came of each, and end the job in the same transaction."""
    endpoint = endpoint_by_id(unit.records, job.body["endpoint_id"])
    finish(unit, job)
    if endpoint is None:
        return
    for delivery, outcome in done:
        change_delivery(unit.records, delivery.id, _after(unit, terms, delivery, outcome))
    failed = [outcome for _, outcome in done if not outcome.is_delivered]
    values: dict[str, object] = {"sending_job": None, "sending_until": None}
    if len(failed) < len(done):
        values["failing_since"] = None
    elif endpoint.failing_since is None:
        values["failing_since"] = unit.now
    if reason := _why_disable(unit, terms, endpoint, failed, is_all=len(failed) == len(done)):
        values |= {"disabled_at": unit.now, "disabled_reason": reason}
        announce(unit, EndpointDisabled(endpoint.id, reason))
    change_endpoint(unit.records, endpoint.id, values)
    if reason is None:
        _go_on(unit, endpoint.id, terms, has_failed=bool(failed))


def _go_on(unit: Unit, endpoint_id: str, terms: Terms, *, has_failed: bool) -> None:
    if due_deliveries(unit.records, endpoint_id, unit.now, 1):
        ask_to_send(unit, endpoint_id)
    elif has_failed:
        # The first retry should not have to wait for the clock's round; later ones may.
        at = unit.now + terms.retry_after[0]
        enqueue(unit, SEND, {"endpoint_id": endpoint_id}, key=f"{SEND} {endpoint_id} soon", run_at=at)


def _is_another_sending(unit: Unit, endpoint: Endpoint, job: Job) -> bool:
    if endpoint.sending_job in (None, job.id):
        return False
    return endpoint.sending_until is not None and endpoint.sending_until > unit.now


def _letter(unit: Unit, seal: Seal, endpoint: Endpoint, delivery: Delivery) -> Letter:
    payload = payload_of(
        unit.records, delivery.event_type, delivery.at, delivery.body, include_text=endpoint.include_text
    )
    content = msgspec.json.encode(payload)
    secrets = [seal.read(secret) for secret in endpoint.secrets(unit.now)]
    # Signed with the time of the attempt: receivers refuse what is old.
    headers = signed(secrets, delivery.event_id, unit.now, content)
    return Letter(delivery, content, headers)


async def _post(db: Database, caller: Caller, url: str, letter: Letter) -> Outcome:
    began = db.clock.monotonic()
    code: int | None = None
    try:
        # As the very bytes that were signed.
        answer = await caller.post(url, msgspec.Raw(letter.content), headers=letter.headers)
        code, error = answer.code, _trouble(answer.code)
    except BothandsError as failure:  # refused by the gate, or nobody answered
        error = str(failure)
    return Outcome(code, round((db.clock.monotonic() - began) * 1_000), error)


def _trouble(code: int) -> str | None:
    if 200 <= code < 300:
        return None
    if 300 <= code < 400:
        return f"it answered {code}: redirects are not followed, give the last address"
    return f"it answered {code}"


def _after(unit: Unit, terms: Terms, delivery: Delivery, outcome: Outcome) -> dict[str, object]:
    attempts = delivery.attempts + 1
    values: dict[str, object] = {
        "attempts": attempts,
        "last_at": unit.now,
        "last_code": outcome.code,
        "last_milliseconds": outcome.milliseconds,
        "last_error": outcome.error and outcome.error[:ERROR_CHARS_MAX],
        "next_at": None,
    }
    if outcome.is_delivered:
        return values | {"state": DeliveryState.DELIVERED.value}
    if attempts > len(terms.retry_after) or outcome.is_gone:
        return values | {"state": DeliveryState.GIVEN_UP.value}
    wait = terms.retry_after[attempts - 1] * (0.9 + 0.2 * unit.random.random())
    return values | {"next_at": unit.now + wait}


def _why_disable(
    unit: Unit, terms: Terms, endpoint: Endpoint, failed: list[Outcome], *, is_all: bool
) -> str | None:
    if any(outcome.is_gone for outcome in failed):
        return "It answered 410 Gone"
    since = endpoint.failing_since
    if failed and is_all and since is not None and unit.now - since >= terms.disable_after:
        return f"Nothing arrived since {since:%Y-%m-%d %H:%M} UTC; last: {failed[-1].error}"[:ERROR_CHARS_MAX]
    return None
