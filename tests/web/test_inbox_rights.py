"""An inbox that is limited to a team: by no route and no socket does anybody else learn anything of it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection

from bothands.conversations import (
    AuthorKind,
    By,
    Sight,
    entries_since,
    fill_search,
    limit_inbox,
    open_inbox,
    write_note,
)
from bothands.models import Embedder
from bothands.people import Role, add_agent, add_team, update_team
from bothands.storage import Database
from bothands.web import ROUTES, permitting
from bothands.web.live import desking
from tests.cast import ECHO
from tests.web.site import Site, opened
from tests.web.test_permissions import picture

CANARY = "CANARY"
BODIES: dict[str, dict[str, Any]] = {
    "messages": {"client_id": "x-1", "text": "Hello", "last_seen_seq": 99},
    "notes": {"client_id": "x-2", "text": "A note"},
    "closing": {"reason": "spam"},
    "hand-back": {"note": "done"},
    "brief": {"label": "wants", "text": "Something else"},
}


class Care:
    """A conversation of the team Care with a canary wherever it has words; Dov is of the team, Bo is not."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        write = site.db.write_now
        inbox = write(
            lambda unit: open_inbox(
                unit, "care", "Care", assistant_name=ECHO.name, disclosure=ECHO.disclosure
            )
        )
        site.agents["care"] = dov = write(
            lambda unit: add_agent(unit, name="Dov Katz", email="dov@shop.example", role=Role.AGENT)
        )
        self.team = write(lambda unit: add_team(unit, "Care", [dov.id]))
        write(lambda unit: limit_inbox(unit, inbox.id, [self.team.id]))
        with site.visit(inbox="care", name=f"{CANARY} Ada") as page:
            self.file_id = self._upload(page.key, picture(folder))
            seq = page.send(f"{CANARY} hello", "c-1", attachments=[self.file_id])
            page.say(do="ask_person", client_id="c-2")
            page.until("stored", client_id="c-2")
            self.key = page.key
            self.id: str = page.entries(seq)[0]["conversation_id"]
        by = By(AuthorKind.AGENT, dov.id, dov.name)
        write(lambda unit: write_note(unit, self.id, f"{CANARY} note", by=by, client_id="n-1"))
        asyncio.run(fill_search(site.db))

    def _upload(self, key: str, data: bytes) -> str:
        answer = self.site.client().post(
            "/api/v1/chat/care/files",
            headers={"x-visitor-key": key},
            files={"file": (f"{CANARY}.png", data)},
        )
        return str(answer.json()["id"])

    def entries(self) -> list[str]:
        found = self.site.db.read_now(lambda records: entries_since(records, self.id, 0))
        return [entry.id for entry in found]


@contextmanager
def in_care(db: Database, folder: Path, embedder: Embedder) -> Iterator[Care]:
    with opened(db, folder, embedder) as site:
        yield Care(site, folder)


def paths_about(conversation_id: str) -> Iterator[tuple[str, str, str]]:
    """Every route that is about one conversation: method, path and what the path ends with."""
    for route in ROUTES:
        if "{conversation_id:str}" in route.path and route.method != "WS":
            path = route.path.replace("{conversation_id:str}", conversation_id)
            yield (
                route.method,
                "/".join("x" if part.startswith("{") else part for part in path.split("/")),
                path.rsplit("/", 1)[-1],
            )


def leaks_in_lists(care: Care, client: httpx.Client) -> list[str]:
    """What is shown or counted without being asked for by name."""
    found = []
    for route in ROUTES:
        if route.method != "GET" or "{" in route.path or not route.path.startswith("/api/v1"):
            continue
        for query in ({}, *({"view": view} for view in ("yours", "handoffs", "ai", "open", "closed"))):
            query = query | {"q": CANARY}
            if CANARY in (text := client.get(route.path, params=query).text) or care.id in text:
                found.append(f"{route.path} {query}")
    rows = client.get("/api/v1/conversations", params={"view": "handoffs"}).json()
    if rows["counts"]["handoffs"]:
        found.append("it is counted")
    if client.get(f"/api/v1/files/{care.file_id}").status_code != 404:
        found.append("its picture")
    return found


def leaks_over_http(care: Care, who: str) -> list[str]:
    """Where an answer differs from the one about a conversation that is not there, or shows its words."""
    client = care.site.client(who)
    before, found = care.entries(), leaks_in_lists(care, client)
    for bodies in (BODIES, {}):
        told: list[list[tuple[int, str]]] = []
        for conversation_id in (care.id, "conv_nobody"):
            told.append([])
            for method, path, end in paths_about(conversation_id):
                body = {} if method in ("GET", "DELETE") else {"json": bodies.get(end, {})}
                got = client.request(method, path, **body)  # type: ignore[arg-type]
                told[-1].append((got.status_code, got.text.replace(conversation_id, "…")))
        for (method, path, _), of_care, of_nobody in zip(paths_about("…"), told[0], told[1], strict=True):
            if of_care != of_nobody:
                found.append(f"{method} {path}: {of_care} instead of {of_nobody}")
    if care.entries() != before:
        found.append("something was written")
    return found


