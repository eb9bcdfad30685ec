"""Bad input everywhere: a problem naming thing, cause and cure, and nothing of our inside."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import bothands
from bothands.kit import TooMany
from bothands.models import Embedder
from bothands.storage import Database
from bothands.web import Rates
from bothands.web.limiting import Limiter, address_key
from bothands.web.problems import NOT_BEHIND_ROUTES, problem_of
from tests.web.site import GENEROUS, Site, opened

MESSAGES = "/api/v1/conversations/conv_x/messages"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/stops", b"not json", 400),
        ("POST", "/api/v1/stops", b'{"topic":null,"reason":"x","by_id":"agent_1"}', 400),
        ("POST", "/api/v1/stops", b'{"topic":5}', 400),
        ("POST", "/api/v1/stops", b'{"reason":"' + b"x" * 301 + b'"}', 400),
        ("POST", "/api/v1/stops", b"\xff\xfe", 400),
        ("POST", "/api/v1/stops", b"[" * 5_000, 400),
        ("POST", "/api/v1/stops", b'{"reason":"' + b"x" * 300_000 + b'"}', 413),
        ("POST", MESSAGES, b'{"client_id":"c","text":"x","last_seen_seq":1,"author_kind":"assistant"}', 400),
        ("POST", MESSAGES, b'{"client_id":"c","text":"x","last_seen_seq":-1}', 400),
        ("POST", MESSAGES, b'{"client_id":"c","text":"x","last_seen_seq":1}', 404),
        ("POST", "/api/v1/try-out", b'{"questions":[]}', 400),
        ("PUT", "/api/v1/stops", b"{}", 405),
        ("GET", "/api/v1/nowhere", b"", 404),
        ("GET", "/api/v1/conversations/conv_nobody", b"", 404),
        ("GET", "/api/v1/conversations/conv_x/entries?since=minus", b"", 400),
        ("GET", "/api/v1/conversations/conv_x/entries?limit=100000", b"", 400),
    ],
)
def test_what_is_wrong_is_said(shared: Site, method: str, path: str, body: bytes, status: int) -> None:
    answer = shared.client("lead").request(
        method, path, content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"/errors/{problem['code']}"
    assert problem["thing"]
    assert problem["cause"]
    assert problem["cure"]
    assert "Traceback" not in answer.text
    assert "bothands." not in answer.text


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"MZ"]
)
def test_what_is_no_picture_is_refused(shared: Site, data: bytes) -> None:
    with shared.visit() as ada:
        answer = shared.client().post(
            "/api/v1/chat/shop/files", headers={"x-visitor-key": ada.key}, files={"file": ("photo.png", data)}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "not-an-image")


@pytest.mark.parametrize("path", ["/api/v1/files", "/api/v1/chat/shop/files", "/api/v1/knowledge/imports"])
def test_a_form_whose_text_is_no_text_is_refused(shared: Site, path: str) -> None:
    with shared.visit() as page:
        lead = shared.client("lead")
        # Without a file name it is a text of the form, and these bytes are none.
        answer = lead.post(path, headers={"x-visitor-key": page.key}, files={"file": ("", b"\xff\xfe")})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), answer.text
    assert "UTF-8" in answer.json()["cause"]


def test_text_that_we_ourselves_cannot_read_is_our_mistake() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    assert problem_of(caught.value).status == 500


def test_a_picture_that_is_too_large_is_refused_soon(shared: Site) -> None:
    with shared.visit() as ada:
        began = time.monotonic()
        answer = shared.client().post(
            "/api/v1/chat/shop/files",
            headers={"x-visitor-key": ada.key},
            files={"file": ("photo.png", b"\x89PNG" + b"x" * (9 * 1024 * 1024))},
        )
        assert answer.status_code == 413
        assert time.monotonic() - began < 10


def test_a_shop_page_may_upload_only_where_it_is_listed(shared: Site) -> None:
    address = "/api/v1/chat/shop/files"
    asked = shared.client().options(address, headers={"origin": "https://evil.example"})
    assert asked.status_code == 403
    own = shared.client().options(address)
    assert own.headers["access-control-allow-origin"] == shared.url
    assert "x-visitor-key" in own.headers["access-control-allow-headers"]


def test_beyond_its_rate_a_visitor_is_told_to_wait_and_nothing_is_stored(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    names = {name: getattr(GENEROUS, name) for name in Rates.__dataclass_fields__}
    few = Rates(**names | {"messages_per_visitor": "3/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site, site.visit() as ada:
        last = 0
        for n in range(3):
            last = ada.send(f"m{n}", f"c-{n}")
        ada.say(do="send", client_id="c-9", text="one too many", attachments=[])
        error = ada.until("refused", client_id="c-9")["error"]
        assert (error["status"], error["code"]) == (429, "too-many")
        assert error["retry_after_seconds"] > 0
        assert [entry["body"] for entry in ada.entries(last)] == ["m0", "m1", "m2"]


def test_an_address_that_opens_chat_after_chat_is_slowed_down(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    names = {name: getattr(GENEROUS, name) for name in Rates.__dataclass_fields__}
    few = Rates(**names | {"chats_per_address": "2/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site:
        for _ in range(2):
            with site.visit():
                pass
        with pytest.raises(Exception, match=r"1008.*too-many"), site.visit():
            pass


def test_an_address_holds_only_so_many_sockets_at_once() -> None:
    limiter = Limiter(Rates())
    with limiter.held("192.0.2.1", 2), limiter.held("192.0.2.1", 2):
        with pytest.raises(TooMany), limiter.held("192.0.2.1", 2):
            pass
        with limiter.held("192.0.2.2", 2):
            pass
    with limiter.held("192.0.2.1", 1):
        pass


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_household_that_rotates_its_addresses_is_one(one: str, other: str, is_same: bool) -> None:
    assert (address_key(one) == address_key(other)) is is_same


def test_the_type_of_a_problem_can_be_looked_up(site: Site) -> None:
    nobody = site.client()
    problem = nobody.get("/api/v1/me").json()
    page = nobody.get(problem["type"])
    assert page.status_code == 200
    assert "Please sign in" in page.text
    assert "401" in page.text
    assert nobody.get("/errors/made-up").status_code == 404


def test_the_rooms_whose_errors_are_described_are_those_that_web_stands_on() -> None:
    words = "import sys, bothands.web; print(*(m.split('.')[1] for m in sys.modules if m[:9] == 'bothands.'))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    rooms = {path.parent.name for path in Path(bothands.__path__[0]).glob("*/__init__.py")} - {"examples"}
    assert rooms - set(done.stdout.split()) == set(NOT_BEHIND_ROUTES)
