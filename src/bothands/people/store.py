"""The tables of contacts, agents and sign-ins, and all their SQL."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bothands.people.model import Agent, Contact, Role, SignIn, SignInsNow
from bothands.storage import Data, Days, Emptied, Json, Moment, Until, as_struct, keeps, metadata, steady

contact_table = Table(
    "people_contact",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120)),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("language", String(35)),
    Column("is_simulated", Boolean, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("facts", Json, nullable=False),
    Column("external_id", String(120), unique=True),
    Index("ix_people_contact_email", "email"),
    info=keeps(
        Data.PERSONAL,
        "Who asks: what they told about themselves",
        Until("they are erased"),
        leads="id",
        emptied=Emptied(
            {"name": None, "email": None, "phone": None, "language": None, "facts": {}, "external_id": None}
        ),
    ),
)

agent_table = Table(
    "people_agent",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("expertise", Json, nullable=False),
    Column("is_simulated", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("disabled_at", Moment),
    Column("password_hash", Text),
    Column("created_at", Moment, nullable=False),
    info=keeps(
        Data.STAFF, "Who works here; a disabled one stays, for what they did", Until("the company ends")
    ),
)

sign_in_table = Table(
    "people_sign_in",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("device", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index("ix_people_sign_in_agent_id", "agent_id", "revoked_at"),
    info=keeps(Data.SECRET, "Where an agent is signed in; tokens as hashes", Days(30, since="expires_at")),
)

link_table = Table(
    "people_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", String(40), ForeignKey("people_agent.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("consumed_at", Moment),
    info=keeps(Data.SECRET, "One-time links to sign in, as hashes", Days(1, since="expires_at")),
)

attempt_table = Table(
    "people_attempt",
    metadata,
    # The account as it was typed, hashed: unknown accounts are counted just as known ones.
    Column("account_hash", String(64), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Index("ix_people_attempt_first_at", "first_at"),
    info=keeps(Data.STAFF, "Attempts to sign in, counted per account", Days(1, since="first_at")),
)

availability_table = Table(
    "people_availability",
    metadata,
    Column("agent_id", String(40), ForeignKey("people_agent.id"), primary_key=True),
    Column("is_available", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    info=keeps(Data.STAFF, "Who takes conversations now", Until("the agent changes it")),
)

_AGENT = tuple(column for column in agent_table.c if column.name not in ("password_hash", "created_at"))
_SIGN_IN = tuple(column for column in sign_in_table.c if column.name not in ("token_hash", "revoked_at"))


def hash_of(secret: str) -> str:
    """Secrets are long and random, so one fast hash is enough; only passwords need a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _agent(row: Row[*tuple[Any, ...]]) -> Agent:
    values = {column.name: row._mapping[column] for column in _AGENT}
    return Agent(**values | {"role": Role(values["role"]), "expertise": tuple(values["expertise"])})


# contacts


def insert_contact(records: Connection, contact: Contact) -> None:
    records.execute(insert(contact_table).values(**msgspec.structs.asdict(contact)))


def contact_by_external_id(records: Connection, external_id: str) -> Contact | None:
    found = select(contact_table).where(contact_table.c.external_id == external_id)
    row = records.execute(steady(records, found)).first()
    return as_struct(Contact, row) if row else None


# Built once: on the path of a turn, making these anew cost more than running them.
_CONTACT_BY_ID = select(contact_table).where(contact_table.c.id == bindparam("b_id"))
_CONTACTS_TO_HOLD = (
    select(contact_table.c.id)
    .where(contact_table.c.id.in_(bindparam("b_ids", expanding=True)))
    .order_by(contact_table.c.id)
)


def contact_by_id(records: Connection, contact_id: str) -> Contact | None:
    row = records.execute(steady(records, _CONTACT_BY_ID), {"b_id": contact_id}).first()
    return as_struct(Contact, row) if row else None


def contacts_by_email(records: Connection, email: str, limit: int) -> list[Contact]:
    found = select(contact_table).where(contact_table.c.email == email).order_by(contact_table.c.id)
    return [as_struct(Contact, row) for row in records.execute(found.limit(limit))]


