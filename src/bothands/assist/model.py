"""What the assistant offers to an agent: a draft with its sources, and one next step."""

import msgspec

from bothands.knowledge import Source


class Unsourced(msgspec.Struct, frozen=True):
    """A claim without a source: characters `start` up to, not including, `end` of the draft."""

    start: int
    end: int
    text: str


class Draft(msgspec.Struct, frozen=True):
    """A reply for the agent to send, change or leave. Nothing of it was sent."""

    id: str
    text: str
    sources: tuple[Source, ...] = ()
    unsourced: tuple[Unsourced, ...] = ()


class NextStep(msgspec.Struct, frozen=True):
    """What the company's own pages say to do; may come from a page that customers never see."""

    text: str
    source: Source | None


class Suggestion(msgspec.Struct, frozen=True):
    draft: Draft | None = None
    next_step: NextStep | None = None
