"""The visitor's socket against a running server."""

import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bothands.conversations import EntryKind, Reply, add_entry, close, open_inbox, post_reply
from bothands.kit import ManualClock
from tests.cast import ECHO, acts, speaks
from tests.web.site import SHOP_PAGE, Site


def test_a_message_is_stored_once_however_often_it_is_sent(site: Site) -> None:
    with site.visit() as ada:
        first = ada.send("Do you deliver on Saturdays?", "c-1")
        again = ada.send("Do you deliver on Saturdays?", "c-1")
        third = ada.send("Hello?", "c-2")
        assert first == again
        bodies = [entry["body"] for entry in ada.entries(third)]
    assert bodies == ["Do you deliver on Saturdays?", "Hello?"]
    with site.visit(ada.key) as later:
        assert later.send("Do you deliver on Saturdays?", "c-1") == first


def test_catching_up_equals_a_fresh_fetch(site: Site) -> None:
    with site.visit() as ada:
        for n in range(5):
            last = ada.send(f"message {n}", f"c-{n}")
        live = ada.entries(last)
        with site.visit(ada.key, since=2) as resumed, site.visit(ada.key) as fresh:
            assert resumed.entries(last) == [entry for entry in live if entry["seq"] > 2]
            assert fresh.entries(last) == live
        ada.frames.clear()
        ada.say(do="catch_up", since=1)
        assert ada.entries(last) == [entry for entry in live if entry["seq"] > 1]


def test_what_the_assistant_says_arrives_with_author_and_disclosure_and_nothing_internal(site: Site) -> None:
    with site.visit() as ada:
        seq = ada.send("Where is my order?", "c-1")
        conversation_id = ada.entries(seq)[0]["conversation_id"]
        ref = {"sources": [], "choices": ["A", "B"], "decision_id": "dec_secret", "basis": "clarify"}
        reply = Reply(conversation_id, ECHO, "Which one?", "turn-1", ref)

        def answer(unit):  # type: ignore[no-untyped-def]
            add_entry(unit, conversation_id, EntryKind.READING, "CANARY-reading", {})
            add_entry(unit, conversation_id, EntryKind.DECISION, "CANARY-decision", {})
            return post_reply(unit, reply)

        posted = site.db.write_now(answer)
        entry = ada.entries(posted.seq)[-1]
        assert (entry["author_kind"], entry["author_name"], entry["disclosure"]) == (
            "assistant",
            "Echo",
            "AI assistant. Not a person.",
        )
        assert entry["ref"] == {"sources": [], "choices": ["A", "B"]}
        assert "CANARY" not in json.dumps(ada.frames)
        assert "dec_secret" not in json.dumps(ada.frames)


def test_a_person_takes_over_and_the_visitor_sees_who_but_not_why(site: Site) -> None:
    with site.visit() as ada:
        ada.send("This arrived broken", "c-1")
        ada.say(do="ask_person", client_id="c-2")
        ada.until("stored", client_id="c-2")
        queued = ada.state_where(lambda state: state["holder"]["kind"] == "queue")
        assert queued["queue"]["place"] == 1
        assert queued["queue"]["wait"]["low_minutes"] >= 1
        conversation_id = ada.entries(1)[0]["conversation_id"]
        site.take_over(conversation_id)
        joined = ada.state_where(lambda state: state["holder"]["kind"] == "agent")
        assert joined["holder"] == {"kind": "agent", "name": "Bo Lind", "initials": "BL"}
        assert joined["queue"] is None
        bo = site.agents["agent"]
        reply = Reply(conversation_id, speaks(bo), "Hello, this is Bo.", "m-1")
        seq = site.db.write_now(lambda unit: post_reply(unit, reply)).seq
        shown = ada.entries(seq)
    transfers = [entry for entry in shown if entry["kind"] == "transfer"]
    assert [entry["ref"]["to"]["kind"] for entry in transfers] == ["queue", "agent"]
    assert all(entry["body"] == "" and "reason" not in entry["ref"] for entry in transfers)
    assert shown[-1]["author_kind"] == "agent"


