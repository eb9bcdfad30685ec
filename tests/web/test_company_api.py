"""What the company's own systems do over HTTP: contacts, inboxes, articles, the chat without a socket."""

from typing import Any

import httpx
import pytest

from tests.web.site import SHOP_PAGE, Site

TEXT = "---\ntitle: Lamps\nid: lamps\naudience: public\n---\n\n## Bulbs\n\nEvery lamp takes an E27 bulb.\n"


@pytest.fixture
def ines(site: Site) -> httpx.Client:
    """The admin."""
    return site.client("admin")


# Not lists of things that become more and more, but parts of one thing, or the best few.
WHOLE = {
    "/api/v1/charter",
    "/api/v1/conversations/{conversation_id}",
    "/api/v1/conversations/{conversation_id}/receivers",
    "/api/v1/conversations/{conversation_id}/suggestion",
    "/api/v1/conversations/{conversation_id}/unsent",
    "/api/v1/inboxes/{inbox_id}/teams",
    "/api/v1/knowledge/articles/{article_id}",
    "/api/v1/knowledge/search",
}
# It needs words and its index: tests/web/test_searching.py goes through its pages.
BY_ITSELF = {"/api/v1/search"}
# Their cursor is `seq`.
BY_SEQ = {"/api/v1/chat/{inbox}/entries", "/api/v1/conversations/{conversation_id}/entries"}


