"""What an agent is writing: on each device of theirs, the latest wins, gone when sent, private."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.site import Site


@pytest.fixture
def path(site: Site) -> str:
    with site.visit() as page:
        conversation_id = page.entries(page.send("hello", "c-1"))[0]["conversation_id"]
    site.take_over(conversation_id)
    return f"/api/v1/conversations/{conversation_id}"


def write(
    site: Site, client: httpx.Client, path: str, text: str, *, seconds: int = 0, mode: str = "reply"
) -> Any:
    at = (site.db.clock.now() + timedelta(seconds=seconds)).isoformat()
    return client.put(f"{path}/unsent/{mode}", json={"text": text, "written_at": at})


def kept(client: httpx.Client, path: str) -> dict[str, str]:
    return {one["mode"]: one["text"] for one in client.get(f"{path}/unsent").json()["unsent"]}


def test_another_device_goes_on_with_it_and_the_latest_wins(site: Site, path: str) -> None:
    desk, phone = site.client("agent"), site.client("agent")
    write(site, desk, path, "Dear Ada, I", seconds=-9)
    write(site, phone, path, "Ask the warehouse", seconds=-9, mode="note")
    assert kept(phone, path) == {"reply": "Dear Ada, I", "note": "Ask the warehouse"}
    write(site, phone, path, "Dear Ada, I have news", seconds=-5)
    late = write(site, desk, path, "Dear Ada, I am", seconds=-7)
    assert late.json()["text"] == "Dear Ada, I have news"
    assert kept(desk, path)["reply"] == "Dear Ada, I have news"


def test_it_is_private_to_its_agent(site: Site, path: str) -> None:
    write(site, site.client("agent"), path, "CANARY")
    for other in ("lead", "admin"):
        assert kept(site.client(other), path) == {}
        assert "CANARY" not in site.client(other).get(path).text


def test_what_is_sent_is_gone_and_what_was_on_its_way_does_not_bring_it_back(site: Site, path: str) -> None:
    bo = site.client("agent")
    write(site, bo, path, "Dear Ada", seconds=-2)
    write(site, bo, path, "a note", seconds=-2, mode="note")
    message = {"client_id": "m-1", "text": "Dear Ada", "last_seen_seq": 9}
    assert bo.post(f"{path}/messages", json=message).status_code < 300
    assert kept(bo, path) == {"reply": "", "note": "a note"}
    write(site, bo, path, "Dear Ad", seconds=-3)
    assert kept(bo, path)["reply"] == ""
    assert bo.post(f"{path}/notes", json={"client_id": "n-1", "text": "a note"}).status_code < 300
    assert kept(bo, path) == {"reply": "", "note": ""}


def test_a_device_whose_clock_is_ahead_does_not_win_for_ever(site: Site, path: str) -> None:
    bo = site.client("agent")
    write(site, bo, path, "from tomorrow", seconds=86_400)
    write(site, bo, path, "from now")
    assert kept(bo, path)["reply"] == "from now"


def test_what_cannot_be_kept_is_refused(site: Site, path: str) -> None:
    bo = site.client("agent")
    assert write(site, bo, path, "x", mode="letter").status_code == 400
    assert write(site, bo, path, "x" * 8_001).status_code == 400
    assert write(site, bo, "/api/v1/conversations/conv_nobody", "x").status_code == 404
