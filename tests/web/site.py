"""A whole server on a real port, for tests of routes and sockets: our own people, a fresh database."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import argon2
import httpx
import pytest
import uvloop
from websockets.sync.client import ClientConnection, connect

from bothands.channels import ImageStore
from bothands.handoff import Desk, take_over
from bothands.kit import ManualClock
from bothands.knowledge import Library
from bothands.models import Embedder
from bothands.people import Agent, PasswordCheck, Presence, Role, add_agent, make_link_token, set_availability
from bothands.skills import Mind, Proposer
from bothands.storage import Database, open_database
from bothands.understanding import learn
from bothands.web import ROUTES, Demo, Hub, Rates, Route, Server, WebDesk, build_app, make_server
from tests.cast import ECHO, bo, chi, shop

START_SECONDS_MAX = 60
SOCKET_SECONDS_MAX = 30
SHOP_PAGE = "https://shop.example"

Frame = dict[str, Any]

# What tests do not want to be stopped by; the limits have a test of their own.
GENEROUS = Rates(**dict.fromkeys(Rates.__dataclass_fields__, "100000/minute"))


@dataclass
class Site:
    """The running server with the people who use it."""

    db: Database
    desk: WebDesk
    url: str
    agents: dict[str, Agent]
    server: Server
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, who: str | None = None) -> httpx.Client:
        """A browser: signed in as `agent`, `lead` or `admin`, or nobody's."""
        # Certificates are slow to load, and there is nothing to verify on loopback.
        client = httpx.Client(base_url=self.url, headers={"origin": self.url}, timeout=20, verify=False)
        self.clients.append(client)
        if who is not None:
            token = self.db.write_now(lambda unit: make_link_token(unit, self.agents[who].id))
            answer = client.post("/api/v1/sign-in/link", json={"token": token})
            assert answer.status_code == 200, answer.text
            client.headers["x-csrf-token"] = answer.json()["csrf"]
        return client

    def visit(self, key: str | None = None, since: int = 0, **more: Any) -> "Page":
        return Page(self, key, since, **more)

    def watch(self, client: httpx.Client, origin: str | None = None) -> ClientConnection:
        """A desk's socket with the client's cookies."""
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return connect(
            self.url.replace("http", "ws") + "/ws/desk",
            origin=origin or self.url,  # type: ignore[arg-type]
            additional_headers={"cookie": cookies},
        )

    def take_over(self, conversation_id: str, who: str = "agent") -> None:
        self.db.write_now(lambda unit: take_over(unit, conversation_id, self.agents[who]))