def test_asking_for_a_person_first_of_all_opens_the_conversation(site: Site) -> None:
    with site.visit() as ada:
        ada.say(do="ask_person", client_id="c-1")
        seq = ada.until("stored", client_id="c-1")["seq"]
        assert ada.entries(seq)[0]["body"] == "I would like to talk to a person."
        ada.state_where(lambda state: state["queue"] is not None)
        ada.say(do="cancel_person")
        ada.state_where(lambda state: state["holder"]["kind"] == "assistant")


def test_whoever_waits_behind_sees_their_place_move(site: Site) -> None:
    with site.visit() as ada, site.visit() as eve:
        assert isinstance(site.db.clock, ManualClock)
        for page in (ada, eve):
            page.say(do="ask_person", client_id="c-1")
            page.until("stored", client_id="c-1")
            site.db.clock.advance(10)
        eve.state_where(lambda state: state["queue"] and state["queue"]["place"] == 2)
        site.take_over(ada.entries(1)[0]["conversation_id"])
        eve.state_where(lambda state: state["queue"] and state["queue"]["place"] == 1)


def test_two_tabs_of_one_visitor_show_the_same(site: Site) -> None:
    with site.visit() as one, site.visit(one.key) as other:
        first = one.send("from one", "c-1")
        assert [entry["body"] for entry in other.entries(first)] == ["from one"]
        second = other.send("from the other", "c-2")
        assert one.entries(second) == other.entries(second)


def test_an_address_is_left_while_waiting(site: Site) -> None:
    with site.visit() as ada:
        ada.say(do="ask_person", client_id="c-1")
        ada.until("stored", client_id="c-1")
        ada.say(do="leave_address", email="nonsense", phone="", name="")
        assert ada.until("refused")["error"]["code"] == "bad-address"
        ada.say(do="leave_address", email="ada@example.com", phone="", name="Ada")
        ada.state_where(lambda state: state["queue"] and state["queue"]["contact_left"])


def test_closing_rating_and_reopening(site: Site) -> None:
    with site.visit() as ada:
        seq = ada.send("Thanks", "c-1")
        conversation_id = ada.entries(seq)[0]["conversation_id"]
        bo = acts(site.agents["agent"])
        site.db.write_now(
            lambda unit: close(unit, conversation_id, by=bo, reason="solved", agreed="A new one")
        )
        closed = ada.state_where(lambda state: state["closed"] is not None)
        assert (closed["closed"]["by"], closed["closed"]["agreed"]) == ("Bo Lind", "A new one")
        assert closed["rated"] is False
        ada.say(do="rate", solved="yes", score=5, comment="quick")
        ada.state_where(lambda state: state["rated"])
        ada.say(do="reopen")
        ada.state_where(lambda state: state["closed"] is None)


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "{}",
        '{"do":"unknown"}',
        '{"do":"send","client_id":"c-1"}',
        '{"do":"send","client_id":"c-1","text":"x","holder_kind":"agent"}',
        '{"do":"send","client_id":"","text":"x"}',
        '{"do":"send","client_id":"c-1","text":5}',
        '{"do":"send","client_id":"c-1","text":"   "}',
        '{"do":"send","client_id":"c-1","text":"a\\u0000b"}',
        '{"do":"send","client_id":"c-1","text":"' + "x" * 4_001 + '"}',
        '{"do":"send","client_id":"c-1","text":"x","attachments":["file_nobody"]}',
        '{"do":"catch_up","since":-1}',
        '{"do":"rate","solved":"maybe"}',
        '{"do":"reopen"}',
        '{"do":' + "[" * 5_000,
    ],
)
def test_a_bad_frame_is_refused_with_a_problem_and_the_line_stays(shared: Site, frame: str) -> None:
    with shared.visit() as ada:
        ada.socket.send(frame)
        error = ada.until("refused")["error"]
        assert error["cure"] or error["cause"]
        assert 400 <= error["status"] < 500
        ada.say(do="ping")
        ada.until("pong")


def test_a_refusal_names_the_message_it_is_about(shared: Site) -> None:
    with shared.visit() as ada:
        ada.say(do="send", client_id="c-9", text="")
        assert ada.until("refused")["client_id"] == "c-9"


