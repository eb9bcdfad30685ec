"""An honest wait: the range in which 8 in 10 waits of this kind end. Pure.

With `slots` conversations being handled at once and all of them taken, the k-th in line is reached after
k of them end. The time of k endings is close to a gamma distribution; its mean and spread come from how
long conversations took lately, and the fewer of these there are, the wider the range. Quantiles by the
cube-root approximation of Wilson and Hilferty ("The distribution of chi-square", PNAS 17, 1931).
"""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from statistics import fmean, pvariance

import msgspec

# Standard normal quantile of 0.9: one in ten waits is shorter than the range, one in ten longer.
NORMAL_90 = 1.2816
# From a free slot to the first word: somebody has to see it and read the brief.
PICK_UP_SECONDS_MEAN = 60.0
HANDLE_SECONDS_MIN = 10.0
HANDLE_SECONDS_MAX = 4 * 3600.0
# How many conversations the configured duration weighs as much as.
PRIOR_CONVERSATIONS = 5
SPREAD_CONVERSATIONS_MIN = 10
SPREAD_MIN, SPREAD_MAX = 0.25, 2.0
LOW_MINUTES_MIN = 1
HIGH_MINUTES_MAX = 600


class Wait(msgspec.Struct, frozen=True):
    """8 in 10 waits end between these two."""

    low_minutes: int
    high_minutes: int


def estimate(
    place: int, *, slots: int, busy: int, recent_seconds: Sequence[float], usual_seconds: float
) -> Wait | None:
    """The wait of the `place`-th in line; None where nobody could take it.

    `slots`: how many conversations the available agents carry at once, `busy` of them taken.
    `recent_seconds`: how long conversations with people took lately, `usual_seconds` what is expected.
    """
    if slots <= 0:
        return None
    endings = max(0, place - max(0, slots - busy))
    usual = min(max(usual_seconds, HANDLE_SECONDS_MIN), HANDLE_SECONDS_MAX)
    seen = [min(max(seconds, HANDLE_SECONDS_MIN), HANDLE_SECONDS_MAX) for seconds in recent_seconds]
    weight = len(seen) + PRIOR_CONVERSATIONS
    handle = (sum(seen) + PRIOR_CONVERSATIONS * usual) / weight
    spread = _spread(seen)
    waiting = endings * handle / slots
    # What differs from wait to wait, and what we do not know about the mean itself.
    variance = endings * (handle / slots) ** 2 * spread + waiting**2 * spread / weight
    return _kindly(*_range(waiting + PICK_UP_SECONDS_MEAN, variance + PICK_UP_SECONDS_MEAN**2))


def _spread(seen: Sequence[float]) -> float:
    """The squared coefficient of variation; 1, that of an exponential, until enough was seen."""
    if len(seen) < SPREAD_CONVERSATIONS_MIN:
        return 1.0
    mean = fmean(seen)
    return min(max(pvariance(seen, mean) / mean**2, SPREAD_MIN), SPREAD_MAX)


def _range(mean: float, variance: float) -> tuple[float, float]:
    shape, scale = mean**2 / variance, variance / mean
    return gamma_quantile(shape, scale, -NORMAL_90), gamma_quantile(shape, scale, NORMAL_90)


def gamma_quantile(shape: float, scale: float, normal: float) -> float:
    """Wilson–Hilferty: the cube root of a gamma variable is nearly normal."""
    root = 1 - 1 / (9 * shape) + normal / (3 * sqrt(shape))
    return shape * scale * max(root, 0.0) ** 3


def _kindly(low_seconds: float, high_seconds: float) -> Wait:
    """Whole minutes, outwards; the further away, the rounder. "23 to 41" would claim too much."""
    low, high = low_seconds / 60, high_seconds / 60
    grain = 1 if high <= 15 else 5 if high <= 60 else 15
    low_minutes = max(floor(low / grain) * grain, LOW_MINUTES_MIN)
    high_minutes = min(max(ceil(high / grain) * grain, low_minutes + 1), HIGH_MINUTES_MAX)
    return Wait(min(low_minutes, high_minutes - 1), high_minutes)
