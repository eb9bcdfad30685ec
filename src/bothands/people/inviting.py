"""Invitations: a one-time link with which somebody becomes an agent and chooses a password."""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.jobs import announce, enqueue
from bothands.kit import Invalid, NotFound
from bothands.people.contacting import clean_email, clean_name
from bothands.people.events import AgentInvited, AgentJoined
from bothands.people.hiring import add_agent, clean_expertise
from bothands.people.invitation_store import (
    change_invitation,
    insert_invitation,
    invitation_by_email,
    invitation_by_id,
    living_invitations,
)
from bothands.people.model import (
    Agent,
    AgentKnown,
    Invitation,
    InvitationKnown,
    InvitationSpent,
    Role,
    SignedIn,
)
from bothands.people.signing_in import TOKEN_CHARS_MAX, new_token, open_sign_in
from bothands.people.store import agent_by_email, change_agent, hash_of
from bothands.storage import Unit

# Over a weekend.
INVITATION_HOURS_MAX = 72
INVITATIONS_MAX = 200
TOKENS_KEPT_MAX = 3


def invite(
    unit: Unit, *, name: str, email: str, role: Role, by: Agent, expertise: tuple[str, ...] = ()
) -> Invitation:
    """Keep whom we ask to join, and as what; nothing is sent or shown yet."""
    invitation = Invitation(
        id=unit.ids.new("inv"),
        name=clean_name(name),
        email=clean_email(email),
        role=Role(role),
        expertise=clean_expertise(expertise),
        invited_by=by.id,
        created_at=unit.now,
        expires_at=unit.now + timedelta(hours=INVITATION_HOURS_MAX),
        sent_at=None,
        problem=None,
    )
    if agent_by_email(unit.records, invitation.email) is not None:
        raise AgentKnown(
            f"agent {invitation.email}", "the e-mail is taken", "use another, or change that agent"
        )
    known = invitation_by_email(unit.records, invitation.email)
    if known is not None and known.expires_at > unit.now:
        raise InvitationKnown(
            f"invitation of {invitation.email}",
            "there is one already",
            "send that one again, or take it back",
        )
    if known is not None:
        change_invitation(unit.records, known.id, {"revoked_at": unit.now})
    if len(list_invitations(unit.records)) >= INVITATIONS_MAX:
        raise Invalid("invitation", f"{INVITATIONS_MAX} are open already", "take some back first")
    insert_invitation(unit.records, invitation)
    announce(unit, AgentInvited(invitation.id, by.id))
    return invitation


def list_invitations(records: Connection) -> list[Invitation]:
    """Those not yet accepted and not taken back, newest first; some may have expired."""
    return living_invitations(records, INVITATIONS_MAX)


def invitation_of(records: Connection, invitation_id: str) -> Invitation:
    found = invitation_by_id(records, invitation_id)
    if found is None:
        raise NotFound(f"invitation {invitation_id}", "no such open invitation", "reload the list")
    return found[0]


def mail_invitation(unit: Unit, invitation_id: str) -> None:
    """Ask for the mail; its link is made when it is sent, so that no queue ever holds one."""
    enqueue(unit, "mail_invitation", {"invitation_id": invitation_id}, key=f"mail_invitation {invitation_id}")


def make_invitation_token(unit: Unit, invitation_id: str) -> str | None:
    """What the link carries; only its hash is stored. None when nobody may join by it any more."""
    found = invitation_by_id(unit.records, invitation_id)
    if found is None or found[0].expires_at <= unit.now:
        return None
    token = new_token(unit, f"{invitation_id}.")
    hashes = [*found[1], hash_of(token)][-TOKENS_KEPT_MAX:]
    change_invitation(unit.records, invitation_id, {"token_hashes": hashes})
    return token


def renew_invitation(unit: Unit, invitation_id: str) -> Invitation:
    """Its time begins anew; links that were sent or shown before are void."""
    invitation_of(unit.records, invitation_id)
    expires_at = unit.now + timedelta(hours=INVITATION_HOURS_MAX)
    values = {"expires_at": expires_at, "token_hashes": [], "sent_at": None, "problem": None}
    change_invitation(unit.records, invitation_id, values)
    return invitation_of(unit.records, invitation_id)


def revoke_invitation(unit: Unit, invitation_id: str) -> None:
    """Nobody can join by it any more."""
    if not change_invitation(unit.records, invitation_id, {"revoked_at": unit.now}):
        raise NotFound(f"invitation {invitation_id}", "no such open invitation", "reload the list")


def note_invitation_sent(unit: Unit, invitation_id: str, problem: str | None = None) -> None:
    """The mail is on its way, or (with a problem in words) never will be."""
    change_invitation(
        unit.records, invitation_id, {"sent_at": None if problem else unit.now, "problem": problem}
    )


def open_invitation(records: Connection, token: str, now: datetime) -> Invitation:
    """The invitation of this link; raises InvitationSpent for every other."""
    invitation_id = token.partition(".")[0]
    found = invitation_by_id(records, invitation_id) if len(token) <= TOKEN_CHARS_MAX else None
    given = hash_of(token)
    if (
        found is None
        or found[0].expires_at <= now
        or not any(hmac.compare_digest(given, one) for one in found[1])
    ):
        raise InvitationSpent(
            "invitation",
            "it was used, taken back, sent anew or has expired",
            "ask whoever invited you for another",
        )
    return found[0]


def accept_invitation(
    unit: Unit, token: str, password_hash: str, *, name: str = "", device: str = ""
) -> tuple[SignedIn, str]:
    """Become an agent; of many callers with one token exactly one does. The cookie's secret comes along."""
    invitation = open_invitation(unit.records, token, unit.now)
    if not change_invitation(unit.records, invitation.id, {"accepted_at": unit.now}):
        raise InvitationSpent("invitation", "somebody was faster", "sign in, or ask for another")
    agent = add_agent(
        unit,
        name=name or invitation.name,
        email=invitation.email,
        role=invitation.role,
        expertise=invitation.expertise,
    )
    change_agent(unit.records, agent.id, {"password_hash": password_hash})
    announce(unit, AgentJoined(agent.id, invitation.id))
    return open_sign_in(unit, agent, device)
