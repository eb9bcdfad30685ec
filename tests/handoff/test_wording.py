from datetime import UTC, datetime

import pytest

from bothands.handoff.estimating import Wait
from bothands.handoff.hours import hours_of
from bothands.handoff.wording import OPENINGS, last_words, ordinal, when_words

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
HOURS = hours_of("Europe/Berlin", {"mon": "08:00-20:00"})


def words(code: str, **values) -> str:
    plain = {"place": 1, "wait": Wait(1, 3), "back_at": None, "now": NOW, "hours": HOURS}
    return last_words(code, **(plain | values))


@pytest.mark.parametrize("code", [*OPENINGS, "unsure", "risk_fraud", "something new"])
def test_every_reason_has_words_that_say_ai_and_spare_repeating(code):
    text = words(code)
    assert "AI" in text
    assert "won't need to repeat it" in text
    assert "about 1 to 3 minutes" in text


def test_somebody_in_danger_is_told_whom_to_call():
    assert "112" in words("risk_self_harm")
    assert "112" in words("risk_safety")


def test_the_place_reads_like_a_person_counts():
    assert "You are next in line" in words("wish")
    assert "You are 3rd in line" in words("wish", place=3)
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "112th",
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "today at 18:00 Berlin time"),
        (datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "tomorrow at 09:00 Berlin time"),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "on Monday 23 November at 08:00 Berlin time"),
    ],
)
def test_when_people_are_back_is_said_by_the_shops_own_clock(at, said):
    assert when_words(at, NOW, HOURS) == said
    assert f"People are back {said}." in words("wish", wait=None, back_at=at)
