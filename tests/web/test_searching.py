"""Searching and tagging over HTTP: what an agent may not read is not found, and words of refusal help."""

import asyncio

from bothands.conversations import fill_search, limit_inbox
from bothands.people import add_team
from tests.web.site import Site


def said(site: Site, text: str) -> str:
    with site.visit() as page:
        conversation_id: str = page.entries(page.send(text, "c-1"))[0]["conversation_id"]
    asyncio.run(fill_search(site.db))
    return conversation_id


def test_a_search_shows_where_the_words_stand_and_pages_on(site: Site) -> None:
    for number in range(52):
        with site.visit() as page:
            page.send(f"Refund {number}, please", "c-1")
    asyncio.run(fill_search(site.db))
    bo = site.client("agent")
    first = bo.get("/api/v1/search", params={"q": "refun"}).json()
    hit = first["hits"][0]
    assert hit["text"] == "Refund 51, please"
    assert [hit["text"][start:end] for start, end in hit["marks"]] == ["Refund"]
    assert (hit["what"], hit["row"]["id"].startswith("conv_")) == ("message", True)
    rest = bo.get("/api/v1/search", params={"q": "refun", "cursor": first["next_cursor"]}).json()
    assert (len(first["hits"]), len(rest["hits"]), rest["next_cursor"]) == (50, 2, None)
    few = bo.get("/api/v1/search", params={"q": "refun", "limit": 2}).json()
    assert (len(few["hits"]), few["next_cursor"] is None) == (2, False)
    for odd in ("bm90LW91cnM", "17", first["next_cursor"][1:]):
        refused = bo.get("/api/v1/search", params={"q": "refun", "cursor": odd})
        assert (refused.status_code, refused.json()["thing"]) == (400, "cursor"), odd


def test_tags_go_down_in_pages_by_name(site: Site) -> None:
    with site.visit() as page:
        conversation_id = page.entries(page.send("Hello", "c-1"))[0]["conversation_id"]
    bo = site.client("agent")
    for name in ("Zebra", "éclair", "apple"):
        bo.post(f"/api/v1/conversations/{conversation_id}/tags", json={"name": name})
    first = bo.get("/api/v1/tags", params={"limit": 2}).json()
    rest = bo.get("/api/v1/tags", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [tag["name"] for tag in (*first["tags"], *rest["tags"])] == ["apple", "éclair", "Zebra"]
    assert rest["next_cursor"] is None


def test_what_cannot_be_understood_is_a_problem_with_its_cure(site: Site) -> None:
    said(site, "hello")
    for q in ("is:lost", '"open', "x" * 301, ""):
        answer = site.client("agent").get("/api/v1/search", params={"q": q})
        assert (answer.status_code, bool(answer.json()["cause"])) == (400, True), q


def test_an_inbox_of_another_team_is_not_found_nor_counted(site: Site) -> None:
    conversation_id = said(site, "CANARY words")
    bo, ines = site.client("agent"), site.client("admin")
    assert (
        bo.post(f"/api/v1/conversations/{conversation_id}/tags", json={"name": "canary"}).status_code == 200
    )
    assert len(bo.get("/api/v1/search", params={"q": "canary"}).json()["hits"]) == 2
    inbox_id = ines.get("/api/v1/inboxes").json()["inboxes"][0]["id"]
    team = site.db.write_now(lambda unit: add_team(unit, "Legal"))
    site.db.write_now(lambda unit: limit_inbox(unit, inbox_id, [team.id]))
    for q in ("canary", "tag:canary", "is:open"):
        assert bo.get("/api/v1/search", params={"q": q}).json()["hits"] == [], q
        assert ines.get("/api/v1/search", params={"q": q}).json()["hits"], q
    assert bo.get("/api/v1/tags").json()["tags"][0]["conversations"] == 0
    assert bo.post(f"/api/v1/conversations/{conversation_id}/tags", json={"name": "x"}).status_code == 404


def test_tags_are_put_on_shown_taken_off_and_changed_by_leads_alone(site: Site) -> None:
    conversation_id = said(site, "hello")
    bo, chi = site.client("agent"), site.client("lead")
    path = f"/api/v1/conversations/{conversation_id}"
    tag = bo.post(f"{path}/tags", json={"name": "VIP"}).json()["tags"][0]
    assert bo.get(path).json()["tags"] == [tag]
    assert bo.patch(f"/api/v1/tags/{tag['id']}", json={"name": "x"}).status_code == 403
    assert chi.patch(f"/api/v1/tags/{tag['id']}", json={"name": "Wholesale"}).json()["name"] == "Wholesale"
    assert bo.get("/api/v1/tags").json() == {
        "tags": [{"id": tag["id"], "name": "Wholesale", "conversations": 1}],
        "next_cursor": None,
    }
    assert bo.delete(f"{path}/tags/{tag['id']}").json() == {"tags": []}
    assert chi.delete(f"/api/v1/tags/{tag['id']}").status_code == 204
    assert bo.get("/api/v1/tags").json()["tags"] == []
