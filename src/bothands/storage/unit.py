"""One write transaction, and all that a verb may need inside it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bothands.kit import Ids


@dataclass(frozen=True, slots=True)
class Unit:
    """Handed to every verb that writes; lives as long as its savepoint.

    `now` is one instant for the whole transaction. `reactions` says which job kinds follow an event
    kind. `told` gathers the events announced here: whoever listens hears them after the commit.
    """

    records: Connection
    now: datetime
    ids: Ids
    random: random.Random
    reactions: Mapping[str, Sequence[str]]
    told: list[object] = field(default_factory=list)
