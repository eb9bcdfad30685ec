"""What an agent is writing is kept for that agent alone, so that they go on with it on another device.

The latest wins, by the time it was written. What was sent leaves an empty text: an older one that was still
on its way does not come back.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bothands.conversations.masking import mask
from bothands.conversations.model import Unsent
from bothands.conversations.unsent_store import put_unsent, unsent_by_agent
from bothands.conversations.viewing import conversation_of
from bothands.kit import Invalid
from bothands.storage import Unit

MODES = ("reply", "note")
UNSENT_CHARS_MAX = 8_000


def keep_unsent(
    unit: Unit, conversation_id: str, agent_id: str, mode: str, text: str, written_at: datetime
) -> Unsent:
    """Keep it unless something later is kept; what is kept then."""
    if mode not in MODES:
        raise Invalid(f"mode {mode[:20]!r}", "it is not known", f"use one of: {', '.join(MODES)}")
    if len(text) > UNSENT_CHARS_MAX or "\x00" in text:
        raise Invalid(
            "text", f"it has more than {UNSENT_CHARS_MAX} characters, or a NUL character", "shorten it"
        )
    # The row of the conversation is what two devices that begin at once both hold.
    conversation_of(unit.records, conversation_id)
    # A device whose clock is ahead must not win for ever.
    # A reply may name the company's own account; whose number is in a note, nobody knows.
    unsent = Unsent(mode, mask(text) if mode == "note" else text, min(written_at, unit.now))
    known = {one.mode: one for one in unsent_of(unit.records, conversation_id, agent_id)}.get(mode)
    if known is not None and known.written_at > unsent.written_at:
        return known
    put_unsent(unit.records, conversation_id, agent_id, unsent)
    return unsent


def drop_unsent(unit: Unit, conversation_id: str, agent_id: str | None, mode: str) -> None:
    """It was sent; harmless where nothing was kept."""
    for one in unsent_of(unit.records, conversation_id, agent_id) if agent_id else ():
        if one.mode == mode:
            empty = msgspec.structs.replace(one, text="", written_at=max(one.written_at, unit.now))
            put_unsent(unit.records, conversation_id, str(agent_id), empty)


def unsent_of(records: Connection, conversation_id: str, agent_id: str) -> list[Unsent]:
    """At most one of each mode."""
    return unsent_by_agent(records, conversation_id, agent_id)
