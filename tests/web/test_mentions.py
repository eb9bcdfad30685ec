"""Mentions over HTTP and on the desk's socket: one's own, by pages, and nobody else's."""

import json
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection

from tests.web.site import Site


@pytest.fixture
def path(site: Site) -> str:
    with site.visit() as page:
        conversation_id = page.entries(page.send("hello", "c-1"))[0]["conversation_id"]
    return f"/api/v1/conversations/{conversation_id}"


def note(site: Site, client: httpx.Client, path: str, number: int, *mentioned: str) -> httpx.Response:
    agents = [site.agents[who] for who in mentioned]
    text = f"note {number} " + " ".join(f"@{agent.name}" for agent in agents)
    body = {"client_id": f"n-{number}", "text": text, "mentions": [agent.id for agent in agents]}
    return client.post(f"{path}/notes", json=body)


def own(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/mentions", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def heard(desk: ClientConnection) -> list[str]:
    desk.send('{"do":"ping"}')
    kinds: list[str] = []
    while "pong" not in kinds:
        kinds.append(json.loads(desk.recv(timeout=30))["is"])
    return kinds


def test_ones_own_come_by_pages_newest_first_and_are_read_when_opened(site: Site, path: str) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    for number in range(3):
        assert note(site, bo, path, number, "lead").status_code < 300
    first = own(chi, limit=2)
    assert [one["text"][:6] for one in first["mentions"]] == ["note 2", "note 1"]
    assert (first["unread"], first["mentions"][0]["row"]["id"]) == (3, path.rsplit("/", 1)[-1])
    rest = own(chi, limit=2, cursor=first["next_cursor"])
    assert [one["text"][:6] for one in rest["mentions"]] == ["note 0"]
    assert rest["next_cursor"] is None
    assert own(bo)["mentions"] == []
    assert bo.put(f"{path}/mentions/read").status_code == 204
    assert own(chi)["unread"] == 3
    assert chi.put(f"{path}/mentions/read").status_code == 204
    assert own(chi)["unread"] == 0
    assert all(one["read_at"] for one in own(chi)["mentions"])


def test_only_the_desk_of_whom_it_mentions_is_told(site: Site, path: str) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    with site.watch(chi) as mentioned, site.watch(site.client("admin")) as other:
        heard(mentioned), heard(other)
        note(site, bo, path, 1, "lead")
        while json.loads(mentioned.recv(timeout=30))["is"] != "mentions":
            pass
        assert "mentions" not in heard(other)


def test_strange_ids_are_refused_and_nothing_is_kept(site: Site, path: str) -> None:
    bo = site.client("agent")
    for ids in (["agent_nobody"], ["x"] * 11):
        refused = bo.post(f"{path}/notes", json={"client_id": "n-1", "text": "@x", "mentions": ids})
        assert refused.status_code in (400, 404)
    assert bo.put("/api/v1/conversations/conv_nobody/mentions/read").status_code == 404
    assert bo.get("/api/v1/mentions", params={"cursor": "x"}).status_code == 400
    assert "note" not in {entry["kind"] for entry in bo.get(f"{path}/entries").json()["entries"]}
