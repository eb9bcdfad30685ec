"""Small things without a domain word: clock, ids, errors, text.

Every other room may stand on this one; it stands on nothing of ours.
"""

from bothands.kit.clock import Clock, ManualClock, SystemClock
from bothands.kit.errors import (
    BothandsError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Overloaded,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    every_error,
)
from bothands.kit.folding import Folded, fold, folded_words
from bothands.kit.ids import Ids, RandomIds, first_id
from bothands.kit.text import excerpt, initials, slug, squeeze, words

__all__ = [
    "BothandsError",
    "Clock",
    "Conflict",
    "Folded",
    "Forbidden",
    "Ids",
    "Invalid",
    "ManualClock",
    "NotFound",
    "Overloaded",
    "RandomIds",
    "SystemClock",
    "TooLarge",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "every_error",
    "excerpt",
    "first_id",
    "fold",
    "folded_words",
    "initials",
    "slug",
    "squeeze",
    "words",
]
