"""However many conversations there were: no statement of a turn, a page or what runs beside them goes through
them all, in either store.
"""

import asyncio
from pathlib import Path

import httpx
import pytest

from bothands.app.importing import import_company
from bothands.app.reactions import reactions
from bothands.app.settings import read_settings
from bothands.app.wiring import Desk, open_desk
from bothands.kit import ManualClock
from bothands.models import Embedder
from bothands.storage import Database
from tests.app.company import COMPANY, lay_out
from tests.laws.planning import Statement, recorded, scans
from tests.web.site import Site, opened

pytestmark = pytest.mark.slow

SAID = ("Do you deliver on Saturdays?", "How do I send it back?", "Let me talk to a person", "It is urgent")
# Without one of these, some of it would; so it would be noticed.
INDEXES = ("ix_jobs_job_due", "ix_conversations_conversation_contact_id")
VIEWS = ("yours", "handoffs", "ai", "open", "closed")
# The company's own inbox and people, beside those of the site.
HOME = COMPANY.replace('"shop"', '"front"').replace("shop.example", "alder.example")


@pytest.fixture
def statements(db: Database, tmp_path: Path, embedder: Embedder) -> list[Statement]:
    """All that was asked of the database while a contact, the assistant and an agent talked."""
    db.react(reactions())
    with opened(db, tmp_path, embedder) as site:
        return asyncio.run(_record(site, tmp_path, embedder))


async def _record(site: Site, folder: Path, embedder: Embedder) -> list[Statement]:
    await import_company(site.db, embedder, lay_out(folder / "company", company=HOME))
    settings = read_settings({"data": str(folder)}, {})
    async with open_desk(settings, site.db, embedder, works=False) as desk:
        # What is begun only once, such as the index of the search.
        await desk.worker.drain()
        with recorded(site.db) as found:
            await _talk(site, desk)
    return found


async def _talk(site: Site, desk: Desk) -> None:
    bo = site.client("lead")
    with site.visit() as ada, site.watch(bo):
        for number, text in enumerate(SAID):
            seq = ada.send(text, f"c-{number}")
            await _work(desk)
            ada.entries(seq)
        conversation_id = ada.entries(1)[0]["conversation_id"]
        _read(bo, conversation_id)
        for what, body in (("take-over", {}), ("closing", {"reason": "solved"})):
            done = bo.post(f"/api/v1/conversations/{conversation_id}/{what}", json=body)
            assert done.is_success, done.text
            await _work(desk)
        _read(bo, conversation_id)


async def _work(desk: Desk) -> None:
    """What is due by now, that of the next minutes too."""
    clock = desk.db.clock
    assert isinstance(clock, ManualClock)
    clock.advance(301)
    await desk.worker.drain()


def _read(agent: httpx.Client, conversation_id: str) -> None:
    conversation = f"/api/v1/conversations/{conversation_id}"
    for path in (
        *(f"/api/v1/conversations?view={view}" for view in VIEWS),
        conversation,
        f"{conversation}/entries",
        f"{conversation}/decisions",
        f"{conversation}/unsent",
        "/api/v1/search?q=saturdays",
        "/api/v1/mentions",
        "/ready",
    ):
        answer = agent.get(path)
        assert answer.is_success, f"{path}: {answer.text}"


def test_nothing_that_somebody_waits_for_goes_through_all_there_was(
    db: Database, statements: list[Statement]
) -> None:
    assert len(statements) > 80, "hardly anything was recorded"
    with db._store.writing.connect() as records, records.begin():
        assert scans(records, statements) == []

    for index in INDEXES:
        # On a connection of its own: SQLite gives a plan it has made once again, whatever has changed.
        with db._store.writing.connect() as records, records.begin() as broken:
            records.exec_driver_sql(f"DROP INDEX {index}")
            assert scans(records, statements) != [], f"nobody would miss {index}"
            broken.rollback()
