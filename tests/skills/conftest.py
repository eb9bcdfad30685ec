"""The example shop as the assistant sees it: its knowledge, a trained brain, and its order system at work."""

import asyncio
import importlib.util
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bothands.balance import charter_from, choose
from bothands.balance.model import Charter, Step, Verdict
from bothands.conversations import (
    Author,
    AuthorKind,
    Inbound,
    Inbox,
    Reply,
    Scene,
    open_inbox,
    post_reply,
    receive,
    scene_of,
)
from bothands.egress import Caller, Gate
from bothands.handoff import Desk
from bothands.knowledge import Library, import_folder
from bothands.models import Embedder
from bothands.people import Contact, meet
from bothands.skills import Mind, OrderLookup, Proposal, Proposer, ShopOrders
from bothands.storage import Database, open_database
from bothands.turn.settling import Heard, facts_of, note_reading
from bothands.understanding import keep_topics, learn, topics_from_rows
from tests.cast import ECHO

RETAIL = Path(__file__).parents[2] / "examples/retail"
# Long enough to be noticed, short enough for a test.
SLOW_SECONDS = 1.5
CALL_SECONDS_MAX = 0.5


def _serving() -> ModuleType:
    spec = importlib.util.spec_from_file_location("retail_shop_serving", RETAIL / "shop/serving.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shop() -> Iterator[Any]:
    """The shop's own order system on a port; `shop.fault` switches its troubles on."""
    opened = _serving().open_shop("127.0.0.1", 0, RETAIL / "shop/orders.json", slow_seconds=SLOW_SECONDS)
    thread = threading.Thread(target=opened.serve_forever, daemon=True)
    thread.start()
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join()


@pytest.fixture
def orders(shop: Any) -> Iterator[ShopOrders]:
    shop.fault = "none"
    gate = Gate((shop.url.removeprefix("http://"),))
    yield ShopOrders(Caller(gate, seconds_max=CALL_SECONDS_MAX), shop.url)
    shop.fault = "none"


@dataclass(frozen=True)
class Company:
    """What is learnt once for all tests; every test talks in conversations of its own."""

    db: Database
    mind: Mind
    inbox: Inbox
    charter: Charter


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    db = open_database(f"sqlite:///{folder}/test.db")
    yield asyncio.run(_learnt(db, embedder))
    db.close()


async def _learnt(db: Database, embedder: Embedder) -> Company:
    topics = topics_from_rows(tomllib.loads((RETAIL / "topics.toml").read_text("utf-8"))["topic"])
    await db.write(lambda unit: keep_topics(unit, topics))
    brain = await learn(db, embedder)
    await import_folder(db, embedder, RETAIL)
    inbox = await db.write(
        lambda unit: open_inbox(unit, "shop", "Alder & Loft", assistant_name="Echo", disclosure="AI")
    )
    titles = {topic.id: topic.title for topic in topics}
    charter = charter_from(tomllib.loads((RETAIL / "charter.toml").read_text("utf-8")), titles)
    return Company(db, Mind(brain, await Library.load(db, embedder)), inbox, charter)


@dataclass
class Talk:
    """Ada and Echo, turn by turn; Echo's words are kept on the timeline as a turn would."""

    company: Company
    proposer: Proposer
    ada: Contact
    said: int = 0
    verdicts: list[Verdict] = field(default_factory=list)

    async def says(self, text: str, *, known_email: str | None = None) -> Proposal:
        """What the assistant would say to this, after everything said before."""
        self.said += 1
        scene = await self._scene(text)
        proposal = await self.proposer.propose(scene, known_email=known_email)
        facts = facts_of(scene, is_staffed=True)
        proposal, verdict = choose(facts, proposal, self.company.charter, ())
        self.verdicts.append(verdict)
        await self.company.db.write(lambda unit: note_reading(unit, scene, Heard.of(proposal), Desk(ECHO)))
        if verdict.step is Step.ACT:
            await self._keep(scene, proposal)
        return proposal

    @property
    def step(self) -> Step:
        return self.verdicts[-1].step

    async def _scene(self, text: str) -> Scene:
        company = self.company
        inbound = Inbound(company.inbox.id, self.ada.id, f"c-{self.said}", text)
        received = await company.db.write(lambda unit: receive(unit, inbound))
        return await company.db.read(lambda records: scene_of(records, received.entry.id))

    async def _keep(self, scene: Scene, proposal: Proposal) -> None:
        echo = Author(AuthorKind.ASSISTANT, "assistant", "Echo", "AI")
        talk = proposal.reading.small_talk if proposal.basis == "small_talk" else None
        ref = {
            "asks": proposal.asks,
            "choices": list(proposal.choices),
            "basis": proposal.basis,
            "talk": talk,
        }
        reply = Reply(scene.conversation.id, echo, proposal.text, f"turn-{scene.message.id}", ref)
        await self.company.db.write(lambda unit: post_reply(unit, reply))


@pytest.fixture
async def talk(company: Company, orders: ShopOrders) -> Talk:
    proposer = Proposer(company.mind, [OrderLookup(orders)], company.db.clock)
    return Talk(company, proposer, (await company.db.write(lambda unit: meet(unit, None, name="Ada")))[0])
