"""Who works here: the list, what they may and can, letting them go."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.handoff import held_now, release_all, release_hidden
from bothands.kit import initials
from bothands.people import (
    Agent,
    Role,
    SignInsNow,
    agent_of,
    available_agents,
    disable_agent,
    enable_agent,
    list_agents,
    sign_ins_now,
    sign_out_everywhere,
    update_agent,
)
from bothands.storage import Unit
from bothands.web.asking import Signed, TheDesk, by
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Input

Name = Annotated[str, Meta(min_length=1, max_length=120)]
Expertise = Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=50)]
Capacity = Annotated[int, Meta(ge=1, le=50)]


class AgentChangeInput(Input, frozen=True):
    """What is left out stays as it is."""

    name: Name | None = None
    role: Role | None = None
    expertise: Expertise | None = None
    capacity: Capacity | None = None
    is_disabled: bool | None = None


class AgentView(msgspec.Struct, frozen=True):
    """`holds`: conversations they have now; `sign_ins`: browsers in which they are signed in."""

    id: str
    name: str
    initials: str
    email: str
    role: str
    expertise: tuple[str, ...]
    capacity: int
    is_simulated: bool
    disabled_at: datetime | None
    availability: str
    holds: int
    sign_ins: int
    last_seen_at: datetime | None


class Agents(msgspec.Struct, frozen=True):
    """`has_mail`: whether invitations and codes go out by mail; otherwise links are shown."""

    agents: list[AgentView]
    has_mail: bool
    next_cursor: str | None


async def show_agents(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> Agents:
    """Everybody who works here or did, by name."""
    now = desk.db.clock.now()
    found = await desk.db.read(lambda records: _shown(records, list_agents(records), now))
    page, following = sliced(found, cursor, limit, lambda agent: (agent.name, agent.id))
    return Agents(page, desk.has_mail, following)


async def change_agent(
    desk: TheDesk, once: TheOnce, signed_in: Signed, agent_id: FromPath[str], data: JSONBody[AgentChangeInput]
) -> AgentView:
    """Change an agent. Whoever is disabled is signed out, and what they hold goes back to the queue."""
    actor = signed_in.agent

    def change(unit: Unit) -> AgentView:
        agent = update_agent(
            unit,
            agent_id,
            by_id=actor.id,
            name=data.name,
            role=data.role,
            expertise=data.expertise,
            capacity=data.capacity,
        )
        if data.is_disabled is True:
            # Disabled first: from here on nobody can give them another conversation.
            disable_agent(unit, agent_id, by_id=actor.id)
            release_all(unit, agent, desk=desk.handoff, by=by(actor))
        elif data.is_disabled is False:
            enable_agent(unit, agent_id, by_id=actor.id)
        if data.role is not None:
            release_hidden(unit, desk=desk.handoff, by=by(actor))
        return _shown(unit.records, [agent_of(unit.records, agent_id)], unit.now)[0]

    return await once.write(change, AgentView)


async def end_sign_ins(desk: TheDesk, agent_id: FromPath[str]) -> None:
    """Sign an agent out of every browser; their sockets close at once."""

    def end(unit: Unit) -> None:
        agent_of(unit.records, agent_id)
        sign_out_everywhere(unit, agent_id)

    await desk.db.write(end)


def _shown(records: Connection, agents: list[Agent], now: datetime) -> list[AgentView]:
    available = {agent.id for agent in available_agents(records)}
    held = held_now(records)
    seen = sign_ins_now(records, now)
    return [
        _view(agent, agent.id in available, held.get(agent.id, 0), seen.get(agent.id, SignInsNow(0, None)))
        for agent in agents
    ]


def _view(agent: Agent, is_available: bool, holds: int, seen: SignInsNow) -> AgentView:
    return AgentView(
        id=agent.id,
        name=agent.name,
        initials=initials(agent.name),
        email=agent.email,
        role=agent.role.value,
        expertise=agent.expertise,
        capacity=agent.capacity,
        is_simulated=agent.is_simulated,
        disabled_at=agent.disabled_at,
        availability="available" if is_available else "away",
        holds=holds,
        sign_ins=seen.count,
        last_seen_at=seen.last_seen_at,
    )
