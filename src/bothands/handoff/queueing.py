"""Bring a person in: last words, transfer, place in line, brief and questions in one transaction."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bothands.balance import Reason
from bothands.conversations import (
    SYSTEM,
    By,
    Conversation,
    Entry,
    EntryKind,
    Holder,
    HolderKind,
    Reply,
    add_entry,
    change_holder,
    conversation_of,
    entries_since,
    mark,
    post_reply,
)
from bothands.handoff.asking import ANSWER_CHARS_MAX, questions_for
from bothands.handoff.assigning import drop_assignment
from bothands.handoff.events import PersonAsked, WaitEnded
from bothands.handoff.keeping_briefs import refresh_brief
from bothands.handoff.model import Desk, NotWaiting, Waiting
from bothands.handoff.sla import due_at, rank_at, urgency_of
from bothands.handoff.store import insert_waiting, update_waiting, waiting_by_conversation
from bothands.handoff.waiting import people_now, place_of_newcomer
from bothands.handoff.wording import last_words
from bothands.jobs import announce
from bothands.kit import Invalid, squeeze
from bothands.people import clean_email, update_contact
from bothands.storage import Unit

ENTRIES_LOOKED_AT_MAX = 500
QUEUE = Holder(HolderKind.QUEUE)


def bring_in(
    unit: Unit,
    conversation_id: str,
    *,
    reason: Reason,
    desk: Desk,
    by: By = SYSTEM,
    words_to_contact: str | None = None,
) -> Waiting | None:
    """Ask for a person; asked already, the same wait. None when a person has the conversation.

    `words_to_contact` replaces our own last words; the transfer, the place and the brief stay the same.
    """
    conversation = conversation_of(unit.records, conversation_id)
    if conversation.holder_kind is HolderKind.AGENT:
        return None
    if known := waiting_by_conversation(unit.records, conversation_id):
        return _hurry(unit, known, reason, desk)
    return put_in_line(unit, conversation, reason=reason, desk=desk, by=by, words_to_contact=words_to_contact)


def put_in_line(
    unit: Unit,
    conversation: Conversation,
    *,
    reason: Reason,
    desk: Desk,
    by: By,
    words_to_contact: str | None = None,
) -> Waiting:
    """From whoever has it to the queue: transfer, place, brief and questions together."""
    waiting, is_on_duty, words = _prepare(unit, conversation, reason, desk)
    if conversation.holder_kind is HolderKind.ASSISTANT:
        _say(unit, conversation, desk, words_to_contact or words)
    change_holder(unit, conversation.id, QUEUE, reason_code=reason.code, words=reason.words, by=by)
    insert_waiting(unit.records, waiting)
    refresh_brief(unit, conversation.id)
    announce(unit, PersonAsked(conversation.id, int(waiting.urgency), is_on_duty))
    return waiting


def cancel_wait(unit: Unit, conversation_id: str, *, by: By = SYSTEM) -> Conversation:
    """The contact goes on with the assistant after all; harmless where nobody waits."""
    conversation = conversation_of(unit.records, conversation_id)
    waiting = waiting_by_conversation(unit.records, conversation_id)
    if waiting is None:
        return conversation
    end_wait(unit, waiting, "cancelled")
    return change_holder(
        unit,
        conversation_id,
        Holder(HolderKind.ASSISTANT),
        reason_code="cancelled",
        words="The customer goes on with the AI assistant",
        by=by,
    )


def end_wait(unit: Unit, waiting: Waiting, how: str) -> float:
    """Mark the wait as over and say how long it was."""
    seconds = (unit.now - waiting.asked_at).total_seconds()
    update_waiting(unit.records, waiting.id, {"ended_at": unit.now, "ended_by": how})
    announce(unit, WaitEnded(waiting.conversation_id, how, seconds))
    drop_assignment(unit, waiting.conversation_id, how)
    return seconds


def answer_question(
    unit: Unit,
    conversation_id: str,
    question_id: str,
    value: str | None,
    *,
    by: By,
    attachment: Mapping[str, Any] | None = None,
) -> Entry | None:
    """Take the answer to one of the questions into the record and the brief; None as value skips it."""
    waiting = _waiting(unit, conversation_id)
    question = next((question for question in waiting.questions if question.id == question_id), None)
    if question is None:
        asked = ", ".join(question.id for question in waiting.questions) or "none"
        raise Invalid(f"question {question_id[:40]!r}", "it was not asked", f"answer one of: {asked}")
    answer = squeeze(value) if value else None
    if answer is not None and len(answer) > ANSWER_CHARS_MAX:
        raise Invalid("answer", f"it has more than {ANSWER_CHARS_MAX} characters", "shorten it")
    answers = {**waiting.answers, question_id: answer}
    update_waiting(unit.records, waiting.id, {"answers": answers})
    if not answer or waiting.answers.get(question_id) == answer:
        return None
    ref: dict[str, Any] = {"question": question_id, question_id: answer}
    body = f"{question.text} {answer}"
    if attachment is not None:
        ref["attachments"] = [dict(attachment)]
        body = f"{question.text}: {attachment.get('name') or 'photo'}"
    entry = add_entry(unit, conversation_id, EntryKind.NOTE, body, ref, by=by)
    refresh_brief(unit, conversation_id)
    return entry


def leave_address(
    unit: Unit, conversation_id: str, *, email: str = "", phone: str = "", name: str = "", by: By
) -> Entry:
    """A way to be reached when the chat is closed: kept with the contact, the wait and the brief."""
    waiting = _waiting(unit, conversation_id)
    if not email.strip() and not phone.strip():
        raise Invalid("address", "neither e-mail nor phone is given", "leave one of the two")
    conversation = conversation_of(unit.records, conversation_id)
    contact = update_contact(unit, conversation.contact_id, name=name, email=email, phone=phone)
    given = {
        "name": name.strip(),
        "email": clean_email(email) if email.strip() else "",
        "phone": phone.strip() and contact.phone,
    }
    address = {key: value for key, value in given.items() if value}
    update_waiting(unit.records, waiting.id, {"address": {**waiting.address, **address}})
    reach = ", ".join(value for key, value in address.items() if key != "name")
    entry = add_entry(
        unit,
        conversation_id,
        EntryKind.NOTE,
        f"Can be reached at {reach}",
        {"address": reach, **address},
        by=by,
    )
    refresh_brief(unit, conversation_id)
    return entry


def _prepare(unit: Unit, conversation: Conversation, reason: Reason, desk: Desk) -> tuple[Waiting, bool, str]:
    urgency = urgency_of(reason.code)
    place = place_of_newcomer(unit.records, unit.now, urgency)
    people = people_now(unit.records, desk, unit.now, place=place)
    entries = entries_since(unit.records, conversation.id, conversation.matter_seq, ENTRIES_LOOKED_AT_MAX)
    waiting = Waiting(
        id=unit.ids.new("wait"),
        conversation_id=conversation.id,
        asked_at=unit.now,
        due_at=due_at(unit.now, urgency, desk.hours),
        rank_at=rank_at(unit.now, urgency),
        urgency=urgency,
        reason_code=reason.code,
        reason_words=reason.words,
        topic=conversation.topic,
        questions=questions_for(reason.code, conversation.topic, entries),
        answers={},
        address={},
        told=people.wait,
    )
    words = last_words(
        reason.code,
        place=place,
        wait=people.wait,
        back_at=people.next_open_at,
        now=unit.now,
        hours=desk.hours,
    )
    return waiting, people.on_duty, words


def _say(unit: Unit, conversation: Conversation, desk: Desk, words: str) -> None:
    # Named after the turn of the conversation, so that a repeat of the same step says it once.
    client_id = f"handoff-{conversation.version}"
    post_reply(unit, Reply(conversation.id, desk.assistant, words, client_id))


def _hurry(unit: Unit, known: Waiting, reason: Reason, desk: Desk) -> Waiting:
    """Asked again for a graver reason: the wait keeps its start and moves forward."""
    urgency = urgency_of(reason.code)
    if urgency >= known.urgency:
        return known
    values = {
        "urgency": urgency,
        "rank_at": rank_at(known.asked_at, urgency),
        "due_at": due_at(known.asked_at, urgency, desk.hours),
        "reason_code": reason.code,
        "reason_words": reason.words,
    }
    update_waiting(unit.records, known.id, {**values, "urgency": int(urgency)})
    mark(unit, known.conversation_id, reason_code=reason.code, reason_words=reason.words)
    return msgspec.structs.replace(known, **values)


def _waiting(unit: Unit, conversation_id: str) -> Waiting:
    conversation_of(unit.records, conversation_id)
    waiting = waiting_by_conversation(unit.records, conversation_id)
    if waiting is None:
        raise NotWaiting(
            f"conversation {conversation_id}", "it does not wait for a person", "ask for one first"
        )
    return waiting
