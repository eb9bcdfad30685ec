import pytest
from sqlalchemy import text

from bothands.kit import Invalid, ManualClock
from bothands.people import (
    BadAddress,
    KnownBrowser,
    add_facts,
    contact_of,
    contact_of_key,
    customer_of,
    drop_expired_keys,
    is_due_again,
    let_in,
    meet,
    meet_browser,
    renew,
    update_contact,
)
from bothands.storage import Database, Unit


def test_a_visitor_is_known_again_by_their_key(db: Database) -> None:
    ada, key = db.write_now(lambda unit: meet(unit, None, language="en-GB"))
    again, same = db.write_now(lambda unit: meet(unit, key))
    assert (again, same) == (ada, key)
    assert db.read_now(lambda records: contact_of_key(records, key, db.clock.now())) == ada
    assert ada.is_anonymous


def test_a_key_brought_along_is_never_adopted(db: Database) -> None:
    _, key = db.write_now(lambda unit: meet(unit, "vk_chosen-by-somebody-else"))
    assert key != "vk_chosen-by-somebody-else"
    assert len(key) >= 3 + 38


def test_the_key_itself_is_not_in_the_database(db: Database) -> None:
    _, key = db.write_now(lambda unit: meet(unit, None))
    for table in ("people_contact", "people_visitor_key"):
        query = text(f"SELECT * FROM {table}")
        rows = db.read_now(lambda records, query=query: str(records.execute(query).all()))  # type: ignore[misc]
        assert rows != "[]"
        assert key not in rows


def test_a_key_that_nobody_uses_ends_and_one_in_use_goes_on(db: Database, clock: ManualClock) -> None:
    ada = db.write_now(lambda unit: meet_browser(unit, None))
    eve = db.write_now(lambda unit: meet_browser(unit, None))
    assert not is_due_again(ada, clock.now()), "once a month is enough"
    clock.advance(31 * 86_400)
    assert is_due_again(ada, clock.now())
    db.write_now(lambda unit: renew(unit, ada))
    clock.advance(60 * 86_400)
    assert db.read_now(lambda records: contact_of_key(records, eve.key, clock.now())) is None
    db.write_now(drop_expired_keys)
    left = db.read_now(
        lambda records: records.execute(text("SELECT contact_id FROM people_visitor_key")).all()
    )
    assert left == [(ada.contact.id,)]
    assert db.read_now(lambda records: contact_of_key(records, ada.key, clock.now())) == ada.contact


def test_a_key_that_ended_is_dropped_by_the_clock(db: Database, clock: ManualClock) -> None:
    guest, guests_key = db.write_now(lambda unit: meet(unit, None))

    def vouch(unit: Unit) -> KnownBrowser:
        return let_in(unit, customer_of(unit, "ada", name=None, email=None, language=None), "inbox_1")

    ada = db.write_now(vouch)
    clock.advance(14 * 86_400)
    assert db.read_now(lambda records: contact_of_key(records, ada.key, clock.now())) is None
    db.write_now(drop_expired_keys)
    left = db.read_now(
        lambda records: records.execute(text("SELECT contact_id FROM people_visitor_key")).all()
    )
    assert left == [(guest.id,)]
    assert db.read_now(lambda records: contact_of_key(records, guests_key, clock.now())) == guest


def test_what_a_contact_tells_is_kept_and_nothing_else_is_touched(db: Database) -> None:
    ada, _ = db.write_now(lambda unit: meet(unit, None))
    db.write_now(
        lambda unit: update_contact(unit, ada.id, name="  Ada\u202e  Byron ", email="Ada@Example.com")
    )
    db.write_now(lambda unit: update_contact(unit, ada.id, phone="+49 (30) 123-4567"))
    db.write_now(lambda unit: add_facts(unit, ada.id, {"order": "AL-1042"}))
    kept = db.read_now(lambda records: contact_of(records, ada.id))
    assert (kept.name, kept.email, kept.phone) == ("Ada Byron", "ada@example.com", "+49 (30) 123-4567")
    assert kept.facts == {"order": "AL-1042"}


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@b.c", "a b@c.de", "a@b", "a@b.c\r\nBcc: x@y.z", "a@b..c", "x" * 260 + "@b.de"]
)
def test_an_odd_address_is_refused_with_a_cure(db: Database, email: str) -> None:
    ada, _ = db.write_now(lambda unit: meet(unit, None))
    with pytest.raises(BadAddress) as caught:
        db.write_now(lambda unit: update_contact(unit, ada.id, email=email))
    assert caught.value.cure


def test_a_name_of_control_characters_is_refused(db: Database) -> None:
    ada, _ = db.write_now(lambda unit: meet(unit, None))
    with pytest.raises(Invalid):
        db.write_now(lambda unit: update_contact(unit, ada.id, name="\u202e\u0000 \u200f"[:3] + "\u200f"))
