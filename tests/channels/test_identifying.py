"""Who a visitor is: taken once, the same contact everywhere, and never a mix-up of two people."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bothands.channels import (
    Image,
    TokenRefused,
    TokenSpent,
    TooManySecrets,
    add_file,
    drop_expired_tokens,
    file_of,
    forget,
    identify,
    list_secrets,
    make_secret,
    revoke_secret,
)
from bothands.channels.identity_store import spent_token_table
from bothands.conversations import (
    EntryKind,
    Inbox,
    close,
    current_conversation,
    entries_since,
    open_inbox,
    receive,
)
from bothands.kit import BothandsError, ManualClock, NotFound
from bothands.people import (
    Identity,
    KnownBrowser,
    browser_of,
    contact_of,
    contact_of_key,
    meet_browser,
    update_contact,
)
from bothands.storage import Database, Seal, SealBroken, metadata
from tests.cast import acts, bo, says, shop
from tests.signing import claims_at, sign

SEAL = Seal.fresh()
TABLES = ("people_contact", "people_visitor_key", "channels_spent_token", "conversations_entry", "jobs_event")


class Shop:
    """The shop's inbox and its own server, which knows its customers."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.inbox: Inbox = db.write_now(shop)
        self.secret = db.write_now(lambda unit: make_secret(unit, SEAL, self.inbox))[1]

    def token(self, sub: str = "ada", **claims: Any) -> str:
        return sign(claims_at(self.db.clock.now(), sub) | claims, self.secret)

    def identify(self, sub: str = "ada", key: str | None = None, **claims: Any) -> KnownBrowser:
        return asyncio.run(identify(self.db, SEAL, self.inbox, self.token(sub, **claims), key=key))

    def browser(self) -> KnownBrowser:
        return self.db.write_now(lambda unit: meet_browser(unit, None))

    def writes(self, browser: KnownBrowser, text: str, client_id: str = "c-1") -> str:
        sent = says(self.inbox, browser.contact, text, client_id)
        return self.db.write_now(lambda unit: receive(unit, sent)).conversation.id

    def conversation_of(self, browser: KnownBrowser) -> str | None:
        found = self.db.read_now(lambda r: current_conversation(r, self.inbox.id, browser.contact.id))
        return found.id if found else None

    def said_to(self, browser: KnownBrowser) -> list[str]:
        """The messages that whoever has this browser's key sees."""
        now = self.db.clock.now()
        contact = self.db.read_now(lambda r: contact_of_key(r, browser.key, now, inbox_id=self.inbox.id))
        found = contact and self.db.read_now(lambda r: current_conversation(r, self.inbox.id, contact.id))
        entries = self.db.read_now(lambda r: entries_since(r, found.id, 0)) if found else []
        return [entry.body for entry in entries if entry.kind is EntryKind.MESSAGE]

    def pass_minutes(self, minutes: float) -> None:
        assert isinstance(self.db.clock, ManualClock)
        self.db.clock.advance(minutes * 60)


@pytest.fixture
def store(db: Database) -> Shop:
    return Shop(db)


def rows(db: Database) -> dict[str, int]:
    counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in TABLES}
    return db.read_now(lambda records: {name: records.execute(counts[name]).scalar_one() for name in TABLES})


def test_a_customer_is_the_same_contact_in_every_browser(store: Shop) -> None:
    phone = store.identify("ada", name="Ada Byron", email="Ada@Shop.example")
    laptop = store.identify("ada")
    assert phone.contact.id == laptop.contact.id
    assert phone.key != laptop.key
    contact = store.db.read_now(lambda records: contact_of(records, laptop.contact.id))
    assert (contact.external_id, contact.identity) == ("ada", Identity.VERIFIED)
    assert (contact.name, contact.email) == ("Ada Byron", "ada@shop.example")
    store.writes(phone, "from the phone")
    assert store.said_to(laptop) == ["from the phone"]


