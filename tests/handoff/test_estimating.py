import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from bothands.handoff.estimating import HIGH_MINUTES_MAX, Wait, estimate, gamma_quantile


def guess(place: int, slots: int = 3, busy: int = 3, recent=(), usual: float = 300) -> Wait | None:
    return estimate(place, slots=slots, busy=busy, recent_seconds=recent, usual_seconds=usual)


def test_with_nobody_there_is_no_estimate():
    assert guess(1, slots=0, busy=0) is None


def test_with_somebody_free_it_is_a_minute_or_few():
    assert guess(1, busy=0) == Wait(1, 3)
    assert guess(3, busy=0) == guess(1, busy=0)


def test_it_reads_like_a_person_said_it():
    assert guess(3) == Wait(1, 12)
    assert guess(12, slots=1, busy=1).high_minutes % 15 == 0
    assert guess(5_000, slots=1, busy=1, usual=14_000).high_minutes == HIGH_MINUTES_MAX


def test_more_seen_conversations_make_the_range_narrower():
    unknown, known = guess(10), guess(10, recent=[300.0] * 50)
    assert known.high_minutes - known.low_minutes < unknown.high_minutes - unknown.low_minutes


def test_slow_conversations_make_it_longer():
    assert guess(5, recent=[900.0] * 40).low_minutes > guess(5, recent=[200.0] * 40).high_minutes


def test_absurd_durations_do_not_break_it():
    assert guess(2, recent=[0.0, -5.0, 1e12] * 10) is not None
    assert guess(2, usual=0) is not None


@pytest.mark.parametrize("shape", [1, 2, 3, 8, 40])
def test_quantiles_are_close_to_the_exact_ones(shape):
    assert gamma_quantile(shape, 100, 1.2816) == pytest.approx(gamma.ppf(0.9, shape, scale=100), rel=0.02)
    # For shape 1 the lower end is small anyway: a few seconds of a hundred.
    assert gamma_quantile(shape, 100, -1.2816) == pytest.approx(gamma.ppf(0.1, shape, scale=100), abs=3)


@pytest.mark.parametrize(("place", "slots"), [(1, 3), (3, 3), (6, 2), (15, 4)])
def test_eight_in_ten_waits_end_within_the_range(place, slots):
    """A simulated queue: all slots taken, every conversation as long as chance has it."""
    source = random.Random(place * 31 + slots)
    recent = [source.expovariate(1 / 300) for _ in range(50)]
    wait = guess(place, slots=slots, busy=slots, recent=recent)
    within = 0
    for _ in range(2_000):
        ends = sorted(source.expovariate(1 / 300) for _ in range(slots))
        for _ in range(place - 1):
            first = ends.pop(0)
            ends = sorted([*ends, first + source.expovariate(1 / 300)])
        minutes = (ends[0] + source.expovariate(1 / 60)) / 60
        within += wait.low_minutes <= minutes <= wait.high_minutes
    assert 0.74 <= within / 2_000 <= 0.97


@given(
    st.integers(1, 200),
    st.integers(1, 40),
    st.integers(0, 60),
    st.lists(st.floats(0, 1e5), max_size=60),
    st.floats(0, 1e5),
)
def test_law_a_range_is_a_range_and_further_back_never_waits_less(place, slots, busy, recent, usual):
    here = guess(place, slots, busy, recent, usual)
    behind = guess(place + 1, slots, busy, recent, usual)
    assert 1 <= here.low_minutes < here.high_minutes <= HIGH_MINUTES_MAX
    assert behind.high_minutes >= here.high_minutes
