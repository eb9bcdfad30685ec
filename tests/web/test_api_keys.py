"""Programs come in with a key: shown once, narrow, revoked at once, and never in a person's name."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from bothands.kit import ManualClock
from bothands.models import Embedder
from bothands.people import make_api_key
from bothands.storage import Database, metadata
from tests.web.site import GENEROUS, Site, opened

KEYS = "/api/v1/api-keys"
SECRETS = "/api/v1/inboxes/shop/secrets"
VIEW = "/api/v1/conversations?view=open"


def make(site: Site, *scopes: str, **more: Any) -> dict[str, Any]:
    answer = site.client("admin").post(KEYS, json={"name": "Warehouse", "scopes": scopes, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def program(site: Site, secret: str) -> httpx.Client:
    client = site.client()
    del client.headers["origin"]
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def begun(site: Site) -> str:
    with site.visit() as page:
        return str(page.entries(page.send("hello", "c-1"))[0]["conversation_id"])


def everything_stored(db: Database) -> str:
    def look(records: Any) -> str:
        return repr([records.execute(select(table)).all() for table in metadata.sorted_tables])

    return db.read_now(look)


def test_a_key_is_shown_once_and_stored_hashed(site: Site) -> None:
    made = make(site, "conversations.read")
    secret = made["secret"]
    assert secret.startswith("key_")
    assert len(secret) == 4 + 43
    listed = site.client("admin").get(KEYS).json()
    assert [key["hint"] for key in listed["api_keys"]] == [secret[:9]]
    assert listed["api_keys"][0]["made_by"] == "Ines Rocha"
    assert secret not in repr(listed)
    assert secret not in everything_stored(site.db)
    text = site.client("admin").post(SECRETS).json()["text"]
    assert text.startswith("ids_")
    assert text not in everything_stored(site.db), "an inbox's secret is sealed"
    assert text not in site.client("admin").get(SECRETS).text


def test_a_program_needs_no_cookie_and_takes_none(site: Site) -> None:
    secret = make(site, "conversations.read")["secret"]
    client = program(site, secret)
    assert client.get(VIEW).status_code == 200
    assert client.get("/api/v1/me").status_code == 403
    for wrong in ("key_" + "x" * 43, "key_", secret[:-1], secret.upper(), secret + "x" * 200):
        assert program(site, wrong).get(VIEW).status_code == 401
    both = site.client("admin")
    assert both.get(VIEW).status_code == 200
    both.headers["authorization"] = f"Bearer {secret}"
    answer = both.get(VIEW)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    foreign = program(site, secret)
    foreign.headers["origin"] = "https://evil.example"
    assert foreign.post("/api/v1/try-out", json={"questions": ["?"]}).status_code == 403


def test_revoked_or_expired_it_opens_nothing_from_the_next_request_on(site: Site) -> None:
    assert isinstance(site.db.clock, ManualClock)
    made = make(site, "conversations.read")
    client = program(site, made["secret"])
    assert client.get(VIEW).status_code == 200
    admin = site.client("admin")
    assert admin.delete(f"{KEYS}/{made['api_key']['id']}").status_code == 204
    assert client.get(VIEW).status_code == 401
    assert admin.delete(f"{KEYS}/{made['api_key']['id']}").status_code == 404
    soon = (site.db.clock.now() + timedelta(hours=1)).isoformat()
    brief = program(site, make(site, "conversations.read", expires_at=soon)["secret"])
    assert brief.get(VIEW).status_code == 200
    site.db.clock.advance(3_600)
    assert brief.get(VIEW).status_code == 401


def test_its_last_use_is_kept_coarsely(site: Site) -> None:
    assert isinstance(site.db.clock, ManualClock)
    client = program(site, make(site, "conversations.read")["secret"])
    uses = []
    for minutes in (0, 10, 10):
        site.db.clock.advance(minutes * 60)
        client.get(VIEW)
        uses.append(site.client("admin").get(KEYS).json()["api_keys"][0]["last_used_at"])
    assert uses[0] == uses[1] != uses[2]


def test_what_a_key_writes_is_the_keys_own_and_no_persons(site: Site) -> None:
    made = make(site, "conversations.read", "notes.write")
    client, conversation_id = program(site, made["secret"]), begun(site)
    path = f"/api/v1/conversations/{conversation_id}"
    note = client.post(f"{path}/notes", json={"client_id": "n-1", "text": "Parcel is lost"}).json()
    assert (note["author_kind"], note["author_id"], note["author_name"]) == (
        "system",
        made["api_key"]["id"],
        "Warehouse",
    )
    message = {"client_id": "m-1", "text": "Hello", "last_seen_seq": 9}
    assert client.post(f"{path}/messages", json=message).status_code == 403
    assert client.post(f"{path}/take-over").status_code == 403
    assert client.post(f"{path}/closing", json={"reason": "x"}).status_code == 403


def test_only_admins_make_keys_and_no_key_makes_keys(site: Site) -> None:
    wanted = {"name": "x", "scopes": []}
    for who in ("agent", "lead"):
        assert site.client(who).post(KEYS, json=wanted).status_code == 403
        assert site.client(who).post(SECRETS).status_code == 403
        assert site.client(who).get(KEYS).status_code == 403
    admin = site.client("admin")
    for scope in ("access.write", "conversations.write", "me", "agents.write", "everything", "*", ""):
        refused = admin.post(KEYS, json={"name": "x", "scopes": [scope]})
        assert refused.status_code == 400, scope
    for wrong in ({"name": " ", "scopes": []}, {"name": "x" * 81, "scopes": []}):
        assert admin.post(KEYS, json=wrong).status_code == 400
    past = {"name": "x", "scopes": [], "expires_at": "2020-01-01T00:00:00Z"}
    assert admin.post(KEYS, json=past).status_code == 400


def test_two_secrets_of_an_inbox_overlap_and_no_more(site: Site) -> None:
    admin = site.client("admin")
    first = admin.post(SECRETS).json()["secret"]["id"]
    assert admin.post(SECRETS).status_code == 201
    assert (admin.post(SECRETS).status_code, admin.post(SECRETS).json()["code"]) == (409, "too-many-secrets")
    assert admin.delete(f"{SECRETS}/{first}").status_code == 204
    assert admin.delete(f"{SECRETS}/{first}").status_code == 404
    assert len(admin.get(SECRETS).json()["secrets"]) == 1
    assert admin.get("/api/v1/inboxes/nowhere/secrets").status_code == 404


def test_a_key_that_calls_too_often_is_told_when_to_come_back(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    rates = {name: getattr(GENEROUS, name) for name in type(GENEROUS).__dataclass_fields__}
    few = type(GENEROUS)(**rates | {"calls_per_key": "3/minute", "wrong_keys_per_address": "2/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site:
        admin_id = site.agents["admin"].id

        def new() -> httpx.Client:
            made = db.write_now(
                lambda unit: make_api_key(unit, "x", {"conversations.read"}, made_by_id=admin_id)
            )
            return program(site, made[1])

        busy, other = new(), new()
        assert [busy.get(VIEW).status_code for _ in range(4)] == [200, 200, 200, 429]
        last = busy.get(VIEW)
        assert int(last.headers["retry-after"]) > 0
        assert last.json()["code"] == "too-many"
        assert other.get(VIEW).status_code == 200
        guesser = program(site, "key_" + "x" * 43)
        assert [guesser.get(VIEW).status_code for _ in range(3)] == [401, 401, 429]
        assert other.get(VIEW).status_code == 200, "who shares the address with a guesser is not locked out"