def test_an_unknown_visitor_is_anonymous_and_what_they_say_of_themselves_a_claim(store: Shop) -> None:
    guest = store.browser()
    assert guest.contact.identity is Identity.ANONYMOUS
    claimed = store.db.write_now(lambda unit: update_contact(unit, guest.contact.id, name="Ada"))
    assert claimed.identity is Identity.CLAIMED


def test_nobody_claims_over_the_companys_word(store: Shop) -> None:
    ada = store.identify("ada", name="Ada", email="ada@shop.example")

    def claim(unit: Any) -> Any:
        return update_contact(unit, ada.contact.id, name="Eve", email="eve@evil.example", phone="+49 30 555")

    claimed = store.db.write_now(claim)
    assert (claimed.name, claimed.email, claimed.phone) == ("Ada", "ada@shop.example", "+49 30 555")


def test_what_is_going_on_is_joined_with_its_pictures_and_nothing_older(store: Shop) -> None:
    guest = store.browser()
    older = store.writes(guest, "asked last month")
    agent = store.db.write_now(bo)
    store.db.write_now(lambda unit: close(unit, older, by=acts(agent), reason="done"))
    store.pass_minutes(30 * 24 * 60)
    going = store.writes(guest, "asked just now", "c-2")
    image = Image("0" * 64, "image/png", 3)
    mine = {"contact_id": guest.contact.id, "inbox_id": store.inbox.id}
    file = store.db.write_now(lambda unit: add_file(unit, image, "photo.png", **mine))
    store.pass_minutes(5)
    ada = store.identify("ada", key=guest.key)
    assert going != older
    assert store.conversation_of(ada) == going
    assert store.conversation_of(guest) == older, "what was done before stays with the unknown visitor"
    assert store.said_to(ada) == ["asked just now"]
    assert store.said_to(guest) == [], "the old key opens nothing any more"
    assert store.db.read_now(lambda records: file_of(records, file.id)).contact_id == ada.contact.id
    notes = store.db.read_now(lambda records: entries_since(records, going, 0))
    assert notes[-1].kind is EntryKind.NOTE
    assert "vouches" in notes[-1].body


def test_what_was_left_an_hour_ago_is_not_joined(store: Shop) -> None:
    guest = store.browser()
    left = store.writes(guest, "somebody before me, perhaps")
    store.pass_minutes(61)
    ada = store.identify("ada", key=guest.key)
    assert store.conversation_of(ada) is None
    assert store.conversation_of(guest) == left
    assert store.said_to(guest) == []


def test_a_customer_in_the_middle_of_something_goes_on_with_that(store: Shop) -> None:
    phone = store.identify("ada")
    own = store.writes(phone, "from the phone")
    guest = store.browser()
    left = store.writes(guest, "not yet signed in")
    laptop = store.identify("ada", key=guest.key)
    assert store.said_to(laptop) == store.said_to(phone) == ["from the phone"]
    for conversation_id, other in ((own, left), (left, own)):
        last = store.db.read_now(lambda r, which=conversation_id: entries_since(r, which, 0))[-1]  # type: ignore[misc]
        assert other in last.body, "the desk is told on both sides"


def test_another_customer_on_the_same_computer_starts_afresh(store: Shop) -> None:
    ada = store.identify("ada")
    hers = store.writes(ada, "my divorce")
    bob = store.identify("bob", key=ada.key)
    assert bob.contact.id != ada.contact.id
    assert store.conversation_of(bob) is None
    assert store.said_to(bob) == []
    assert store.said_to(ada) == [], "the key that lay in this browser opens nothing any more"
    again = store.identify("ada")
    assert store.conversation_of(again) == hers, "elsewhere Ada finds it again"


