"""The desk here is a small HTTP stage of a few routes; the whole desk is met in tests/stories."""

import asyncio
import json
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bothands.egress import Caller, Gate
from bothands.training import Pace
from bothands.training.shifting import NOTE, Colleague, DeskRefused, ShiftInvalid, read_shift

SHIFT = Path(__file__).parents[2] / "examples/retail/shift.toml"
LONG_AGO = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()


class Desk(ThreadingHTTPServer):
    """Rows by view, and every act that was asked for."""

    def __init__(self) -> None:
        self.views: dict[str, list[dict[str, Any]]] = {"yours": [], "handoffs": []}
        self.acts: list[tuple[str, dict[str, Any] | None, str]] = []
        super().__init__(("127.0.0.1", 0), Request)

    def did(self, act: str) -> list[dict[str, Any]]:
        return [body or {} for path, body, _ in self.acts if path.endswith(act)]


class Request(BaseHTTPRequestHandler):
    server: Desk

    def do_GET(self) -> None:
        if self.path.endswith("/suggestion"):
            self.say({"draft": {"id": "draft_1", "text": "Within {five} days. [1]", "unsourced": []}})
            return
        found = [row for rows in self.server.views.values() for row in rows if self.path.endswith(row["id"])]
        view = self.path.rsplit("view=", 1)[-1]
        self.say({"row": found[0]} if found else {"rows": self.server.views.get(view, [])})

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        self.server.acts.append((self.path, body, self.headers.get("x-csrf-token", "")))
        if self.path.endswith("/sign-in/link"):
            self.say({"name": "Jonas Weber"}, "bothands_csrf=c123; Path=/")
        else:
            self.say({})

    def say(self, body: Any, cookie: str | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        if cookie:
            self.send_header("set-cookie", cookie)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


def row(conversation_id: str, **traits: Any) -> dict[str, Any]:
    plain = {"id": conversation_id, "contact": {"id": "con_1", "name": "Ada Byron"}, "topic": "complaint"}
    queue = {"kind": "queue", "id": None, "name": ""}
    more = {"seq": 3, "needs_reply": True, "is_simulated": True, "waiting_since": LONG_AGO}
    return {**plain, "holder": queue, **more, **traits}


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    thread = threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield desk
    desk.shutdown()
    desk.server_close()
    thread.join()


@pytest.fixture
async def jonas(desk: Desk, pace: Pace) -> Any:
    host = f"127.0.0.1:{desk.server_address[1]}"
    caller = Caller(Gate((host,)))
    jonas = Colleague(f"http://{host}", caller, read_shift(SHIFT), pace, random.Random(1))
    await jonas.sign_in(f"http://{host}/desk/sign-in#link_abc")
    yield jonas
    await caller.close()


async def test_he_signs_in_with_the_link_and_echoes_the_csrf_cookie(desk: Desk, jonas: Any) -> None:
    assert desk.did("sign-in/link") == [{"token": "link_abc"}]
    assert jonas.name == "Jonas Weber"
    desk.views["handoffs"] = [row("conv_a")]
    await jonas.look()
    assert {csrf for _, _, csrf in desk.acts[1:]} == {"c123"}


async def test_he_takes_a_simulated_customer_and_says_what_he_is_in_a_note(desk: Desk, jonas: Any) -> None:
    desk.views["handoffs"] = [row("conv_a")]

    await jonas.look()

    assert [path.rsplit("/", 2)[1:] for path, _, _ in desk.acts[1:]] == [
        ["conv_a", "take-over"],
        ["conv_a", "notes"],
        ["conv_a", "messages"],
    ]
    assert desk.did("notes")[0]["text"] == NOTE
    assert "Ada" in desk.did("messages")[0]["text"]


async def test_where_a_draft_waits_for_a_person_he_sends_it_as_it_is(desk: Desk, jonas: Any) -> None:
    desk.views["handoffs"] = [row("conv_a", reason={"code": "ai_drafts", "words": "a person sends"})]

    await jonas.look()

    assert [(said["text"], said["draft_id"]) for said in desk.did("messages")] == [
        ("Within {five} days. [1]", "draft_1")
    ]


async def test_he_never_touches_a_real_visitor(desk: Desk, jonas: Any) -> None:
    desk.views["handoffs"] = [row("conv_a", is_simulated=False), row("conv_b", is_simulated="yes")]
    desk.views["yours"] = [row("conv_c", is_simulated=False)]

    await jonas.look()

    assert len(desk.acts) == 1
    with pytest.raises(DeskRefused):
        await jonas._post(row("conv_c", is_simulated=False), "closing", {})


async def test_he_replies_line_by_line_and_closes_with_what_was_agreed(desk: Desk, jonas: Any) -> None:
    desk.views["yours"] = [row("conv_a", holder={"kind": "agent", "id": "agt_1", "name": "Jonas Weber"})]

    for _ in range(3):
        await jonas.look()

    assert [said["text"][:11] for said in desk.did("messages")] == ["I am sorry ", "Thank you f"]
    assert desk.did("closing")[0]["agreed"] == "Lena Brandt writes by tomorrow evening"


async def test_he_accepts_what_is_offered_to_him_and_leaves_what_is_meant_for_others(
    desk: Desk, jonas: Any
) -> None:
    lena = {"kind": "agent", "id": "agt_2", "name": "Lena Brandt"}
    offer = {"kind": "agent", "id": "agt_1", "name": "Jonas Weber", "lapses_at": LONG_AGO, "is_yours": True}
    desk.views["yours"] = [row("conv_a", holder=lena, assigned=offer)]
    desk.views["handoffs"] = [row("conv_b", assigned=offer | {"lapses_at": None, "is_yours": False})]

    await jonas.look()

    assert [path.rsplit("/", 2)[1:] for path, _, _ in desk.acts[1:]] == [["conv_a", "take-over"]]


async def test_he_closes_when_nobody_answers_any_more(desk: Desk, jonas: Any) -> None:
    desk.views["yours"] = [row("conv_a", needs_reply=False)]

    await jonas.look()
    await asyncio.sleep(1.1)
    await jonas.look()

    assert desk.did("closing") == [{"reason": "no reply", "agreed": None}]


def test_a_shift_that_says_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shift.toml"
    path.write_text('greeting = ["Hi"]\nsays = []\n')

    with pytest.raises(ShiftInvalid, match="said nowhere"):
        read_shift(path)


@pytest.mark.parametrize("said", ["It costs {5}.", "It costs {price}.", "It costs {", "{name.job}"])
def test_a_line_that_could_not_be_said_is_refused_before_anybody_says_it(tmp_path: Path, said: str) -> None:
    path = tmp_path / "shift.toml"
    path.write_text(f'greeting = ["Hi {{name}}"]\nsays = ["{said}"]\n')

    with pytest.raises(ShiftInvalid, match=r"Write \{name\} or \{agent\}"):
        read_shift(path)