def test_too_many_bad_frames_end_the_line(shared: Site) -> None:
    with shared.visit() as ada:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(200):
                ada.socket.send("nonsense")
                ada.socket.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_a_frame_of_64_kib_and_one_byte_ends_the_line(shared: Site) -> None:
    with shared.visit() as ada:
        ada.socket.send(json.dumps({"do": "ping", "x": "a" * 60_000}))
        assert ada.until("refused")["error"]["code"] == "bad-frame"
        ada.socket.send("x" * (64 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                ada.socket.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "null", "{own}.evil.example", "https://shop.example.evil.com"]
)
def test_a_foreign_page_gets_no_socket(shared: Site, origin: str | None) -> None:
    address = shared.url.replace("http", "ws") + "/ws/chat/shop"
    own = origin.format(own=shared.url) if origin else None
    with pytest.raises(InvalidStatus), connect(address, origin=own):  # type: ignore[arg-type]
        pass


def test_a_page_listed_at_the_inbox_gets_a_socket(site: Site) -> None:
    site.db.write_now(
        lambda unit: open_inbox(
            unit, "shop", "Alder & Loft", assistant_name="Echo", disclosure="AI", origins=(SHOP_PAGE,)
        )
    )
    with site.visit(origin=SHOP_PAGE) as ada:
        assert ada.key.startswith("vk_")


def test_an_unknown_inbox_has_no_socket(shared: Site) -> None:
    address = shared.url.replace("http", "ws") + "/ws/chat/nowhere"
    with pytest.raises(InvalidStatus), connect(address, origin=shared.url):  # type: ignore[arg-type]
        pass


def test_a_hello_is_needed_first(shared: Site) -> None:
    with connect(shared.url.replace("http", "ws") + "/ws/chat/shop", origin=shared.url) as socket:  # type: ignore[arg-type]
        socket.send('{"do":"send","client_id":"c-1","text":"hi"}')
        assert json.loads(socket.recv(timeout=30))["is"] == "refused"
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)


def test_a_strangers_key_shows_nothing_of_another_conversation(site: Site) -> None:
    with site.visit() as ada, site.visit() as eve:
        ada.send("CANARY-ada", "c-1")
        seq = eve.send("I am somebody else", "c-1")
        eve.entries(seq)
        eve.say(do="catch_up", since=0)
        eve.say(do="ping")
        eve.until("pong")
        with site.visit("vk_" + "a" * 39) as guesser:
            guesser.say(do="ping")
            guesser.until("pong")
            assert guesser.conversation_id is None
            assert guesser.key not in (ada.key, eve.key, "vk_" + "a" * 39)
        assert "CANARY" not in json.dumps(eve.frames + guesser.frames)


def test_a_simulated_customer_is_believed_only_in_a_demo(site: Site) -> None:
    with site.visit(is_simulated=True, name="Robin") as page:
        seq = page.send("hello", "c-1")
        conversation_id = page.entries(seq)[0]["conversation_id"]
    row = site.client("agent").get(f"/api/v1/conversations/{conversation_id}").json()["row"]
    assert row["is_simulated"] is False
    assert row["contact"]["is_anonymous"] is True


def test_entries_have_no_gap_for_whoever_reconnects_all_the_time(site: Site) -> None:
    seen: dict[int, str] = {}
    key, since = None, 0
    for n in range(12):
        with site.visit(key, since) as ada:
            key = ada.key
            last = ada.send(f"m{n}", f"c-{n}")
            for entry in ada.entries(last):
                assert seen.setdefault(entry["seq"], entry["body"]) == entry["body"]
            since = last
    with site.visit(key) as fresh:
        stored = {entry["seq"]: entry["body"] for entry in fresh.entries(since)}
    assert stored == seen
    assert list(seen.values()) == [f"m{n}" for n in range(12)]


def test_a_browser_is_known_as_long_as_it_comes_back_within_90_days(site: Site, clock: ManualClock) -> None:
    with site.visit() as page:
        key = page.key
    for _ in range(2):
        clock.advance(80 * 86_400)
        with site.visit(key) as page:
            assert page.key == key
    clock.advance(91 * 86_400)
    with site.visit(key) as page:
        assert page.key != key
