"""After the closing the kind of a risk, and the words that showed it, stand nowhere: not in one table,
export, search or brief.
"""

import asyncio
import zipfile
from typing import Any

from sqlalchemy import select

from bothands.conversations import (
    close,
    entries_since,
    fill_search,
    inbox_of,
    latest_scene,
    receive,
    search,
)
from bothands.handoff import Desk, brief_of, forget_signals, take_over
from bothands.jobs import events_of
from bothands.kit import ManualClock
from bothands.privacy import Places, ask_for_export, make_export
from bothands.skills import Proposal, ProposalKind
from bothands.storage import Database, metadata
from bothands.turn.settling import settle
from bothands.understanding import Emotion, Reading, Risk, Span
from tests.cast import ECHO, acts, says
from tests.privacy.conftest import Past

SAYS = "It has been a hard month for us"
# The kind, the reason and the words that showed it: none of it is in what Ada wrote.
KINDS = {"vulnerable": "zq101qz", "self_harm": "zq102qz", "health": "zq103qz"}
CANARIES = [*KINDS, *KINDS.values()]
UNDO_IS_OVER_SECONDS = 13


def reading() -> Reading:
    risks = tuple(Risk(kind, 0.9, f'tells of: "{word}"', Span(14, 24)) for kind, word in KINDS.items())  # type: ignore[arg-type]
    calm = Emotion("neutral", 0.9, Span(0, 0))
    return Reading("en", 0.99, (), 0.9, True, None, None, calm, risks, (), "brain-1")


def eve_tells(db: Database, past: Past) -> None:
    """A turn on Eve's message, which a person takes over."""
    proposal = Proposal(
        ProposalKind.HAND_OVER, "A person looks at it.", "risk", reading(), reason=reading().risks[0].reason
    )

    def happen(unit: Any) -> None:
        receive(unit, says(inbox_of(unit.records, "shop"), past.eve, SAYS, "c-2"))
        scene = latest_scene(unit.records, past.eves_id)
        assert scene is not None
        settle(unit, scene, proposal, Desk(ECHO))
        take_over(unit, past.eves_id, past.agent)

    db.write_now(happen)


def closed_for_good(db: Database, past: Past, clock: ManualClock) -> None:
    db.write_now(lambda unit: close(unit, past.eves_id, by=acts(past.agent), reason="helped"))
    clock.advance(UNDO_IS_OVER_SECONDS)
    db.write_now(lambda unit: forget_signals(unit, past.eves_id))


def tables_with(db: Database, words: list[str]) -> set[str]:
    def look(records: Any) -> set[str]:
        return {
            table.name
            for table in metadata.sorted_tables
            for row in records.execute(select(table))
            if any(word in repr(tuple(row)) for word in words)
        }

    return db.read_now(look)


def test_until_then_they_are_where_people_need_them(db: Database, past: Past) -> None:
    eve_tells(db, past)
    assert tables_with(db, CANARIES) == {
        "balance_decision",
        "conversations_conversation",
        "conversations_entry",
        "handoff_brief",
        "handoff_waiting",
    }


def test_afterwards_no_table_has_them(db: Database, past: Past, clock: ManualClock) -> None:
    eve_tells(db, past)
    closed_for_good(db, past, clock)
    assert tables_with(db, CANARIES) == set()
    assert tables_with(db, [SAYS]), "what she wrote herself stays"
    assert "balance_decision" in tables_with(db, ["risk_unnamed"]), "that a risk was seen stays"


def test_nor_has_brief_events_search_or_timeline(db: Database, past: Past, clock: ManualClock) -> None:
    eve_tells(db, past)
    told = str(db.read_now(lambda records: events_of(records, past.eves_id)))
    assert [word for word in CANARIES if word in told] == [], "events never say why"
    closed_for_good(db, past, clock)
    asyncio.run(fill_search(db))
    for word in CANARIES:
        hits = db.read_now(lambda records, word=word: search(records, word))
        assert hits.hits == [], word
    shown = db.read_now(lambda r: (entries_since(r, past.eves_id, 0), brief_of(r, past.eves_id)))
    assert [word for word in CANARIES if word in str(shown)] == []


def test_nor_has_an_export(db: Database, past: Past, places: Places, clock: ManualClock) -> None:
    eve_tells(db, past)
    closed_for_good(db, past, clock)
    request = db.write_now(
        lambda unit: ask_for_export(
            unit, past.eve.id, by_id=past.agent.id, by_name=past.agent.name, with_notes=True
        )
    )
    asyncio.run(make_export(db, places, request.id, "Alder & Loft"))
    with zipfile.ZipFile(places.export_of(request.id)) as archive:
        data = archive.read("data.json").decode()
    assert SAYS in data
    assert [word for word in CANARIES if word in data] == []
