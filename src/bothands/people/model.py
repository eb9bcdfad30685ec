"""Contacts, agents and signed-in browsers as values."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from bothands.kit import Conflict, Forbidden, Invalid, TooMany, Unauthenticated


class Role(StrEnum):
    ADMIN = "admin"
    LEAD = "lead"
    AGENT = "agent"


class Identity(StrEnum):
    """How far we know who a contact is."""

    ANONYMOUS = "anonymous"  # a browser
    CLAIMED = "claimed"  # told a name or an address, which anybody can
    VERIFIED = "verified"  # the company's own server vouched for them


class Contact(msgspec.Struct, frozen=True):
    """Somebody who asks. Without a name they are a visitor we know by their key alone."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    is_simulated: bool
    first_seen_at: datetime
    facts: dict[str, Any]
    # The company's own id of this customer, vouched for by a signed token.
    external_id: str | None = None

    @property
    def identity(self) -> Identity:
        if self.external_id is not None:
            return Identity.VERIFIED
        return Identity.CLAIMED if self.name or self.email or self.phone else Identity.ANONYMOUS

    @property
    def is_anonymous(self) -> bool:
        return self.name is None and self.email is None and self.external_id is None


class VisitorKey(msgspec.Struct, frozen=True):
    """By it a browser is known again; stored hashed. `inbox_id`: where the company vouched for them."""

    id: str
    contact_id: str
    inbox_id: str | None
    created_at: datetime
    expires_at: datetime | None


class KnownBrowser(msgspec.Struct, frozen=True):
    """A visitor's browser with the key that it showed or was given."""

    contact: Contact
    known: VisitorKey
    key: str


class ApiKey(msgspec.Struct, frozen=True):
    """What a program of the company comes in with. `scopes`: its permissions; `hint`: how the key begins."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    made_by_id: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class Agent(msgspec.Struct, frozen=True):
    """A person who answers. `capacity`: how many conversations at once; `expertise`: tags."""

    id: str
    name: str
    email: str
    role: Role
    expertise: tuple[str, ...]
    is_simulated: bool
    capacity: int
    disabled_at: datetime | None


class Team(msgspec.Struct, frozen=True):
    """Agents who share what waits. What an inbox limits to teams, nobody else sees."""

    id: str
    name: str
    member_ids: tuple[str, ...]


class Invitation(msgspec.Struct, frozen=True):
    """Somebody was asked to join. `problem`: why the mail with the link will never arrive."""

    id: str
    name: str
    email: str
    role: Role
    expertise: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    problem: str | None


class SignIn(msgspec.Struct, frozen=True):
    """A browser in which an agent is signed in; its token is stored hashed and can be revoked."""

    id: str
    agent_id: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class SignInsNow(msgspec.Struct, frozen=True):
    """In how many browsers an agent is signed in, and when one of them was seen last."""

    count: int
    last_seen_at: datetime | None


class SignedIn(msgspec.Struct, frozen=True):
    """Who asks, and through which browser."""

    agent: Agent
    sign_in: SignIn


class Attempt(msgspec.Struct, frozen=True):
    """A counted try at a password. `password_hash` is None for an unknown account: check all the same."""

    agent_id: str | None
    password_hash: str | None


class LinkSpent(Unauthenticated):
    code = "link-spent"
    title = "This sign-in link does not work any more"


class WrongPassword(Unauthenticated):
    code = "wrong-password"
    title = "E-mail and password do not match"


class TooManyAttempts(TooMany):
    code = "too-many-attempts"
    title = "Too many attempts to sign in"


class AgentDisabled(Forbidden):
    code = "agent-disabled"
    title = "This account is disabled"


class AgentKnown(Conflict):
    code = "agent-known"
    title = "There is an agent with this e-mail already"


class TeamKnown(Conflict):
    code = "team-known"
    title = "There is a team of this name already"


class InvitationKnown(Conflict):
    code = "invitation-known"
    title = "This e-mail address is invited already"


class InvitationSpent(Unauthenticated):
    code = "invitation-spent"
    title = "This invitation does not work any more"


class WrongCode(Unauthenticated):
    code = "wrong-code"
    title = "This code does not work"


class LastAdmin(Conflict):
    code = "last-admin"
    title = "Somebody has to be an admin"


class BadAddress(Invalid):
    code = "bad-address"
    title = "This is not an address we can reach"