def contacts_by_id(records: Connection, contact_ids: Sequence[str]) -> dict[str, Contact]:
    rows = records.execute(select(contact_table).where(contact_table.c.id.in_(contact_ids)))
    return {row.id: as_struct(Contact, row) for row in rows}


def hold_contacts(records: Connection, contact_ids: Sequence[str]) -> None:
    """Inside a write: nobody else may begin something for these contacts until the commit."""
    records.execute(steady(records, _CONTACTS_TO_HOLD), {"b_ids": contact_ids}).all()


def change_contact(records: Connection, contact_id: str, values: dict[str, Any]) -> None:
    records.execute(update(contact_table).where(contact_table.c.id == contact_id).values(**values))


# agents


def insert_agent(records: Connection, agent: Agent, at: datetime) -> None:
    records.execute(insert(agent_table).values(**msgspec.structs.asdict(agent), created_at=at))


def agent_by_id(records: Connection, agent_id: str) -> Agent | None:
    row = records.execute(select(*_AGENT).where(agent_table.c.id == agent_id)).first()
    return _agent(row) if row else None


def hold_agent(records: Connection, agent_id: str) -> Agent | None:
    """Inside a write: nobody may change or disable this agent until the commit."""
    wanted = select(*_AGENT).where(agent_table.c.id == agent_id)
    row = records.execute(steady(records, wanted)).first()
    return _agent(row) if row else None


def agent_by_email(records: Connection, email: str) -> tuple[Agent, str | None] | None:
    """The agent and the password's hash."""
    row = records.execute(
        select(*_AGENT, agent_table.c.password_hash).where(agent_table.c.email == email)
    ).first()
    return (_agent(row), row.password_hash) if row else None


def all_agents(records: Connection) -> list[Agent]:
    rows = records.execute(select(*_AGENT).order_by(agent_table.c.name, agent_table.c.id))
    return [_agent(row) for row in rows]


def hold_admins(records: Connection) -> list[str]:
    """Inside a write: who is an admin and may sign in; nobody else may change that until the commit."""
    wanted = and_(agent_table.c.role == Role.ADMIN.value, agent_table.c.disabled_at.is_(None))
    held = select(agent_table.c.id).where(wanted).order_by(agent_table.c.id)
    return [str(found) for found in records.execute(steady(records, held)).scalars()]


def change_agent(records: Connection, agent_id: str, values: dict[str, Any]) -> bool:
    done = records.execute(update(agent_table).where(agent_table.c.id == agent_id).values(**values))
    return done.rowcount == 1


# availability


def put_availability(records: Connection, agent_id: str, is_available: bool, at: datetime) -> None:
    mine = availability_table.c.agent_id == agent_id
    done = records.execute(update(availability_table).where(mine).values(is_available=is_available, since=at))
    if done.rowcount == 0:
        records.execute(
            insert(availability_table).values(agent_id=agent_id, is_available=is_available, since=at)
        )


def is_available(records: Connection, agent_id: str) -> bool:
    found = records.execute(
        select(availability_table.c.is_available).where(availability_table.c.agent_id == agent_id)
    ).scalar()
    return bool(found)


# Built once: it is asked in each turn.
_AVAILABLE = (
    select(*_AGENT)
    .join(availability_table, availability_table.c.agent_id == agent_table.c.id)
    .where(and_(availability_table.c.is_available.is_(True), agent_table.c.disabled_at.is_(None)))
    .order_by(agent_table.c.name, agent_table.c.id)
)


def agents_available(records: Connection) -> list[Agent]:
    return [_agent(row) for row in records.execute(_AVAILABLE)]


# signing in


def insert_link(records: Connection, token: str, agent_id: str, at: datetime, expires_at: datetime) -> None:
    records.execute(
        insert(link_table).values(
            token_hash=hash_of(token), agent_id=agent_id, created_at=at, expires_at=expires_at
        )
    )


