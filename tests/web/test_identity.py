"""A customer's browser, from the shop's page to the desk: over HTTP, over the socket, with others around."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bothands.channels import identifying, make_secret
from bothands.conversations import Conversation, inbox_of, open_inbox
from bothands.models import Embedder
from bothands.people import contact_of_key, make_api_key
from bothands.storage import Database, Unit
from bothands.web.live.line import CLOSE_FORGOTTEN
from tests.cast import ECHO
from tests.signing import claims_at, sign
from tests.web.site import GENEROUS, SHOP_PAGE, Page, Site, opened

IDENTIFY = "/api/v1/chat/shop/identify"


class Till:
    """The shop's own server."""

    def __init__(self, site: Site) -> None:
        self.site = site

        def begin(unit: Unit) -> str:
            open_inbox(
                unit, "shop", "Alder & Loft", assistant_name=ECHO.name, disclosure=ECHO.disclosure,
                origins=(SHOP_PAGE,),
            )  # fmt: skip
            return make_secret(unit, site.desk.seal, inbox_of(unit.records, "shop"))[1]

        self.secret = site.db.write_now(begin)

    def token(self, sub: str = "ada", **claims: Any) -> str:
        return sign(claims_at(self.site.db.clock.now(), sub) | claims, self.secret)

    def hand_over(self, token: str, key: str | None = None, origin: str = SHOP_PAGE) -> httpx.Response:
        headers = {"origin": origin} | ({"x-visitor-key": key} if key else {})
        return self.site.client().post(IDENTIFY, json={"token": token}, headers=headers)

    def identify(self, sub: str = "ada", key: str | None = None, **claims: Any) -> str:
        answer = self.hand_over(self.token(sub, **claims), key)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["key"])


@pytest.fixture
def till(site: Site) -> Iterator[Till]:
    return Till(site)


def seen(page: Page) -> list[str]:
    """All messages that this page gets to see when it asks for everything."""
    page.say(do="catch_up", since=0)
    page.say(do="ping")
    page.until("pong")
    if page.conversation_id:
        page.entries(1)
    return [e["body"] for f in page.frames if f["is"] == "entries" for e in f["entries"] if e["body"]]


def closing_of(page: Page) -> int:
    """The code with which the server ends the page's socket."""
    with pytest.raises(ConnectionClosed) as closed:
        page.until("never")
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_the_shops_page_hands_the_token_over_and_reads_the_answer(till: Till) -> None:
    answer = till.hand_over(till.token("ada", name="Ada Byron", email="ada@shop.example"))
    told = answer.json()
    assert (answer.status_code, told["identity"], told["name"]) == (200, "verified", "Ada Byron")
    assert answer.headers["access-control-allow-origin"] == SHOP_PAGE
    refused = till.hand_over(till.token("ada", aud="other"))
    assert (refused.status_code, refused.json()["code"]) == (401, "token-refused")
    assert refused.headers["access-control-allow-origin"] == SHOP_PAGE, "the page may read why"
    for foreign in ("https://evil.example", "null", SHOP_PAGE + ".evil.example"):
        assert till.hand_over(till.token("ada"), origin=foreign).status_code == 403
    allowed = till.site.client().request("OPTIONS", IDENTIFY, headers={"origin": SHOP_PAGE})
    assert allowed.status_code == 204
    assert "x-visitor-key" in allowed.headers["access-control-allow-headers"]


def test_the_desk_sees_how_far_the_contact_is_known(till: Till) -> None:
    desk = till.site.client("agent")
    ada, nameless = till.identify("ada", name="Ada Byron"), till.identify("c-7")
    for page_key, identity, external_id, name in (
        (None, "anonymous", None, "Visitor"),
        (ada, "verified", "ada", "Ada Byron"),
        (nameless, "verified", "c-7", "Customer c-7"),
    ):
        with till.site.visit(page_key) as page:
            seq = page.send("hello", "c-1")
            conversation_id = page.entries(seq)[0]["conversation_id"]
        shown = desk.get(f"/api/v1/conversations/{conversation_id}").json()["contact"]
        assert (shown["identity"], shown["external_id"]) == (identity, external_id)
        assert shown["name"].startswith(name)


def test_a_key_of_one_inbox_uploads_nothing_at_another(till: Till) -> None:
    key = till.identify("ada")
    till.site.db.write_now(
        lambda unit: open_inbox(unit, "other", "Other", assistant_name=ECHO.name, disclosure=ECHO.disclosure)
    )
    codes = [
        till.site.client()
        .post(
            f"/api/v1/chat/{inbox}/files",
            headers={"x-visitor-key": key},
            files={"file": ("x.png", b"no picture")},
        )
        .status_code
        for inbox in ("shop", "other")
    ]
    assert codes == [400, 401]


def test_a_token_in_the_hello_does_the_same(till: Till) -> None:
    with (
        till.site.visit(token=till.token("ada")) as phone,
        till.site.visit(token=till.token("ada")) as laptop,
    ):
        seq = phone.send("from the phone", "c-1")
        assert [entry["body"] for entry in laptop.entries(seq)] == ["from the phone"]
    spent = till.token("ada")
    till.hand_over(spent)
    with connect(till.site.url.replace("http", "ws") + "/ws/chat/shop", origin=till.site.url) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps({"do": "hello", "token": spent}))
        frame = json.loads(socket.recv(timeout=30))
        assert (frame["is"], frame["error"]["code"]) == ("refused", "token-spent")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)


