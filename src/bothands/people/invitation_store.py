"""The table of invitations, and all its SQL."""

from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from bothands.people.model import Invitation, Role
from bothands.storage import Data, Days, Json, Moment, keeps, metadata, steady

invitation_table = Table(
    "people_invitation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("email", String(254), nullable=False),
    Column("role", String(20), nullable=False),
    Column("expertise", Json, nullable=False),
    Column("invited_by", String(40), ForeignKey("people_agent.id"), nullable=False),
    # Several: a mail that is sent anew after an unclear failure carries another link, and either may arrive.
    Column("token_hashes", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("problem", Text),
    Column("accepted_at", Moment),
    Column("revoked_at", Moment),
    Index("ix_people_invitation_expires_at", "expires_at"),
    info=keeps(
        Data.STAFF,
        "Who was asked to join, as what and by whom",
        Days(30, since="expires_at"),
        withheld=("token_hashes",),
    ),
)

_LIVES = and_(invitation_table.c.accepted_at.is_(None), invitation_table.c.revoked_at.is_(None))
# One living invitation per address, whatever races.
Index(
    "ux_people_invitation_email",
    invitation_table.c.email,
    unique=True,
    sqlite_where=_LIVES,
    postgresql_where=_LIVES,
)

_INVITATION = tuple(invitation_table.c[name] for name in Invitation.__struct_fields__)


def insert_invitation(records: Connection, invitation: Invitation) -> None:
    records.execute(insert(invitation_table).values(**msgspec.structs.asdict(invitation), token_hashes=[]))


def invitation_by_id(records: Connection, invitation_id: str) -> tuple[Invitation, list[str]] | None:
    """A living invitation and the hashes of its tokens; in a write it is held."""
    wanted = select(*_INVITATION, invitation_table.c.token_hashes).where(
        invitation_table.c.id == invitation_id, _LIVES
    )
    row = records.execute(steady(records, wanted)).first()
    return (_invitation(row), list(row.token_hashes)) if row else None


def invitation_by_email(records: Connection, email: str) -> Invitation | None:
    wanted = select(*_INVITATION).where(invitation_table.c.email == email, _LIVES)
    row = records.execute(steady(records, wanted)).first()
    return _invitation(row) if row else None


def living_invitations(records: Connection, limit: int) -> list[Invitation]:
    rows = records.execute(
        select(*_INVITATION)
        .where(_LIVES)
        .order_by(invitation_table.c.created_at.desc(), invitation_table.c.id)
        .limit(limit)
    )
    return [_invitation(row) for row in rows]


def change_invitation(records: Connection, invitation_id: str, values: dict[str, Any]) -> bool:
    """Whether there was a living one to change; the UPDATE itself is the claim."""
    mine = and_(invitation_table.c.id == invitation_id, _LIVES)
    return records.execute(update(invitation_table).where(mine).values(**values)).rowcount == 1


def _invitation(row: Row[*tuple[Any, ...]]) -> Invitation:
    values = {column.name: row._mapping[column] for column in _INVITATION}
    return Invitation(**values | {"role": Role(values["role"]), "expertise": tuple(values["expertise"])})
