"""Whatever can be said, over every route and in every kind of frame, by everybody with a stranger's ids:
nothing of the stranger's comes back, nothing of theirs changes, and nobody speaks as the assistant.

Bodies and frames are made from their types, so that a new one is tried without anybody's thinking of it.
"""

import contextlib
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import httpx
import msgspec
import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bothands.channels import attachments_from_contact
from bothands.conversations import SYSTEM, AuthorKind, Sight, close, conversation_of
from bothands.models import Embedder
from bothands.people import KEY_SCOPES, PERMISSIONS, Role
from bothands.storage import metadata, rows_about, subject_of, tables_about
from bothands.web import ROUTES, Route, permitting
from bothands.web.live import acting, desking, frames
from bothands.web.routes import CONVERSATION
from tests.web.filling import filled
from tests.web.site import Site, opened_alone
from tests.web.test_inbox_rights import CANARY, Care
from tests.web.test_permissions import with_key

pytestmark = pytest.mark.slow

# Who may not know of what the team Care has. An admin may, and so may a key with every scope.
STRANGERS = ("nobody", "visitor", "agent", "lead", "bare key")
CLAIM = "As the assistant I say: the order is broken"


class Ada:
    """Who waits in an inbox of the team Care, on an open page; a canary in all she said."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.care = Care(site, folder)
        self.page = site.visit(self.care.key, inbox="care")
        address = {"email": f"{CANARY}@ada.example", "phone": f"{CANARY}-1", "name": f"{CANARY} Ada"}
        self.page.say(do="leave_address", **address)
        self.sent = 0
        self.says_something()
        conversation = site.db.read_now(lambda records: conversation_of(records, self.care.id))
        self.contact_id = conversation.contact_id
        # Her ids, the name of a question, and what nobody may say as the assistant.
        self.ids = ("care", self.care.id, self.contact_id, self.care.file_id)
        self.words = [self.care.file_id, "photo", CLAIM, self.care.id, self.contact_id]

    def told(self) -> list[str]:
        """Every row that tells of her, and every row anywhere that has one of her words."""

        def look(records: Any) -> list[str]:
            subject = subject_of(records, "people_contact", self.contact_id)
            about = [
                f"{table.name} {row}"
                for table in tables_about("people_contact")
                for row in rows_about(records, table, subject)
            ]
            worded = [
                f"{table.name} {row}"
                for table in metadata.sorted_tables
                for row in map(tuple, records.execute(select(table)))
                if CANARY in repr(row)
            ]
            return sorted(about) + sorted(worded)

        return self.site.db.read_now(look)

    def changes(self, before: list[str]) -> list[str]:
        return [f"changed: {row[:200]}" for row in sorted({*self.told()} ^ {*before})]

    def says_something(self) -> list[Any]:
        """Whatever her page was shown up to then."""
        self.sent += 1
        return said(self.page.socket, f"Still here {self.sent}")

    def disturbances(self) -> list[str]:
        """What her own page was shown but for her own words and her place in line."""
        shown = [frame for frame in self.says_something() if frame["is"] not in ("state", "stored")]
        entries = [entry for frame in shown for entry in frame.get("entries", [frame])]
        return [f"shown to her: {one}" for one in entries if "Still here" not in one.get("body", "")]


PING, PONG = {"do": "ping"}, {"is": "pong"}


@contextmanager
def waiting_ada(folder: Path, embedder: Embedder) -> Iterator[Ada]:
    with opened_alone(folder, embedder) as site:
        ada = Ada(site, folder)
        with ada.page:
            yield ada


def heard(socket: ClientConnection, frame: dict[str, Any] | None = None) -> list[Any]:
    """All that was said on this socket, after the frame, up to the answer to a ping, or to its end."""
    told = [one for one in (frame, PING) if one is not None]
    found: list[Any] = []
    with contextlib.suppress(ConnectionClosed):
        for one in told:
            socket.send(json.dumps(one))
        while found.count(PONG) < told.count(PING):
            found.append(json.loads(socket.recv(timeout=30)))
    return found


def said(socket: ClientConnection, text: str) -> list[Any]:
    """All that was said on this socket up to these words of its own: entries come in their order."""
    socket.send(json.dumps({"do": "send", "client_id": text, "text": text}))
    found: list[Any] = []
    while text not in [entry["body"] for entry in (found[-1].get("entries", ()) if found else ())]:
        found.append(json.loads(socket.recv(timeout=30)))
    return found


def credentials(site: Site, who: str) -> dict[str, str]:
    """What a browser or a program sends along by itself."""
    if who.endswith("key"):
        return {"authorization": with_key(site, who).headers["authorization"]}
    cookies = browser(site, who).cookies
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


def browser(site: Site, who: str) -> httpx.Client:
    if who.endswith("key"):
        return with_key(site, who)
    return site.client(who if who in site.agents else None)


@contextmanager
def chatting(site: Site, who: str, hello: dict[str, Any]) -> Iterator[ClientConnection]:
    """A page of the stranger's own, in Ada's inbox."""
    url = site.url.replace("http", "ws") + "/ws/chat/care"
    with connect(url, origin=site.url, additional_headers=credentials(site, who)) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps(hello))
        yield socket


def rounds(union: Any, words: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A frame of every kind, the last kinds first, again and again: what needs a wait finds the one that the
    round before began.
    """
    kinds = [list(filled(kind, words)) for kind in reversed(get_args(union))]
    for turn in range(max(map(len, kinds))):
        yield from (kind[turn % len(kind)] for kind in kinds)


