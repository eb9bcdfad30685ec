"""A person takes over, gives back, or is done. The assistant falls silent in the very same transaction."""

from bothands.approvals import lapse
from bothands.conversations import (
    AuthorKind,
    By,
    Conversation,
    Holder,
    HolderKind,
    change_holder,
    conversation_of,
    keep_sight,
    last_closing,
    mark,
    sight_of,
    visible_conversation,
    write_note,
)
from bothands.handoff.assigning import assignment_of, drop_assignment, is_meant_for
from bothands.handoff.events import HandedBack, TakenOver
from bothands.handoff.keeping_briefs import brief_of, refresh_brief
from bothands.handoff.model import LEADS, ConversationTaken, Taking
from bothands.handoff.queueing import end_wait
from bothands.handoff.store import end_takings, insert_taking, waiting_by_conversation
from bothands.jobs import announce
from bothands.people import Agent, active_agent
from bothands.storage import Unit


def take_over(unit: Unit, conversation_id: str, agent: Agent) -> Conversation:
    """The agent has it now. From the queue or the assistant anybody; from another agent a lead, or whom
    that agent offers it to: this is how an offer is accepted.
    """
    agent = active_agent(unit, agent.id)
    keep_sight(unit.records)
    visible_conversation(unit.records, conversation_id, sight_of(unit.records, agent))
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.is_open and conversation.holder_id == agent.id:
        return conversation
    offer = assignment_of(unit.records, conversation_id)
    is_offered = offer is not None and is_meant_for(unit.records, offer, agent)
    is_anothers = conversation.is_open and conversation.holder_kind is HolderKind.AGENT
    if is_anothers and not is_offered and agent.role not in LEADS:
        raise ConversationTaken(
            f"conversation {conversation_id}",
            f"{conversation.holder_name} has it",
            f"ask {conversation.holder_name} or a lead",
        )
    waiting = waiting_by_conversation(unit.records, conversation_id)
    change_holder(
        unit,
        conversation_id,
        Holder(HolderKind.AGENT, agent.id, agent.name),
        reason_code="taken_over",
        words=_joined(conversation, agent),
        by=_by(agent),
    )
    if conversation.reason_code:
        # Why a person was needed stays on the desk's row after one has come.
        mark(
            unit,
            conversation_id,
            reason_code=conversation.reason_code,
            reason_words=conversation.reason_words,
        )
    drop_assignment(unit, conversation_id, "accepted" if is_offered else "taken")
    waited = end_wait(unit, waiting, "taken") if waiting else None
    end_takings(unit.records, conversation_id, unit.now, "taken")
    insert_taking(
        unit.records,
        Taking(
            unit.ids.new("take"),
            conversation_id,
            agent.id,
            conversation.holder_kind.value,
            unit.now,
            waited,
        ),
    )
    if brief_of(unit.records, conversation_id) is None:
        refresh_brief(unit, conversation_id)
    announce(unit, TakenOver(conversation_id, agent.id, conversation.holder_kind.value))
    return conversation_of(unit.records, conversation_id)


def hand_back(unit: Unit, conversation_id: str, agent: Agent, *, note: str = "") -> Conversation:
    """The assistant has it again, with a clean slate: the matter that was settled is not dragged along."""
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.holder_kind is HolderKind.ASSISTANT:
        return conversation
    if conversation.holder_id != agent.id and agent.role not in LEADS:
        holder = conversation.holder_name or "the queue"
        raise ConversationTaken(
            f"conversation {conversation_id}", f"{holder} has it", "take it over before handing it back"
        )
    if note.strip():
        client_id = f"hand-back-{conversation.version}"
        write_note(unit, conversation_id, note, by=_by(agent), client_id=client_id)
    if waiting := waiting_by_conversation(unit.records, conversation_id):
        end_wait(unit, waiting, "handed_back")
    drop_assignment(unit, conversation_id, "handed_back")
    end_takings(unit.records, conversation_id, unit.now, "handed_back")
    lapse(unit, conversation_id, reason=f"{agent.name} handed the conversation back")
    changed = change_holder(
        unit,
        conversation_id,
        Holder(HolderKind.ASSISTANT),
        reason_code="handed_back",
        words=f"{agent.name} handed back to the AI assistant",
        by=_by(agent),
        begins_matter=True,
    )
    announce(unit, HandedBack(conversation_id, agent.id))
    return changed


def settle_closing(unit: Unit, conversation_id: str) -> None:
    """After a closing nobody waits, handles or is asked any more. Harmless when repeated."""
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.is_open:
        return
    closing = last_closing(unit.records, conversation_id)
    how = ended_by_closing(closing.seq if closing else conversation.seq)
    if waiting := waiting_by_conversation(unit.records, conversation_id):
        end_wait(unit, waiting, "closed")
    drop_assignment(unit, conversation_id, how)
    end_takings(unit.records, conversation_id, unit.now, how)
    lapse(unit, conversation_id, reason="the conversation was closed")


def ended_by_closing(seq: int) -> str:
    """Names the very closing, so that undoing it brings back what it ended and nothing older."""
    return f"closed at {seq}"


def _joined(conversation: Conversation, agent: Agent) -> str:
    if conversation.holder_kind is HolderKind.AGENT:
        return f"{agent.name} took over from {conversation.holder_name}"
    return f"{agent.name} joined, the AI stopped"


def _by(agent: Agent) -> By:
    return By(AuthorKind.AGENT, agent.id, agent.name)
