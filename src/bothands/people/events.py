"""What happened to people."""

import msgspec


class SignInsRevoked(msgspec.Struct, frozen=True):
    """These browsers are signed out; whatever they still have open must close."""

    agent_id: str
    sign_in_ids: tuple[str, ...]


class VisitorKeysRevoked(msgspec.Struct, frozen=True):
    """These browsers of a contact are not known any more; what they have open must close."""

    contact_id: str
    key_ids: tuple[str, ...]


class AvailabilityChanged(msgspec.Struct, frozen=True):
    """An agent takes conversations from now on, or no longer."""

    agent_id: str
    is_available: bool


class TeamChanged(msgspec.Struct, frozen=True):
    """A team has another name or other members, or is no more: who may see what may have changed."""

    team_id: str


class AgentInvited(msgspec.Struct, frozen=True):
    """Somebody was asked to join the desk."""

    invitation_id: str
    by_id: str


class AgentJoined(msgspec.Struct, frozen=True):
    """Somebody accepted their invitation and is an agent now."""

    agent_id: str
    invitation_id: str


class AgentChanged(msgspec.Struct, frozen=True):
    """An agent has another name, role, expertise or capacity, or may sign in no longer, or again."""

    agent_id: str
    by_id: str | None
    fields: tuple[str, ...]
