"""Tags on conversations: put on and taken off by agents; renamed and deleted, for all at once, by leads."""

from collections.abc import Collection

from sqlalchemy import Connection

from bothands.conversations.events import EntryAdded
from bothands.conversations.model import EntryKind, Tag
from bothands.conversations.noting import By, append
from bothands.conversations.search_store import OF_TAGS, Words, put_words
from bothands.conversations.tag_store import (
    conversations_tagged,
    count_tags,
    delete_tag,
    drop_tagging,
    insert_tag,
    put_tagging,
    tag_by_id,
    tag_by_key,
    tags_by_conversation,
    tags_with_counts,
)
from bothands.conversations.tag_store import rename_tag as put_name
from bothands.conversations.viewing import conversation_of
from bothands.jobs import announce
from bothands.kit import Conflict, Invalid, NotFound, folded_words, squeeze
from bothands.storage import Unit, take_turns

TAG_CHARS_MAX = 40
TAGS_MAX = 1_000
TAGS_PER_CONVERSATION_MAX = 20


class TagKnown(Conflict):
    code = "tag-known"
    title = "There is a tag of this name already"


def add_tag(unit: Unit, conversation_id: str, name: str, *, by: By) -> list[Tag]:
    """Put a tag on, a new one if need be; the tags it bears then. Harmless when it bears it."""
    conversation = conversation_of(unit.records, conversation_id)
    name, key = _named(name)
    borne = tags_of(unit.records, conversation_id)
    tag = tag_by_key(unit.records, key) or _new_tag(unit, name, key)
    if tag in borne:
        return borne
    if len(borne) >= TAGS_PER_CONVERSATION_MAX:
        raise Invalid(
            f"tag {name!r}",
            f"the conversation bears {TAGS_PER_CONVERSATION_MAX} tags already",
            "take one off first",
        )
    put_tagging(unit.records, conversation_id, tag.id, unit.now)
    entry = append(unit, conversation, EntryKind.TAGGING, "", {"added": tag.name}, author=by)
    announce(unit, EntryAdded(conversation_id, entry.seq, entry.kind.value))
    return _shown(unit, conversation_id)


def remove_tag(unit: Unit, conversation_id: str, tag_id: str, *, by: By) -> list[Tag]:
    """Take a tag off; the tags it bears then."""
    conversation = conversation_of(unit.records, conversation_id)
    tag = tag_of(unit.records, tag_id)
    if drop_tagging(unit.records, conversation_id, tag_id):
        entry = append(unit, conversation, EntryKind.TAGGING, "", {"removed": tag.name}, author=by)
        announce(unit, EntryAdded(conversation_id, entry.seq, entry.kind.value))
    return _shown(unit, conversation_id)


def tag_of(records: Connection, tag_id: str) -> Tag:
    tag = tag_by_id(records, tag_id)
    if tag is None:
        raise NotFound(f"tag {tag_id!r}", "there is none with this id", "check the id")
    return tag


def tags_of(records: Connection, conversation_id: str) -> list[Tag]:
    return tags_by_conversation(records, [conversation_id]).get(conversation_id, [])


def list_tags(records: Connection, *, hidden: Collection[str] = ()) -> list[tuple[Tag, int]]:
    """Every tag by name, with how many conversations bear it; those of hidden inboxes are not counted."""
    return tags_with_counts(records, hidden)


def rename_tag(unit: Unit, tag_id: str, name: str) -> Tag:
    """Everywhere at once; what the timelines say of earlier times stays."""
    tag_of(unit.records, tag_id)
    name, key = _named(name)
    known = tag_by_key(unit.records, key)
    if known is not None and known.id != tag_id:
        raise TagKnown(f"tag {name!r}", "another tag has this name", "choose another name")
    tag = Tag(tag_id, name)
    put_name(unit.records, tag, key)
    _tell(unit, conversations_tagged(unit.records, tag_id))
    return tag


def drop_tag(unit: Unit, tag_id: str) -> None:
    """Take it off everywhere and forget it."""
    tag_of(unit.records, tag_id)
    borne_by = conversations_tagged(unit.records, tag_id)
    delete_tag(unit.records, tag_id)
    _tell(unit, borne_by)


def tag_key(name: str) -> str:
    """Names that differ in case, accents or signs alone are one tag's."""
    return " ".join(found.word for found in folded_words(name))


def _named(name: str) -> tuple[str, str]:
    name = squeeze(name.replace('"', " ").removeprefix("#"))
    key = tag_key(name)
    if not key or len(name) > TAG_CHARS_MAX:
        raise Invalid(
            f"tag {name[:TAG_CHARS_MAX]!r}",
            f"it has no letter or digit, or more than {TAG_CHARS_MAX} characters",
            "choose a short word",
        )
    return name, key


def _new_tag(unit: Unit, name: str, key: str) -> Tag:
    # Two agents may think of the same new word at once.
    take_turns(unit.records, "new tag")
    if known := tag_by_key(unit.records, key):
        return known
    if count_tags(unit.records) >= TAGS_MAX:
        raise Invalid(f"tag {name!r}", f"there are {TAGS_MAX} tags already", "use one that there is")
    tag = Tag(unit.ids.new("tag"), name)
    insert_tag(unit.records, tag, key)
    return tag


def _shown(unit: Unit, conversation_id: str) -> list[Tag]:
    """The tags, and their words for the search; nothing of this is on the path of a message."""
    tags = tags_of(unit.records, conversation_id)
    words = " ".join(tag_key(tag.name) for tag in tags)
    put_words(unit.records, Words(conversation_id, OF_TAGS, unit.now, words))
    return tags


def _tell(unit: Unit, conversation_ids: Collection[str]) -> None:
    for conversation_id in conversation_ids:
        _shown(unit, conversation_id)
