"""What happened between the assistant and people."""

import msgspec


class PersonAsked(msgspec.Struct, frozen=True):
    """A conversation joined the queue; why is told on the timeline alone."""

    conversation_id: str
    urgency: int
    on_duty: bool


class WaitEnded(msgspec.Struct, frozen=True):
    """It left the queue: `taken`, `cancelled` or `closed`."""

    conversation_id: str
    how: str
    waited_seconds: float


class TakenOver(msgspec.Struct, frozen=True):
    """An agent has the conversation; `from_kind` says who had it before."""

    conversation_id: str
    agent_id: str
    from_kind: str


class HandedBack(msgspec.Struct, frozen=True):
    """The assistant has it again; what was said before belongs to a matter that is done."""

    conversation_id: str
    agent_id: str


class HeldReleased(msgspec.Struct, frozen=True):
    """An agent may not see any more what they held: so many conversations wait for somebody else."""

    agent_id: str
    count: int


class BriefChanged(msgspec.Struct, frozen=True):
    """Something new came in, or a person put it right."""

    conversation_id: str
    by_name: str | None


class Assigned(msgspec.Struct, frozen=True):
    """A conversation is meant for a person or a team next."""

    conversation_id: str
    to_kind: str
    to_id: str
    by_id: str


class AssignmentEnded(msgspec.Struct, frozen=True):
    """It no longer is, because it was: accepted, taken, declined, withdrawn, lapsed or replaced, say."""

    conversation_id: str
    how: str