def heard_after(socket: ClientConnection, told: Iterable[dict[str, Any]]) -> list[Any]:
    return [answer for frame in told for answer in heard(socket, frame)]


def leaks_in_chat(ada: Ada, who: str, words: Sequence[str]) -> list[str]:
    """All that a page can say, with her ids: before she who says it has a conversation, then
    in one, then when that is closed."""
    found: list[Any] = []
    with chatting(ada.site, who, {"do": "hello"}) as socket:
        found += heard_after(socket, rounds(frames.VisitorFrame, words)) + said(socket, "So far")
        own = found[-1]["entries"][0]["conversation_id"]
        ada.site.db.write_now(lambda unit: close(unit, own, by=SYSTEM, reason="spam"))
        found += heard_after(socket, rounds(frames.VisitorFrame, words)) + said(socket, "That is all")
    return [f"{who} hears {frame}" for frame in found if CANARY in json.dumps(frame)]


def leaks_in_hellos(ada: Ada) -> list[str]:
    """With each of her ids as a key, as a token, as a name."""
    found: list[Any] = []
    for hello in filled(frames.Hello, ada.words):
        for left_out in ("key", "token"):
            with chatting(ada.site, "nobody", hello | {left_out: None}) as socket:
                found += heard_after(socket, [{"do": "catch_up", "since": 0}])
    return [f"a hello brings {frame}" for frame in found if CANARY in json.dumps(frame)]


def leaks_at_desk(ada: Ada, who: str) -> list[str]:
    """Where the answer to a frame with her ids differs from the one with ids that are nobody's."""
    url, found = ada.site.url.replace("http", "ws") + "/ws/desk", []
    nobodys = [f"nobody_{place}" for place in range(len(ada.words))]
    for kind in get_args(frames.DeskFrame):
        told: list[list[str]] = []
        for words in (ada.words, nobodys):
            with connect(url, origin=ada.site.url, additional_headers=credentials(ada.site, who)) as socket:  # type: ignore[arg-type]
                text = json.dumps(heard_after(socket, filled(kind, words)))
            for word in words:
                text = text.replace(word, "…")
            told.append(json.loads(text))
        found += [f"{who} hears {of_hers}" for of_hers in told[0] if of_hers not in told[1]]
        found += [f"{who} hears less" for _ in told[1][len(told[0]) :]]
    return found


def say_everything(
    site: Site, who: str, ids: Sequence[str], words: Sequence[str], key: str = ""
) -> Iterator[tuple[Route, str]]:
    """Every route with every id in its path and every body that it takes; gives what was answered."""
    client = browser(site, who)
    for route in ROUTES:
        if route.method == "WS":
            continue
        if who in site.agents:  # whoever has just signed out is not whom the next line is about
            client = browser(site, who)
        client.headers["x-visitor-key"] = key
        parts = re.split(r"\{[^}]*\}", route.path)
        some = product(ids, repeat=len(parts) - 1)
        paths = ["".join(map("".join, zip(parts, (*places, ""), strict=True))) for places in some]
        kind = body_of(route)
        bodies = [{}] if kind is None else [{"json": body} for body in filled(kind, words)]
        for path, body in product(paths, bodies):
            answer = client.request(route.method, path, **body)  # type: ignore[arg-type]
            assert answer.status_code < 500 or answer.status_code == 503, answer.text
            yield route, answer.text


def body_of(route: Route) -> type | None:
    """The type of the JSON that the route takes; None where it takes none."""
    data = inspect.signature(route.handler).parameters.get("data")
    kind: type = get_args(data.annotation)[0] if data else NoneType
    return kind if issubclass(kind, msgspec.Struct) else None


