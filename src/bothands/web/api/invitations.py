"""Asking somebody to join, and joining. A link that is shown is shown once, and no answer with it is kept."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.people import (
    Invitation,
    Role,
    accept_invitation,
    agent_of,
    invite,
    list_agents,
    list_invitations,
    mail_invitation,
    make_invitation_token,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from bothands.storage import Unit
from bothands.web.api.agents import Expertise, Name
from bothands.web.api.people import welcome
from bothands.web.asking import Asked, Signed, TheDesk, TheLimiter, address_of
from bothands.web.desk import WebDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.shapes import Input, Me

Email = Annotated[str, Meta(min_length=3, max_length=254)]


class InvitationInput(Input, frozen=True):
    """`as_link`: show the link here, although a mail could be sent."""

    name: Name
    email: Email
    role: Role
    expertise: Expertise = ()
    as_link: bool = False


class RenewalInput(Input, frozen=True):
    as_link: bool = False


class InvitationTokenInput(Input, frozen=True):
    token: Annotated[str, Meta(max_length=200)]


class JoinInput(InvitationTokenInput, frozen=True):
    password: Annotated[str, Meta(max_length=1_000)]
    name: Annotated[str, Meta(max_length=120)] = ""


class InvitationView(msgspec.Struct, frozen=True):
    """`problem`: why its mail will never arrive."""

    id: str
    name: str
    email: str
    role: str
    expertise: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    problem: str | None


class Invitations(msgspec.Struct, frozen=True):
    invitations: list[InvitationView]
    next_cursor: str | None


class InvitationMade(msgspec.Struct, frozen=True):
    """`link` to pass on by hand, shown only here; null when it goes out by mail."""

    invitation: InvitationView
    link: str | None


class JoinView(msgspec.Struct, frozen=True):
    company: str
    invited_by: str
    name: str
    email: str
    role: str
    expires_at: datetime


async def show_invitations(
    desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS
) -> Invitations:
    """Those not accepted yet, newest first."""

    def look(records: Connection) -> list[InvitationView]:
        names = {agent.id: agent.name for agent in list_agents(records)}
        return [_view(invitation, names[invitation.invited_by]) for invitation in list_invitations(records)]

    page, following = sliced(
        await desk.db.read(look), cursor, limit, lambda item: (item.id, ""), newest_first=True
    )
    return Invitations(page, following)


async def make_invitation(
    desk: TheDesk, signed_in: Signed, data: JSONBody[InvitationInput]
) -> InvitationMade:
    """Ask somebody to join: by mail, or by a link that is shown here."""

    def make(unit: Unit) -> tuple[Invitation, str | None]:
        invitation = invite(
            unit,
            name=data.name,
            email=data.email,
            role=data.role,
            expertise=data.expertise,
            by=signed_in.agent,
        )
        return invitation, _pass_on(unit, invitation.id, by_mail=desk.has_mail and not data.as_link)

    return _made(desk, signed_in.agent.name, await desk.db.write(make))


async def renew(desk: TheDesk, invitation_id: FromPath[str], data: JSONBody[RenewalInput]) -> InvitationMade:
    """Ask again with a fresh link; older ones are void."""

    def again(unit: Unit) -> tuple[Invitation, str, str | None]:
        invitation = renew_invitation(unit, invitation_id)
        token = _pass_on(unit, invitation.id, by_mail=desk.has_mail and not data.as_link)
        return invitation, agent_of(unit.records, invitation.invited_by).name, token

    invitation, name, token = await desk.db.write(again)
    return _made(desk, name, (invitation, token))


async def take_back(desk: TheDesk, invitation_id: FromPath[str]) -> None:
    """Take an invitation back; its link opens nothing any more."""
    await desk.db.write(lambda unit: revoke_invitation(unit, invitation_id))


async def look_at_invitation(
    desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[InvitationTokenInput]
) -> JoinView:
    """What the link offers, for the page on which it is accepted."""
    limiter.count("sign_ins_per_address", address_of(request))

    def look(records: Connection) -> JoinView:
        found = open_invitation(records, data.token, desk.db.clock.now())
        inviter = agent_of(records, found.invited_by).name
        return JoinView(desk.company, inviter, found.name, found.email, found.role.value, found.expires_at)

    return await desk.db.read(look)


async def join(desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[JoinInput]) -> Response[Me]:
    """Accept an invitation: choose a password, be signed in."""
    limiter.count("sign_ins_per_address", address_of(request))
    # Refused before the password is hashed, which is dear.
    await desk.db.read(lambda records: open_invitation(records, data.token, desk.db.clock.now()))
    hashed = await desk.passwords.hashed(data.password)
    device = request.headers.get("user-agent", "")
    signed_in, token = await desk.db.write(
        lambda unit: accept_invitation(unit, data.token, hashed, name=data.name.strip(), device=device)
    )
    return await welcome(desk, signed_in, token)


def join_url(base_url: str, token: str) -> str:
    """Where an invitation leads. What stands after # never reaches a server, and so no log of one."""
    return f"{base_url.rstrip('/')}/desk/join#{token}"


def _pass_on(unit: Unit, invitation_id: str, *, by_mail: bool) -> str | None:
    """The token to show, or None when a job mails one."""
    if by_mail:
        mail_invitation(unit, invitation_id)
        return None
    return make_invitation_token(unit, invitation_id)


def _made(desk: WebDesk, invited_by: str, made: tuple[Invitation, str | None]) -> InvitationMade:
    invitation, token = made
    link = join_url(desk.base_url, token) if token else None
    return InvitationMade(_view(invitation, invited_by), link)


def _view(invitation: Invitation, invited_by: str) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        name=invitation.name,
        email=invitation.email,
        role=invitation.role.value,
        expertise=invitation.expertise,
        invited_by=invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        sent_at=invitation.sent_at,
        problem=invitation.problem,
    )
