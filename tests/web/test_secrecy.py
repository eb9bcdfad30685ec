"""Secrets through every route and frame, with every logger at DEBUG: none in the logs, none in /metrics."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog

from bothands.app import logs
from bothands.jobs import Job, Worker, enqueue
from bothands.models import Embedder
from bothands.people import make_link_token
from bothands.storage import Database
from bothands.web import ROUTES, metering
from bothands.web.asking import Asked
from tests.signing import claims_at, sign
from tests.web.site import Site, opened

WORDS = {
    "text": "CANARY-text my mattress and my divorce",
    "note": "CANARY-note",
    "email": "canary.mail@private.example",
    "phone": "+49 30 5550199",
    "name": "CANARY-name Ada Byron",
    "comment": "CANARY-comment",
    "password": "CANARY-password a boat, a hill",
    "wrong": "CANARY-wrong-password",
    "token": "CANARY-token-of-a-link",
    "path": "CANARY-path",
    "query": "CANARY-query",
    "page": "https://shop.example/CANARY-page",
    "client_id": "CANARY-client",
}


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """The logs as a running server writes them, at DEBUG, of every library too."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    heard = io.StringIO()
    logs.start_logging("DEBUG")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(heard)
    names = [name for name in logging.root.manager.loggerDict if not name.startswith("_pytest")]
    levels = {name: logging.getLogger(name).level for name in [*names, "uvicorn.error"]}
    try:
        for name in levels:
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield heard
    finally:
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
        root.handlers[:] = kept
        root.setLevel(level)
        structlog.reset_defaults()


async def explode(request: Asked) -> dict[str, str]:
    """A fault of ours whose exception quotes what it was given."""
    try:
        raise ValueError(f"cannot make sense of {(await request.body()).decode()}")
    except ValueError as error:
        raise RuntimeError(WORDS["text"]) from error


def every_route(site: Site, client: httpx.Client) -> None:
    """Each route with a secret in each place that it can be in."""
    body = {**WORDS, "topic": WORDS["text"], "reason": WORDS["note"], "questions": [WORDS["text"]]}
    for route in ROUTES:
        if route.method == "WS" or route.path.endswith("/sign-in"):
            continue
        path = re.sub(r"\{[^}]*\}", WORDS["path"], route.path)
        unsafe = {"json": body} if route.method in ("POST", "PUT", "PATCH") else {}
        query = {"q": WORDS["query"], "key": WORDS["token"], "cursor": WORDS["query"], "view": WORDS["query"]}
        headers = {"x-visitor-key": WORDS["token"], "idempotency-key": WORDS["client_id"]}
        client.request(route.method, path, params=query, headers=headers, **unsafe)  # type: ignore[arg-type]


def every_frame(site: Site) -> tuple[str, str]:
    """All that a visitor's page and a desk's can say, right and wrong; the visitor's key and conversation."""
    with site.visit(name=WORDS["name"]) as page:
        page.send(WORDS["text"], WORDS["client_id"])
        page.say(do="ask_person", client_id="c-2")
        page.until("stored", client_id="c-2")
        for frame in (
            {"do": "answer", "question": "order", "value": WORDS["text"]},
            {"do": "leave_address", **{key: WORDS[key] for key in ("email", "phone", "name")}},
            {"do": "rate", "solved": "no", "score": 1, "comment": WORDS["comment"]},
            {"do": "typing"},
            {"do": "seen", "seq": 1},
            {"do": "catch_up", "since": 0},
            {"do": "cancel_person"},
            {"do": "reopen"},
            {"do": WORDS["text"], WORDS["name"]: WORDS["token"]},
            {"do": "send", "client_id": "c-9", "text": 5, "comment": WORDS["comment"]},
            {"do": "hello", "page": WORDS["page"]},
            {"do": "ping"},
        ):
            page.say(**frame)
        page.until("pong")
        key, conversation_id = page.key, str(page.entries(1)[0]["conversation_id"])
    desk = site.client("agent")
    with site.watch(desk) as socket:
        for watched in (conversation_id, WORDS["path"]):
            socket.send(json.dumps({"do": "viewing", "conversation_id": watched}))
            socket.send(json.dumps({"do": "typing", "conversation_id": watched}))
        socket.send(json.dumps({"do": WORDS["text"]}))
        socket.send(json.dumps({"do": "ping"}))
        while json.loads(socket.recv(timeout=30))["is"] != "pong":
            pass
    return key, conversation_id


