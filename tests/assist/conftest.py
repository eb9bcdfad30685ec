"""A small shop that knows two articles and three topics, read by the real encoder."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from bothands.conversations import Author, AuthorKind, Inbound, Reply, open_inbox, post_reply, receive
from bothands.handoff import Desk, take_over
from bothands.knowledge import Library
from bothands.models import Embedder
from bothands.people import Agent, Role, add_agent, meet, set_availability
from bothands.skills import Mind, Proposer
from bothands.storage import Database
from bothands.understanding import keep_topics, learn, topics_from_rows

RETAIL = Path(__file__).parents[2] / "examples" / "retail"
TOPICS = ("delivery_times", "damaged_item", "returns")
ARTICLES = ("damaged", "delivery-and-hours", "internal-goodwill", "returns")
ECHO = Author(AuthorKind.ASSISTANT, "assistant", "Echo", "AI assistant. Not a person.")


@dataclass
class Shop:
    db: Database
    library: Library
    proposer: Proposer
    bo: Agent
    inbox_id: str
    desk: Desk
    said: int = 0

    def visitor(self, name: str | None = "Ada Lovell"):
        ada, _ = self.db.write_now(lambda unit: meet(unit, None, name=name))

        def say(text: str, **photo):
            self.said += 1
            attachments = (photo,) if photo else ()
            inbound = Inbound(self.inbox_id, ada.id, f"c-{self.said}", text, attachments)
            return self.db.write_now(lambda unit: receive(unit, inbound)).entry

        return say

    def take(self, conversation_id: str):
        return self.db.write_now(lambda unit: take_over(unit, conversation_id, self.bo))

    def bo_says(self, conversation_id: str, text: str):
        self.said += 1
        bo = Author(AuthorKind.AGENT, self.bo.id, self.bo.name, "A person at the shop")
        reply = Reply(conversation_id, bo, text, f"b-{self.said}")
        return self.db.write_now(lambda unit: post_reply(unit, reply))


@pytest.fixture
async def shop(db: Database, embedder: Embedder) -> Shop:
    rows = tomllib.loads((RETAIL / "topics.toml").read_text())["topic"]

    def begin(unit):
        keep_topics(unit, topics_from_rows([row for row in rows if row["id"] in TOPICS]))
        bo = add_agent(unit, name="Bo Berg", email="bo@shop.example", role=Role.AGENT)
        set_availability(unit, bo.id, True)
        inbox = open_inbox(unit, "shop", "Shop", assistant_name="Echo", disclosure="AI assistant.")
        return bo, inbox.id

    bo, inbox_id = db.write_now(begin)
    library = await Library.load(db, embedder)
    files = {f"{name}.md": (RETAIL / "articles" / f"{name}.md").read_bytes() for name in ARTICLES}
    await library.import_files(files, origin="test")
    proposer = Proposer(Mind(await learn(db, embedder), library), [], db.clock)
    return Shop(db, library, proposer, bo, inbox_id, Desk(ECHO))
