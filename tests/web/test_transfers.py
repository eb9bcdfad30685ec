"""Passing a conversation on over HTTP; what its contact sees of it on their page."""

import httpx

from bothands.people import add_team, set_availability
from tests.web.site import Site
from tests.web.test_desk_api import waiting


def to(site: Site, who: str) -> dict[str, str]:
    return {"kind": "agent", "id": site.agents[who].id}


def row_of(client: httpx.Client, conversation_id: str) -> dict[str, object]:
    row: dict[str, object] = client.get(f"/api/v1/conversations/{conversation_id}").json()["row"]
    return row


def test_an_offer_is_seen_accepted_and_told_to_the_contact_by_name(site: Site) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    with site.visit() as ada:
        seq = ada.send("My order arrived broken.", "c-1")
        conversation_id = ada.entries(seq)[0]["conversation_id"]
        base = f"/api/v1/conversations/{conversation_id}"
        bo.post(f"{base}/take-over")
        ada.state_where(lambda state: state["holder"]["name"] == "Bo Lind")
        body = {"to": to(site, "lead"), "note": "SECRET word"}
        for _ in range(2):
            offered = bo.post(f"{base}/transfer", json=body, headers={"idempotency-key": "one"})
            assert offered.status_code == 200, offered.text
        assert offered.json()["row"]["holder"]["name"] == "Bo Lind"
        listed = chi.get("/api/v1/conversations", params={"view": "yours"}).json()
        assert listed["counts"]["yours"] == 1
        assigned = listed["rows"][0]["assigned"]
        assert (assigned["by_name"], assigned["is_yours"]) == ("Bo Lind", True)
        assert assigned["lapses_at"] is not None
        assert row_of(bo, conversation_id)["assigned"]["is_yours"] is False  # type: ignore[index]
        assert chi.post(f"{base}/take-over").json()["row"]["assigned"] is None
        ada.state_where(lambda state: state["holder"]["name"] == "Chi Park")
        shown = ada.entries(chi.get(f"{base}/entries").json()["seq"])
    assert [entry["ref"]["to"]["name"] for entry in shown if entry["kind"] == "transfer"] == [
        "Bo Lind",
        "Chi Park",
    ]
    assert "SECRET" not in str(shown)
    late = bo.post(f"{base}/messages", json={"client_id": "m-1", "text": "Hi", "last_seen_seq": 99})
    assert (late.status_code, late.json()["code"]) == (409, "not-holder")


def test_who_is_away_is_refused_and_asked_anyway(site: Site) -> None:
    conversation_id = waiting(site)
    bo = site.client("agent")
    base = f"/api/v1/conversations/{conversation_id}"
    bo.post(f"{base}/take-over")
    site.db.write_now(lambda unit: set_availability(unit, site.agents["lead"].id, False))
    away = bo.post(f"{base}/transfer", json={"to": to(site, "lead")})
    assert (away.status_code, away.json()["code"]) == (409, "receiver-away")
    assert bo.post(f"{base}/transfer", json={"to": to(site, "lead"), "anyway": True}).status_code == 200
    assert bo.delete(f"{base}/assignment").status_code == 204
    assert bo.delete(f"{base}/assignment").status_code == 404


def test_a_team_gets_it_in_line_and_sees_it_first(site: Site) -> None:
    first, second = waiting(site), waiting(site)
    bo, chi = site.client("agent"), site.client("lead")
    team = site.db.write_now(lambda unit: add_team(unit, "Returns", [site.agents["lead"].id]))
    base = f"/api/v1/conversations/{second}"
    receivers = bo.get(f"{base}/receivers").json()
    assert [one["name"] for one in receivers["people"]] == ["Bo Lind", "Chi Park", "Ines Rocha"]
    assert [(one["name"], one["free"], one["members"]) for one in receivers["teams"]] == [("Returns", 1, 1)]
    assigned = bo.post(f"{base}/assignment", json={"to": {"kind": "team", "id": team.id}})
    assert assigned.json()["row"]["assigned"]["name"] == "Returns"

    def queue(client: httpx.Client) -> list[str]:
        rows = client.get("/api/v1/conversations", params={"view": "handoffs"}).json()["rows"]
        return [row["id"] for row in rows]

    assert (queue(bo), queue(chi)) == ([first, second], [second, first])
    early = bo.post(f"{base}/transfer", json={"to": to(site, "lead")})
    assert (early.status_code, early.json()["code"]) == (409, "not-held")
    bo.post(f"{base}/take-over")
    moved = bo.post(f"{base}/transfer", json={"to": {"kind": "team", "id": team.id}, "note": "A label"})
    assert moved.json()["row"]["holder"]["kind"] == "queue"
    assert site.client("admin").delete(f"/api/v1/teams/{team.id}").status_code == 204
    assert row_of(bo, second)["assigned"] is None


def test_nobody_is_named_who_is_not_there(site: Site) -> None:
    conversation_id = waiting(site)
    bo = site.client("agent")
    base = f"/api/v1/conversations/{conversation_id}"
    for receiver in ({"kind": "agent", "id": "agent_x"}, {"kind": "team", "id": "team_x"}):
        assert bo.post(f"{base}/assignment", json={"to": receiver}).status_code == 404
    for body in ({}, {"to": {"kind": "queue", "id": "x"}}, {"to": to(site, "lead"), "note": "x" * 2001}):
        assert bo.post(f"{base}/transfer", json=body).status_code == 400
