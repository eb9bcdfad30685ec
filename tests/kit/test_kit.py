"""Small things that everything stands on."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.kit import (
    BothandsError,
    ManualClock,
    NotFound,
    RandomIds,
    every_error,
    excerpt,
    initials,
    slug,
)


def test_ids_are_prefixed_ordered_by_time_and_never_repeat() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    ids = RandomIds(clock, random.Random(1))
    made = []
    for _ in range(200):
        made.append(ids.new("conv"))
        clock.advance(0.001)
    assert made == sorted(made)
    assert len(set(made)) == 200
    assert all(name.startswith("conv_") and len(name) == 31 for name in made)


def test_ids_of_one_millisecond_sort_as_they_were_made() -> None:
    ids = RandomIds(ManualClock(datetime(2026, 11, 20, tzinfo=UTC)), random.Random(1))
    made = [ids.new("msg") for _ in range(1_000)]
    assert made == sorted(set(made))


def test_ids_keep_their_order_when_the_clock_jumps_back() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    ids = RandomIds(clock, random.Random(1))
    first = ids.new("x")
    clock.advance(-3600)
    assert ids.new("x") > first


def test_a_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_error_names_thing_cause_and_cure() -> None:
    assert str(NotFound("inbox 'x'", "there is none", "open one")) == "Inbox 'x': there is none. Open one."


def test_every_error_has_a_code_and_a_title() -> None:
    for error in every_error():
        assert error.code
        assert error.title
        assert issubclass(error, BothandsError)


@given(st.text(max_size=300), st.integers(1, 80))
def test_an_excerpt_is_never_longer_than_asked(text: str, chars: int) -> None:
    assert len(excerpt(text, chars)) <= chars


@given(st.text(max_size=60))
def test_a_slug_is_always_usable_in_an_address(text: str) -> None:
    assert slug(text)
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("name", "letters"), [("Maya Okafor", "MO"), ("bo", "B"), ("", "?"), ("ada@x.example", "AE")]
)
def test_initials_are_short(name: str, letters: str) -> None:
    assert initials(name) == letters