class Page:
    """A visitor's page on its socket; `until` reads frames up to one of a kind and keeps them all."""

    def __init__(
        self,
        site: Site,
        key: str | None,
        since: int,
        *,
        origin: str | None = None,
        inbox: str = "shop",
        **hello: Any,
    ) -> None:
        url = site.url.replace("http", "ws") + f"/ws/chat/{inbox}"
        self._opening = connect(url, origin=origin or site.url)  # type: ignore[arg-type]
        self.socket = self._opening.__enter__()
        self.frames: list[Frame] = []
        self.say(do="hello", key=key, since=since, page="", language="en", **hello)
        welcome = self.until("welcome")
        self.key: str = welcome["key"]
        self.conversation_id: str | None = welcome["conversation_id"]
        self.state: Frame = welcome["state"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.__exit__(None, None, None)

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def until(self, kind: str, **fields: Any) -> Frame:
        """The next frame of that kind whose fields are these."""
        while True:
            frame: Frame = json.loads(self.socket.recv(timeout=SOCKET_SECONDS_MAX))
            self.frames.append(frame)
            if frame["is"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                return frame

    def send(self, text: str, client_id: str, **more: Any) -> int:
        """Say something and wait until it is stored; gives its seq."""
        self.say(do="send", client_id=client_id, text=text, **({"attachments": []} | more))
        seq: int = self.until("stored", client_id=client_id)["seq"]
        return seq

    def state_where(self, is_it: Callable[[Frame], bool]) -> Frame:
        """The latest state once it is so, waiting for it."""
        while True:
            states = [f["state"] for f in self.frames if f["is"] in ("welcome", "state")]
            if is_it(states[-1]):
                return dict(states[-1])
            self.frames.append(json.loads(self.socket.recv(timeout=SOCKET_SECONDS_MAX)))

    def entries(self, up_to: int) -> list[Frame]:
        """All entries seen so far, waiting until `up_to` has been covered."""
        while not any(f["is"] == "entries" and f["seq"] >= up_to for f in self.frames):
            self.frames.append(json.loads(self.socket.recv(timeout=SOCKET_SECONDS_MAX)))
        return [entry for f in self.frames if f["is"] == "entries" for entry in f["entries"]]


@contextmanager
def opened(
    db: Database,
    folder: Path,
    embedder: Embedder,
    *,
    routes: Sequence[Route] = ROUTES,
    is_demo: bool = False,
    beside: "Site | None" = None,
    **differs: Any,
) -> Iterator[Site]:
    """Serve on a free port, on a thread of its own; no worker runs, so nobody answers by itself.

    `beside`: as one more process on that site's database. `differs`: parts of the WebDesk that are not as
    tests usually have them.
    """
    agents = beside.agents if beside else people(db)
    demo = Demo(agents["agent"].id, tuple(agent.id for agent in agents.values())) if is_demo else None
    is_up = threading.Event()
    kept: dict[str, Any] = {}

    async def run() -> None:
        own_origins: list[str] = []
        usual = await _usual(db, folder, embedder)
        desk = WebDesk(**usual | {"own_origins": own_origins, "demo": demo} | differs)
        db.listen(desk.hub.hear)
        desk.hub.start()

        def serving(port: int) -> None:
            # The port is known only now.
            own_origins.append(f"http://127.0.0.1:{port}")
            kept.update(desk=desk, server=server)
            is_up.set()

        server: Server = make_server(build_app(desk, routes=routes), "127.0.0.1", 0, when_serving=serving)
        server.config.timeout_graceful_shutdown = 1
        await server.serve()
        desk.hub.stop()

    thread = threading.Thread(target=lambda: uvloop.run(run()), daemon=True)
    thread.start()
    assert is_up.wait(START_SECONDS_MAX), "the server did not start"
    site = Site(db, kept["desk"], kept["desk"].own_origins[0], agents, kept["server"])
    try:
        yield site
    finally:
        for client in site.clients:
            client.close()
        kept["server"].should_exit = True
        thread.join(START_SECONDS_MAX)


async def _usual(db: Database, folder: Path, embedder: Embedder) -> dict[str, Any]:
    """A WebDesk's parts as tests have them, unless they say otherwise."""
    library = await Library.load(db, embedder)
    return {
        "db": db,
        "hub": Hub(),
        "presence": Presence(db.clock),
        "passwords": PasswordCheck(db, argon2.PasswordHasher(time_cost=1, memory_cost=8_192)),
        "images": ImageStore(folder / "images"),
        "library": library,
        "proposer": Proposer(Mind(await learn(db, embedder), library), [], db.clock),
        "handoff": Desk(ECHO),
        "company": "Alder & Loft",
        "base_url": "http://placeholder.invalid",
        "rates": GENEROUS,
        "static": folder / "static",
    }


def people(db: Database) -> dict[str, Agent]:
    """An inbox and one agent of each role, all on shift."""
    db.write_now(shop)
    agents = {
        "agent": db.write_now(bo),
        "lead": db.write_now(chi),
        "admin": db.write_now(
            lambda unit: add_agent(unit, name="Ines Rocha", email="ines@shop.example", role=Role.ADMIN)
        ),
    }
    for agent in agents.values():
        db.write_now(lambda unit, agent=agent: set_availability(unit, agent.id, True))
    return agents


@contextmanager
def opened_alone(folder: Path, embedder: Embedder, **more: Any) -> Iterator[Site]:
    """A site with a database of its own, for tests that share one and leave nothing behind."""
    clock = ManualClock(datetime(2026, 11, 20, 14, 0, tzinfo=UTC))
    db = open_database(f"sqlite:///{folder / 'shared.db'}", clock=clock)
    with opened(db, folder, embedder, **more) as site:
        yield site
    db.close()


@pytest.fixture
def site(db: Database, tmp_path: Path, embedder: Embedder) -> Iterator[Site]:
    """A running server for the test alone."""
    with opened(db, tmp_path, embedder) as site:
        yield site


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    """One site for all tests of a file that change nothing on it."""
    with opened_alone(tmp_path_factory.mktemp("shared"), embedder) as site:
        yield site
