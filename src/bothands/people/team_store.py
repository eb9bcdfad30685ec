"""The tables of teams and who is in them, and all their SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from bothands.people.model import Team
from bothands.storage import Data, Moment, Until, keeps, metadata, steady

team_table = Table(
    "people_team",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    # The name as it is compared: RETURNS and returns are one.
    Column("name_key", String(160), nullable=False),
    Column("created_at", Moment, nullable=False),
    # Kept, because what was once assigned to it names it.
    Column("dropped_at", Moment),
    info=keeps(Data.OPERATIONAL, "Say who works together", Until("the company is deleted")),
)
Index(
    "ux_people_team_name_key",
    team_table.c.name_key,
    unique=True,
    sqlite_where=team_table.c.dropped_at.is_(None),
    postgresql_where=team_table.c.dropped_at.is_(None),
)

member_table = Table(
    "people_team_member",
    metadata,
    Column("team_id", String(40), ForeignKey("people_team.id"), primary_key=True),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), primary_key=True),
    Index("ix_people_team_member_agent_id", "agent_id"),
    info=keeps(Data.STAFF, "Say who is in which team", Until("somebody takes them out")),
)

_LIVES = team_table.c.dropped_at.is_(None)


def insert_team(records: Connection, team: Team, at: datetime) -> None:
    row = {"id": team.id, "name": team.name, "name_key": team.name.casefold(), "created_at": at}
    records.execute(insert(team_table).values(**row))
    put_members(records, team.id, team.member_ids)


def rename_team(records: Connection, team_id: str, name: str) -> None:
    named = {"name": name, "name_key": name.casefold()}
    records.execute(update(team_table).where(team_table.c.id == team_id).values(**named))


def end_team(records: Connection, team_id: str, at: datetime) -> None:
    put_members(records, team_id, ())
    records.execute(update(team_table).where(team_table.c.id == team_id).values(dropped_at=at))


def put_members(records: Connection, team_id: str, agent_ids: Collection[str]) -> None:
    """These and nobody else."""
    records.execute(delete(member_table).where(member_table.c.team_id == team_id))
    if agent_ids:
        rows = [{"team_id": team_id, "agent_id": agent_id} for agent_id in sorted(agent_ids)]
        records.execute(insert(member_table), rows)


def team_by_id(records: Connection, team_id: str) -> Team | None:
    """In a write it is held: two who change its members take turns."""
    found = records.execute(
        steady(records, select(team_table.c.name).where(team_table.c.id == team_id, _LIVES))
    ).scalar()
    return None if found is None else Team(team_id, found, _members(records, [team_id]).get(team_id, ()))


def team_id_by_name(records: Connection, name: str) -> str | None:
    wanted = team_table.c.name_key == name.casefold()
    return records.execute(select(team_table.c.id).where(wanted, _LIVES)).scalar()


def all_teams(records: Connection) -> list[Team]:
    named = records.execute(
        select(team_table.c.id, team_table.c.name).where(_LIVES).order_by(team_table.c.name, team_table.c.id)
    ).all()
    members = _members(records, [team_id for team_id, _ in named])
    return [Team(team_id, name, members.get(team_id, ())) for team_id, name in named]


def team_ids_of(records: Connection, agent_id: str) -> frozenset[str]:
    return frozenset(
        records.execute(select(member_table.c.team_id).where(member_table.c.agent_id == agent_id)).scalars()
    )


def _members(records: Connection, team_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = records.execute(
        select(member_table).where(member_table.c.team_id.in_(team_ids)).order_by(member_table.c.agent_id)
    )
    for team_id, agent_id in rows:
        found[team_id] = (*found.get(team_id, ()), agent_id)
    return found