def consume_link(records: Connection, token: str, now: datetime) -> str | None:
    """The agent's id for the one caller that spends the link; the UPDATE itself is the claim."""
    link = link_table.c.token_hash == hash_of(token)
    done = records.execute(
        update(link_table)
        .where(and_(link, link_table.c.consumed_at.is_(None), link_table.c.expires_at > now))
        .values(consumed_at=now)
    )
    if done.rowcount != 1:
        return None
    return str(records.execute(select(link_table.c.agent_id).where(link)).scalar_one())


def drop_old_links(records: Connection, before: datetime) -> None:
    records.execute(delete(link_table).where(link_table.c.expires_at < before))


def insert_sign_in(records: Connection, sign_in: SignIn, token: str) -> None:
    row = msgspec.structs.asdict(sign_in)
    records.execute(insert(sign_in_table).values(**row, token_hash=hash_of(token)))


def sign_in_by_token(records: Connection, token: str, now: datetime) -> SignIn | None:
    live = and_(sign_in_table.c.revoked_at.is_(None), sign_in_table.c.expires_at > now)
    row = records.execute(
        select(*_SIGN_IN).where(and_(sign_in_table.c.token_hash == hash_of(token), live))
    ).first()
    return as_struct(SignIn, row) if row else None


def sign_ins_of(records: Connection, agent_id: str, now: datetime, limit: int) -> list[SignIn]:
    live = and_(sign_in_table.c.revoked_at.is_(None), sign_in_table.c.expires_at > now)
    rows = records.execute(
        select(*_SIGN_IN)
        .where(and_(sign_in_table.c.agent_id == agent_id, live))
        .order_by(sign_in_table.c.last_seen_at.desc(), sign_in_table.c.id)
        .limit(limit)
    )
    return [as_struct(SignIn, row) for row in rows]


def count_sign_ins(records: Connection, now: datetime) -> dict[str, SignInsNow]:
    table = sign_in_table
    rows = records.execute(
        select(table.c.agent_id, func.count(), func.max(table.c.last_seen_at))
        .where(table.c.revoked_at.is_(None), table.c.expires_at > now)
        .group_by(table.c.agent_id)
    )
    return {str(agent_id): SignInsNow(int(count), seen_at) for agent_id, count, seen_at in rows}


def touch_sign_in(records: Connection, sign_in_id: str, at: datetime) -> None:
    records.execute(update(sign_in_table).where(sign_in_table.c.id == sign_in_id).values(last_seen_at=at))


def revoke_sign_ins(
    records: Connection, agent_id: str, at: datetime, *, only: str | None = None, keep: str | None = None
) -> list[str]:
    """Revoke the agent's sign-ins (one, or all but one); the ids that were living until now."""
    wanted = [sign_in_table.c.agent_id == agent_id, sign_in_table.c.revoked_at.is_(None)]
    if only is not None:
        wanted.append(sign_in_table.c.id == only)
    if keep is not None:
        wanted.append(sign_in_table.c.id != keep)
    ids = [str(found) for found in records.execute(select(sign_in_table.c.id).where(and_(*wanted))).scalars()]
    records.execute(update(sign_in_table).where(and_(*wanted)).values(revoked_at=at))
    return ids


def count_attempt(records: Connection, account: str, now: datetime, since: datetime) -> tuple[int, datetime]:
    """Count one more attempt at this account; how many in this window, and when it began."""
    records.execute(delete(attempt_table).where(attempt_table.c.first_at < since))
    mine = attempt_table.c.account_hash == hash_of(account)
    done = records.execute(update(attempt_table).where(mine).values(attempts=attempt_table.c.attempts + 1))
    if done.rowcount == 0:
        records.execute(insert(attempt_table).values(account_hash=hash_of(account), attempts=1, first_at=now))
        return 1, now
    row = records.execute(select(attempt_table.c.attempts, attempt_table.c.first_at).where(mine)).one()
    return int(row.attempts), row.first_at


def forget_attempts(records: Connection, account: str) -> None:
    records.execute(delete(attempt_table).where(attempt_table.c.account_hash == hash_of(account)))
