"""Between the assistant and people: take over, hand back, the brief."""

import msgspec
from litestar.params import JSONBody
from sqlalchemy import Connection

from bothands.conversations import Conversation
from bothands.handoff import Brief, assignment_of, brief_of, correct_brief, hand_back, take_over
from bothands.people import contact_of
from bothands.storage import Unit
from bothands.web.asking import ConversationId, Signed, by
from bothands.web.repeating import TheOnce
from bothands.web.shapes import BriefLineInput, BriefLineView, BriefView, HandBackInput, Row, row_of


class Moved(msgspec.Struct, frozen=True):
    """The conversation as it stands after changing hands."""

    row: Row


async def take_over_conversation(once: TheOnce, signed_in: Signed, conversation_id: ConversationId) -> Moved:
    """Have the conversation; from this moment the assistant is silent in it."""

    def move(unit: Unit) -> Moved:
        return _moved(unit, take_over(unit, conversation_id, signed_in.agent))

    return await once.write(move, Moved)


async def hand_back_conversation(
    once: TheOnce, signed_in: Signed, conversation_id: ConversationId, data: JSONBody[HandBackInput]
) -> Moved:
    """Let the assistant go on; the matter that is done is not dragged along."""

    def move(unit: Unit) -> Moved:
        return _moved(unit, hand_back(unit, conversation_id, signed_in.agent, note=data.note))

    return await once.write(move, Moved)


async def fix_brief(
    once: TheOnce, signed_in: Signed, conversation_id: ConversationId, data: JSONBody[BriefLineInput]
) -> BriefView:
    """Put one line of the brief right, in a person's own words; they stay when it is made anew."""

    def fix(unit: Unit) -> BriefView:
        brief = correct_brief(unit, conversation_id, data.label, data.text, by=by(signed_in.agent))
        return _shown(brief)

    return await once.write(fix, BriefView)


def shown_brief(records: Connection, conversation_id: str) -> BriefView | None:
    """The brief as the desk shows it, each line with the entries it rests on."""
    brief = brief_of(records, conversation_id)
    return None if brief is None else _shown(brief)


def _shown(brief: Brief) -> BriefView:
    lines = tuple(
        BriefLineView(line.label.value, line.text, line.entries, line.certain, line.corrected_by)
        for line in brief.lines
    )
    return BriefView(brief.made_at, brief.messages, lines)


def _moved(unit: Unit, conversation: Conversation) -> Moved:
    assignment = assignment_of(unit.records, conversation.id)
    return Moved(row_of(conversation, contact_of(unit.records, conversation.contact_id), assignment))
