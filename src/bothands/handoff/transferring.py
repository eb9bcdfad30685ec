"""From one person to another, or to a team, with a brief and a word that only the desk sees."""

from datetime import timedelta

from bothands.balance import Reason
from bothands.conversations import AuthorKind, By, Conversation, HolderKind, IsClosed, conversation_of
from bothands.handoff.assigning import put_assignment
from bothands.handoff.choosing import receiver_of
from bothands.handoff.keeping_briefs import refresh_brief
from bothands.handoff.model import (
    LEADS,
    ConversationTaken,
    Desk,
    NotHeld,
    Receiver,
    ReceiverAway,
    ReceiverFull,
    ReceiverKind,
    ReceiverLoad,
    Urgency,
)
from bothands.handoff.queueing import put_in_line
from bothands.handoff.sla import urgency_of
from bothands.handoff.store import end_takings
from bothands.jobs import enqueue
from bothands.kit import Invalid
from bothands.people import Agent
from bothands.storage import Unit

OFFER_SECONDS = 120


def transfer(
    unit: Unit,
    conversation_id: str,
    to: Receiver,
    *,
    by: Agent,
    desk: Desk,
    note: str = "",
    anyway: bool = False,
) -> Conversation:
    """To a person it is offered: until they take it over, whoever has it has it, and the contact is told
    nothing. To a team it goes at once: it waits in line, and the team is preferred.

    `anyway`: also to somebody who is away or has as many as they take.
    """
    conversation = conversation_of(unit.records, conversation_id)
    _check(conversation, to, by)
    load = receiver_of(unit.records, conversation, to)
    if to.kind is ReceiverKind.TEAM:
        end_takings(unit.records, conversation_id, unit.now, "transferred")
        reason = _reason(conversation, by, load.receiver)
        put_in_line(unit, conversation, reason=reason, desk=desk, by=By(AuthorKind.AGENT, by.id, by.name))
        put_assignment(unit, conversation_of(unit.records, conversation_id), load.receiver, by=by, note=note)
        return conversation_of(unit.records, conversation_id)
    if not anyway:
        _check_is_free(load)
    refresh_brief(unit, conversation_id)
    offer = put_assignment(
        unit, conversation, load.receiver, by=by, note=note, lapses_after=timedelta(seconds=OFFER_SECONDS)
    )
    enqueue(unit, "lapse_assignment", {"assignment_id": offer.id}, run_at=offer.lapses_at)
    return conversation_of(unit.records, conversation_id)


def _check(conversation: Conversation, to: Receiver, by: Agent) -> None:
    if not conversation.is_open:
        raise IsClosed(f"conversation {conversation.id}", "it was closed", "reopen it first")
    if conversation.holder_kind is not HolderKind.AGENT:
        raise NotHeld(
            f"conversation {conversation.id}", "no person has it", "assign it, or take it over first"
        )
    if conversation.holder_id != by.id and by.role not in LEADS:
        raise ConversationTaken(
            f"conversation {conversation.id}",
            f"{conversation.holder_name} has it",
            f"ask {conversation.holder_name} or a lead",
        )
    if to.id == conversation.holder_id:
        raise Invalid("transfer", f"{conversation.holder_name} has it already", "choose somebody else")


def _check_is_free(load: ReceiverLoad) -> None:
    name = load.receiver.name
    if not load.is_available:
        raise ReceiverAway(f"transfer to {name}", f"{name} is away", "choose a team or somebody who is free")
    if not load.is_free:
        raise ReceiverFull(
            f"transfer to {name}",
            f"{name} has {load.held} of {load.capacity} chats",
            "choose a team or somebody who is free",
        )


def _reason(conversation: Conversation, by: Agent, to: Receiver) -> Reason:
    """Whoever may be in danger stays first in line, with the reason they had."""
    known = conversation.reason_code
    if known and urgency_of(known) is Urgency.SAFETY:
        return Reason(known, conversation.reason_words or "")
    return Reason("transferred", f"{by.name} transferred it to {to.name}")
