"""Tags: put on by hand, said on the timeline, one whatever the spelling, changed for all at once."""

import pytest

from bothands.conversations import (
    SHOWN_TO_CONTACT,
    EntryKind,
    TagKnown,
    add_tag,
    drop_tag,
    entries_since,
    list_tags,
    receive,
    remove_tag,
    rename_tag,
    tags_of,
)
from bothands.conversations.tagging import TAGS_PER_CONVERSATION_MAX
from bothands.kit import Invalid
from bothands.storage import Database
from tests.cast import ADA_SAYS, acts, ada, bo, says, shop


@pytest.fixture
def conversation_id(db: Database) -> str:
    return db.write_now(
        lambda unit: receive(unit, says(shop(unit), ada(unit), ADA_SAYS, "c-1"))
    ).conversation.id


def names(db: Database, conversation_id: str) -> list[str]:
    return [tag.name for tag in db.read_now(lambda records: tags_of(records, conversation_id))]


def test_a_tag_is_one_whatever_its_spelling_and_the_timeline_says_who_did_it(
    db: Database, conversation_id: str
) -> None:
    agent = acts(db.write_now(bo))
    for name in ("Großkunde", "#grosskunde", " GROSSKUNDE "):
        tags = db.write_now(lambda unit, name=name: add_tag(unit, conversation_id, name, by=agent))
    assert [tag.name for tag in tags] == ["Großkunde"]
    db.write_now(lambda unit: remove_tag(unit, conversation_id, tags[0].id, by=agent))
    said = [
        e for e in db.read_now(lambda r: entries_since(r, conversation_id, 0)) if e.kind is EntryKind.TAGGING
    ]
    assert [(e.ref, e.author_name) for e in said] == [
        ({"added": "Großkunde"}, "Bo Lind"),
        ({"removed": "Großkunde"}, "Bo Lind"),
    ]
    assert EntryKind.TAGGING not in SHOWN_TO_CONTACT
    assert names(db, conversation_id) == []


def test_tags_are_listed_with_counts_renamed_and_deleted_for_all(db: Database, conversation_id: str) -> None:
    agent = acts(db.write_now(bo))
    tag = db.write_now(lambda unit: add_tag(unit, conversation_id, "vip", by=agent))[0]
    other = db.write_now(lambda unit: add_tag(unit, conversation_id, "refund", by=agent))[0]
    assert [(t.name, n) for t, n in db.read_now(list_tags)] == [("refund", 1), ("vip", 1)]
    with pytest.raises(TagKnown):
        db.write_now(lambda unit: rename_tag(unit, tag.id, "Refund"))
    db.write_now(lambda unit: rename_tag(unit, tag.id, "Wholesale"))
    assert names(db, conversation_id) == ["refund", "Wholesale"]
    db.write_now(lambda unit: drop_tag(unit, other.id))
    assert names(db, conversation_id) == ["Wholesale"]
    assert [(t.name, n) for t, n in db.read_now(list_tags)] == [("Wholesale", 1)]


@pytest.mark.parametrize("name", ["", "  ", "!!!", "x" * 41])
def test_a_tag_without_a_word_or_too_long_is_refused(db: Database, conversation_id: str, name: str) -> None:
    agent = acts(db.write_now(bo))
    with pytest.raises(Invalid, match="short word"):
        db.write_now(lambda unit: add_tag(unit, conversation_id, name, by=agent))


def test_a_conversation_bears_only_so_many(db: Database, conversation_id: str) -> None:
    agent = acts(db.write_now(bo))
    for number in range(TAGS_PER_CONVERSATION_MAX):
        db.write_now(lambda unit, n=number: add_tag(unit, conversation_id, f"tag {n}", by=agent))
    with pytest.raises(Invalid, match="bears 20 tags"):
        db.write_now(lambda unit: add_tag(unit, conversation_id, "one more", by=agent))
