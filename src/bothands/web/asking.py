"""The request as handlers see it, with the few questions that several of them ask."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.params import FromPath

from bothands.conversations import AuthorKind, By, Sight
from bothands.people import Agent, ApiKey, Contact, SignedIn
from bothands.web.desk import WebDesk
from bothands.web.limiting import Limiter, address_key

# Where the guard leaves what it found out about who asks.
HOST = "client_host"
API_KEY = "api_key"

Asking = ASGIConnection[Any, Any, Any, Any]

# What a handler may ask for by name; `app.py` provides it.
Asked = Request[Any, Any, Any]
TheDesk = NamedDependency[WebDesk]
TheLimiter = NamedDependency[Limiter]
Signed = NamedDependency[SignedIn]
TheSight = NamedDependency[Sight]
TheContact = NamedDependency[Contact]
# Whoever acts, a person or an API key. A handler that takes `signed_in` is for people only.
Acting = NamedDependency[By]
ConversationId = FromPath[str]


def host_of(connection: Asking) -> str | None:
    """The address that asks, behind proxies that are trusted; the guard has found it out."""
    host: str | None = connection.scope["state"].get(HOST)
    return host


def address_of(connection: Asking) -> str:
    return address_key(host_of(connection))


def by(agent: Agent) -> By:
    return By(AuthorKind.AGENT, agent.id, agent.name)


def by_key(api_key: ApiKey) -> By:
    """What a program does is the desk's own doing, under the key's id and name; never a person's."""
    return By(AuthorKind.SYSTEM, api_key.id, api_key.name)
