"""Which teams an inbox is limited to, and all the SQL of that."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, delete, insert, select

from bothands.conversations.store import conversation_table
from bothands.storage import Data, Until, keeps, metadata

inbox_team_table = Table(
    "conversations_inbox_team",
    metadata,
    Column("inbox_id", String(40), ForeignKey("conversations_inbox.id"), primary_key=True),
    Column("team_id", String(40), ForeignKey("people_team.id"), primary_key=True),
    Index("ix_conversations_inbox_team_team_id", "team_id"),
    info=keeps(Data.OPERATIONAL, "Say which teams see an inbox", Until("somebody limits it otherwise")),
)


def put_inbox_teams(records: Connection, inbox_id: str, team_ids: Collection[str]) -> None:
    """These and no others."""
    records.execute(delete(inbox_team_table).where(inbox_team_table.c.inbox_id == inbox_id))
    if team_ids:
        rows = [{"inbox_id": inbox_id, "team_id": team_id} for team_id in sorted(team_ids)]
        records.execute(insert(inbox_team_table), rows)


def teams_by_inbox(records: Connection) -> dict[str, frozenset[str]]:
    """Only inboxes that are limited."""
    found: dict[str, frozenset[str]] = {}
    for inbox_id, team_id in records.execute(select(inbox_team_table)):
        found[inbox_id] = found.get(inbox_id, frozenset()) | {team_id}
    return found


def inbox_ids_of(records: Connection, conversation_ids: Collection[str]) -> dict[str, str]:
    """By conversation; what is not there is left out."""
    table = conversation_table
    rows = records.execute(select(table.c.id, table.c.inbox_id).where(table.c.id.in_(conversation_ids)))
    return {row.id: row.inbox_id for row in rows}
