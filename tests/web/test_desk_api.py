"""The desk's routes, as a desk uses them."""

from pathlib import Path

from bothands.conversations import EntryKind, add_entry
from bothands.kit import ManualClock
from tests.web.site import Site
from tests.web.test_permissions import picture


def waiting(site: Site) -> str:
    """A conversation in the queue."""
    with site.visit() as ada:
        seq = ada.send("My order 48217 arrived broken, again.", "c-1")
        ada.say(do="ask_person", client_id="c-2")
        ada.until("stored", client_id="c-2")
        conversation_id: str = ada.entries(seq)[0]["conversation_id"]
        return conversation_id


def test_a_conversation_goes_from_the_queue_to_a_person_and_ends(site: Site) -> None:
    conversation_id = waiting(site)
    bo = site.client("agent")
    listed = bo.get("/api/v1/conversations", params={"view": "handoffs"}).json()
    assert [row["id"] for row in listed["rows"]] == [conversation_id]
    assert listed["counts"] == {"yours": 0, "handoffs": 1, "ai": 0, "open": 1}
    row = listed["rows"][0]
    assert row["reason"]["words"] == "The customer asked for a person"
    assert row["waiting_since"].endswith("Z")
    view = bo.get(f"/api/v1/conversations/{conversation_id}").json()
    assert [line["label"] for line in view["brief"]["lines"]] == [
        "wants", "confirmed", "ai_tried", "why_you", "mood",
    ]  # fmt: skip
    base = f"/api/v1/conversations/{conversation_id}"
    message = {
        "client_id": "m-1",
        "text": "I am sorry. I look at it.",
        "attachments": [],
        "last_seen_seq": 99,
    }
    early = bo.post(f"{base}/messages", json=message | {"draft_id": None})
    assert (early.status_code, early.json()["code"]) == (409, "not-holder")
    assert bo.post(f"{base}/take-over").json()["row"]["holder"]["name"] == "Bo Lind"
    first = bo.post(f"{base}/messages", json=message)
    again = bo.post(f"{base}/messages", json=message)
    assert first.json() == again.json()
    assert first.json()["disclosure"] == "A person at Alder & Loft"
    assert bo.post(f"{base}/notes", json={"client_id": "n-1", "text": "Third time."}).json()["kind"] == "note"
    closing = bo.post(f"{base}/closing", json={"reason": "solved", "agreed": "A new one on Friday"})
    assert closing.json()["body"] == "A new one on Friday"
    late = bo.post(f"{base}/messages", json=message | {"client_id": "m-2"})
    assert (late.status_code, late.json()["code"]) == (409, "conversation-closed")
    assert bo.delete(f"{base}/closing").status_code == 204
    assert bo.delete(f"{base}/closing").json()["code"] == "conversation-open"


def test_a_line_of_the_brief_is_put_right_and_stays_so(site: Site) -> None:
    base = f"/api/v1/conversations/{waiting(site)}"
    bo = site.client("agent")
    before = bo.get(base).json()["brief"]["lines"]
    fixed = bo.put(f"{base}/brief", json={"label": "wants", "text": " A new mattress, not a refund "})
    assert fixed.status_code == 200, fixed.text
    assert fixed.json()["lines"][0]["text"] == "A new mattress, not a refund"
    lines = site.client("lead").get(base).json()["brief"]["lines"]
    assert lines == fixed.json()["lines"]
    assert (lines[0]["corrected_by"], lines[0]["certain"]) == ("Bo Lind", True)
    assert lines[1:] == before[1:]
    assert before[0]["corrected_by"] is None
    odd = bo.put(f"{base}/brief", json={"label": "summary", "text": "x"})
    assert (odd.status_code, "use one of: wants" in odd.json()["cure"]) == (400, True)
    for text in ("", " ", "x" * 301):
        assert bo.put(f"{base}/brief", json={"label": "wants", "text": text}).status_code == 400
    with site.visit() as grace:
        other = grace.entries(grace.send("hello", "c-1"))[0]["conversation_id"]
    none = bo.put(f"/api/v1/conversations/{other}/brief", json={"label": "wants", "text": "x"})
    assert none.status_code == 404


def test_a_reply_stops_when_a_newer_message_came(site: Site) -> None:
    conversation_id = waiting(site)
    bo = site.client("agent")
    base = f"/api/v1/conversations/{conversation_id}"
    bo.post(f"{base}/take-over")
    sent = {"client_id": "m-1", "text": "Hello", "attachments": [], "draft_id": None, "last_seen_seq": 0}
    refused = bo.post(f"{base}/messages", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "collision")
    seq = bo.get(f"{base}/entries").json()["seq"]
    assert bo.post(f"{base}/messages", json=sent | {"last_seen_seq": seq}).status_code == 200


