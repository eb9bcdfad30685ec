"""Whom a conversation is meant for next, and passing it on."""

from typing import Annotated, Literal

import msgspec
from litestar.params import JSONBody
from msgspec import Meta
from sqlalchemy import Connection

from bothands.conversations import Conversation, conversation_of
from bothands.handoff import (
    Receiver,
    ReceiverKind,
    ReceiverLoad,
    assign,
    assignment_of,
    receivers_of,
    transfer,
    unassign,
)
from bothands.people import Agent, contact_of, teams_of
from bothands.storage import Unit
from bothands.web.asking import ConversationId, Signed, TheDesk
from bothands.web.repeating import TheOnce
from bothands.web.shapes import Id, Input, Row, row_of

NOTE_CHARS_MAX = 2_000

Note = Annotated[str, Meta(max_length=NOTE_CHARS_MAX)]


class ReceiverInput(Input, frozen=True):
    kind: Literal["agent", "team"]
    id: Id


class AssignmentInput(Input, frozen=True):
    to: ReceiverInput
    note: Note = ""


class TransferInput(Input, frozen=True):
    """`anyway`: also to somebody who is away, or has as many chats as they take."""

    to: ReceiverInput
    note: Note = ""
    anyway: bool = False


class ReceiverView(msgspec.Struct, frozen=True):
    """Whether they are there and how many chats they have; of a team, `free` of its `members` are free."""

    kind: str
    id: str
    name: str
    is_available: bool
    is_free: bool
    held: int
    capacity: int
    expertise: tuple[str, ...]
    members: int
    free: int


class ReceiversView(msgspec.Struct, frozen=True):
    people: list[ReceiverView]
    teams: list[ReceiverView]


class Passed(msgspec.Struct, frozen=True):
    """The conversation as it stands now."""

    row: Row


async def list_receivers(desk: TheDesk, conversation_id: ConversationId) -> ReceiversView:
    """To whom this conversation may go: whoever sees its inbox, free ones first."""

    def look(records: Connection) -> ReceiversView:
        found = receivers_of(records, conversation_of(records, conversation_id))
        return ReceiversView([_shown(one) for one in found.people], [_shown(one) for one in found.teams])

    return await desk.db.read(look)


async def assign_conversation(
    once: TheOnce, signed_in: Signed, conversation_id: ConversationId, data: JSONBody[AssignmentInput]
) -> Passed:
    """Say whom a waiting conversation is for; the queue prefers them, and anybody may still take it."""

    def say(unit: Unit) -> Passed:
        assign(unit, conversation_id, _receiver(data.to), by=signed_in.agent, note=data.note)
        return _passed(unit, conversation_of(unit.records, conversation_id), signed_in.agent)

    return await once.write(say, Passed)


async def unassign_conversation(once: TheOnce, signed_in: Signed, conversation_id: ConversationId) -> None:
    """For nobody in particular again: take an offer back, or decline one."""

    def say(unit: Unit) -> None:
        unassign(unit, conversation_id, by=signed_in.agent)

    await once.write(say, None)


async def transfer_conversation(
    desk: TheDesk,
    once: TheOnce,
    signed_in: Signed,
    conversation_id: ConversationId,
    data: JSONBody[TransferInput],
) -> Passed:
    """Offer it to a colleague, who has it once they take over; or to a team, where it waits in line."""

    def move(unit: Unit) -> Passed:
        moved = transfer(
            unit,
            conversation_id,
            _receiver(data.to),
            by=signed_in.agent,
            desk=desk.handoff,
            note=data.note,
            anyway=data.anyway,
        )
        return _passed(unit, moved, signed_in.agent)

    return await once.write(move, Passed)


def _receiver(given: ReceiverInput) -> Receiver:
    return Receiver(ReceiverKind(given.kind), given.id)


def _passed(unit: Unit, conversation: Conversation, agent: Agent) -> Passed:
    contact = contact_of(unit.records, conversation.contact_id)
    mine = teams_of(unit.records, agent.id) | {agent.id}
    return Passed(row_of(conversation, contact, assignment_of(unit.records, conversation.id), mine))


def _shown(one: ReceiverLoad) -> ReceiverView:
    to = one.receiver
    return ReceiverView(
        kind=to.kind.value,
        id=to.id,
        name=to.name,
        is_available=one.is_available,
        is_free=one.is_free,
        held=one.held,
        capacity=one.capacity,
        expertise=one.expertise,
        members=one.members,
        free=one.free,
    )
