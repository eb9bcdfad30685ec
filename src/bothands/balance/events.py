"""What happened to the balance between the assistant and people."""

import msgspec


class StopPulled(msgspec.Struct, frozen=True):
    """From now on the assistant does not act: on one topic, or on all where `topic` is None."""

    stop_id: str
    topic: str | None
    reason: str
    by_name: str


class StopReleased(msgspec.Struct, frozen=True):
    """The assistant may act again on that topic, or on all."""

    stop_id: str
    topic: str | None
    by_name: str


class CharterChanged(msgspec.Struct, frozen=True):
    """A new version of the charter holds; `topic` is None when all of it was adopted."""

    version: int
    topic: str | None
    by_name: str


class DecisionKept(msgspec.Struct, frozen=True):
    """A decision was written down with all it was made from; why is told there alone."""

    decision_id: str
    conversation_id: str
    message_seq: int
    step: str
