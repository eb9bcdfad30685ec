"""Teams: who works together on what waits."""

from collections.abc import Collection

from sqlalchemy import Connection

from bothands.jobs import announce
from bothands.kit import Invalid, NotFound
from bothands.people.contacting import clean_name
from bothands.people.events import TeamChanged
from bothands.people.model import Team, TeamKnown
from bothands.people.store import agent_by_id
from bothands.people.team_store import (
    all_teams,
    end_team,
    insert_team,
    put_members,
    rename_team,
    team_by_id,
    team_id_by_name,
    team_ids_of,
)
from bothands.storage import Unit

TEAM_NAME_CHARS_MAX = 80
TEAMS_MAX = 200
TEAM_MEMBERS_MAX = 500


def add_team(unit: Unit, name: str, member_ids: Collection[str] = ()) -> Team:
    if len(all_teams(unit.records)) >= TEAMS_MAX:
        raise Invalid(f"team {name[:40]!r}", f"there are {TEAMS_MAX} teams already", "drop one first")
    team = Team(unit.ids.new("team"), _free_name(unit, name), _members(unit, member_ids))
    insert_team(unit.records, team, unit.now)
    announce(unit, TeamChanged(team.id))
    return team


def update_team(
    unit: Unit, team_id: str, *, name: str | None = None, member_ids: Collection[str] | None = None
) -> Team:
    """Another name, or other members; who is taken out loses sight at once of what only the team may see."""
    team = team_of(unit.records, team_id)
    if name is not None:
        rename_team(unit.records, team_id, _free_name(unit, name, but=team_id))
    if member_ids is not None:
        put_members(unit.records, team_id, _members(unit, member_ids))
    announce(unit, TeamChanged(team.id))
    return team_of(unit.records, team_id)


def drop_team(unit: Unit, team_id: str) -> None:
    team_of(unit.records, team_id)
    end_team(unit.records, team_id, unit.now)
    announce(unit, TeamChanged(team_id))


def team_of(records: Connection, team_id: str) -> Team:
    team = team_by_id(records, team_id)
    if team is None:
        raise NotFound(f"team {team_id}", "no such team", "check the id")
    return team


def list_teams(records: Connection) -> list[Team]:
    return all_teams(records)


def teams_of(records: Connection, agent_id: str) -> frozenset[str]:
    """The ids of the teams this agent is in."""
    return team_ids_of(records, agent_id)


def _free_name(unit: Unit, name: str, *, but: str | None = None) -> str:
    cleaned = clean_name(name)
    if len(cleaned) > TEAM_NAME_CHARS_MAX:
        raise Invalid("name of the team", f"it has more than {TEAM_NAME_CHARS_MAX} characters", "shorten it")
    if team_id_by_name(unit.records, cleaned) not in (None, but):
        raise TeamKnown(f"team {cleaned}", "the name is taken", "choose another")
    return cleaned


def _members(unit: Unit, agent_ids: Collection[str]) -> tuple[str, ...]:
    wanted = tuple(sorted(set(agent_ids)))
    if len(wanted) > TEAM_MEMBERS_MAX:
        raise Invalid("members", f"a team has at most {TEAM_MEMBERS_MAX}", "make two teams of it")
    for agent_id in wanted:
        if agent_by_id(unit.records, agent_id) is None:
            raise NotFound(f"agent {agent_id}", "no such agent", "check the id")
    return wanted
