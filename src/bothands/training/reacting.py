"""What a simulated customer says to what they hear. Pure: a scenario, a message, a source of chance."""

import random
import re

from bothands.training.listening import Frame, Heard
from bothands.training.model import Scenario

# Words of a question, when the message itself does not say which cell is missing.
_ASKED_BY_WORDS = (
    ("order", r"order number|number of (?:your|the) order|which order"),
    ("email", r"e-?mail"),
    ("postcode", r"postcode|postal code|zip"),
    ("size", r"\bsize"),
    ("material", r"\bmaterial"),
    ("day", r"\bwhich day\b"),
    ("country", r"\bcountry\b"),
    ("product", r"\bproduct\b"),
)
_ALIASES = {
    "number": "order",
    "order_number": "order",
    "order_id": "order",
    "e-mail": "email",
    "address": "email",
    "mail": "email",
}
_WAYS_OUT = re.compile(r"person|something else|none of|other", re.IGNORECASE)
_NOT_AT_HAND = ("I don't have that at hand.", "Not sure, sorry.", "I'd have to look that up.")


def reply_to(scenario: Scenario, heard: Heard, source: random.Random) -> str | None:
    """The answer to a question back, or None when nothing was asked."""
    for wish in scenario.prefers:
        for choice in heard.choices:
            if wish.lower() in choice.lower():
                return choice
    cell = asked_cell(heard)
    if cell is not None:
        known = scenario.knows.get(cell)
        if known is not None:
            return known
        fitting = [choice for choice in heard.choices if not _WAYS_OUT.search(choice)]
        return source.choice(fitting) if fitting else source.choice(_NOT_AT_HAND)
    if (heard.asks or {}).get("kind") == "clarify" or heard.choices:
        fitting = [choice for choice in heard.choices if not _WAYS_OUT.search(choice)]
        return fitting[0] if fitting else None
    return None


def asked_cell(heard: Heard) -> str | None:
    """The name of what is missing: as the message carries it, else by the words of its question."""
    asks = heard.asks or {}
    if asks.get("kind") in ("clarify", "offer_person"):
        return None
    missing = asks.get("missing") or asks.get("cell")
    if isinstance(missing, list):
        missing = missing[0] if missing else None
    if isinstance(missing, str):
        return _ALIASES.get(missing, missing)
    if "?" not in heard.body and not asks:
        return None
    question = heard.body.lower()
    return next((cell for cell, words in _ASKED_BY_WORDS if re.search(words, question)), None)


def answer_while_waiting(scenario: Scenario, question: Frame, source: random.Random) -> str | None:
    """An answer to one of the skippable questions of the queue; None skips it."""
    if question.get("kind") == "photo":
        return None
    known = scenario.knows.get(str(question.get("id")))
    choices = [str(choice) for choice in question.get("choices") or ()]
    if known is None and choices:
        return source.choice(choices)
    return known
