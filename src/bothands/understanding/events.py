"""What understanding announces."""

import msgspec


class BrainLearned(msgspec.Struct, frozen=True):
    """A new version reads messages from now on."""

    version: str
    topics: int
    examples: int