def test_the_queue_is_listed_in_the_order_in_which_people_should_be_taken(site: Site) -> None:
    first = waiting(site)
    assert isinstance(site.db.clock, ManualClock)
    site.db.clock.advance(90)
    second = waiting(site)
    by_latest_change = site.client("agent").get("/api/v1/conversations", params={"view": "open"}).json()
    assert [row["id"] for row in by_latest_change["rows"]] == [second, first]
    listed = site.client("agent").get("/api/v1/conversations", params={"view": "handoffs"}).json()
    assert [row["id"] for row in listed["rows"]] == [first, second]


def test_a_draft_is_offered_and_its_sources_go_with_it(site: Site) -> None:
    chi = site.client("lead")
    text = "# Norway\n\n## Shipping\n\nWe ship to Norway within 9 days.\n"
    chi.post("/api/v1/knowledge/imports", json={"name": "norway.md", "text": text})
    with site.visit() as ada:
        seq = ada.send("Do you ship to Norway?", "c-1")
        ada.say(do="ask_person", client_id="c-2")
        ada.until("stored", client_id="c-2")
        conversation_id = ada.entries(seq)[0]["conversation_id"]
        base = f"/api/v1/conversations/{conversation_id}"
        chi.post(f"{base}/take-over")
        draft = chi.get(f"{base}/suggestion").json()["draft"]
        assert "I'm Chi" in draft["text"]
        assert "9 days" in draft["text"]
        message = {"client_id": "m-1", "text": draft["text"], "draft_id": draft["id"], "last_seen_seq": 99}
        posted = chi.post(f"{base}/messages", json=message | {"attachments": []})
        assert posted.status_code == 200, posted.text
        shown = ada.entries(posted.json()["seq"])[-1]
    assert shown["ref"]["sources"][0]["title"] == "Norway"
    assert "draft_id" not in shown["ref"]


def test_only_one_of_two_agents_gets_it_and_a_lead_may_take_it_from_them(site: Site) -> None:
    conversation_id = waiting(site)
    base = f"/api/v1/conversations/{conversation_id}"
    assert site.client("agent").post(f"{base}/take-over").status_code == 200
    assert site.client("lead").post(f"{base}/take-over").json()["row"]["holder"]["name"] == "Chi Park"
    late = site.client("agent").post(f"{base}/take-over")
    assert (late.status_code, late.json()["code"]) == (409, "conversation-taken")
    back = site.client("lead").post(f"{base}/hand-back", json={"note": "Only a delivery question."})
    assert back.json()["row"]["holder"]["kind"] == "assistant"


def test_entries_come_in_pages_that_together_are_the_whole(site: Site) -> None:
    conversation_id = waiting(site)
    for n in range(7):
        site.db.write_now(
            lambda unit, n=n: add_entry(unit, conversation_id, EntryKind.READING, f"reading {n}", {})
        )
    bo = site.client("agent")
    base = f"/api/v1/conversations/{conversation_id}/entries"
    whole = bo.get(base).json()
    paged, since = [], 0
    while True:
        page = bo.get(base, params={"since": since, "limit": 3}).json()
        paged += page["entries"]
        if len(page["entries"]) < 3:
            break
        since = page["seq"]
    assert paged == whole["entries"]
    assert page["seq"] == whole["seq"]


def test_lists_come_in_pages_too(site: Site) -> None:
    for n in range(53):
        with site.visit() as ada:
            ada.send(f"question {n}", "c-1")
    bo = site.client("agent")
    first = bo.get("/api/v1/conversations", params={"view": "ai"}).json()
    second = bo.get("/api/v1/conversations", params={"view": "ai", "cursor": first["next_cursor"]}).json()
    ids = [row["id"] for row in first["rows"] + second["rows"]]
    assert (len(first["rows"]), len(set(ids)), second["next_cursor"]) == (50, 53, None)
    odd = bo.get("/api/v1/conversations", params={"cursor": "nonsense"})
    assert (odd.status_code, odd.json()["thing"]) == (400, "cursor")
    assert bo.get("/api/v1/conversations", params={"view": "all"}).status_code == 400


def test_a_stop_is_pulled_by_an_agent_and_lifted_by_a_lead(site: Site) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    pulled = bo.post("/api/v1/stops", json={"topic": None, "reason": "wrong prices"}).json()
    assert [held["id"] for held in bo.get("/api/v1/stops").json()["stops"]] == [pulled["id"]]
    conversation_id = waiting(site)
    assert bo.get(f"/api/v1/conversations/{conversation_id}").json()["stop"]["by"] == "Bo Lind"
    assert bo.delete(f"/api/v1/stops/{pulled['id']}").status_code == 403
    assert chi.delete(f"/api/v1/stops/{pulled['id']}").status_code == 204
    assert chi.get("/api/v1/stops").json()["stops"] == []


