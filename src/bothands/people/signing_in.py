"""Browsers that are signed in: by one-time link here, by password in `checking_passwords`; revoking them."""

import base64
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bothands.jobs import announce
from bothands.kit import Invalid, NotFound
from bothands.people.events import SignInsRevoked
from bothands.people.hiring import agent_of
from bothands.people.model import Agent, AgentDisabled, LinkSpent, SignedIn, SignIn, SignInsNow
from bothands.people.store import (
    agent_by_id,
    consume_link,
    count_sign_ins,
    drop_old_links,
    insert_link,
    insert_sign_in,
    revoke_sign_ins,
    sign_in_by_token,
    sign_ins_of,
    touch_sign_in,
)
from bothands.storage import Unit

TOKEN_BYTES = 32
TOKEN_CHARS_MAX = 100
LINK_HOURS_MAX = 24
SIGN_IN_DAYS_MAX = 14
SIGN_INS_LISTED_MAX = 50
SEEN_EVERY_MINUTES = 5
DEVICE_CHARS_MAX = 200


def make_link_token(unit: Unit, agent_id: str, *, hours: float = LINK_HOURS_MAX) -> str:
    """A token that signs this agent in once; only its hash is stored."""
    agent_of(unit.records, agent_id)
    if not 0 < hours <= LINK_HOURS_MAX:
        raise Invalid("sign-in link", f"it may live at most {LINK_HOURS_MAX} hours", "choose a shorter life")
    token = new_token(unit, "link_")
    insert_link(unit.records, token, agent_id, unit.now, unit.now + timedelta(hours=hours))
    return token


def sign_in_by_link(unit: Unit, token: str, *, device: str = "") -> tuple[SignedIn, str]:
    """Spend the link; of many callers with one token exactly one gets in. Returns the cookie's secret too."""
    agent_id = consume_link(unit.records, token, unit.now) if len(token) <= TOKEN_CHARS_MAX else None
    if agent_id is None:
        raise LinkSpent(
            "sign-in link", "it was used before, has expired or never existed", "ask for a new one"
        )
    drop_old_links(unit.records, unit.now - timedelta(days=1))
    return open_sign_in(unit, agent_of(unit.records, agent_id), device)


def open_sign_in(unit: Unit, agent: Agent, device: str) -> tuple[SignedIn, str]:
    """Sign a browser in; whoever calls has proved that it is this agent's."""
    if agent.disabled_at is not None:
        raise AgentDisabled(f"agent {agent.email}", "the account is disabled", "ask an admin")
    token = new_token(unit, "si_")
    sign_in = SignIn(
        id=unit.ids.new("signin"),
        agent_id=agent.id,
        device=device[:DEVICE_CHARS_MAX],
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=unit.now + timedelta(days=SIGN_IN_DAYS_MAX),
    )
    insert_sign_in(unit.records, sign_in, token)
    return SignedIn(agent, sign_in), token


def signed_in_by(records: Connection, token: str, now: datetime) -> SignedIn | None:
    """Whose browser this is, if it is still signed in."""
    if not token or len(token) > TOKEN_CHARS_MAX:
        return None
    sign_in = sign_in_by_token(records, token, now)
    agent = agent_by_id(records, sign_in.agent_id) if sign_in else None
    if sign_in is None or agent is None or agent.disabled_at is not None:
        return None
    return SignedIn(agent, sign_in)


def is_seen_long_ago(sign_in: SignIn, now: datetime) -> bool:
    """Whether `seen` is due; the last time seen is kept to a few minutes only."""
    return now - sign_in.last_seen_at > timedelta(minutes=SEEN_EVERY_MINUTES)


def seen(unit: Unit, sign_in_id: str) -> None:
    touch_sign_in(unit.records, sign_in_id, unit.now)


def list_sign_ins(records: Connection, agent_id: str, now: datetime) -> list[SignIn]:
    return sign_ins_of(records, agent_id, now, SIGN_INS_LISTED_MAX)


def sign_ins_now(records: Connection, now: datetime) -> dict[str, SignInsNow]:
    """Per agent, in how many browsers they are signed in, and when one was seen last."""
    return count_sign_ins(records, now)


def sign_out(unit: Unit, agent_id: str, sign_in_id: str) -> None:
    """Revoke one of the agent's own sign-ins; somebody else's looks like none."""
    revoked = revoke_sign_ins(unit.records, agent_id, unit.now, only=sign_in_id)
    if not revoked:
        raise NotFound(f"sign-in {sign_in_id}", "no such sign-in of yours", "reload the list")
    announce(unit, SignInsRevoked(agent_id, tuple(revoked)))


def sign_out_everywhere(unit: Unit, agent_id: str, *, keep: str | None = None) -> int:
    """Revoke all of the agent's sign-ins but `keep`; how many there were."""
    revoked = revoke_sign_ins(unit.records, agent_id, unit.now, keep=keep)
    if revoked:
        announce(unit, SignInsRevoked(agent_id, tuple(revoked)))
    return len(revoked)


def new_token(unit: Unit, prefix: str) -> str:
    """A secret that nobody guesses; only its hash may be stored."""
    return prefix + base64.urlsafe_b64encode(unit.random.randbytes(TOKEN_BYTES)).decode().rstrip("=")
