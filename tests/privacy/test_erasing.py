"""Erased is erased: in every table that may tell of a contact, in files, in the bytes of a SQLite file."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from bothands.channels import files_of_contact
from bothands.conversations import conversation_of, entries_since, receive
from bothands.people import IsErased, contact_of
from bothands.privacy import Places, ask_for_erasure, erase_contact, erasing, request_of
from bothands.privacy.requesting import NotConfirmed
from bothands.storage import Database, Subject, Unit, kept_by, subject_of, tables_about, untold
from tests.cast import says, shop
from tests.privacy.conftest import EVE_SAYS, Past
from tests.privacy.planting import CONTACTS, left_in_files, left_in_tables, plant


def ask(db: Database, past: Past, confirm: str | None = None) -> str:
    return db.write_now(
        lambda unit: ask_for_erasure(
            unit, past.ada.id, confirm=confirm or past.ada.id, by_id=past.agent.id, by_name=past.agent.name
        )
    ).id


def erase(db: Database, places: Places, past: Past) -> str:
    request_id = ask(db, past)
    asyncio.run(erase_contact(db, places, request_id))
    return request_id


def left(db: Database, folder: Path, words: list[str]) -> dict[str, str]:
    return left_in_tables(db, words) | left_in_files(folder, words)


def test_of_a_word_in_every_column_none_is_left(
    db: Database, past: Past, places: Places, tmp_path: Path
) -> None:
    planted = plant(db, past.ada.id)
    words = [canary.word for canary in planted]
    assert len(words) > 40
    assert left_in_tables(db, words).keys() == set(words), "each of them was to be found before"
    request = db.read_now(lambda records: request_of(records, erase(db, places, past)))
    assert request.done_at is not None
    assert left(db, tmp_path, words) == {}


def test_a_table_that_is_passed_over_is_found_out(
    db: Database, past: Past, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: without it, the law above could hold because nobody looks."""
    planted = plant(db, past.ada.id)

    def some(tables: list[Table]) -> list[Table]:
        return [table for table in tables if table.name != "handoff_brief"]

    def but_one(records: Any, subject: Subject) -> dict[str, int]:
        return {name: rows for name, rows in untold(records, subject).items() if name != "handoff_brief"}

    monkeypatch.setattr(erasing, "tables_about", lambda name: some(tables_about(name)))
    monkeypatch.setattr(erasing, "untold", but_one)
    erase(db, places, past)
    found = left(db, tmp_path, [canary.word for canary in planted])
    assert {canary.table.name for canary in planted if canary.word in found} == {"handoff_brief"}


def test_what_figures_need_stays_without_words(db: Database, past: Past, places: Places) -> None:
    before = db.read_now(lambda records: conversation_of(records, past.conversation_id))
    erase(db, places, past)
    after = db.read_now(lambda records: conversation_of(records, past.conversation_id))
    assert (after.opened_at, after.holder_id) == (before.opened_at, past.agent.id)
    assert after.closed_at is not None
    assert (after.subject, after.preview) == ("", "")
    contact = db.read_now(lambda records: contact_of(records, past.ada.id))
    assert (contact.name, contact.email, contact.facts) == (None, None, {})


def test_nobody_else_loses_anything(db: Database, past: Past, places: Places) -> None:
    erase(db, places, past)
    said = db.read_now(lambda records: entries_since(records, past.eves_id, 0))
    assert [entry.body for entry in said] == [EVE_SAYS]
    assert db.read_now(lambda records: contact_of(records, past.eve.id)).name == "Eve"
    assert len(db.read_now(lambda records: files_of_contact(records, past.eve.id))) == 1


def test_a_content_goes_unless_somebody_else_sent_the_same(db: Database, past: Past, places: Places) -> None:
    for content in ("a" * 64, "b" * 64):
        path = places.images.path_of(content)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"picture")
    both = "b" * 64

    def sends_it_too(unit: Unit) -> None:
        from_eve = files_of_contact(unit.records, past.eve.id)[0]
        assert from_eve.sha256 == both

    db.write_now(sends_it_too)
    erase(db, places, past)
    assert not places.images.path_of("a" * 64).exists()
    assert places.images.path_of(both).exists()


def test_it_asks_for_the_name_or_the_id(db: Database, past: Past) -> None:
    with pytest.raises(NotConfirmed):
        ask(db, past, "Eve")
    assert ask(db, past, "  ada ") == ask(db, past), "asked twice, it is one erasure"


def test_whoever_is_erased_writes_no_more(db: Database, past: Past, places: Places) -> None:
    erase(db, places, past)
    inbox = db.write_now(shop)
    with pytest.raises(IsErased):
        db.write_now(lambda unit: receive(unit, says(inbox, past.ada, "Still here?", "c-9")))


@pytest.mark.parametrize("kill_after", [1, 3, 7, 12])
def test_broken_off_in_the_middle_it_goes_on_from_there(
    db: Database, past: Past, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kill_after: int
) -> None:
    words = [canary.word for canary in plant(db, past.ada.id)]
    request_id = ask(db, past)
    monkeypatch.setattr(erasing, "erase_some", breaking_after(kill_after))
    with pytest.raises(KilledHere):
        asyncio.run(erase_contact(db, places, request_id))
    assert left(db, tmp_path, words) != {}
    monkeypatch.undo()
    for _ in range(2):
        asyncio.run(erase_contact(db, places, request_id))
    assert left(db, tmp_path, words) == {}


class KilledHere(Exception):
    """As far as rows are concerned: what is committed stays, what is not is gone."""


def breaking_after(times: int) -> Any:
    done = 0
    real = erasing.erase_some

    def broken(records: Any, table: Table, subject: Subject) -> int:
        nonlocal done
        done += 1
        if done > times:
            raise KilledHere
        return real(records, table, subject, 1)

    return broken


def test_every_table_about_a_contact_comes_before_what_it_refers_to(db: Database) -> None:
    order = tables_about(CONTACTS)
    for place, table in enumerate(order):
        for key in table.foreign_keys:
            if key.column.table in order:
                assert order.index(key.column.table) >= place, f"{table.name} after {key.column.table.name}"
    assert kept_by(order[-1])


def test_texts_that_only_mention_a_contact_are_found(db: Database, past: Past) -> None:
    subject = db.read_now(lambda records: subject_of(records, CONTACTS, past.ada.id))
    assert past.conversation_id in subject.names
    assert past.eves_id not in subject.names
