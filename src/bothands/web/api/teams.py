"""Teams: who is in which."""

from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.conversations import inbox_teams, limit_inbox, release_team
from bothands.handoff import release_hidden, release_receiver
from bothands.people import Team, add_team, drop_team, list_agents, list_teams, update_team
from bothands.storage import Unit
from bothands.web.asking import Acting, TheDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Id, Input

TEAM_NAME_CHARS_MAX = 80
MEMBERS_MAX = 500
TEAMS_MAX = 200

TeamName = Annotated[str, Meta(min_length=1, max_length=TEAM_NAME_CHARS_MAX)]
Members = Annotated[tuple[Id, ...], Meta(max_length=MEMBERS_MAX)]


class TeamInput(Input, frozen=True):
    name: TeamName
    member_ids: Members = ()


class TeamChangeInput(Input, frozen=True):
    """What is left out stays as it is; `member_ids` are all of them."""

    name: TeamName | None = None
    member_ids: Members | None = None


class LimitInput(Input, frozen=True):
    """Without any team, everybody at the desk sees the inbox."""

    team_ids: Annotated[tuple[Id, ...], Meta(max_length=TEAMS_MAX)]


class Member(msgspec.Struct, frozen=True):
    id: str
    name: str


class TeamView(msgspec.Struct, frozen=True):
    id: str
    name: str
    members: list[Member]


class Limit(msgspec.Struct, frozen=True):
    """The teams that see an inbox; empty where nothing limits it."""

    team_ids: list[str]


class Teams(msgspec.Struct, frozen=True):
    teams: list[TeamView]
    next_cursor: str | None


async def show_teams(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> Teams:
    """All teams with who is in them, by name."""
    found = await desk.db.read(lambda records: _shown(records, list_teams(records)))
    page, following = sliced(found, cursor, limit, lambda team: (team.name, team.id))
    return Teams(page, following)


async def make_team(once: TheOnce, data: JSONBody[TeamInput]) -> TeamView:
    """A new team; a name is taken once."""

    def make(unit: Unit) -> TeamView:
        return _shown(unit.records, [add_team(unit, data.name, data.member_ids)])[0]

    return await once.write(make, TeamView)


async def change_team(
    desk: TheDesk, once: TheOnce, acting: Acting, team_id: FromPath[str], data: JSONBody[TeamChangeInput]
) -> TeamView:
    """Rename a team, or say anew who is in it; what somebody holds and may not see now, waits for others."""

    def change(unit: Unit) -> TeamView:
        team = update_team(unit, team_id, name=data.name, member_ids=data.member_ids)
        release_hidden(unit, desk=desk.handoff, by=acting)
        return _shown(unit.records, [team])[0]

    return await once.write(change, TeamView)


async def end_team(once: TheOnce, team_id: FromPath[str]) -> None:
    """Drop a team; its members stay."""

    def end(unit: Unit) -> None:
        release_team(unit, team_id)
        release_receiver(unit, team_id=team_id)
        drop_team(unit, team_id)

    await once.write(end, None)


async def show_limit(desk: TheDesk, inbox_id: FromPath[str]) -> Limit:
    """Which teams an inbox is limited to."""
    limited = await desk.db.read(inbox_teams)
    return Limit(sorted(limited.get(inbox_id, ())))


async def change_limit(
    desk: TheDesk, once: TheOnce, acting: Acting, inbox_id: FromPath[str], data: JSONBody[LimitInput]
) -> Limit:
    """Limit an inbox to teams: nobody else, admins aside, sees or holds its conversations from now on."""

    def change(unit: Unit) -> Limit:
        limit_inbox(unit, inbox_id, data.team_ids)
        release_hidden(unit, desk=desk.handoff, by=acting)
        return Limit(sorted(data.team_ids))

    return await once.write(change, Limit)


def _shown(records: Connection, teams: list[Team]) -> list[TeamView]:
    names = {agent.id: agent.name for agent in list_agents(records)}
    return [
        TeamView(
            team.id,
            team.name,
            sorted((Member(one, names[one]) for one in team.member_ids), key=lambda one: (one.name, one.id)),
        )
        for team in teams
    ]
