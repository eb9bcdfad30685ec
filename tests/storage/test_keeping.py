"""Every table says what it keeps; one that does not, or cannot mean it, is refused with a cure."""

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, Text

from bothands.storage import (
    Data,
    Days,
    Emptied,
    Json,
    Lead,
    Mentions,
    Moment,
    Undeclared,
    Until,
    check_tables,
    keeps,
    kept_by,
    metadata,
    open_database,
)
from bothands.storage.keeping import end_of_the_way
from tests.conftest import load_stores

ENDS = Until("it is erased")


def table_with(info: dict[str, object]) -> MetaData:
    """A person, and a thing of theirs that declares `info`."""
    tables = MetaData()
    Table(
        "person",
        tables,
        Column("id", String(40), primary_key=True),
        info=keeps(Data.PERSONAL, "Who it is", ENDS, leads="id"),
    )
    Table(
        "thing",
        tables,
        Column("id", String(40), primary_key=True),
        Column("person_id", String(40), ForeignKey("person.id")),
        Column("subject_id", String(40)),
        Column("kind", String(20)),
        Column("words", Text),
        Column("body", Json),
        Column("at", Moment),
        info=info,
    )
    return tables


def personal(*, lasts: Until | Days = ENDS, **more: object) -> dict[str, object]:
    return keeps(Data.PERSONAL, "What they said", lasts, **more)  # type: ignore[arg-type]


def test_every_table_of_ours_says_what_it_keeps() -> None:
    load_stores()
    check_tables()
    assert len(metadata.tables) > 20


def test_whatever_is_personal_leads_to_a_contact() -> None:
    load_stores()
    led = [table for table in metadata.tables.values() if isinstance(kept_by(table).leads, str | Lead)]
    assert {end_of_the_way(table).name for table in led} == {"people_contact"}


@pytest.mark.parametrize(
    ("info", "cause"),
    [
        ({}, "does not say what it keeps"),
        (personal(), "nothing leads to whom it tells of"),
        (keeps(Data.SENSITIVE, "How they feel", ENDS), "nothing leads to whom it tells of"),
        (personal(leads="owner_id"), "'owner_id' that it does not have"),
        (personal(leads="subject_id"), "subject_id leads nowhere"),
        (personal(leads=Lead("subject_id", to="nobody.id")), "leads to nobody.id, where nothing is"),
        (personal(leads=Mentions(("text",))), "'text' that it does not have"),
        (personal(leads="person_id", lasts=Days(3, since="seen_at")), "'seen_at' that it does not have"),
        (personal(leads="person_id", emptied=Emptied({"words": ""})), "leave what subject_id, kind, body"),
    ],
)
def test_a_declaration_that_is_missing_or_cannot_be_true_is_refused(
    info: dict[str, object], cause: str
) -> None:
    with pytest.raises(Undeclared, match=cause) as refused:
        check_tables(table_with(info))
    assert refused.value.thing == "table thing"
    assert refused.value.cure


def test_a_program_of_some_rooms_trusts_the_way_into_the_others() -> None:
    away = personal(leads=Lead("subject_id", to="nobody.id"))
    check_tables(table_with(away), is_whole=False)
    wrong = personal(leads=Lead("subject_id", to="person.nothing"))
    with pytest.raises(Undeclared, match=r"leads to person\.nothing, where nothing is"):
        check_tables(table_with(wrong), is_whole=False)


def test_nothing_starts_with_a_table_that_says_nothing(sqlite_url: str) -> None:
    """The sabotage switch: without it, the rule could hold because nobody looks."""
    load_stores()
    silent = Table("silent", metadata, Column("id", String(40), primary_key=True))
    try:
        with pytest.raises(Undeclared, match="Table silent: it does not say what it keeps"):
            open_database(sqlite_url)
    finally:
        metadata.remove(silent)
    open_database(sqlite_url).close()


@pytest.mark.parametrize(
    "info",
    [
        personal(leads="person_id"),
        personal(leads=Lead("subject_id", to="person.id"), lasts=Days("keep_days", since="at")),
        personal(leads=Mentions(("body", "words"))),
        personal(leads="person_id", emptied=Emptied({"words": "", "body": {}}, stays=("kind", "subject_id"))),
        keeps(Data.STAFF, "Who did it", Until("the company ends")),
    ],
)
def test_a_declaration_that_can_be_true_is_taken(info: dict[str, object]) -> None:
    check_tables(table_with(info))
