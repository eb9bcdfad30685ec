import pytest

from bothands.balance import active_stops, resume, stop
from bothands.conversations import AuthorKind, By
from bothands.kit import Invalid, NotFound
from bothands.storage import Database

BO = By(AuthorKind.AGENT, "agent_bo", "Bo")
CHI = By(AuthorKind.AGENT, "agent_chi", "Chi")


def may(db: Database, topic: str | None) -> bool:
    return not any(held.covers(topic) for held in db.read_now(active_stops))


def test_a_stop_on_all_silences_every_topic_and_small_talk_at_once(db: Database):
    assert may(db, "returns")
    db.write_now(lambda unit: stop(unit, None, by=BO, reason="wrong prices"))
    assert not may(db, "returns")
    assert not may(db, None)


def test_a_stop_on_a_topic_leaves_the_others(db: Database):
    db.write_now(lambda unit: stop(unit, "returns", by=BO))
    assert not may(db, "returns")
    assert may(db, "delivery_times")
    assert may(db, None)


def test_lifting_it_gives_the_word_back_and_keeps_who_stopped(db: Database):
    held = db.write_now(lambda unit: stop(unit, None, by=BO, reason="wrong prices"))
    assert db.read_now(active_stops) == (held,)
    assert (held.by_name, held.reason) == ("Bo", "wrong prices")
    assert db.write_now(lambda unit: resume(unit, held.id, by=CHI)) == held
    assert db.write_now(lambda unit: resume(unit, held.id, by=CHI)) == held
    assert may(db, None)
    assert db.read_now(active_stops) == ()


def test_stopping_twice_is_one_stop(db: Database):
    first = db.write_now(lambda unit: stop(unit, None, by=BO))
    assert db.write_now(lambda unit: stop(unit, None, by=CHI)) == first
    db.write_now(lambda unit: stop(unit, "returns", by=CHI))
    db.write_now(lambda unit: resume(unit, first.id, by=CHI))
    assert not may(db, "returns")


def test_bad_stops_are_refused(db: Database):
    with pytest.raises(Invalid, match="300 characters"):
        db.write_now(lambda unit: stop(unit, None, by=BO, reason="x" * 301))
    with pytest.raises(Invalid, match="Name one"):
        db.write_now(lambda unit: stop(unit, "", by=BO))
    with pytest.raises(NotFound, match="stop_nowhere"):
        db.write_now(lambda unit: resume(unit, "stop_nowhere", by=CHI))
