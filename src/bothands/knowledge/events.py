"""What this room tells the rooms above."""

import msgspec


class KnowledgeChanged(msgspec.Struct, frozen=True):
    """Articles, replies, tables or questions were written or retired; `revision` counts such changes."""

    revision: int
    origin: str