def test_signing_out_leaves_a_browser_that_is_nobodys(store: Shop) -> None:
    phone, laptop = store.identify("ada"), store.identify("ada")
    store.writes(laptop, "my divorce")
    asyncio.run(forget(store.db, store.inbox, laptop.key))
    asyncio.run(forget(store.db, store.inbox, laptop.key))
    assert store.said_to(laptop) == []
    assert store.said_to(phone) == ["my divorce"], "her other browser is still hers"
    next_one = store.db.write_now(lambda unit: meet_browser(unit, laptop.key, inbox_id=store.inbox.id))
    assert next_one.contact.id != laptop.contact.id
    assert next_one.key != laptop.key


def test_the_same_customer_again_keeps_the_key_and_what_is_going_on(store: Shop) -> None:
    ada = store.identify("ada")
    going = store.writes(ada, "hello")
    store.pass_minutes(13 * 24 * 60)
    again = store.identify("ada", key=ada.key)
    assert again.key == ada.key
    store.pass_minutes(13 * 24 * 60)
    assert store.conversation_of(again) == going
    assert store.said_to(again) == ["hello"], "each visit prolongs it"
    store.pass_minutes(2 * 24 * 60)
    assert store.said_to(again) == [], "two weeks after the last word of the company it ends"


def test_a_key_of_one_inbox_opens_no_other(store: Shop) -> None:
    ada = store.identify("ada")
    other = store.db.write_now(
        lambda unit: open_inbox(unit, "other", "Other", assistant_name="Echo", disclosure="AI assistant.")
    )
    now = store.db.clock.now()
    at_shop = store.db.read_now(lambda r: browser_of(r, ada.key, now, inbox_id=store.inbox.id))
    at_other = store.db.read_now(lambda r: browser_of(r, ada.key, now, inbox_id=other.id))
    assert at_shop is not None
    assert at_other is None
    with pytest.raises(TokenRefused):
        asyncio.run(identify(store.db, SEAL, other, store.token("ada", aud="other")))


@pytest.mark.parametrize("sub", ["", " ada", "ada ", "a\x00b", "a\u202eb", "a\u200bb", "a" * 121, "a\nb"])
def test_a_customer_id_that_could_be_mistaken_is_refused(store: Shop, sub: str) -> None:
    before = rows(store.db)
    with pytest.raises(TokenRefused):
        store.identify(sub)
    assert rows(store.db) == before


def test_ids_that_only_look_alike_are_different_customers(store: Shop) -> None:
    subs = ["ada", "Ada", "ａｄａ", "аda", "ad\u0061", "a\u0301da", "áda"]  # the fifth is the first again
    found = {store.identify(sub).contact.id for sub in subs}
    assert len(found) == 6


def test_a_token_counts_once(store: Shop) -> None:
    token = store.token("ada")
    first = asyncio.run(identify(store.db, SEAL, store.inbox, token))
    before = rows(store.db)
    with pytest.raises(TokenSpent):
        asyncio.run(identify(store.db, SEAL, store.inbox, token, key=first.key))
    with pytest.raises(TokenSpent):
        same_jti = store.token("bob", jti="page-0007-again")
        asyncio.run(identify(store.db, SEAL, store.inbox, same_jti))
        asyncio.run(identify(store.db, SEAL, store.inbox, store.token("eve", jti="page-0007-again")))
    assert rows(store.db)["people_visitor_key"] == before["people_visitor_key"] + 1, "bob's, and no more"


def test_of_many_who_bring_one_token_at_once_exactly_one_wins(store: Shop) -> None:
    token = store.token("ada")

    async def race() -> list[object]:
        tries = (identify(store.db, SEAL, store.inbox, token) for _ in range(40))
        return list(await asyncio.gather(*tries, return_exceptions=True))

    outcomes = asyncio.run(race())
    assert sum(isinstance(outcome, KnownBrowser) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, TokenSpent) for outcome in outcomes) == 39
    assert rows(store.db)["people_contact"] == 1


