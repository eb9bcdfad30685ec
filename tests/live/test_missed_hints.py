"""A page whose process lost its line to the others shows all the same what they did meanwhile."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from bothands.conversations import Author, AuthorKind, Reply, post_reply
from bothands.kit import Ids, ManualClock
from bothands.models import Embedder
from bothands.storage import Database, open_database
from bothands.web import Hub
from tests.web.site import Page, Site, opened

SOON_SECONDS = 30.0
NEVER_SECONDS = 1.0


@pytest.fixture
def site(
    postgres_fresh: str, tmp_path: Path, embedder: Embedder, clock: ManualClock, ids: Ids
) -> Iterator[Site]:
    """One process of several on a PostgreSQL database."""
    db = open_database(postgres_fresh, clock=clock, ids=ids, source=random.Random(7))
    with opened(db, tmp_path, embedder) as site:
        yield site
    db.close()


@pytest.fixture
def other(postgres_fresh: str, clock: ManualClock) -> Iterator[Database]:
    """Another process, none of whose hints arrive."""
    db = open_database(postgres_fresh, clock=clock)
    db._writer._listeners.clear()
    yield db
    db.close()


def reply_elsewhere(other: Database, conversation_id: str) -> None:
    author = Author(AuthorKind.ASSISTANT, "assistant", "Echo", "AI assistant")
    reply = Reply(conversation_id, author, "It left the depot this morning.", "elsewhere-1", {})
    other.write_now(lambda unit: post_reply(unit, reply))


def kill_line(url: str) -> None:
    """End the connections on which processes listen, as a server that restarts does."""
    with psycopg.connect(url, autocommit=True) as admin:
        killed = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'bothands hearsay'"
        ).fetchall()
    assert len(killed) == 2, "one of each process"


def hears_reply(page: Page, seconds: float) -> bool:
    try:
        while True:
            frame: dict[str, Any] = json.loads(page.socket.recv(timeout=seconds))
            if frame["is"] == "entries" and "depot" in frame["entries"][-1]["body"]:
                return True
    except TimeoutError:
        return False


def desk_hears_missed(desk: Any, seconds: float) -> bool:
    try:
        while json.loads(desk.recv(timeout=seconds)) != {"is": "missed"}:
            pass
    except TimeoutError:
        return False
    return True


def test_after_a_broken_line_every_open_page_fetches_what_it_missed(
    site: Site, other: Database, postgres_fresh: str
) -> None:
    agent = site.client("agent")
    with site.watch(agent) as desk, site.visit() as ada:
        ada.send("Where is my lamp?", "c-1")
        conversation_id = open_conversation(agent)
        reply_elsewhere(other, conversation_id)
        assert not hears_reply(ada, NEVER_SECONDS), "its hint was lost, or this shows nothing"
        kill_line(postgres_fresh)
        assert hears_reply(ada, SOON_SECONDS)
        assert desk_hears_missed(desk, SOON_SECONDS)


def test_a_hub_that_does_not_care_would_show(
    site: Site, other: Database, postgres_fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "_look_everywhere", lambda hub: None)
    agent = site.client("agent")
    with site.watch(agent) as desk, site.visit() as ada:
        ada.send("Where is my lamp?", "c-1")
        reply_elsewhere(other, open_conversation(agent))
        kill_line(postgres_fresh)
        assert not hears_reply(ada, 4 * NEVER_SECONDS)
        assert not desk_hears_missed(desk, NEVER_SECONDS)


def open_conversation(agent: httpx.Client) -> str:
    listed = agent.get("/api/v1/conversations?view=open").json()
    conversation_id: str = listed["rows"][0]["id"]
    return conversation_id
