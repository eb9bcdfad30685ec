"""A one-time sign-in link from the command line, for the first admin and for whoever lost theirs."""

from bothands.app.settings import Settings
from bothands.app.wiring import open_store
from bothands.kit import NotFound
from bothands.people import agent_of_email, make_link_token
from bothands.storage import Unit


def make_link(settings: Settings, email: str) -> str:
    """The link; raises NotFound for an unknown address, DatabaseOwned while the server runs."""
    db = open_store(settings)
    try:
        token = db.write_now(lambda unit: _token(unit, email))
    finally:
        db.close()
    return link_of(settings, token)


def link_of(settings: Settings, token: str) -> str:
    return f"{settings.base_url}/desk/sign-in?token={token}"


def _token(unit: Unit, email: str) -> str:
    agent = agent_of_email(unit.records, email)
    if agent is None:
        raise NotFound(f"agent {email}", "nobody has this address", "add them to the company's folder")
    return make_link_token(unit, agent.id)
