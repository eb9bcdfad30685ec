"""Files in somebody's hands: who uploaded them, to whom they were sent, who may see them."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import Connection

from bothands.channels.model import File, Image
from bothands.channels.store import (
    bytes_of_contact,
    contents_kept,
    files_by_id,
    give_files,
    insert_file,
)
from bothands.conversations import Conversation, Sight
from bothands.kit import NotFound, TooLarge, squeeze
from bothands.storage import Unit

NAME_CHARS_MAX = 120
CONTACT_BYTES_MAX = 100 * 1024 * 1024


def add_file(
    unit: Unit,
    image: Image,
    name: str,
    *,
    contact_id: str | None = None,
    inbox_id: str | None = None,
    agent_id: str | None = None,
) -> File:
    """Note who uploaded the stored picture; exactly one of contact, with the inbox, and agent."""
    if (contact_id is None) == (agent_id is None) or (contact_id is None) != (inbox_id is None):
        raise ValueError("add_file: a file comes from a contact at an inbox or from an agent. Name one.")
    if contact_id and bytes_of_contact(unit.records, contact_id) + image.size_bytes > CONTACT_BYTES_MAX:
        raise TooLarge(
            "pictures",
            f"yours together have more than {CONTACT_BYTES_MAX // 1024 // 1024} MiB",
            "describe it in words, or ask for a person",
        )
    file = File(
        id=unit.ids.new("file"),
        contact_id=contact_id,
        agent_id=agent_id,
        inbox_id=inbox_id,
        sha256=image.sha256,
        name=clean_name(name),
        media_type=image.media_type,
        size_bytes=image.size_bytes,
        at=unit.now,
    )
    insert_file(unit.records, file)
    return file


def file_of(records: Connection, file_id: str) -> File:
    file = files_by_id(records, [file_id]).get(file_id)
    if file is None:
        raise _no_file(file_id)
    return file


def file_for_contact(records: Connection, file_id: str, contact_id: str) -> File:
    """Somebody else's file looks like none."""
    file = file_of(records, file_id)
    if file.contact_id != contact_id:
        raise _no_file(file_id)
    return file


def file_for_agent(records: Connection, file_id: str, agent_id: str | None, sight: Sight) -> File:
    """What was sent in an inbox they see, or what they are about to send; anything else looks like none."""
    file = file_of(records, file_id)
    if not (sight.shows(file.inbox_id) if file.inbox_id else file.agent_id == agent_id):
        raise _no_file(file_id)
    return file


def attachments_from_contact(
    records: Connection, file_ids: Sequence[str], contact_id: str
) -> tuple[dict[str, object], ...]:
    """For a message's `ref`; every file must be this contact's own."""
    found = files_by_id(records, file_ids)
    for file_id in file_ids:
        if file_id not in found or found[file_id].contact_id != contact_id:
            raise _no_file(file_id)
    return tuple(found[file_id].attachment for file_id in file_ids)


def attach_from_agent(
    unit: Unit, file_ids: Sequence[str], agent_id: str, to: Conversation
) -> tuple[dict[str, object], ...]:
    """Give the agent's files to its contact, in the transaction of the message that carries them."""
    wanted = list(dict.fromkeys(file_ids))
    if wanted and give_files(unit.records, wanted, agent_id, to.contact_id, to.inbox_id) != len(wanted):
        raise _no_file(", ".join(wanted))
    found = files_by_id(unit.records, wanted)
    return tuple(found[file_id].attachment for file_id in wanted)


def content_is_kept(records: Connection, sha256: str) -> bool:
    """Whether any file still has this content."""
    return bool(contents_kept(records, [sha256]))


def clean_name(name: str) -> str:
    """What is shown as the file's name: one line, no path, nothing that changes direction."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = squeeze("".join(c for c in base if unicodedata.category(c)[0] != "C"))
    return plain[-NAME_CHARS_MAX:] or "picture"


def _no_file(file_id: str) -> NotFound:
    return NotFound(f"file {file_id}", "no such file of yours", "upload it again")
