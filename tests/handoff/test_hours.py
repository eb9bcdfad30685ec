from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.handoff.hours import hours_of, is_open, local, next_open_at, open_until
from bothands.kit import Invalid

BERLIN = hours_of(
    "Europe/Berlin",
    dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-20:00") | {"sat": "09:00-12:00, 13:00-18:00"},
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_people_are_there_by_the_companys_own_clock():
    friday = utc("2026-11-20 14:00")
    assert is_open(BERLIN, friday)
    assert local(BERLIN, open_until(BERLIN, friday)).strftime("%a %H:%M") == "Fri 20:00"
    assert next_open_at(BERLIN, friday) is None
    assert not is_open(BERLIN, utc("2026-11-20 19:00"))
    assert is_open(BERLIN, utc("2026-11-20 18:59"))


def test_after_closing_they_are_back_at_the_next_opening():
    assert next_open_at(BERLIN, utc("2026-11-20 20:00")) == utc("2026-11-21 08:00")
    assert next_open_at(BERLIN, utc("2026-11-21 18:00")) == utc("2026-11-23 07:00")


def test_a_lunch_break_is_a_break():
    noon = utc("2026-11-21 11:30")
    assert not is_open(BERLIN, noon)
    assert next_open_at(BERLIN, noon) == utc("2026-11-21 12:00")


def test_eight_o_clock_stays_eight_o_clock_when_the_clocks_change():
    # In Berlin summer time ends on Sunday 25 October 2026 and begins on Sunday 28 March 2027.
    assert next_open_at(BERLIN, utc("2026-10-24 20:00")) == utc("2026-10-26 07:00")
    assert next_open_at(BERLIN, utc("2026-10-17 20:00")) == utc("2026-10-19 06:00")
    assert next_open_at(BERLIN, utc("2027-03-27 20:00")) == utc("2027-03-29 06:00")


def test_a_night_shift_lasts_an_hour_longer_when_the_clocks_go_back():
    nights = hours_of("Europe/Berlin", {"sat": "22:00-06:00"})
    begins = next_open_at(nights, utc("2026-10-24 12:00"))
    assert begins == utc("2026-10-24 20:00")
    assert open_until(nights, begins) - begins == timedelta(hours=9)
    assert is_open(nights, utc("2026-10-25 04:59"))
    assert not is_open(nights, utc("2026-10-25 05:00"))


def test_always_open_has_no_end_and_never_open_no_beginning():
    always = hours_of("UTC", dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00"))
    now = utc("2026-11-20 14:00")
    assert is_open(always, now)
    assert open_until(always, now) is None
    assert next_open_at(always, now) is None
    never = hours_of("UTC", {})
    assert not is_open(never, now)
    assert next_open_at(never, now) is None


def test_spans_that_touch_are_one():
    hours = hours_of("UTC", {"fri": "08:00-24:00", "sat": "00:00-02:00, 02:00-03:00"})
    assert open_until(hours, utc("2026-11-20 14:00")) == utc("2026-11-21 03:00")


@pytest.mark.parametrize(
    ("timezone", "week", "words"),
    [
        ("Europe/Nowhere", {}, "Time zone 'Europe/Nowhere': it is not known"),
        ("../etc/passwd", {}, "it is not known"),
        ("", {}, "it is not known"),
        ("UTC", {"monday": "08:00-20:00"}, "it is no day"),
        ("UTC", {"mon": "8-20"}, "Hours of mon: '8-20' is no span"),
        ("UTC", {"mon": "08:00-08:00"}, "no span of a day"),
        ("UTC", {"mon": "24:00-25:00"}, "no span of a day"),
        ("UTC", {"mon": ",".join(["08:00-09:00"] * 7)}, "more than 6 spans"),
    ],
)
def test_mistakes_are_named(timezone, week, words):
    with pytest.raises(Invalid, match=words):
        hours_of(timezone, week)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
def test_law_either_open_with_an_end_or_closed_with_a_beginning(naive):
    now = naive.replace(tzinfo=UTC)
    until, back = open_until(BERLIN, now), next_open_at(BERLIN, now)
    assert (until is None) != (back is None)
    assert (until or back) > now
    if back:
        assert is_open(BERLIN, back)
        assert not is_open(BERLIN, back - timedelta(microseconds=1))
    else:
        assert not is_open(BERLIN, until)


@pytest.mark.parametrize("day", ["08:00-20:00, 20:00-08:00", "00:00-24:00", "12:00-24:00, 00:00-12:00"])
def test_two_shifts_that_fill_the_day_are_always_open(day: str):
    hours = hours_of("Europe/Berlin", dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), day))
    for hour in range(0, 24 * 8, 3):
        at = utc("2026-10-23 01:30") + timedelta(hours=hour)
        assert is_open(hours, at)
        assert open_until(hours, at) is None
        assert next_open_at(hours, at) is None