def pages(client: httpx.Client, path: str, name: str, limit: int) -> list[dict[str, Any]]:
    """All there is, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get(path, params={"limit": limit} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page[name]) <= limit
        found += page[name]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_a_contact_is_recorded_once_under_the_companys_own_id(ines: httpx.Client) -> None:
    first = ines.post("/api/v1/contacts", json={"external_id": "c-17", "name": "Ada", "email": "A@x.example"})
    again = ines.post("/api/v1/contacts", json={"external_id": "c-17", "phone": "+49 30 123456"})
    assert first.json()["id"] == again.json()["id"]
    assert (again.json()["name"], again.json()["email"]) == ("Ada", "a@x.example")
    assert again.json()["identity"] == "verified"
    [found] = ines.get("/api/v1/contacts", params={"external_id": "c-17"}).json()["contacts"]
    assert found == again.json()
    assert ines.get("/api/v1/contacts", params={"email": "a@X.example"}).json()["contacts"] == [found]


def test_a_contact_is_corrected_and_no_id_is_anybodys_twice(ines: httpx.Client) -> None:
    ada = ines.post("/api/v1/contacts", json={"external_id": "c-1", "name": "Ada"}).json()
    ines.post("/api/v1/contacts", json={"external_id": "c-2", "name": "Ben"})
    path = f"/api/v1/contacts/{ada['id']}"
    assert ines.patch(path, json={"facts": {"plan": "gold"}, "name": "Ada L."}).json()["name"] == "Ada L."
    assert ines.patch(path, json={"facts": {"city": "Lyon"}}).json()["facts"] == {
        "plan": "gold",
        "city": "Lyon",
    }
    refused = ines.patch(path, json={"external_id": "c-2"})
    assert (refused.status_code, refused.json()["code"]) == (409, "external-id-taken")
    assert ines.get(path).json()["external_id"] == "c-1"


def test_lists_come_in_pages(ines: httpx.Client, site: Site) -> None:
    for number in range(7):
        site.db.clock.advance(1)  # type: ignore[attr-defined]
        ines.post("/api/v1/contacts", json={"external_id": f"c-{number}"})
        ines.post(
            "/api/v1/inboxes",
            json={"slug": f"i-{number}", "name": "I", "assistant_name": "Echo", "disclosure": "AI"},
        )
    contacts = pages(ines, "/api/v1/contacts", "contacts", 3)
    assert [contact["external_id"] for contact in contacts] == [f"c-{number}" for number in range(6, -1, -1)]
    inboxes = pages(ines, "/api/v1/inboxes", "inboxes", 3)
    assert [inbox["slug"] for inbox in inboxes] == [*(f"i-{number}" for number in range(7)), "shop"]


def test_every_list_is_paged_and_refuses_what_is_no_cursor_of_ours(ines: httpx.Client) -> None:
    description = ines.get("/api/openapi.json").json()
    lists = [
        path
        for path, operations in description["paths"].items()
        if "cursor" in [item["name"] for item in operations.get("get", {}).get("parameters", [])]
    ]
    assert len(lists) >= 12
    for path in set(lists) - BY_ITSELF:
        named = path.replace("{inbox_id}", "shop")
        if "{" in named:
            continue
        assert "next_cursor" in ines.get(named, params={"limit": 1}).json(), path
        refused = ines.get(named, params={"cursor": "bm90LW91cnM"})
        assert (refused.status_code, refused.json()["thing"]) == (400, "cursor"), path
        assert ines.get(named, params={"limit": 501}).status_code == 400
        assert ines.get(named, params={"limit": 0}).status_code == 400
    unpaged = {
        path
        for path, operations in description["paths"].items()
        if path not in lists and _lists(description, operations.get("get", {}))
    }
    assert unpaged <= WHOLE | BY_SEQ, "a list without pages"


def _lists(description: dict[str, Any], operation: dict[str, Any]) -> bool:
    """Whether the answer is a struct that begins with a list of objects."""
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    fields = list(description["components"]["schemas"].get(name, {}).get("properties", {}).values())
    return any("$ref" in field.get("items", {}) for field in fields)


def test_what_a_contact_said_elsewhere_is_theirs_and_says_who_brought_it(ines: httpx.Client) -> None:
    contact = ines.post("/api/v1/contacts", json={"external_id": "c-1", "name": "Ada"}).json()
    message = {"inbox": "shop", "client_id": "form-1", "text": "Where is my order?"}
    path = f"/api/v1/contacts/{contact['id']}/messages"
    first, again = ines.post(path, json=message), ines.post(path, json=message)
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    entries = ines.get(f"/api/v1/conversations/{first.json()['conversation_id']}/entries").json()["entries"]
    assert [(entry["kind"], entry["author_kind"]) for entry in entries] == [
        ("message", "contact"),
        ("note", "agent"),
    ]
    assert "Ines Rocha brought" in entries[1]["body"]


def test_an_article_is_shown_and_dropped(ines: httpx.Client) -> None:
    ines.post("/api/v1/knowledge/imports", json={"name": "lamps.md", "text": TEXT})
    shown = ines.get("/api/v1/knowledge/articles/lamps").json()
    assert shown["sections"][0]["text"] == "Every lamp takes an E27 bulb."
    assert ines.get("/api/v1/knowledge/search", params={"q": "Which bulb?"}).json()["found"]
    assert ines.delete("/api/v1/knowledge/articles/lamps").status_code == 204
    assert ines.get("/api/v1/knowledge/articles/lamps").status_code == 404
    assert ines.delete("/api/v1/knowledge/articles/lamps").status_code == 404
    assert not ines.get("/api/v1/knowledge/search", params={"q": "Which bulb?"}).json()["found"]


def test_the_chat_works_without_a_socket(site: Site) -> None:
    visitor = site.client()
    greeting = visitor.post("/api/v1/chat/shop/hello", json={"language": "en"})
    assert greeting.status_code == 201
    visitor.headers["x-visitor-key"] = greeting.json()["key"]
    empty = visitor.get("/api/v1/chat/shop/entries").json()
    assert (empty["conversation_id"], empty["entries"]) == (None, [])
    message = {"client_id": "m-1", "text": "Do you deliver on Saturdays?"}
    first = visitor.post("/api/v1/chat/shop/messages", json=message)
    again = visitor.post("/api/v1/chat/shop/messages", json=message)
    assert first.status_code == 200
    assert first.json() == again.json()
    read = visitor.get("/api/v1/chat/shop/entries").json()
    assert [entry["body"] for entry in read["entries"]] == ["Do you deliver on Saturdays?"]
    assert read["state"]["holder"]["kind"] == "assistant"
    assert visitor.get("/api/v1/chat/shop/entries", params={"after": read["seq"]}).json()["entries"] == []
    # The same visitor by socket and by HTTP.
    with site.visit(greeting.json()["key"]) as page:
        assert page.conversation_id == first.json()["conversation_id"]
        page.send("By socket", "m-2")
    bodies = [entry["body"] for entry in visitor.get("/api/v1/chat/shop/entries").json()["entries"]]
    assert bodies == ["Do you deliver on Saturdays?", "By socket"]


def test_the_chat_over_http_is_guarded_as_the_socket_is(site: Site) -> None:
    visitor, message = site.client(), {"client_id": "m-1", "text": "Hello"}
    assert visitor.post("/api/v1/chat/shop/messages", json=message).status_code == 401
    wrong = visitor.post("/api/v1/chat/shop/messages", json=message, headers={"x-visitor-key": "vk_guess"})
    assert wrong.status_code == 401
    for origin in (SHOP_PAGE, "https://evil.example"):
        refused = visitor.post("/api/v1/chat/shop/hello", json={}, headers={"origin": origin})
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-origin")
    site.client("admin").patch("/api/v1/inboxes/shop", json={"origins": [SHOP_PAGE]})
    greeting = visitor.post("/api/v1/chat/shop/hello", json={}, headers={"origin": SHOP_PAGE})
    assert greeting.headers["access-control-allow-origin"] == SHOP_PAGE
    # Another visitor's key reads another visitor's words, which are none.
    key = {"x-visitor-key": greeting.json()["key"]}
    with site.visit() as ada:
        ada.send("CANARY", "c-1")
    assert "CANARY" not in visitor.get("/api/v1/chat/shop/entries", headers=key).text


def test_the_description_says_who_may_come_and_what_may_be_repeated(site: Site) -> None:
    description = site.client().get("/api/openapi.json").json()
    paths = description["paths"]
    assert paths["/api/v1/knowledge/imports"]["post"]["requestBody"]["required"]
    assert paths["/api/v1/webhooks"]["get"]["security"] == [{"signIn": []}, {"apiKey": []}]
    assert paths["/api/v1/chat/{inbox}/messages"]["post"]["security"] == [{"visitor": []}]
    named = [item["name"] for item in paths["/api/v1/contacts"]["post"]["parameters"]]
    assert named == ["Idempotency-Key"]
    codes = description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert {"external-id-taken", "webhook-disabled", "idempotency-key-reused", "internal"} <= set(codes)
