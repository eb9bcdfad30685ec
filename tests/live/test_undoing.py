"""A closing that is undone never was, for the customer; one that stays is told once, a little later."""

import json
from typing import Any

import httpx

from bothands.conversations import EntryKind, conversation_of, entries_since
from bothands.kit import ManualClock
from tests.web.site import Page, Site

AGREED = "A new one on Friday"


def held(site: Site, ada: Page) -> str:
    """Bo's conversation with Ada, who asked for a person and then wrote; as the path of its routes."""
    ada.say(do="ask_person", client_id="c-0")
    ada.until("stored", client_id="c-0")
    conversation_id: str = ada.entries(1)[0]["conversation_id"]
    site.take_over(conversation_id)
    ada.entries(ada.send("It wobbles", "c-1"))
    return f"/api/v1/conversations/{conversation_id}"


def close(bo: httpx.Client, base: str) -> None:
    assert bo.post(f"{base}/closing", json={"reason": "solved", "agreed": AGREED}).status_code == 200


def fresh(site: Site, ada: Page) -> Any:
    """All that another way of asking shows: the chat over HTTP."""
    answer = site.client().get("/api/v1/chat/shop/entries", headers={"x-visitor-key": ada.key})
    assert answer.status_code == 200, answer.text
    return answer.json()


def closings(entries: list[Any]) -> list[Any]:
    return [entry for entry in entries if entry["kind"] == "closing"]


def record(site: Site, base: str) -> tuple[Any, list[Any]]:
    """How things stand, without what only counts, and who has how many."""
    conversation_id = base.rsplit("/", 1)[1]
    row = site.db.read_now(lambda records: conversation_of(records, conversation_id))
    values = {name: getattr(row, name) for name in row.__struct_fields__ if name not in ("version", "seq")}
    views = [
        site.client("agent").get("/api/v1/conversations", params={"view": view}).json()["counts"]
        for view in ("yours", "closed")
    ]
    return values, views


def test_undone_in_time_it_never_was_for_the_customer(site: Site, clock: ManualClock) -> None:
    bo = site.client("agent")
    with site.visit() as ada:
        base = held(site, ada)
        before = record(site, base)
        clock.advance(60)
        seen = fresh(site, ada)
        close(bo, base)
        assert fresh(site, ada) == seen
        with site.visit(ada.key) as other:
            assert other.state_where(lambda state: True)["closed"] is None
        clock.advance(10)
        assert fresh(site, ada) == seen
        assert bo.post(f"{base}/closing/undo").status_code == 204
        assert record(site, base) == before
        clock.advance(60)
        seq = ada.send("Hello?", "c-2")
        kinds = {entry["kind"] for entry in ada.entries(seq)}
        with site.visit(ada.key) as later:
            kinds |= {entry["kind"] for entry in later.entries(seq)}
            told = json.dumps([ada.frames, later.frames, fresh(site, ada)])
        assert kinds == {"message", "transfer"}
        assert AGREED not in told
        assert '"reopening"' not in told
        states = [frame["state"] for frame in ada.frames if frame["is"] in ("welcome", "state")]
        assert all(state["closed"] is None for state in states)
        assert states[-1]["holder"]["name"] == "Bo Lind"
    everything = site.db.read_now(lambda records: entries_since(records, base.rsplit("/", 1)[1], 0))
    assert EntryKind.CLOSING in {entry.kind for entry in everything}  # the desk keeps what happened


def test_not_undone_the_customer_is_told_once_without_asking(site: Site, clock: ManualClock) -> None:
    with site.visit() as ada:
        base = held(site, ada)
        close(site.client("agent"), base)
        clock.advance(12.9)
        with site.visit(ada.key) as other:
            assert other.state_where(lambda state: True)["closed"] is None
            clock.advance(0.2)
            assert other.state_where(lambda state: state["closed"] is not None)["closed"]["agreed"] == AGREED
            closing = closings(fresh(site, ada)["entries"])
            assert closings(other.entries(closing[0]["seq"])) == closing
        assert closing[0]["ref"] == {"by": {"kind": "agent", "name": "Bo Lind"}, "agreed": AGREED}
        late = site.client("agent").post(f"{base}/closing/undo")
        assert (late.status_code, late.json()["code"]) == (409, "closing-stays")
        assert "customer is told" in late.json()["cause"]


def test_what_the_customer_writes_meanwhile_settles_it(site: Site, clock: ManualClock) -> None:
    with site.visit() as ada:
        base = held(site, ada)
        close(site.client("agent"), base)
        clock.advance(3)
        seq = ada.send("One more thing", "c-2")
        kinds = [entry["kind"] for entry in ada.entries(seq)]
        assert kinds[-3:] == ["closing", "reopening", "message"]
        assert [entry["kind"] for entry in fresh(site, ada)["entries"]][: len(kinds)] == kinds
        late = site.client("agent").post(f"{base}/closing/undo")
        assert (late.status_code, late.json()["code"]) == (409, "conversation-open")


def test_only_who_closed_it_undoes_it_and_only_while_nothing_happened(site: Site) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    with site.visit() as ada:
        base = held(site, ada)
        close(bo, base)
        others = chi.post(f"{base}/closing/undo")
        assert (others.status_code, others.json()["cause"]) == (409, "Bo Lind closed it")
        assert chi.post(f"{base}/notes", json={"client_id": "n-1", "text": "Wait."}).status_code == 200
        late = bo.post(f"{base}/closing/undo")
        assert (late.status_code, late.json()["cause"]) == (409, "something happened since")
        assert AGREED not in json.dumps(fresh(site, ada))