def test_a_role_is_changed_with_its_reason(site: Site) -> None:
    chi = site.client("lead")
    changed = chi.put("/api/v1/charter/topics/refunds", json={"role": "person_only", "reason": "Money"})
    assert changed.status_code == 200
    topic = chi.get("/api/v1/charter").json()["topics"][0]
    assert (topic["topic"], topic["role"], topic["owner"]) == ("refunds", "person_only", "Chi Park")
    assert chi.put("/api/v1/charter/topics/refunds", json={"role": "boss", "reason": "x"}).status_code == 400


def test_knowledge_is_brought_in_found_shown_and_tried_out(site: Site) -> None:
    chi = site.client("lead")
    faq = "question,answer\nDo you ship to Norway?,We ship to Norway within 9 days.\n"
    report = chi.post("/api/v1/knowledge/imports", files=[("files", ("faq.csv", faq.encode()))])
    assert report.status_code == 200, report.text
    assert report.json()["questions"] == 1
    text = "# Care\n\n## Washing\n\nWash the cover at 30 degrees.\n"
    pasted = chi.post("/api/v1/knowledge/imports", json={"name": "care.md", "text": text})
    assert pasted.json()["articles"] == 1
    assert [article["title"] for article in chi.get("/api/v1/knowledge/articles").json()["articles"]] == [
        "Care"
    ]
    found = chi.get("/api/v1/knowledge/search", params={"q": "shipping to Norway"}).json()["found"]
    assert "Norway" in found[0]["text"]
    questions = ["Do you ship to Norway?", "I want to talk to a human"]
    results = chi.post("/api/v1/try-out", json={"questions": questions}).json()["results"]
    assert [result["question"] for result in results] == questions
    assert results[1]["outcome"] == "handed_over"
    assert results[1]["reasons"]
    article_id = chi.get("/api/v1/knowledge/articles").json()["articles"][0]["id"]
    page = site.client().get(f"/help/{article_id}")
    assert "Wash the cover at 30 degrees." in page.text
    assert "<script" not in page.text


def test_an_import_that_is_refused_names_its_trouble(site: Site) -> None:
    chi = site.client("lead")
    for refused in (
        chi.post("/api/v1/knowledge/imports", files=[("files", ("bad.csv", b"only,one\nrow"))]),
        chi.post("/api/v1/knowledge/imports", json={"name": "x.md"}),
        chi.post("/api/v1/knowledge/imports", json={"name": "x.exe", "text": "MZ"}),
        chi.post("/api/v1/knowledge/imports", content=b"x", headers={"content-type": "text/plain"}),
        chi.post("/api/v1/knowledge/imports", files={}),
    ):
        assert refused.status_code == 400, refused.text
        assert refused.headers["content-type"] == "application/problem+json"


def test_an_agents_picture_reaches_the_contact_with_the_reply_and_not_before(
    site: Site, tmp_path: Path
) -> None:
    bo = site.client("agent")
    sent = bo.post("/api/v1/files", files={"file": ("../../etc/photo.png", picture(tmp_path))})
    assert sent.status_code == 201
    assert sent.json()["name"] == "photo.png"
    file_id = sent.json()["id"]
    with site.visit() as ada:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        address = f"/api/v1/files/{file_id}"
        assert site.client().get(address, params={"key": ada.key}).status_code == 404
        base = f"/api/v1/conversations/{conversation_id}"
        bo.post(f"{base}/take-over")
        message = {"client_id": "m-1", "text": "See", "attachments": [file_id], "last_seen_seq": 99}
        foreign = site.client("lead").post(f"{base}/messages", json=message)
        assert foreign.status_code in (404, 409)
        posted = bo.post(f"{base}/messages", json=message)
        assert posted.json()["ref"]["attachments"][0]["media_type"] == "image/png"
        ada.entries(posted.json()["seq"])
        got = site.client().get(address, params={"key": ada.key})
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


def test_under_one_key_a_write_happens_once_and_is_answered_twice(site: Site) -> None:
    conversation_id = waiting(site)
    bo, chi = site.client("agent"), site.client("lead")
    base = f"/api/v1/conversations/{conversation_id}"
    closing = {"reason": "solved", "agreed": None}
    key = {"idempotency-key": "k-1"}
    first = bo.post(f"{base}/closing", json=closing, headers=key)
    again = bo.post(f"{base}/closing", json=closing, headers=key)
    assert first.json() == again.json()
    without = bo.post(f"{base}/closing", json=closing)
    assert without.json()["code"] == "conversation-closed"
    other = bo.post(f"{base}/closing", json=closing | {"reason": "spam"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    # The same key in another agent's hand is another key, and a refusal is not kept.
    assert chi.post(f"{base}/closing", json=closing, headers=key).json()["code"] == "conversation-closed"
    assert chi.delete(f"{base}/closing", headers={"idempotency-key": "k-2"}).status_code == 204
    assert chi.delete(f"{base}/closing", headers={"idempotency-key": "k-2"}).status_code == 204
    assert chi.post(f"{base}/closing", json=closing, headers=key).status_code == 200
    assert bo.post(f"{base}/closing", json=closing, headers={"idempotency-key": "x" * 201}).status_code == 400
