"""Who a simulated customer is and what they say, as values."""

from enum import StrEnum

import msgspec

Choices = tuple[str, ...]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing said. Several wordings: one is drawn. `also` follows at once, before any reply can come."""

    say: Choices = ()
    also: Choices = ()
    pause_seconds: float = 0.0
    waits: bool = True
    asks_person: bool = False
    drops_line_seconds: float = 0.0


class Rated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about the help once it is over."""

    solved: str = "yes"
    score: int | None = None
    comment: str = ""


class Ending(StrEnum):
    THANKS = "thanks"
    SILENCE = "silence"


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person with one matter. `knows` answers questions back, by the name of the missing cell."""

    id: str
    name: str
    steps: tuple[Step, ...]
    about: str = ""
    email: str = ""
    language: str = "en"
    weight: float = 1.0
    patience_seconds: float = 180.0
    typing_seconds: float = 3.0
    knows: dict[str, str] = {}
    prefers: Choices = ()
    to_person: Choices = ()
    thanks: Choices = ("Thank you!",)
    ending: Ending = Ending.THANKS
    rates: Rated | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How one simulated conversation went, seen from the customer's side."""

    scenario_id: str
    conversation_id: str | None
    ending: str
    said: int
    heard_assistant: int
    heard_person: int
    reconnects: int
    seconds: float