def sign_ins(site: Site) -> list[str]:
    """In by link and by password, right and wrong; the secrets that this made."""
    link = site.db.write_now(lambda unit: make_link_token(unit, site.agents["admin"].id))
    client = site.client()
    found = client.post("/api/v1/sign-in/link", json={"token": link})
    client.headers["x-csrf-token"] = found.json()["csrf"]
    client.put("/api/v1/me/password", json={"password": WORDS["password"]})
    for password in (WORDS["password"], WORDS["wrong"]):
        site.client().post(
            "/api/v1/sign-in/password", json={"email": "ines@shop.example", "password": password}
        )
    return [link, str(client.cookies["bothands_signin"]), str(client.cookies["bothands_csrf"])]


def keys_and_tokens(site: Site) -> list[str]:
    """A program with its key, a customer with a signed token, right and wrong; the secrets that this made."""
    admin = site.client("admin")
    wanted = {"name": WORDS["name"], "scopes": ["conversations.read"]}
    key = str(admin.post("/api/v1/api-keys", json=wanted).json()["secret"])
    secret = str(admin.post("/api/v1/inboxes/shop/secrets").json()["text"])
    told = {"name": WORDS["name"], "email": WORDS["email"]}
    tokens = [sign(claims_at(site.db.clock.now(), WORDS["token"]) | told, secret) for _ in range(2)]
    wrong = sign(claims_at(site.db.clock.now(), WORDS["token"]), key)
    stranger = site.client()
    for sent in (tokens[0], tokens[0], wrong):
        stranger.post("/api/v1/chat/shop/identify", json={"token": sent})
    with site.visit(token=tokens[1]) as page:
        page.send(WORDS["text"], WORDS["client_id"])
    for sent in (key, wrong, key + "x"):
        program = site.client()
        program.headers["authorization"] = f"Bearer {sent}"
        program.get("/api/v1/conversations")
        program.get("/api/v1/me")
    return [key, secret, *tokens, wrong, page.key]


def work_that_fails(db: Database) -> None:
    """A job whose error quotes a message."""

    async def fail(job: Job) -> None:
        raise ValueError(f"cannot read {WORDS['text']} of {job.body}")

    db.write_now(lambda unit: enqueue(unit, "take_turn", {"text": WORDS["note"]}))
    db.write_now(lambda unit: enqueue(unit, WORDS["path"], {}))
    asyncio.run(Worker(db, {"take_turn": fail}, owner="test").drain())


def found_in_what_is_watched(db: Database, folder: Path, embedder: Embedder) -> tuple[set[str], set[str]]:
    """The secrets that stand in the logs, and those in /metrics."""
    routes = tuple(
        route._replace(handler=explode) if route.path.endswith("/try-out") else route for route in ROUTES
    )
    with listening() as heard, opened(db, folder, embedder, routes=routes) as site:
        logging.getLogger("uvicorn.error").setLevel(logging.DEBUG)
        secrets = [*WORDS.values(), *sign_ins(site), *keys_and_tokens(site)]
        key, conversation_id = every_frame(site)
        admin = site.client("admin")
        messages = f"/api/v1/conversations/{conversation_id}"
        admin.post(f"{messages}/take-over")
        admin.post(
            f"{messages}/messages", json={"client_id": "m-1", "text": WORDS["text"], "last_seen_seq": 99}
        )
        admin.post(f"{messages}/notes", json={"client_id": "m-2", "text": WORDS["note"]})
        for client in (admin, site.client()):
            every_route(site, client)
        work_that_fails(db)
        structlog.get_logger("bothands.test").warning("A line", text=WORDS["text"], kind=WORDS["name"])
        shown = site.client("admin").get("/metrics").text
    said = heard.getvalue()
    assert "A request failed unexpectedly" in said
    assert "failed, attempt" in said
    assert "bothands_http_requests_total" in shown
    # The kind of a job comes from the code; only this test invents one.
    shown = "\n".join(line for line in shown.splitlines() if not line.startswith("bothands_jobs{"))
    return {secret for secret in [*secrets, key] if secret in said}, {
        secret for secret in [*secrets, key] if secret in shown
    }


def test_no_secret_reaches_the_logs_or_the_metrics(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    assert found_in_what_is_watched(db, tmp_path, embedder) == (set(), set())


def test_the_canaries_are_heard_when_nothing_is_hidden(
    db: Database, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: without redaction, and with addresses for routes, the test above must fail."""
    monkeypatch.setattr(logs, "redact", lambda _, __, line: line)
    monkeypatch.setattr(metering, "route_of", lambda scope: str(scope["path"]))
    in_logs, in_metrics = found_in_what_is_watched(db, tmp_path, embedder)
    assert {WORDS["text"], WORDS["path"], WORDS["email"]} <= in_logs
    assert WORDS["path"] in in_metrics
