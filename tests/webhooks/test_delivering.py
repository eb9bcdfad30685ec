"""What happened arrives, signed, once per event that the receiver takes, and nothing of it is lost."""

import asyncio
import threading
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bothands.balance import Reason
from bothands.conversations import (
    SYSTEM,
    AuthorKind,
    By,
    Inbound,
    Reply,
    close,
    conversation_of,
    post_reply,
    receive,
    reopen,
)
from bothands.egress import Caller, Gate
from bothands.handoff import Desk, bring_in, hand_back, take_over
from bothands.jobs import Worker
from bothands.kit import ManualClock, Overloaded
from bothands.storage import Database, Missed, Unit, open_database
from bothands.webhooks import (
    Courier,
    DeliveryState,
    Endpoint,
    Terms,
    change,
    endpoint_of,
    renew_secret,
    replay_one,
    telling,
    type_names,
)
from bothands.webhooks.model import EndpointDisabledNow
from bothands.webhooks.replaying import replay_since, send_test
from tests.cast import ECHO, acts, ada, bo, says, shop, speaks
from tests.webhooks.conftest import SEAL, Post, Receiver, verified

pytestmark = pytest.mark.slow

CHI = By(AuthorKind.AGENT, "agent_chi", "Chi")


def now_of(post: Post, endpoint: Endpoint) -> Endpoint:
    return post.db.read_now(lambda records: endpoint_of(records, endpoint.id))


async def test_what_was_picked_arrives_signed_and_thin(post: Post, receiver: Receiver) -> None:
    endpoint, secret = post.add(receiver.url("/ok"), "message.received", "conversation.closed")
    conversation_id = post.write("My order is late", "Number 1001")
    post.db.write_now(lambda unit: close(unit, conversation_id, by=CHI, reason="a private word"))
    await post.deliver()
    told = [verified(secret, request) for request in receiver.got]
    assert sorted(payload["type"] for payload in told) == [
        "conversation.closed",
        "message.received",
        "message.received",
    ]
    assert {payload["data"]["conversation_id"] for payload in told} == {conversation_id}
    assert all(payload["data"]["contact_id"].startswith("contact_") for payload in told)
    assert "late" not in str(receiver.got)
    assert "private" not in str(receiver.got)
    assert [delivery.state for delivery in post.deliveries(endpoint)] == [DeliveryState.DELIVERED] * 3
    assert {delivery.last_code for delivery in post.deliveries(endpoint)} == {204}


async def test_every_type_of_event_is_told(post: Post, receiver: Receiver) -> None:
    """One conversation through all hands."""
    post.add(receiver.url("/ok"), *type_names())
    conversation_id = post.write("I want a person")

    def through_all_hands(unit: Unit) -> None:
        agent = bo(unit)
        bring_in(unit, conversation_id, reason=Reason("wish", "Asked"), desk=Desk(ECHO), by=SYSTEM)
        take_over(unit, conversation_id, agent)
        seq = conversation_of(unit.records, conversation_id).seq
        reply = Reply(conversation_id, speaks(agent), "Here I am", "r-1")
        post_reply(unit, reply, last_seen_seq=seq)
        hand_back(unit, conversation_id, agent)
        close(unit, conversation_id, by=acts(agent), reason="done")
        reopen(unit, conversation_id, by=acts(agent))

    post.db.write_now(through_all_hands)
    await post.deliver()
    assert {type_of(request) for request in receiver.got} == set(type_names())


async def test_two_who_gather_at_once_tell_once(
    post: Post, receiver: Receiver, db: Database, store_url: str
) -> None:
    endpoint, _ = post.add(receiver.url("/ok"), "message.received")
    post.write(*(f"Line {number}" for number in range(200)))
    # With SQLite nobody else can have the file: the second is then of the same process.
    other = open_database(store_url, clock=db.clock) if store_url.startswith("postgres") else db
    couriers = [Courier(of, Caller(Gate()), SEAL) for of in (db, other, db, other)]
    await asyncio.gather(*(courier.gather_all(timedelta(minutes=5)) for courier in couriers))
    events = [delivery.event_id for delivery in post.deliveries(endpoint, limit=1_000)]
    if other is not db:
        other.close()
    assert len(events) == len(set(events)) == 200


async def test_words_are_told_only_where_it_was_asked_for(post: Post, receiver: Receiver) -> None:
    post.add(receiver.url("/ok"), "message.received", include_text=True)
    post.write("My order is late")
    await post.deliver()
    assert '"text":"My order is late"' in receiver.got[0]["body"]


