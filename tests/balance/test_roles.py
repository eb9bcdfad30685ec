import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from bothands.balance import Role, adopt_charter, change_role, charter_from, charter_of
from bothands.conversations import AuthorKind, By
from bothands.kit import Invalid
from bothands.storage import Database

TITLES = {"returns": "Sending things back", "damaged_item": "Something arrived broken"}
CHI = By(AuthorKind.AGENT, "agent_chi", "Chi")
RETAIL = Path(__file__).parents[2] / "examples" / "retail"


def test_the_shops_charter_is_read():
    topics = tomllib.loads((RETAIL / "topics.toml").read_text())["topic"]
    charter = charter_from(
        tomllib.loads((RETAIL / "charter.toml").read_text()), {t["id"]: t["title"] for t in topics}
    )
    assert len(charter.topics) == len(topics)
    assert charter.of("damaged_item").role is Role.PERSON_ONLY
    assert charter.of("delivery_times").role is Role.AI_ACTS
    assert charter.of("delivery_times").owner == "Lena Brandt"
    assert charter.of("never heard of").role is Role.AI_ACTS


def test_what_a_topic_leaves_out_comes_from_the_defaults():
    charter = charter_from(
        {
            "defaults": {"role": "ai_acts", "threshold": 0.8},
            "topic": {"returns": {"role": "ai_drafts", "review_on": date(2027, 1, 2)}},
            "languages": ["en", "de"],
        },
        TITLES,
    )
    returns = charter.of("returns")
    assert (returns.title, returns.role, returns.threshold) == ("Sending things back", Role.AI_DRAFTS, 0.8)
    assert returns.review_on == date(2027, 1, 2)
    assert charter.languages == ("en", "de")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"default": {}}, "Charter default: it is not known"),
        ({"defaults": {"role": "robot"}}, "the role 'robot' is not known. Use one of: ai_acts"),
        ({"defaults": []}, "it is not a table"),
        ({"topic": {"retruns": {}}}, "there is no such topic"),
        ({"topic": {"returns": "ai_acts"}}, "it is not a table"),
        ({"topic": {"returns": {"roel": "ai_acts"}}}, "roel: it is not known"),
        ({"topic": {"returns": {"review_on": "soon"}}}, "'soon' is not a day"),
        ({"topic": {"returns": {"review_on": datetime(2027, 1, 1)}}}, "is not a day"),  # noqa: DTZ001
        ({"topic": {"returns": {"threshold": 7}}}, "7 is not a share"),
        ({"topic": {"returns": {"threshold": True}}}, "True is not a share"),
        ({"topic": {"returns": {"threshold": float("nan")}}}, "nan is not a share"),
        ({"topic": {"returns": {"owner": 3}}}, "owner: it is not a text"),
        ({"rules": {"asked_for_person": False}}, "a wish for a person is never refused"),
        ({"rules": {"anger": "no"}}, "neither true nor false"),
        ({"rules": {"anegr": True}}, "anegr: it is not known"),
        ({"languages": "en"}, "not a list of language codes"),
    ],
)
def test_mistakes_in_a_charter_are_named(values, words):
    with pytest.raises(Invalid, match=words):
        charter_from(values, TITLES)


def test_too_many_topics_are_refused():
    with pytest.raises(Invalid, match="more than 2000 topics"):
        charter_from({}, {f"t{n}": "" for n in range(2_001)})


def test_before_any_charter_a_person_sends_everything(db: Database):
    assert db.read_now(charter_of).of("returns").role is Role.AI_DRAFTS


def test_an_adopted_charter_holds_and_adopting_it_again_changes_nothing(db: Database):
    charter = charter_from({"defaults": {"role": "ai_acts"}, "rules": {"anger": False}}, TITLES)
    first = db.write_now(lambda unit: adopt_charter(unit, charter, by=CHI))
    again = db.write_now(lambda unit: adopt_charter(unit, charter, by=CHI))
    assert first == again == db.read_now(charter_of)
    assert first.version == 1
    assert first.rules.anger is False


def test_importing_the_same_file_again_keeps_what_people_changed_at_the_desk(db: Database):
    charter = charter_from({"defaults": {"role": "ai_acts"}}, TITLES)
    db.write_now(lambda unit: adopt_charter(unit, charter, by=CHI))
    changed = db.write_now(lambda unit: change_role(unit, "returns", "ai_drafts", reason="Holidays", by=CHI))
    assert db.write_now(lambda unit: adopt_charter(unit, charter, by=CHI)) == changed
    other = charter_from({"defaults": {"role": "person_only"}}, TITLES)
    assert db.write_now(lambda unit: adopt_charter(unit, other, by=CHI)).version == 3


def test_changing_a_role_is_a_new_version_with_owner_and_reason(db: Database):
    charter = charter_from({"defaults": {"role": "ai_acts"}}, TITLES)
    db.write_now(lambda unit: adopt_charter(unit, charter, by=CHI))
    db.write_now(lambda unit: change_role(unit, "returns", "person_only", reason="Policy changes", by=CHI))
    present = db.read_now(charter_of)
    assert present.version == 2
    returns = present.of("returns")
    assert (returns.role, returns.owner, returns.reason) == (Role.PERSON_ONLY, "Chi", "Policy changes")
    assert present.of("damaged_item").role is Role.AI_ACTS
    assert [entry.topic for entry in present.topics] == list(TITLES)


def test_a_topic_the_charter_does_not_name_may_get_a_role_too(db: Database):
    changed = db.write_now(
        lambda unit: change_role(unit, "own_faq", Role.AI_ACTS, reason="Own texts", by=CHI, title="Own FAQ")
    )
    assert changed.of("own_faq").title == "Own FAQ"


@pytest.mark.parametrize(
    ("topic", "role", "reason"), [("", "ai_acts", "x"), ("a", "boss", "x"), ("a", "ai_acts", " ")]
)
def test_a_bad_change_is_refused(db: Database, topic, role, reason):
    with pytest.raises(Invalid):
        db.write_now(lambda unit: change_role(unit, topic, role, reason=reason, by=CHI))
