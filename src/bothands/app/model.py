"""The company as its folder describes it."""

from typing import Literal

import msgspec


class AssistantOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str = "AI assistant"
    disclosure: str = "AI assistant. Not a person. Can be wrong."
    tone: Literal["plain", "warm", "formal"] = "plain"


class ServiceOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`handle_seconds`: how long a conversation takes a person, until measured times are there."""

    handle_seconds: int = 300


class AgentOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`teams`: by name; one that is not there yet is made."""

    name: str
    email: str
    role: Literal["admin", "lead", "agent"] = "agent"
    on_shift: bool = False
    expertise: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class ShopOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    orders_url: str = ""


class Company(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """company.toml. `hours`: weekday → "08:00-20:00", or "" for closed."""

    name: str
    slug: str
    inbox: str
    timezone: str = "UTC"
    currency: str = "EUR"
    origins: tuple[str, ...] = ()
    assistant: AssistantOf = AssistantOf()
    hours: dict[str, str] = {}
    service: ServiceOf = ServiceOf()
    agent: tuple[AgentOf, ...] = ()
    shop: ShopOf = ShopOf()