async def test_the_first_message_opens_and_a_later_one_reopens(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    post.add(receiver.url("/ok"), "conversation.opened", "conversation.reopened")
    conversation_id = post.write("Hello")
    post.db.write_now(lambda unit: close(unit, conversation_id, by=CHI, reason="done"))
    await post.deliver()
    assert [type_of(request) for request in receiver.got] == ["conversation.opened"]
    clock.advance(60)

    def again(unit: Any) -> None:
        known = conversation_of(unit.records, conversation_id)
        receive(unit, Inbound(known.inbox_id, known.contact_id, "c-9", "One more thing"))

    post.db.write_now(again)
    await post.deliver()
    assert [type_of(request) for request in receiver.got] == [
        "conversation.opened",
        "conversation.reopened",
    ]


def type_of(request: dict[str, Any]) -> str:
    return request["body"].split('"type":"')[1].split('"')[0]  # type: ignore[no-any-return]


async def test_a_refusal_is_tried_again_under_the_same_id(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    endpoint, _ = post.add(receiver.url("/shy?times=2"), "conversation.opened")
    post.write("Hello")
    for seconds in (0, 70, 400):
        clock.advance(seconds)
        await post.deliver()
    assert [request["code"] for request in receiver.got] == [503, 503, 204]
    assert len({request["headers"]["webhook-id"] for request in receiver.got}) == 1
    assert len({request["headers"]["webhook-timestamp"] for request in receiver.got}) == 3
    assert post.deliveries(endpoint)[0].attempts == 3
    assert now_of(post, endpoint).failing_since is None


async def test_looking_twice_tells_once(post: Post, receiver: Receiver) -> None:
    post.add(receiver.url("/ok"))
    post.write("Hello", "again")
    for _ in range(3):
        await post.deliver(look_back_seconds=300)
    assert len(receiver.accepted) == len(set(receiver.accepted)) == 3


async def test_what_comes_late_to_the_table_is_told_all_the_same(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    """Another process may commit an event whose time lies before the last one that was told."""
    post.add(receiver.url("/ok"), "conversation.opened")
    clock.advance(100)
    await post.deliver()
    clock.advance(-60)
    post.write("From the past")
    clock.advance(60)
    await post.deliver()
    assert receiver.got == []
    await post.deliver(look_back_seconds=300)
    assert len(receiver.got) == 1


async def test_nobody_who_does_not_answer_holds_up_the_others(post: Post, receiver: Receiver) -> None:
    slow, _ = post.add(receiver.url("/slow"), "conversation.opened")
    post.add(receiver.url("/ok"), "conversation.opened")
    post.write("Hello")
    await post.deliver()
    assert len(receiver.accepted) == 2  # the slow one's was begun, and not waited for
    assert post.deliveries(slow)[0].state is DeliveryState.WAITING
    assert "no whole answer" in post.deliveries(slow)[0].last_error


async def test_redirects_are_not_followed(post: Post, receiver: Receiver) -> None:
    endpoint, _ = post.add(receiver.url("/moved"), "conversation.opened")
    post.write("Hello")
    await post.deliver()
    assert [request["path"] for request in receiver.got] == ["/moved"]
    assert "give the last address" in post.deliveries(endpoint)[0].last_error


async def test_gone_means_gone(post: Post, receiver: Receiver) -> None:
    endpoint, _ = post.add(receiver.url("/gone"), "conversation.opened")
    post.write("Hello")
    await post.deliver()
    assert "410" in (now_of(post, endpoint).disabled_reason or "")
    post.write("Hello?")
    await post.deliver()
    assert len(receiver.got) == 1
    with pytest.raises(EndpointDisabledNow, match="410"):
        post.db.write_now(lambda unit: send_test(unit, endpoint.id))


async def test_after_three_days_of_failing_it_is_disabled_and_says_why(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    endpoint, _ = post.add(receiver.url("/broken"), "conversation.opened")
    began = clock.now()
    post.write("Hello")
    while now_of(post, endpoint).disabled_at is None:
        await post.look_round()
        clock.advance(600)
        assert clock.now() - began < timedelta(days=5), "it is never disabled"
    assert timedelta(days=3) <= clock.now() - began
    assert "answered 500" in (now_of(post, endpoint).disabled_reason or "")
    assert 5 <= len(receiver.got) <= 10


async def test_what_happened_meanwhile_comes_by_a_replay(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    endpoint, _ = post.add(receiver.url("/ok"), "conversation.opened")
    post.write("Told at once")
    await post.deliver()
    post.db.write_now(lambda unit: change(unit, endpoint.id, enabled=False))
    clock.advance(1_000)
    post.write("Nobody is told")
    await post.deliver()
    clock.advance(1)
    post.db.write_now(lambda unit: change(unit, endpoint.id, enabled=True))
    clock.advance(1_000)
    await post.deliver()
    assert len(receiver.got) == 1
    since = clock.now() - timedelta(hours=1)
    assert post.db.write_now(lambda unit: replay_since(unit, endpoint.id, since)) == 1
    await post.deliver()
    assert len(receiver.got) == 3
    assert len(set(receiver.accepted)) == 2, "the first was told again under its id, the second at last"


async def test_one_delivery_can_be_sent_again(post: Post, receiver: Receiver) -> None:
    endpoint, _ = post.add(receiver.url("/ok"), "conversation.opened")
    post.write("Hello")
    await post.deliver()
    [delivery] = post.deliveries(endpoint)
    post.db.write_now(lambda unit: replay_one(unit, endpoint.id, delivery.id))
    await post.deliver()
    assert len(receiver.accepted) == 2
    assert len(set(receiver.accepted)) == 1


async def test_a_test_needs_nothing_to_have_happened(post: Post, receiver: Receiver) -> None:
    endpoint, secret = post.add(receiver.url("/ok"), "conversation.closed")
    post.db.write_now(lambda unit: send_test(unit, endpoint.id))
    await post.deliver()
    assert verified(secret, receiver.got[0])["type"] == "webhook.test"


async def test_while_a_secret_is_changed_both_verify(
    post: Post, receiver: Receiver, clock: ManualClock
) -> None:
    endpoint, old = post.add(receiver.url("/ok"), "conversation.opened")
    _, new = post.db.write_now(lambda unit: renew_secret(unit, SEAL, endpoint.id))
    post.write("Hello")
    await post.deliver()
    verified(old, receiver.got[0])
    verified(new, receiver.got[0])
    clock.advance(25 * 3_600)
    post.write("Hello again")
    await post.deliver()
    verified(new, receiver.got[1])
    with pytest.raises(AssertionError):
        verified(old, receiver.got[1])


async def test_many_events_of_one_moment_are_all_told(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bothands.webhooks.gathering.EVENTS_AT_ONCE", 7)
    post.add(receiver.url("/ok"), "message.received")
    post.write(*(f"Line {number}" for number in range(45)))
    await post.deliver()
    assert len(receiver.accepted) == len(set(receiver.accepted)) == 45


async def test_a_full_line_of_writes_only_delays_what_is_told(
    post: Post, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint, _ = post.add(receiver.url("/ok"), "conversation.opened")
    post.write("Hello")
    is_held, is_free = threading.Event(), threading.Event()

    def hold(unit: Unit) -> None:
        is_held.set()
        is_free.wait(60)

    post.db._writer.submit(hold, Future())
    is_held.wait(60)
    with pytest.raises(Overloaded):
        while True:
            post.db._writer.submit(lambda unit: None, Future())
    running = asyncio.create_task(post.courier.run())
    post.courier.hear([Missed()])
    try:
        async with asyncio.timeout(30):
            while not running.done() and "later" not in caplog.text:
                await asyncio.sleep(0.01)
    finally:
        is_free.set()
    post.courier.hear([Missed()])
    async with asyncio.timeout(30):
        while not post.deliveries(endpoint):
            await asyncio.sleep(0.01)
    running.cancel()


async def test_a_private_address_is_refused_when_it_is_sent_too(post: Post) -> None:
    endpoint, _ = post.add("http://127.0.0.1:9/hook", "conversation.opened")
    post.write("Hello")
    await post.deliver()
    assert post.deliveries(endpoint)[0].last_code is None
    assert "Port 9 of 127.0.0.1" in post.deliveries(endpoint)[0].last_error


def test_the_schedule_of_retries_takes_three_days() -> None:
    together = sum(Terms().retry_after, timedelta())
    assert timedelta(days=3) <= together <= timedelta(days=3.5)


@pytest.mark.parametrize("is_sabotaged", [False, True], ids=["whole", "sabotaged"])
async def test_what_another_process_commits_late_is_told_all_the_same(
    postgres_fresh: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, is_sabotaged: bool
) -> None:
    """However late: with nothing looked back, only knowing of open writes keeps it from being missed."""
    if is_sabotaged:
        monkeypatch.setattr(telling, "oldest_open_write", lambda records: None)
    here, there = open_database(postgres_fresh), open_database(postgres_fresh)
    post = Post(here, Courier(here, Caller(Gate(())), SEAL, Terms()), Worker(here, {}, owner="w-1"))
    endpoint, _ = post.add(receiver.url("/ok"), "message.received")
    inbox = here.write_now(shop)
    people = [here.write_now(ada) for _ in range(2)]
    is_held, is_free = threading.Event(), threading.Event()

    def late(unit: Unit) -> str:
        event_id = receive(unit, says(inbox, people[0], "Late", "c-1")).entry.id
        is_held.set()
        while not is_free.wait(0.1):
            unit.records.execute(text("SELECT 1"))  # a server ends a write in which nothing goes on
        return event_id

    slow = asyncio.create_task(there.write(late))
    assert await asyncio.to_thread(is_held.wait, 60)
    here.write_now(lambda unit: receive(unit, says(inbox, people[1], "In time", "c-1")))
    await post.courier.gather_all(timedelta(0))
    assert len(post.deliveries(endpoint)) == 1
    is_free.set()
    entry_id = await slow
    await post.courier.gather_all(timedelta(0))
    told = [one.body["entry_id"] for one in post.deliveries(endpoint)]
    assert (entry_id in told) is not is_sabotaged
    assert len(told) == len(set(told)) == (1 if is_sabotaged else 2)
    await post.courier.close()
    for db in (here, there):
        db.close()
