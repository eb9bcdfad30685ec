"""The desk's socket: hints, viewers, typing; and what happens to a socket whose sign-in is revoked."""

import json
import time
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bothands.balance import stop
from tests.cast import acts
from tests.web.site import Site

Frame = dict[str, Any]


def until(socket: ClientConnection, kind: str, **fields: Any) -> Frame:
    while True:
        frame: Frame = json.loads(socket.recv(timeout=30))
        if frame["is"] == kind and all(frame.get(name) == value for name, value in fields.items()):
            return frame


def test_a_visitors_message_is_hinted_and_never_carried(site: Site) -> None:
    with site.watch(site.client("agent")) as desk, site.visit() as ada:
        seq = ada.send("CANARY-words", "c-1")
        hint = until(desk, "changed", seq=seq)
        assert set(hint) == {"is", "conversation_id", "seq"}


def test_nobody_watches_without_signing_in_or_from_a_foreign_page(shared: Site) -> None:
    address = shared.url.replace("http", "ws") + "/ws/desk"
    with pytest.raises(InvalidStatus), connect(address, origin=shared.url):  # type: ignore[arg-type]
        pass
    signed_in = shared.client("agent")
    for origin in ("https://evil.example", shared.url + ".evil.example", "null"):
        with pytest.raises(InvalidStatus), shared.watch(signed_in, origin):
            pass


def test_a_revoked_sign_in_falls_silent_within_a_second(site: Site) -> None:
    here, there = site.client("agent"), site.client("agent")
    listed = here.get("/api/v1/sign-ins").json()["sign_ins"]
    other = next(item["id"] for item in listed if not item["is_current"])
    with site.watch(here) as kept, site.watch(there) as revoked:
        assert here.delete(f"/api/v1/sign-ins/{other}").status_code == 204
        told_at = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                revoked.recv(timeout=30)
        assert time.monotonic() - told_at < 1
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        kept.send('{"do":"ping"}')
        until(kept, "pong")
        with pytest.raises(InvalidStatus), site.watch(there):
            pass


def test_who_looks_at_a_conversation_is_told_and_forgotten(site: Site) -> None:
    with site.visit() as ada:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
    agent, lead = site.client("agent"), site.client("lead")
    with site.watch(agent) as bo:
        with site.watch(lead) as chi:
            chi.send(json.dumps({"do": "viewing", "conversation_id": conversation_id}))
            people = until(bo, "viewing", conversation_id=conversation_id)["people"]
            assert [person["name"] for person in people] == ["Chi Park"]
            shown = agent.get(f"/api/v1/conversations/{conversation_id}").json()["viewers"]
            assert [person["name"] for person in shown] == ["Chi Park"]
        assert until(bo, "viewing", conversation_id=conversation_id)["people"] == []


def test_typing_reaches_the_other_side_only_from_whoever_holds_the_conversation(site: Site) -> None:
    with site.visit() as ada, site.watch(site.client("agent")) as bo, site.watch(site.client("lead")) as chi:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        ada.say(do="typing")
        assert until(bo, "typing")["author_kind"] == "contact"
        site.take_over(conversation_id)
        chi.send(json.dumps({"do": "typing", "conversation_id": conversation_id}))
        until(bo, "typing", author_name="Chi Park")
        bo.send(json.dumps({"do": "typing", "conversation_id": conversation_id}))
        assert ada.until("typing")["author_name"] == "Bo Lind"
        assert not any(frame.get("author_name") == "Chi Park" for frame in ada.frames)


def test_colleagues_see_who_writes_and_a_note_is_nothing_to_the_contact(site: Site) -> None:
    with site.visit() as ada, site.watch(site.client("agent")) as bo, site.watch(site.client("lead")) as chi:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        site.take_over(conversation_id)
        bo.send(json.dumps({"do": "typing", "conversation_id": conversation_id, "is_note": True}))
        people = until(chi, "viewing", conversation_id=conversation_id)["people"]
        assert [(person["name"], person["is_writing"]) for person in people] == [("Bo Lind", True)]
        bo.send(json.dumps({"do": "viewing", "conversation_id": None}))
        assert until(chi, "viewing", conversation_id=conversation_id)["people"] == []
        ada.say(do="ping")
        ada.until("pong")
        assert not any(frame["is"] == "typing" for frame in ada.frames)


def test_a_stop_is_hinted_to_every_desk(site: Site) -> None:
    with site.watch(site.client("lead")) as chi:
        by = acts(site.agents["agent"])
        site.db.write_now(lambda unit: stop(unit, None, by=by, reason="wrong prices"))
        assert until(chi, "stops") == {"is": "stops"}


@pytest.mark.parametrize("frame", ["nonsense", "{}", '{"do":"typing"}', '{"do":"viewing","x":1}'])
def test_a_bad_frame_is_refused_and_the_line_stays(shared: Site, frame: str) -> None:
    with shared.watch(shared.client("agent")) as desk:
        desk.send(frame)
        assert until(desk, "refused")["error"]["code"] == "bad-frame"
        desk.send('{"do":"typing","conversation_id":"conv_nobody"}')
        assert until(desk, "refused")["error"]["status"] == 404
        desk.send('{"do":"ping"}')
        until(desk, "pong")


def test_whoever_loses_an_inbox_is_told_how_much_they_gave_back(site: Site) -> None:
    admin, bo = site.client("admin"), site.agents["agent"]
    inboxes = admin.get("/api/v1/inboxes").json()["inboxes"]
    team = admin.post("/api/v1/teams", json={"name": "Care", "member_ids": [bo.id]}).json()
    limited = admin.put(f"/api/v1/inboxes/{inboxes[0]['id']}/teams", json={"team_ids": [team["id"]]})
    assert limited.status_code == 200, limited.text
    with site.visit() as ada, site.watch(site.client("agent")) as desk:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        site.take_over(conversation_id)
        changed = admin.patch(f"/api/v1/teams/{team['id']}", json={"member_ids": []})
        assert changed.status_code == 200, changed.text
        assert until(desk, "released") == {"is": "released", "count": 1}
        assert (
            admin.get(f"/api/v1/conversations/{conversation_id}").json()["row"]["holder"]["kind"] == "queue"
        )
        assert site.client("agent").get(f"/api/v1/conversations/{conversation_id}").status_code == 404
