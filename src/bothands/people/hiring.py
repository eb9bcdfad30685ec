"""Agents: adding them, finding them, changing what they may and can, letting them go."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from bothands.jobs import announce
from bothands.kit import Invalid, NotFound, squeeze
from bothands.people.contacting import clean_email, clean_name
from bothands.people.events import AgentChanged, AvailabilityChanged, SignInsRevoked
from bothands.people.model import Agent, AgentDisabled, AgentKnown, LastAdmin, Role
from bothands.people.store import (
    agent_by_email,
    agent_by_id,
    all_agents,
    change_agent,
    hold_admins,
    hold_agent,
    insert_agent,
    put_availability,
    revoke_sign_ins,
)
from bothands.storage import Unit

CAPACITY_CONVERSATIONS_DEFAULT = 4
CAPACITY_CONVERSATIONS_MAX = 50
EXPERTISE_TAGS_MAX = 50
EXPERTISE_CHARS_MAX = 60


def add_agent(
    unit: Unit,
    *,
    name: str,
    email: str,
    role: Role,
    expertise: tuple[str, ...] = (),
    is_simulated: bool = False,
    capacity: int = CAPACITY_CONVERSATIONS_DEFAULT,
) -> Agent:
    agent = Agent(
        id=unit.ids.new("agent"),
        name=clean_name(name),
        email=clean_email(email),
        role=Role(role),
        expertise=clean_expertise(expertise),
        is_simulated=is_simulated,
        capacity=clean_capacity(capacity),
        disabled_at=None,
    )
    if agent_by_email(unit.records, agent.email) is not None:
        raise AgentKnown(f"agent {agent.email}", "the e-mail is taken", "use another, or change that agent")
    insert_agent(unit.records, agent, unit.now)
    return agent


def agent_of(records: Connection, agent_id: str) -> Agent:
    agent = agent_by_id(records, agent_id)
    if agent is None:
        raise NotFound(f"agent {agent_id}", "no such agent", "check the id")
    return agent


def active_agent(unit: Unit, agent_id: str) -> Agent:
    """The agent, who stays so until the commit; raises AgentDisabled for one who was let go."""
    agent = hold_agent(unit.records, agent_id)
    if agent is None:
        raise NotFound(f"agent {agent_id}", "no such agent", "check the id")
    if agent.disabled_at is not None:
        raise AgentDisabled(f"agent {agent.email}", "the account is disabled", "ask an admin")
    return agent


def agent_of_email(records: Connection, email: str) -> Agent | None:
    found = agent_by_email(records, email.strip().lower())
    return found[0] if found else None


def list_agents(records: Connection) -> list[Agent]:
    return all_agents(records)


def update_agent(
    unit: Unit,
    agent_id: str,
    *,
    by_id: str,
    name: str | None = None,
    role: Role | None = None,
    expertise: Iterable[str] | None = None,
    capacity: int | None = None,
) -> Agent:
    """Change what is given; a role takes effect with the agent's next click."""
    agent = agent_of(unit.records, agent_id)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = clean_name(name)
    if role is not None:
        values["role"] = Role(role)
    if expertise is not None:
        values["expertise"] = clean_expertise(expertise)
    if capacity is not None:
        values["capacity"] = clean_capacity(capacity)
    changed = {key: value for key, value in values.items() if value != getattr(agent, key)}
    if not changed:
        return agent
    if changed.get("role", Role.ADMIN) is not Role.ADMIN:
        _keep_an_admin(unit, agent)
    change_agent(unit.records, agent_id, changed)
    announce(unit, AgentChanged(agent_id, by_id, tuple(sorted(changed))))
    return agent_of(unit.records, agent_id)


def disable_agent(unit: Unit, agent_id: str, *, by_id: str | None = None) -> None:
    """No more signing in, and every browser is signed out. Whoever calls sees to what the agent holds."""
    agent = agent_of(unit.records, agent_id)
    if agent.disabled_at is not None:
        return
    _keep_an_admin(unit, agent)
    change_agent(unit.records, agent_id, {"disabled_at": unit.now})
    put_availability(unit.records, agent_id, False, unit.now)
    revoked = revoke_sign_ins(unit.records, agent_id, unit.now)
    announce(
        unit,
        SignInsRevoked(agent_id, tuple(revoked)),
        AvailabilityChanged(agent_id, False),
        AgentChanged(agent_id, by_id, ("disabled_at",)),
    )


def enable_agent(unit: Unit, agent_id: str, *, by_id: str | None = None) -> None:
    """They may sign in again, and take conversations when they say so."""
    if agent_of(unit.records, agent_id).disabled_at is None:
        return
    change_agent(unit.records, agent_id, {"disabled_at": None})
    announce(unit, AgentChanged(agent_id, by_id, ("disabled_at",)))


def clean_expertise(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, in the order given."""
    cleaned = tuple(dict.fromkeys(tag for tag in map(squeeze, tags) if tag))
    too_long = any(len(tag) > EXPERTISE_CHARS_MAX or not tag.isprintable() for tag in cleaned)
    if len(cleaned) > EXPERTISE_TAGS_MAX or too_long:
        raise Invalid(
            "expertise",
            f"more than {EXPERTISE_TAGS_MAX} tags, or one longer than {EXPERTISE_CHARS_MAX} characters",
            "keep fewer and shorter ones",
        )
    return cleaned


def clean_capacity(conversations: int) -> int:
    if not 1 <= conversations <= CAPACITY_CONVERSATIONS_MAX:
        raise Invalid(
            "capacity",
            f"it is 1 to {CAPACITY_CONVERSATIONS_MAX} conversations at once",
            "change the number",
        )
    return conversations


def _keep_an_admin(unit: Unit, agent: Agent) -> None:
    """Raise LastAdmin where nobody would be left who can invite and enable; two at once take turns."""
    if agent.role is not Role.ADMIN or agent.disabled_at is not None:
        return
    if not set(hold_admins(unit.records)) - {agent.id}:
        raise LastAdmin(f"agent {agent.email}", "there is no other admin", "make somebody else one first")