def heard(desk: ClientConnection) -> list[dict[str, Any]]:
    """All that was said to this desk up to its own ping."""
    desk.send('{"do":"ping"}')
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["is"] != "pong":
        frames.append(json.loads(desk.recv(timeout=30)))
    return frames


def until(desk: ClientConnection, is_it: Callable[[dict[str, Any]], bool]) -> None:
    while not is_it(json.loads(desk.recv(timeout=30))):
        pass


def leaks_by_socket(care: Care, who: str) -> list[str]:
    """What this desk hears of the conversation while its own people and its contact are busy in it."""
    site = care.site
    with site.watch(site.client(who)) as strange, site.watch(site.client("care")) as own:
        for desk in (strange, own):
            desk.send(json.dumps({"do": "viewing", "conversation_id": care.id}))
        until(own, lambda frame: frame["is"] == "viewing")
        with site.visit(care.key, inbox="care") as page:
            page.say(do="typing")
            until(own, lambda frame: frame["is"] == "typing")
            seq = page.send("again", f"c-{who}-{len(care.entries())}")
            until(own, lambda frame: frame["is"] == "changed" and frame["seq"] == seq)
            strange.send(json.dumps({"do": "typing", "conversation_id": care.id}))
            found = [json.dumps(frame) for frame in heard(strange) if "conversation_id" in frame]
            found += ["a stranger is shown" for frame in heard(own) if "Bo Lind" in json.dumps(frame)]
        shown = site.client("care").get(f"/api/v1/conversations/{care.id}").json()["viewers"]
    return found + [f"{person['name']} views it" for person in shown if person["name"] != "Dov Katz"]


@pytest.mark.parametrize("who", ["agent", "lead"])
def test_strangers_to_its_team_learn_nothing_of_it(
    db: Database, tmp_path: Path, embedder: Embedder, who: str
) -> None:
    with in_care(db, tmp_path, embedder) as care:
        assert leaks_over_http(care, who) == []
        assert leaks_by_socket(care, who) == []


def test_its_own_people_and_admins_see_it_whole(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    with in_care(db, tmp_path, embedder) as care:
        for who in ("care", "admin"):
            client = care.site.client(who)
            entries = client.get(f"/api/v1/conversations/{care.id}/entries").text
            assert f"{CANARY} hello" in entries
            assert f"{CANARY} note" in entries
            assert client.get(f"/api/v1/files/{care.file_id}").status_code == 200
            listed = client.get("/api/v1/conversations", params={"view": "handoffs"}).json()
            assert [row["id"] for row in listed["rows"]] == [care.id]
            assert listed["counts"]["handoffs"] == 1
            found = client.get("/api/v1/search", params={"q": CANARY}).json()["hits"]
            assert {hit["row"]["id"] for hit in found} == {care.id}
        assert leaks_by_socket(care, "admin") != []


def test_the_leak_tests_see_a_leak(
    db: Database, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: nobody asks who may see what."""
    for room in (permitting, desking):
        monkeypatch.setattr(room, "sight_of", lambda records, agent: Sight())
    with in_care(db, tmp_path, embedder) as care:
        found = leaks_over_http(care, "agent")
        assert any("GET /api/v1/conversations" in leak for leak in found)
        assert any("/api/v1/search" in leak for leak in found)
        assert {"something was written", "it is counted", "its picture"} <= set(found)
        assert len(leaks_by_socket(care, "agent")) > 1


def test_who_is_taken_out_of_the_team_hears_nothing_from_then_on(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    with in_care(db, tmp_path, embedder) as care, care.site.watch(care.site.client("care")) as dov:
        db.write_now(lambda unit: update_team(unit, care.team.id, member_ids=[]))
        until(dov, lambda frame: frame["is"] == "missed")
        with care.site.visit(care.key, inbox="care") as page:
            page.send("still there?", "c-9")
        assert [frame for frame in heard(dov) if "conversation_id" in frame] == []
        db.write_now(lambda unit: update_team(unit, care.team.id, member_ids=[care.site.agents["care"].id]))
        until(dov, lambda frame: frame["is"] == "missed")
        with care.site.visit(care.key, inbox="care") as page:
            seq = page.send("and now?", "c-10")
        until(dov, lambda frame: frame["is"] == "changed" and frame["seq"] == seq)


def test_an_admin_limits_an_inbox_and_opens_it_again(site: Site) -> None:
    admin = site.client("admin")
    team = admin.post("/api/v1/teams", json={"name": "Returns"}).json()
    inbox = site.db.write_now(
        lambda unit: open_inbox(unit, "care", "Care", assistant_name="Echo", disclosure="AI")
    )
    address = f"/api/v1/inboxes/{inbox.id}/teams"
    limited = admin.put(address, json={"team_ids": [team["id"]]})
    assert limited.json() == admin.get(address).json() == {"team_ids": [team["id"]]}
    kept = admin.delete(f"/api/v1/teams/{team['id']}")
    assert (kept.status_code, kept.json()["code"]) == (409, "team-needed")
    assert admin.put(address, json={"team_ids": []}).json() == {"team_ids": []}
    assert admin.delete(f"/api/v1/teams/{team['id']}").status_code == 204
    assert admin.put(address, json={"team_ids": ["team_nobody"]}).status_code == 404
    assert site.client("lead").put(address, json={"team_ids": []}).status_code == 403
