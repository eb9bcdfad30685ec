"""Help for whoever answers: the assistant's draft with its sources, and what to do next."""

from bothands.assist import Suggestion, suggest
from bothands.web.asking import ConversationId, Signed, TheDesk


async def suggest_reply(desk: TheDesk, signed_in: Signed, conversation_id: ConversationId) -> Suggestion:
    """A draft to send, change or leave, and one next step; nothing of it is sent by itself."""
    return await suggest(desk.db, desk.proposer, desk.library, conversation_id, signed_in.agent)
