"""What one is writing, kept for oneself alone."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from bothands.conversations import Unsent, keep_unsent, unsent_of
from bothands.web.asking import ConversationId, Signed, TheDesk
from bothands.web.shapes import Input

UNSENT_CHARS_MAX = 8_000


class UnsentInput(Input, frozen=True):
    """`written_at`: by the clock of the device; the latest wins."""

    text: Annotated[str, Meta(max_length=UNSENT_CHARS_MAX)]
    written_at: Annotated[datetime, Meta(tz=True)]


class UnsentList(msgspec.Struct, frozen=True):
    unsent: list[Unsent]


async def show_unsent(desk: TheDesk, signed_in: Signed, conversation_id: ConversationId) -> UnsentList:
    """One's own reply and note that were not sent, from whatever device; nobody else sees them."""
    agent_id = signed_in.agent.id
    return UnsentList(await desk.db.read(lambda records: unsent_of(records, conversation_id, agent_id)))


async def put_unsent(
    desk: TheDesk,
    signed_in: Signed,
    conversation_id: ConversationId,
    mode: FromPath[str],
    data: JSONBody[UnsentInput],
) -> Unsent:
    """Keep what one is writing (mode: reply or note) unless something later is kept; what is kept then."""
    agent_id = signed_in.agent.id
    return await desk.db.write(
        lambda unit: keep_unsent(unit, conversation_id, agent_id, mode, data.text, data.written_at)
    )
