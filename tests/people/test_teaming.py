"""Teams: a name once, members that exist, gone without a trace in the list."""

import pytest

from bothands.kit import Invalid, NotFound
from bothands.people import TeamKnown, add_team, drop_team, list_teams, team_of, teams_of, update_team
from bothands.people.teaming import TEAM_NAME_CHARS_MAX
from bothands.storage import Database
from tests.cast import bo, chi


def test_a_team_has_a_name_and_members_and_can_change_both(db: Database) -> None:
    one, two = db.write_now(bo), db.write_now(chi)
    team = db.write_now(lambda unit: add_team(unit, "  Returns ", [two.id, one.id, one.id]))
    assert (team.name, set(team.member_ids)) == ("Returns", {one.id, two.id})
    assert db.read_now(list_teams) == [team]
    changed = db.write_now(lambda unit: update_team(unit, team.id, name="Refunds", member_ids=[two.id]))
    assert (changed.name, changed.member_ids) == ("Refunds", (two.id,))
    assert db.read_now(lambda records: teams_of(records, one.id)) == frozenset()
    assert db.read_now(lambda records: teams_of(records, two.id)) == {team.id}
    renamed = db.write_now(lambda unit: update_team(unit, team.id, name="REFUNDS"))
    assert renamed.member_ids == (two.id,)


def test_a_name_is_taken_once_however_it_is_written(db: Database) -> None:
    first = db.write_now(lambda unit: add_team(unit, "Returns"))
    with pytest.raises(TeamKnown):
        db.write_now(lambda unit: add_team(unit, "RETURNS"))
    other = db.write_now(lambda unit: add_team(unit, "Delivery"))
    with pytest.raises(TeamKnown):
        db.write_now(lambda unit: update_team(unit, other.id, name="returns"))
    db.write_now(lambda unit: drop_team(unit, first.id))
    assert db.write_now(lambda unit: add_team(unit, "returns")).name == "returns"


def test_a_team_of_nobody_known_and_a_team_that_is_gone_are_refused(db: Database) -> None:
    agent = db.write_now(bo)
    with pytest.raises(NotFound):
        db.write_now(lambda unit: add_team(unit, "Returns", ["agent_nobody"]))
    team = db.write_now(lambda unit: add_team(unit, "Returns", [agent.id]))
    db.write_now(lambda unit: drop_team(unit, team.id))
    assert db.read_now(list_teams) == []
    assert db.read_now(lambda records: teams_of(records, agent.id)) == frozenset()
    for verb in (drop_team, update_team):
        with pytest.raises(NotFound):
            db.write_now(lambda unit, verb=verb: verb(unit, team.id))
    with pytest.raises(NotFound):
        db.read_now(lambda records: team_of(records, team.id))


@pytest.mark.parametrize("name", ["", " \t", "\x00", "x" * (TEAM_NAME_CHARS_MAX + 1)])
def test_a_name_nobody_could_read_is_refused(db: Database, name: str) -> None:
    with pytest.raises(Invalid):
        db.write_now(lambda unit: add_team(unit, name))
