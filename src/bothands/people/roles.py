"""What each role may do: one flat table."""

from bothands.kit import Forbidden
from bothands.people.model import Agent, Role

# permission → who has it
PERMISSIONS: dict[str, frozenset[Role]] = {
    "me": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "conversations.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "conversations.write": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "notes.write": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "decisions.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "files.write": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "knowledge.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "knowledge.write": frozenset({Role.LEAD, Role.ADMIN}),
    "try_out": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "charter.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "charter.write": frozenset({Role.LEAD, Role.ADMIN}),
    # Whoever sees the assistant do harm may stop it; letting it go on is a lead's call.
    "stops.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "stops.write": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "stops.lift": frozenset({Role.LEAD, Role.ADMIN}),
    # Renaming or deleting a tag changes it for everybody.
    "tags.write": frozenset({Role.LEAD, Role.ADMIN}),
    "metrics.read": frozenset({Role.LEAD, Role.ADMIN}),
    "agents.read": frozenset({Role.LEAD, Role.ADMIN}),
    "agents.write": frozenset({Role.ADMIN}),
    "inboxes.read": frozenset({Role.LEAD, Role.ADMIN}),
    "inboxes.write": frozenset({Role.ADMIN}),
    "teams.read": frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    "teams.write": frozenset({Role.ADMIN}),
    # A contact's data as a whole: handed out, or gone for good.
    "contacts.export": frozenset({Role.ADMIN}),
    "contacts.erase": frozenset({Role.ADMIN}),
    "contacts.read": frozenset({Role.ADMIN}),
    "contacts.write": frozenset({Role.ADMIN}),
    # Bring in what a contact said elsewhere: it stands as theirs, with a note that names who brought it.
    "contacts.relay": frozenset({Role.ADMIN}),
    "webhooks.read": frozenset({Role.ADMIN}),
    "webhooks.write": frozenset({Role.ADMIN}),
    # API keys, and the secrets that inboxes share with the company's own server.
    "access.read": frozenset({Role.ADMIN}),
    "access.write": frozenset({Role.ADMIN}),
}

# What an API key may be given. A key is nobody in person, so whatever speaks to contacts, holds conversations
# or decides who may do what is not here. Of these, routes that ask for a person (`signed_in`) refuse it too.
KEY_SCOPES = frozenset(
    {
        "agents.read",
        "charter.read",
        "contacts.read",
        "contacts.relay",
        "contacts.write",
        "conversations.read",
        "decisions.read",
        "inboxes.read",
        "knowledge.read",
        "knowledge.write",
        "metrics.read",
        "notes.write",
        "stops.read",
        "teams.read",
        "try_out",
        "webhooks.read",
        "webhooks.write",
    }
)


def permissions_of(role: Role) -> tuple[str, ...]:
    return tuple(name for name, roles in PERMISSIONS.items() if role in roles)


def may(agent: Agent, permission: str) -> bool:
    return agent.disabled_at is None and agent.role in PERMISSIONS[permission]


def require(agent: Agent, permission: str) -> None:
    """Raise Forbidden unless the agent's role has the permission."""
    if not may(agent, permission):
        raise Forbidden(
            f"permission {permission}", f"the role {agent.role} does not have it", "ask a lead or an admin"
        )
