"""Once a conversation is over, what was heard of somebody's health or hardship is forgotten.

What people said and wrote stays as long as the conversation does: only our own words about it go.
"""

from typing import Any

from bothands.balance import Reason, forget_in_decisions, forgotten
from bothands.conversations import Conversation, Entry, conversation_of, held_until, mark, reword
from bothands.handoff.keeping_briefs import make_brief_anew
from bothands.handoff.store import put_wait_reason, wait_reasons
from bothands.jobs import enqueue
from bothands.storage import Unit
from bothands.understanding import forget_risks

FORGET = "forget_signals"


def forget_signals(unit: Unit, conversation_id: str) -> None:
    """After a closing that stays; one that can be undone is looked at again. Harmless when repeated."""
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.is_open:
        return
    until = held_until(unit.records, conversation)
    if until is not None and unit.now < until:
        enqueue(unit, FORGET, {"conversation_id": conversation_id}, run_at=until)
        return
    forget_in_decisions(unit, conversation_id)
    reword(unit, conversation_id, _reworded)
    _forget_reasons(unit, conversation)
    make_brief_anew(unit, conversation_id)


def _reworded(entry: Entry) -> tuple[str, dict[str, Any]]:
    """A reading without the kinds, a decision and a transfer without the reasons."""
    body, ref = entry.body, dict(entry.ref)
    if reading := ref.get("reading"):
        ref["reading"] = forget_risks(reading)
    if reasons := ref.get("reasons"):
        kept = [forgotten(Reason(**reason)) for reason in reasons]
        ref["reasons"] = [{"code": reason.code, "words": reason.words} for reason in kept]
        body = kept[0].words
    if (code := ref.get("reason")) and (left := forgotten(Reason(code, body))) != Reason(code, body):
        body = left.words
        ref |= {"reason": left.code, "words": left.words}
    return body, ref


def _forget_reasons(unit: Unit, conversation: Conversation) -> None:
    """On the desk's row, and of every wait there was."""
    if conversation.reason_code:
        left = forgotten(Reason(conversation.reason_code, conversation.reason_words or ""))
        if left.code != conversation.reason_code:
            mark(unit, conversation.id, reason_code=left.code, reason_words=left.words)
    for waiting_id, reason in wait_reasons(unit.records, conversation.id):
        if (left := forgotten(reason)) != reason:
            put_wait_reason(unit.records, waiting_id, left)
