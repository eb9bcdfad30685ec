"""Inboxes over HTTP: shown to leads, changed by admins; a page embeds the chat when its origin is listed."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.web.site import Site

HELP = {
    "slug": "help",
    "name": "Help centre",
    "assistant_name": "Echo",
    "disclosure": "AI assistant. Not a person.",
    "origins": ["https://Shop.example/", "https://shop.example", " ", "http://localhost:3000"],
}


def embeds(site: Site, inbox: str, origin: str) -> bool:
    address = f"{site.url.replace('http', 'ws')}/ws/chat/{inbox}"
    try:
        with connect(address, origin=origin):  # type: ignore[arg-type]
            return True
    except InvalidStatus:
        return False


def test_a_new_inbox_is_a_chat_that_listed_pages_embed(site: Site) -> None:
    admin = site.client("admin")
    made = admin.post("/api/v1/inboxes", json=HELP)
    assert made.status_code == 201, made.text
    inbox = made.json()
    assert inbox["origins"] == ["https://shop.example", "http://localhost:3000"]
    assert inbox["chat_url"] == "http://placeholder.invalid/c/help"
    assert inbox["script_url"] == "http://placeholder.invalid/widget.js"
    listed = site.client("lead").get("/api/v1/inboxes").json()["inboxes"]
    assert [one["slug"] for one in listed] == ["help", "shop"]
    assert embeds(site, "help", "https://shop.example")
    assert not embeds(site, "help", "https://evil.example")
    again = admin.post("/api/v1/inboxes", json=HELP)
    assert (again.status_code, again.json()["code"]) == (409, "inbox-known")


def test_what_is_given_is_changed_and_an_origin_taken_out_is_out(site: Site) -> None:
    admin = site.client("admin")
    here = f"/api/v1/inboxes/{admin.post('/api/v1/inboxes', json=HELP).json()['id']}"
    changed = admin.patch(here, json={"name": " Help  desk ", "origins": ["https://other.example"]}).json()
    assert (changed["name"], changed["assistant_name"]) == ("Help desk", "Echo")
    assert not embeds(site, "help", "https://shop.example")
    assert embeds(site, "help", "https://other.example")
    assert admin.patch("/api/v1/inboxes/inbox_nobody", json={}).status_code == 404


ODD_ORIGINS = ("shop.example", "https://shop.example/a", "https://*", "x:y", "javascript://a", "https://a b")


@pytest.mark.parametrize(
    ("change", "thing"),
    [
        *[({"origins": [odd]}, "origins") for odd in (*ODD_ORIGINS, "https://ada@shop.example")],
        ({"name": " "}, "name"),
        ({"assistant_name": "\u202e"}, "assistant's name"),
        ({"disclosure": " "}, "disclosure"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(shared: Site, change: dict[str, object], thing: str) -> None:
    admin = shared.client("admin")
    refused = admin.patch("/api/v1/inboxes/shop", json=change)
    assert (refused.status_code, refused.json()["thing"]) == (400, thing)


def test_only_admins_change_an_inbox(shared: Site) -> None:
    assert shared.client("lead").patch("/api/v1/inboxes/shop", json={"name": "Mine"}).status_code == 403
    assert shared.client("agent").get("/api/v1/inboxes").status_code == 403
