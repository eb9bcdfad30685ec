"""Two processes are brought the same token, customer or secret at the same moment: nothing is doubled."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from bothands.channels import TokenSpent, TooManySecrets, identify, list_secrets, make_secret
from bothands.conversations import Inbound, Inbox, current_conversation, entries_since, receive_many
from bothands.kit import ManualClock
from bothands.people import KnownBrowser, contact_of_key, meet_browser
from bothands.storage import Database, Seal, open_database
from tests.cast import shop
from tests.signing import claims_at, sign

SEAL = Seal.fresh()
ROUNDS = 10

pytestmark = pytest.mark.slow


class Processes:
    """Two, as far as the database can tell."""

    def __init__(self, *databases: Database) -> None:
        self.here, self.there = databases
        self.inbox: Inbox = self.here.write_now(shop)
        self.secret = self.here.write_now(lambda unit: make_secret(unit, SEAL, self.inbox))[1]

    def token(self, sub: str) -> str:
        return sign(claims_at(self.here.clock.now(), sub), self.secret)

    def identify(self, db: Database, token: str, key: str | None = None) -> Awaitable[KnownBrowser]:
        return identify(db, SEAL, self.inbox, token, key=key)


@pytest.fixture
def two(postgres_fresh: str, clock: ManualClock) -> Iterator[Processes]:
    databases = [open_database(postgres_fresh, clock=clock) for _ in range(2)]
    yield Processes(*databases)
    for db in databases:
        db.close()


def at_once(*begin: Callable[[], Awaitable[Any]]) -> list[Any]:
    async def run() -> list[Any]:
        return await asyncio.gather(*(one() for one in begin), return_exceptions=True)

    return asyncio.run(run())


def test_one_process_takes_the_token(two: Processes) -> None:
    for number in range(ROUNDS):
        token = two.token(f"ada-{number}")
        tries = [lambda db=db, token=token: two.identify(db, token) for db in (two.here, two.there) * 5]  # type: ignore[misc]
        outcomes = at_once(*tries)
        assert sum(isinstance(outcome, KnownBrowser) for outcome in outcomes) == 1, outcomes
        assert sum(isinstance(outcome, TokenSpent) for outcome in outcomes) == 9, outcomes


def test_one_customer_who_comes_in_two_browsers_is_one_contact(two: Processes) -> None:
    for number in range(ROUNDS):
        sub = f"ada-{number}"
        phone, laptop = at_once(
            lambda sub=sub: two.identify(two.here, two.token(sub)),  # type: ignore[misc]
            lambda sub=sub: two.identify(two.there, two.token(sub)),  # type: ignore[misc]
        )
        assert phone.contact.id == laptop.contact.id
        assert phone.key != laptop.key


def test_an_inbox_never_gets_a_third_secret(two: Processes) -> None:
    def make(db: Database) -> Awaitable[Any]:
        return db.write(lambda unit: make_secret(unit, SEAL, two.inbox))

    made = at_once(*(lambda db=db: make(db) for db in (two.here, two.there) * 3))  # type: ignore[misc]
    assert sum(isinstance(outcome, TooManySecrets) for outcome in made) == 5
    assert len(two.here.read_now(lambda records: list_secrets(records, two.inbox.id))) == 2


def test_a_message_that_comes_while_the_customer_signs_in_is_kept_once(two: Processes) -> None:
    for number in range(ROUNDS):
        guest = two.here.write_now(lambda unit: meet_browser(unit, None))
        first = Inbound(two.inbox.id, guest.contact.id, "c-1", "first")
        two.here.write_now(lambda unit: receive_many(unit, [first]))  # noqa: B023
        token = two.token(f"ada-{number}")
        second = Inbound(two.inbox.id, guest.contact.id, "c-2", "second")
        ada, received = at_once(
            lambda: two.identify(two.there, token, guest.key),  # noqa: B023
            lambda: two.here.write_many(receive_many, second),  # noqa: B023
        )
        assert isinstance(ada, KnownBrowser), ada
        entries = two.there.read_now(lambda r: entries_since(r, received.conversation.id, 0))  # noqa: B023
        assert [entry.body for entry in entries].count("second") == 1
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        going = two.there.read_now(lambda r: current_conversation(r, two.inbox.id, ada.contact.id))  # noqa: B023
        assert going is not None
        assert two.here.read_now(lambda r: contact_of_key(r, guest.key, two.here.clock.now())) is None  # noqa: B023
