"""A whole company for stories: the retail example on a real database, the shop as its own process."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bothands.app.importing import import_company
from bothands.app.settings import Settings, read_settings
from bothands.app.wiring import Desk, open_desk, open_store
from bothands.conversations import (
    AuthorKind,
    Conversation,
    Entry,
    EntryKind,
    Inbound,
    Inbox,
    conversation_of,
    entries_since,
    inbox_of,
    receive_many,
)
from bothands.models import Embedder
from bothands.people import Agent, Contact, agent_of_email, meet

RETAIL = Path(__file__).parents[2] / "examples" / "retail"


@pytest.fixture(scope="session")
def shop_url() -> Iterator[str]:
    """The shop's order system, as the demo starts it."""
    process = subprocess.Popen(
        [sys.executable, str(RETAIL / "shop"), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    yield next(word for word in line.split() if word.startswith("http://")).rstrip("/")
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A data folder into which the company was taken in once; every story gets a copy."""
    folder = tmp_path_factory.mktemp("imported")
    db = open_store(settings_of(folder, ""))
    asyncio.run(import_company(db, embedder, RETAIL))
    db.close()
    return folder


def settings_of(folder: Path, shop_url: str) -> Settings:
    return read_settings({"data": str(folder), "orders_url": shop_url}, {})


@dataclass
class Story:
    """Ada writes, the desk works until nothing is due, and everybody looks at the timeline."""

    desk: Desk
    inbox: Inbox
    ada: Contact
    maya: Agent
    lena: Agent
    said: int = 0
    conversation_id: str = ""
    heard: list[str] = field(default_factory=list)

    async def ada_says(self, text: str) -> Entry | None:
        """Ada's message, the turn it causes, and the newest answer she can see (None for silence)."""
        self.said += 1
        before = len(self.entries(EntryKind.MESSAGE)) if self.conversation_id else 0
        received = await self.desk.db.write_many(
            receive_many, Inbound(self.inbox.id, self.ada.id, f"c-{self.said}", text)
        )
        self.conversation_id = received.conversation.id
        await self.desk.worker.drain()
        answers = [
            entry
            for entry in self.entries(EntryKind.MESSAGE)[before:]
            if entry.author_kind is not AuthorKind.CONTACT
        ]
        return answers[-1] if answers else None

    def entries(self, kind: EntryKind | None = None) -> list[Entry]:
        found = self.desk.db.read_now(lambda records: entries_since(records, self.conversation_id, 0))
        return [entry for entry in found if kind is None or entry.kind is kind]

    @property
    def conversation(self) -> Conversation:
        return self.desk.db.read_now(lambda records: conversation_of(records, self.conversation_id))

    async def write(self, fn: Any) -> Any:
        result = await self.desk.db.write(fn)
        await self.desk.worker.drain()
        return result


@pytest.fixture
async def story(imported: Path, shop_url: str, embedder: Embedder, tmp_path: Path) -> AsyncIterator[Story]:
    folder = tmp_path / "data"
    shutil.copytree(imported, folder)
    settings = settings_of(folder, shop_url)
    db = open_store(settings)
    async with open_desk(settings, db, embedder, works=False) as desk:
        yield await asyncio.to_thread(_people, desk)
    db.close()


def _people(desk: Desk) -> Story:
    inbox = desk.db.read_now(lambda records: inbox_of(records, "shop"))
    maya = desk.db.read_now(lambda records: agent_of_email(records, "maya@alder-loft.example"))
    lena = desk.db.read_now(lambda records: agent_of_email(records, "lena@alder-loft.example"))
    assert maya is not None
    assert lena is not None
    ada, _ = desk.db.write_now(lambda unit: meet(unit, None, name="Ada"))
    return Story(desk, inbox, ada, maya, lena)