def test_signing_in_in_the_middle_goes_on_with_the_conversation(till: Till) -> None:
    with till.site.visit() as guest, till.site.visit(guest.key) as other_tab:
        seq = guest.send("asked before signing in", "c-1")
        other_tab.entries(seq)
        key = till.identify("ada", guest.key)
        assert closing_of(guest) == CLOSE_FORGOTTEN
        assert closing_of(other_tab) == CLOSE_FORGOTTEN
    with till.site.visit(key) as ada:
        assert seen(ada) == ["asked before signing in"]


def test_signing_out_closes_what_is_open_here_and_nothing_elsewhere(till: Till) -> None:
    here, there = till.identify("ada"), till.identify("ada")
    with till.site.visit(here) as page, till.site.visit(there) as elsewhere:
        page.send("my divorce", "c-1")
        headers = {"origin": SHOP_PAGE, "x-visitor-key": here}
        assert till.site.client().delete(IDENTIFY, headers=headers).status_code == 204
        assert till.site.client().delete(IDENTIFY, headers=headers).status_code == 204
        assert closing_of(page) == CLOSE_FORGOTTEN
        assert seen(elsewhere)[-1] == "my divorce"
    with till.site.visit(here) as afresh:
        assert afresh.key != here
        assert seen(afresh) == []


def test_naming_a_contact_later_lets_no_browser_of_before_in(till: Till) -> None:
    """A program may be wrong about whose browser that was; the customer's words must not show in it."""
    admin_id = till.site.agents["admin"].id
    _, secret = till.site.db.write_now(
        lambda unit: make_api_key(unit, "CRM", {"contacts.write"}, made_by_id=admin_id)
    )
    program = till.site.client()
    program.headers["authorization"] = f"Bearer {secret}"
    with till.site.visit() as page:
        page.send("a guest", "c-1")
        guest = till.site.db.read_now(lambda r: contact_of_key(r, page.key, till.site.db.clock.now()))
        assert guest is not None
        named = program.patch(f"/api/v1/contacts/{guest.id}", json={"external_id": "ada"})
        assert (named.status_code, named.json()["identity"]) == (200, "verified")
        assert closing_of(page) == CLOSE_FORGOTTEN
    with till.site.visit(till.identify("ada")) as ada:
        ada.send("my divorce", "c-2")
        assert "my divorce" in seen(ada)
    with till.site.visit(page.key) as stranger:
        assert seen(stranger) == []
    again = program.patch(f"/api/v1/contacts/{guest.id}", json={"external_id": "bob"})
    assert again.status_code == 200
    with till.site.visit(ada.key) as stranger:
        assert seen(stranger) == []


def leaks(till: Till) -> list[str]:
    """What people on one computer, one after the other, get to see of each other; every old key is tried."""
    found: list[str] = []

    def look(who: str, key: str | None, own: set[str]) -> str:
        headers = {"origin": SHOP_PAGE, "x-visitor-key": key or ""}
        polled = till.site.client().get("/api/v1/chat/shop/entries", headers=headers)
        if polled.status_code == 200:
            bodies = [entry["body"] for entry in polled.json()["entries"]]
            found.extend(f"{who} polls {body}" for body in bodies if body and body not in own)
        with till.site.visit(key) as page:
            found.extend(f"{who} sees {body}" for body in seen(page) if body not in own)
            page.send(f"{who} was here", f"{who}-{len(found)}")
            return page.key

    with till.site.visit() as page:
        page.send("guest: before anybody", "c-1")
        guest = page.key
    till.site.db.clock.advance(2 * 3600)  # type: ignore[attr-defined]
    ada = till.identify("ada", guest)
    look("ada", ada, set())
    bob = till.identify("bob", ada)
    look("bob", bob, set())
    till.site.client().delete(IDENTIFY, headers={"origin": SHOP_PAGE, "x-visitor-key": bob})
    for key in (guest, ada, bob):
        look("a stranger", key, set())
    fresh = look("somebody", None, set())
    ada_again = till.identify("ada", fresh)
    look("ada", ada_again, {"ada was here"})
    look("a stranger", fresh, set())
    return found


def test_nobody_on_a_shared_computer_sees_another(till: Till) -> None:
    assert leaks(till) == []


def join_everything(unit: Unit, inbox: Any, before: Any, contact: Any) -> None:
    """Sabotage: all that the browser ever did becomes the customer's."""
    going = identifying.current_conversation(unit.records, inbox.id, before.id)
    if isinstance(going, Conversation):
        identifying.give_to_contact(unit, going.id, contact.id)


def test_the_shared_computer_shows_a_mix_up(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "_join", join_everything)
    assert any("before anybody" in leak for leak in leaks(till))
    monkeypatch.setattr(identifying, "revoke_visitor_keys", lambda *_: None)
    assert any("a stranger sees ada was here" in leak for leak in leaks(Till(till.site)))


def test_who_tries_tokens_is_slowed_down(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    few = GENEROUS.__class__(**vars_of(GENEROUS) | {"identifications_per_address": "3/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site:
        till = Till(site)
        codes = [till.hand_over("a.b.c").status_code for _ in range(4)]
        assert codes == [401, 401, 401, 429]
        last = till.hand_over("a.b.c")
        assert int(last.headers["retry-after"]) > 0
        assert last.headers["content-type"] == "application/problem+json"


def vars_of(rates: Any) -> dict[str, Any]:
    return {name: getattr(rates, name) for name in type(rates).__dataclass_fields__}
