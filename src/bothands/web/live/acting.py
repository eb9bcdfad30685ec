"""What a visitor's frame does: one verb each, in one transaction."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from bothands.balance import Reason
from bothands.channels import attachments_from_contact
from bothands.conversations import (
    AuthorKind,
    By,
    Conversation,
    Inbound,
    Inbox,
    Received,
    check_inbound,
    current_conversation,
    rate,
    receive,
    receive_many,
)
from bothands.handoff import answer_question, bring_in, cancel_wait, come_back, leave_address, waiting_of
from bothands.kit import NotFound, Overloaded
from bothands.people import Contact, KnownBrowser, contact_of, update_contact
from bothands.storage import Unit
from bothands.web.desk import WebDesk
from bothands.web.limiting import Limiter
from bothands.web.live import frames

# With more writes than this before it, a message would be acknowledged later than anybody likes to wait.
WRITES_BEFORE_MESSAGE_MAX = 250
BUSY_SECONDS = 2

ASKED_FOR_PERSON = Reason("wish", "The customer asked for a person")
ASKING_WORDS = "I would like to talk to a person."


class Visitor(msgspec.Struct, frozen=True):
    """Who speaks on a visitor's socket, and to which inbox."""

    desk: WebDesk
    limiter: Limiter
    inbox: Inbox
    browser: KnownBrowser
    address: str

    @property
    def contact(self) -> Contact:
        return self.browser.contact

    @property
    def by(self) -> By:
        return By(AuthorKind.CONTACT, self.contact.id, self.contact.name)


class Done(msgspec.Struct, frozen=True):
    """What a frame led to: the seq under which it is stored, and the message where it was one."""

    seq: int | None = None
    received: Received | None = None


async def act(visitor: Visitor, frame: frames.VisitorFrame) -> Done:
    """Do what the frame asks."""
    match frame:
        case frames.Send():
            return await _send(visitor, frame)
        case frames.Typing():
            await _type(visitor)
        case frames.Rate():
            visitor.limiter.count("messages_per_visitor", visitor.contact.id)
            await visitor.desk.db.write(lambda unit: _rate(unit, visitor, frame))
        case frames.AskPerson():
            visitor.limiter.count("messages_per_visitor", visitor.contact.id)
            return Done(await visitor.desk.db.write(lambda unit: _ask_person(unit, visitor, frame.client_id)))
        case frames.CancelPerson():
            await visitor.desk.db.write(
                lambda unit: cancel_wait(unit, _current(unit.records, visitor).id, by=visitor.by)
            )
        case frames.AnswerQuestion():
            await visitor.desk.db.write(lambda unit: _answer(unit, visitor, frame))
        case frames.LeaveAddress():
            visitor.limiter.count("messages_per_visitor", visitor.contact.id)
            await visitor.desk.db.write(lambda unit: _leave_address(unit, visitor, frame))
        case frames.Reopen():
            await visitor.desk.db.write(lambda unit: _come_back(unit, visitor))
        case _:
            pass  # `seen` is part of the protocol; what a visitor has read is not kept yet
    return Done()


async def _send(visitor: Visitor, frame: frames.Send) -> Done:
    """The message path: limits and checks first, then one set-based write with all that wait."""
    _check_room(visitor)  # first, so that what we cannot take is not counted against its sender
    visitor.limiter.count("messages_per_visitor", visitor.contact.id)
    visitor.limiter.count("messages_per_address", visitor.address)
    visitor.limiter.count("messages_per_inbox", visitor.inbox.id)
    attachments: tuple[dict[str, Any], ...] = ()
    if frame.attachments:
        attachments = await visitor.desk.db.read(
            lambda records: attachments_from_contact(records, frame.attachments, visitor.contact.id)
        )
    inbound = Inbound(visitor.inbox.id, visitor.contact.id, frame.client_id, frame.text, attachments)
    check_inbound(inbound)
    received = await visitor.desk.db.write_many(receive_many, inbound)
    return Done(received.entry.seq, received)


def _check_room(visitor: Visitor) -> None:
    waiting = visitor.desk.db.writes_waiting
    if waiting >= WRITES_BEFORE_MESSAGE_MAX:
        raise Overloaded(
            "message",
            f"more arrive than can be stored, {waiting} wait already",
            f"send it again in {BUSY_SECONDS} seconds; nothing of it was stored",
            retry_after_seconds=BUSY_SECONDS,
        )


async def _type(visitor: Visitor) -> None:
    """A hint for the desk."""

    def look(records: Connection) -> tuple[str, str] | None:
        conversation = current_conversation(records, visitor.inbox.id, visitor.contact.id)
        if conversation is None or not conversation.is_open:
            return None
        return conversation.id, contact_of(records, visitor.contact.id).name or "Visitor"

    if found := await visitor.desk.db.read(look):
        visitor.desk.hub.show_typing(found[0], "contact", found[1])


def _ask_person(unit: Unit, visitor: Visitor, client_id: str) -> int:
    """Ask for a person; where nothing is open yet, the wish itself is the first message."""
    conversation = current_conversation(unit.records, visitor.inbox.id, visitor.contact.id)
    if conversation is None or not conversation.is_open:
        inbound = Inbound(visitor.inbox.id, visitor.contact.id, client_id, ASKING_WORDS)
        conversation = receive(unit, inbound).conversation
    if conversation.is_open:
        bring_in(unit, conversation.id, reason=ASKED_FOR_PERSON, desk=visitor.desk.handoff, by=visitor.by)
    return _current(unit.records, visitor).seq


def _answer(unit: Unit, visitor: Visitor, frame: frames.AnswerQuestion) -> None:
    conversation = _current(unit.records, visitor)
    attachment: dict[str, Any] | None = None
    if frame.value and frame.value.startswith("file_"):
        attachment = attachments_from_contact(unit.records, [frame.value], visitor.contact.id)[0]
    answer_question(unit, conversation.id, frame.question, frame.value, by=visitor.by, attachment=attachment)


def _leave_address(unit: Unit, visitor: Visitor, frame: frames.LeaveAddress) -> None:
    """Kept with the contact always, and with the wait while there is one."""
    conversation = current_conversation(unit.records, visitor.inbox.id, visitor.contact.id)
    email, phone, name = frame.email or "", frame.phone or "", frame.name or ""
    if conversation is not None and waiting_of(unit.records, conversation.id) is not None:
        leave_address(unit, conversation.id, email=email, phone=phone, name=name, by=visitor.by)
    else:
        update_contact(unit, visitor.contact.id, name=name, email=email, phone=phone)


def _rate(unit: Unit, visitor: Visitor, frame: frames.Rate) -> None:
    conversation = _current(unit.records, visitor)
    rate(
        unit,
        conversation.id,
        by=visitor.by,
        solved=frame.solved,
        score=frame.score,
        comment=frame.comment,
    )


def _come_back(unit: Unit, visitor: Visitor) -> None:
    conversation = _current(unit.records, visitor)
    come_back(unit, conversation.id, desk=visitor.desk.handoff, by=visitor.by)


def _current(records: Connection, visitor: Visitor) -> Conversation:
    conversation = current_conversation(records, visitor.inbox.id, visitor.contact.id)
    if conversation is None:
        raise NotFound("conversation", "you have none here yet", "write a message first")
    return conversation
