"""Notes that mention colleagues: only those who may read them, at the place where they are named."""

import pytest

from bothands.conversations import (
    ALL,
    Entry,
    Sight,
    inbox_of,
    limit_inbox,
    mentions_of,
    read_mentions,
    receive,
    unread_mentions,
    write_note,
)
from bothands.kit import Invalid, ManualClock, NotFound
from bothands.people import Agent, Role, add_agent, add_team, disable_agent
from bothands.storage import Database
from tests.cast import ADA_SAYS, acts, ada, bo, chi, says, shop


class Desk:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.bo, self.chi = db.write_now(bo), db.write_now(chi)
        self.id = db.write_now(
            lambda unit: receive(unit, says(shop(unit), ada(unit), ADA_SAYS, "c-1"))
        ).conversation.id

    def note(self, text: str, *mentioned: Agent | str, client_id: str = "n-1") -> Entry:
        ids = [one if isinstance(one, str) else one.id for one in mentioned]
        by = acts(self.bo)
        return self.db.write_now(
            lambda unit: write_note(unit, self.id, text, by=by, client_id=client_id, mentions=ids)
        )

    def found(self, agent: Agent, sight: Sight = ALL) -> list[str]:
        return [note.body for _, note in self.db.read_now(lambda r: mentions_of(r, agent.id, sight))]

    def unread(self, agent: Agent, sight: Sight = ALL) -> int:
        return self.db.read_now(lambda records: unread_mentions(records, agent.id, sight))

    def hire(self, name: str) -> Agent:
        email = f"{name.lower().replace(' ', '.')}@desk.example"
        return self.db.write_now(lambda unit: add_agent(unit, name=name, email=email, role=Role.AGENT))


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


def test_the_note_knows_where_it_names_whom_and_they_find_it_until_it_is_read(
    desk: Desk, clock: ManualClock
) -> None:
    note = desk.note("😀 @Chi Park, do you know?", desk.chi)
    assert note.ref == {"mentions": [{"id": desk.chi.id, "name": "Chi Park", "start": 2, "end": 11}]}
    assert desk.note("😀 @Chi Park, do you know?", desk.chi).id == note.id
    clock.advance(5)
    desk.note("@Chi Park!", desk.chi, client_id="n-2")
    assert desk.found(desk.chi) == ["@Chi Park!", "😀 @Chi Park, do you know?"]
    assert (desk.unread(desk.chi), desk.unread(desk.bo), desk.found(desk.bo)) == (2, 0, [])
    desk.db.write_now(lambda unit: read_mentions(unit, desk.id, desk.bo.id))
    assert desk.unread(desk.chi) == 2
    desk.db.write_now(lambda unit: read_mentions(unit, desk.id, desk.chi.id))
    assert desk.unread(desk.chi) == 0


def test_the_longer_name_has_its_own_place_and_each_of_two_of_one_name(desk: Desk) -> None:
    short, twin = desk.hire("Chi"), desk.hire("Chi Park")
    with pytest.raises(Invalid, match="does not say @Chi"):
        desk.note("@Chi Park", short, desk.chi)
    note = desk.note("@Chi Park @Chi Park @Chi", short, desk.chi, twin)
    places = [(one["id"], one["start"]) for one in note.ref["mentions"]]
    assert places == [(desk.chi.id, 0), (twin.id, 10), (short.id, 20)]


@pytest.mark.parametrize("text", ["Chi Park", "@Chi Parker", "write to x@Chi Park", "@chi park"])
def test_a_name_that_is_not_there_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(Invalid, match="Mention of Chi Park: the note does not say @Chi Park"):
        desk.note(text, desk.chi)
    assert desk.found(desk.chi) == []


def test_who_may_not_read_it_is_refused_by_name_and_who_lost_the_right_finds_nothing(desk: Desk) -> None:
    desk.note("@Chi Park", desk.chi)
    inbox_id = desk.db.read_now(lambda records: inbox_of(records, "shop")).id
    team = desk.db.write_now(lambda unit: add_team(unit, "Care", [desk.bo.id]))
    desk.db.write_now(lambda unit: limit_inbox(unit, inbox_id, [team.id]))
    with pytest.raises(Invalid, match="Mention of Chi Park: they may not read this inbox"):
        desk.note("@Chi Park", desk.chi, client_id="n-2")
    hidden = Sight(frozenset({inbox_id}))
    assert (desk.found(desk.chi, hidden), desk.unread(desk.chi, hidden)) == ([], 0)


def test_strangers_those_let_go_and_crowds_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.note("@Nobody", "agent_nobody")
    desk.db.write_now(lambda unit: disable_agent(unit, desk.chi.id))
    with pytest.raises(Invalid, match="Mention of Chi Park: they do not work here any more"):
        desk.note("@Chi Park", desk.chi)
    crowd = [desk.hire(f"Agent {number}") for number in range(11)]
    with pytest.raises(Invalid, match="at most 10"):
        desk.note(" ".join(f"@{one.name}" for one in crowd), *crowd)
