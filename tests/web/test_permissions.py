"""Every route × every role: allowed exactly as the table says. Somebody else's things look like nothing."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Response
from litestar.params import FromPath
from PIL import Image
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bothands.channels import file_of
from bothands.models import Embedder
from bothands.people import KEY_SCOPES, PERMISSIONS, Role, make_api_key
from bothands.storage import Database
from bothands.web import ROUTES, Route, UndeclaredRoute, build_app
from bothands.web.asking import TheDesk
from tests.web.site import Site, opened

PEOPLE = ("agent", "lead", "admin")
# Programs: one with a key that has no scope, one with a key that has all there are.
WHO = ("nobody", "visitor", *PEOPLE, "bare key", "full key")


def is_allowed(route: Route, who: str) -> bool:
    """What the table promises."""
    if route.permission == "open":
        return True
    if who == "visitor":
        return route.permission.startswith("visitor")
    if who.endswith("key"):
        return who == "full key" and route.takes_keys
    if who == "nobody" or route.permission == "visitor":
        return False
    return Role(who) in PERMISSIONS[route.permission.rpartition("|")[2]]


def is_admitted(site: Site, route: Route, client: httpx.Client) -> bool:
    """What the server does: anything but 401 and 403 means that the guard let it pass."""
    path = "/".join("x" if part.startswith("{") else part for part in route.path.split("/"))
    if route.method == "WS":
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        address = site.url.replace("http", "ws") + path.replace("/chat/x", "/chat/shop")
        headers = {"cookie": cookies} if cookies else {}
        try:
            with connect(address, origin=site.url, additional_headers=headers):  # type: ignore[arg-type]
                return True
        except InvalidStatus:
            return False
    body = {"json": {}} if route.method in ("POST", "PUT", "PATCH") else {}
    answer = client.request(route.method, path, **body)  # type: ignore[arg-type]
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code >= 400 and "json" in answer.headers["content-type"]:
        assert answer.json()["code"]
    wrong_link = answer.status_code == 401 and answer.json()["code"] == "link-spent"
    return wrong_link or answer.status_code not in (401, 403)


def with_key(site: Site, who: str = "", scopes: frozenset[str] = frozenset()) -> httpx.Client:
    """A program, which has neither cookies nor an origin."""
    scopes = KEY_SCOPES if who == "full key" else scopes
    admin_id = site.agents["admin"].id
    _, secret = site.db.write_now(lambda unit: make_api_key(unit, who or "some", scopes, made_by_id=admin_id))
    client = site.client()
    del client.headers["origin"]
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def surprises(site: Site, routes: tuple[Route, ...]) -> list[str]:
    """Where the server differs from the table."""
    with site.visit() as page:
        key = page.key
    found = []
    is_signed_in = False
    for who in WHO:
        client = None
        for route in routes:
            if client is None or not is_signed_in:
                client = (
                    with_key(site, who)
                    if who.endswith("key")
                    else site.client(who if who in PEOPLE else None)
                )
            # Whoever has just signed in, or out, is not whom the next line is about.
            is_signed_in = "/sign-in" not in route.path
            if who == "visitor":
                client.headers["x-visitor-key"] = key
            if is_admitted(site, route, client) != is_allowed(route, who):
                found.append(f"{who}: {route.method} {route.path}")
    return found


def test_every_route_lets_in_exactly_whom_the_table_names(site: Site) -> None:
    assert surprises(site, ROUTES) == []


def test_each_scope_opens_its_own_routes_and_no_other(site: Site) -> None:
    found = []
    for permission in sorted(KEY_SCOPES):
        its_own = [route for route in ROUTES if route.permission.rpartition("|")[2] == permission]
        with_it = with_key(site, scopes=frozenset({permission}))
        without = with_key(site, scopes=KEY_SCOPES - {permission})
        for route in its_own:
            if is_admitted(site, route, with_it) != route.takes_keys or is_admitted(site, route, without):
                found.append(f"{permission}: {route.method} {route.path}")
    assert found == []


def test_what_programs_may_change_is_a_short_list() -> None:
    """Whoever makes it longer has thought about what a program then does in whose name."""
    changing = {route.path for route in ROUTES if route.takes_keys and route.method not in ("GET", "WS")}
    assert changing == {
        "/api/v1/contacts",
        "/api/v1/contacts/{contact_id:str}",
        # Said by the contact elsewhere: a note beside it names the program that brought it.
        "/api/v1/contacts/{contact_id:str}/messages",
        "/api/v1/conversations/{conversation_id:str}/notes",
        "/api/v1/knowledge/articles/{article_id:str}",
        "/api/v1/knowledge/imports",
        "/api/v1/try-out",
        "/api/v1/webhooks",
        "/api/v1/webhooks/{webhook_id:str}",
        "/api/v1/webhooks/{webhook_id:str}/replay",
        "/api/v1/webhooks/{webhook_id:str}/secret",
        "/api/v1/webhooks/{webhook_id:str}/test",
    }
    assert KEY_SCOPES.isdisjoint({"me", "conversations.write", "access.read", "access.write", "agents.write"})


def test_the_matrix_sees_a_route_that_was_left_open(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    """The sabotage switch: without it the test above could be green for the wrong reason."""
    sabotaged = tuple(
        route._replace(permission="open") if route.path.endswith("/charter") else route for route in ROUTES
    )
    # The handlers that need a signed-in agent refuse by themselves; this one does not.
    with opened(db, tmp_path, embedder, routes=sabotaged) as site:
        some = tuple(route for route in ROUTES if route.path.endswith(("/charter", "/me")))
        assert surprises(site, some) == [
            f"{who}: GET /api/v1/charter" for who in ("nobody", "visitor", "bare key")
        ]


def test_a_route_without_a_permission_that_exists_does_not_start(site: Site) -> None:
    undeclared = ROUTES[0]._replace(permission="conversations.everything")
    with pytest.raises(UndeclaredRoute):
        build_app(site.desk, routes=[undeclared])
    with pytest.raises(UndeclaredRoute):
        build_app(site.desk, routes=[ROUTES[0], ROUTES[0]])


def test_the_application_has_no_route_beside_the_table(site: Site) -> None:
    app = build_app(site.desk)
    served = {route.path for route in app.routes}
    assert served == {route.path for route in ROUTES}


def picture(folder: Path) -> bytes:
    path = folder / "photo.png"
    Image.new("RGB", (40, 30), "teal").save(path)
    return path.read_bytes()


def upload(site: Site, key: str, data: bytes, name: str = "photo.png") -> httpx.Response:
    return site.client().post(
        "/api/v1/chat/shop/files", headers={"x-visitor-key": key}, files={"file": (name, data)}
    )


def leaks(site: Site, tmp_path: Path) -> list[str]:
    """What Eve gets to see of Ada's with a key of her own, by every way there is."""
    canary = picture(tmp_path)
    with site.visit() as ada, site.visit() as eve:
        file_id = upload(site, ada.key, canary).json()["id"]
        seq = ada.send("CANARY-words", "c-1", attachments=[file_id])
        conversation_id = ada.entries(seq)[0]["conversation_id"]
        eve.send("hello", "c-1")
        found = []
        for since in (0, 1):
            eve.say(do="catch_up", since=since)
        eve.say(do="send", client_id="c-2", text="mine?", attachments=[file_id])
        refused = eve.until("refused", client_id="c-2")
        if refused["error"]["status"] != 404:
            found.append("another's file was sent on")
        if "CANARY" in json.dumps(eve.frames):
            found.append("another's words on the socket")
        reader = site.client()
        for headers, query in (({"x-visitor-key": eve.key}, {}), ({}, {"key": eve.key}), ({}, {})):
            got = reader.get(f"/api/v1/files/{file_id}", headers=headers, params=query)
            unknown = reader.get("/api/v1/files/file_nobody", headers=headers, params=query)
            if got.status_code < 400:
                found.append(f"another's file over HTTP {headers or query}")
            elif got.json()["code"] != unknown.json()["code"]:
                found.append("a foreign file differs from an unknown one")
        for path in ("", "/entries", "/suggestion", "/decisions"):
            got = reader.get(
                f"/api/v1/conversations/{conversation_id}{path}", headers={"x-visitor-key": eve.key}
            )
            if got.status_code != 401:
                found.append(f"the desk's {path or 'conversation'}")
        own = reader.get(f"/api/v1/files/{file_id}", params={"key": ada.key})
        assert own.status_code == 200, "Ada must see her own picture, or this test shows nothing"
        assert site.client("agent").get(f"/api/v1/files/{file_id}").status_code == 200
    return found


def test_a_strangers_key_never_sees_anothers_words_or_files(site: Site, tmp_path: Path) -> None:
    assert leaks(site, tmp_path) == []


async def download_for_all(desk: TheDesk, file_id: FromPath[str]) -> Response[bytes]:
    """Sabotage: whoever has any key gets any file."""
    file = await desk.db.read(lambda records: file_of(records, file_id))
    return Response(await desk.images.read(file.sha256), media_type=file.media_type)


def test_the_leak_test_sees_a_leak(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    sabotaged = tuple(
        route._replace(handler=download_for_all) if route.path.endswith("{file_id:str}") else route
        for route in ROUTES
    )
    with opened(db, tmp_path, embedder, routes=sabotaged) as site:
        found: list[Any] = leaks(site, tmp_path)
        assert any("file over HTTP" in leak for leak in found)