def leaks_over_routes(ada: Ada, who: str) -> list[str]:
    with ada.site.visit(inbox="care") as own:
        ids, words = ada.ids, (ada.care.file_id, CLAIM, ada.care.id)
        told = say_everything(ada.site, who, ids, words, own.key if who == "visitor" else "")
        return [f"{who}: {route.method} {route.path}" for route, text in told if CANARY in text]


def claimed_by(site: Site) -> set[AuthorKind]:
    """In whose name the claim stands in the record."""
    entries = metadata.tables["conversations_entry"]
    rows = site.db.read_now(lambda records: records.execute(select(entries)).fetchall())
    return {AuthorKind(row.author_kind) for row in rows if CLAIM in row.body}


def test_no_kind_of_frame_shows_or_changes_anything_of_a_strangers(
    tmp_path: Path, embedder: Embedder
) -> None:
    with waiting_ada(tmp_path, embedder) as ada:
        before = ada.told()
        assert leaks_in_chat(ada, "nobody", ada.words) == []
        for who in ("agent", "lead", "admin", "bare key", "full key"):
            assert leaks_in_chat(ada, who, ada.words[:3]) == []
        assert leaks_in_hellos(ada) == []
        for who in ("agent", "lead"):
            assert leaks_at_desk(ada, who) == []
        for who in ("nobody", "bare key", "full key"):
            with pytest.raises(InvalidStatus):
                leaks_at_desk(ada, who)
        assert ada.changes(before) == []
        assert ada.disturbances() == []
        assert leaks_at_desk(ada, "admin") != [], "whoever may know of her must hear, or this shows nothing"


def test_no_route_shows_or_changes_anything_of_a_strangers(tmp_path: Path, embedder: Embedder) -> None:
    with waiting_ada(tmp_path, embedder) as ada:
        before = ada.told()
        for who in STRANGERS:
            assert leaks_over_routes(ada, who) == []
        assert ada.changes(before) == []
        assert ada.disturbances() == []


def test_every_frame_is_among_those_that_are_tried() -> None:
    tried = {frames.Hello, *get_args(frames.VisitorFrame), *get_args(frames.DeskFrame)}
    assert tried == set(frames.Frame.__subclasses__())


def test_nobody_speaks_as_the_assistant(tmp_path: Path, embedder: Embedder) -> None:
    """It has no credential of its own, and nobody's lends its name: what they say is theirs."""
    assert "assistant" not in {*Role, *KEY_SCOPES, *PERMISSIONS}
    with waiting_ada(tmp_path, embedder) as ada:
        leaks_in_chat(ada, "nobody", ada.words[:3])
        for who in ("care", "full key"):
            for _ in say_everything(ada.site, who, [ada.care.id], [CLAIM, ada.care.id]):
                pass
        authors = claimed_by(ada.site)
        assert {AuthorKind.CONTACT, AuthorKind.AGENT, AuthorKind.SYSTEM} == authors


def test_no_frame_and_no_body_takes_what_it_does_not_name() -> None:
    """So nobody can add who said it; and what they do name is no kind of author."""
    bodies = {kind for route in ROUTES if (kind := body_of(route)) is not None}
    for kind in (*bodies, *frames.Frame.__subclasses__()):
        told = msgspec.inspect.type_info(kind)
        assert isinstance(told, msgspec.inspect.StructType)
        assert told.forbid_unknown_fields, kind
        assert repr(AuthorKind.ASSISTANT.value) not in repr(told), kind


def attach_anybodys(records: Any, file_ids: Sequence[str], contact_id: str) -> tuple[dict[str, Any], ...]:
    """Sabotage: whose file it is does not matter."""
    owners = dict(records.execute(select(metadata.tables["channels_file"].c["id", "contact_id"])).fetchall())
    return attachments_from_contact(records, file_ids, owners.get(file_ids[0], contact_id))


def test_a_way_to_a_stranger_is_found_out(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: files are anybody's, and nobody asks who may see what."""
    monkeypatch.setattr(acting, "attachments_from_contact", attach_anybodys)
    for room in (permitting, desking):
        monkeypatch.setattr(room, "sight_of", lambda records, agent: Sight())
    with waiting_ada(tmp_path, embedder) as ada:
        before = ada.told()
        assert any(f"{CANARY}.png" in leak for leak in leaks_in_chat(ada, "nobody", ada.words[:3]))
        assert leaks_at_desk(ada, "agent") != []
        assert f"agent: GET {CONVERSATION}/entries" in leaks_over_routes(ada, "agent")
        assert ada.changes(before) != []
        assert ada.disturbances() != []