REFUSED: dict[str, Callable[[Shop], str]] = {
    "unknown secret": lambda s: sign(claims_at(s.db.clock.now()), "ids_" + "u" * 43),
    "alg none": lambda s: sign(claims_at(s.db.clock.now()), s.secret, {"alg": "none"}),
    "another inbox": lambda s: s.token(aud="other"),
    "expired": lambda s: s.token(exp=int(s.db.clock.now().timestamp()) - 31),
    "too long": lambda s: s.token(exp=int(s.db.clock.now().timestamp()) + 700),
    "huge": lambda s: s.token(name="n" * 5_000),
    "a name of two lines is one, an endless one is refused": lambda s: s.token(name="n" * 121),
    "no address": lambda s: s.token(email="ada at shop"),
    "tampered": lambda s: s.token()[:-4] + "AAAA",
    "empty": lambda s: "",
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_writes_nothing(store: Shop, make: Callable[[Shop], str]) -> None:
    guest = store.browser()
    store.writes(guest, "hello")
    before = rows(store.db)
    with pytest.raises(BothandsError) as refused:
        asyncio.run(identify(store.db, SEAL, store.inbox, make(store), key=guest.key))
    assert refused.value.http_code == 401
    assert refused.value.cure
    assert rows(store.db) == before
    assert store.said_to(guest) == ["hello"], "whoever was refused goes on as before"


def test_a_secret_is_replaced_with_an_overlap(store: Shop) -> None:
    old = store.secret
    store.pass_minutes(1)
    new, text = store.db.write_now(lambda unit: make_secret(unit, SEAL, store.inbox))
    with pytest.raises(TooManySecrets):
        store.db.write_now(lambda unit: make_secret(unit, SEAL, store.inbox))
    assert store.identify("ada")
    store.secret = text
    assert store.identify("ada")
    listed = store.db.read_now(lambda records: list_secrets(records, store.inbox.id))
    assert [secret.id for secret in listed] == [new.id, listed[1].id]
    assert listed[0].last_used_at == store.db.clock.now()
    store.db.write_now(lambda unit: revoke_secret(unit, store.inbox.id, listed[1].id))
    assert store.identify("ada")
    store.secret = old
    with pytest.raises(TokenRefused):
        store.identify("ada")
    for nobodys in (listed[1].id, "secret_nobody"):
        with pytest.raises(NotFound):
            store.db.write_now(lambda unit, which=nobodys: revoke_secret(unit, store.inbox.id, which))  # type: ignore[misc]


def test_secrets_differ_and_are_long(store: Shop) -> None:
    text = store.db.write_now(lambda unit: make_secret(unit, SEAL, store.inbox))[1]
    assert text != store.secret
    assert len(text) >= 4 + 43


def test_without_the_key_file_a_secret_is_no_use_and_says_so(store: Shop) -> None:
    with pytest.raises(SealBroken):
        asyncio.run(identify(store.db, Seal.fresh(), store.inbox, store.token()))


def test_used_tokens_are_forgotten_when_their_age_alone_refuses_them(store: Shop) -> None:
    token = store.token("ada")
    asyncio.run(identify(store.db, SEAL, store.inbox, token))
    for minutes, left in ((5.4, 1), (1.0, 0)):
        store.pass_minutes(minutes)
        store.db.write_now(drop_expired_tokens)
        with pytest.raises(BothandsError):
            asyncio.run(identify(store.db, SEAL, store.inbox, token))
        assert rows(store.db)[spent_token_table.name] == left


def test_old_browsers_give_way_to_new_ones(store: Shop) -> None:
    first = store.identify("ada")
    for _ in range(20):
        store.pass_minutes(1)
        last = store.identify("ada")
    now = store.db.clock.now()
    assert store.db.read_now(lambda r: contact_of_key(r, first.key, now)) is None
    assert store.db.read_now(lambda r: contact_of_key(r, last.key, now)) is not None
    assert timedelta(days=13) < (last.known.expires_at or now) - now
