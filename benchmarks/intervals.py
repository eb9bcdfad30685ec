"""Figures with 95 % intervals, by bootstrapping whole conversations."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 500
SEED = 0
LOW, HIGH = 0.025, 0.975
DIGITS = 4

Rows = NDArray[np.int64]
Figure = dict[str, float | None]


def figure(statistic: Callable[[Rows], float], groups: Sequence[object]) -> Figure:
    """The statistic over all rows, and how far it moves when conversations are drawn anew.

    `groups` names each row's conversation; a row on its own has a name of its own.
    """
    count = len(groups)
    if not count:
        return {"value": None, "low": None, "high": None}
    value = statistic(np.arange(count))
    draws = [statistic(rows) for rows in resamples(groups)]
    known = [draw for draw in draws if not np.isnan(draw)]
    low, high = np.quantile(known, [LOW, HIGH]) if known else (np.nan, np.nan)
    return {"value": _number(value), "low": _number(float(low)), "high": _number(float(high))}


def resamples(groups: Sequence[object], times: int = RESAMPLES) -> list[Rows]:
    names = {name: place for place, name in enumerate(dict.fromkeys(groups))}
    number = np.array([names[name] for name in groups])
    shuffle = np.random.default_rng(SEED)
    if len(names) == len(groups):
        return [shuffle.integers(0, len(groups), len(groups)) for _ in range(times)]
    members = [np.flatnonzero(number == place) for place in range(len(names))]
    return [
        np.concatenate([members[place] for place in shuffle.integers(0, len(names), len(names))])
        for _ in range(times)
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DIGITS)
