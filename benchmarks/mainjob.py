"""`mainjob`: real messages as customers of the running server: answered, asked, drafted, handed over, wrong.

A server of its own is started on a company folder whose topics are learnt from the train file and whose
answers are ours (benchmarks/sofmattress). Every test message is one new conversation on the widget's socket;
what became of it is read at the desk, as a lead would: from the decision kept on the timeline.
"""

import argparse
import asyncio
import collections
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.intervals import Figure
from benchmarks.mainjob_running import Became, Served, company_folder, served, visit
from benchmarks.rows import Labelled, folds, labelled
from bothands.models import open_embedder

VISITORS_AT_ONCE = 4
NAIVE_FLOOR = 0.7
Z = 1.959964

# What a decision rests on → what the customer got. Drafts and handoffs are told by the step.
ANSWERED = frozenset({"approved", "fact", "article", "skill"})
ASKED = frozenset({"clarify", "fact_question", "skill_question"})
DECLINED = frozenset({"no_source", "out_of_scope"})
OUTCOMES = ("answered", "asked", "drafted", "handed_over", "declined", "small_talk")


class Judged(msgspec.Struct, frozen=True):
    """One message, what became of it, and whether the topic was right (None: nothing was claimed)."""

    row: Labelled
    outcome: str
    topic: str | None
    basis: str
    is_right: bool | None
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="intents rows: text, label")
    parser.add_argument("--test", type=Path, nargs="+", required=True, help="the same; OOS = none of them")
    parser.add_argument("--first", type=int, default=None, metavar="N", help="only the first N test rows")
    parser.add_argument("--details", type=Path, default=None, help="write one JSON line per message here")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    train, test = labelled(arguments.train, "intents"), labelled(arguments.test, "intents")
    parts = folds(train, test[: arguments.first])
    judged = asyncio.run(_play(parts))
    if arguments.details is not None:
        arguments.details.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in judged))
    return {
        "benchmark": "mainjob",
        **_figures(judged),
        "baseline": _naive(parts),
        "seconds": round(time.perf_counter() - started, 1),
    }


async def _play(parts: Sequence[tuple[list[Labelled], list[Labelled]]]) -> list[Judged]:
    judged: list[Judged] = []
    for number, (learn, ask) in enumerate(parts, start=1):
        with tempfile.TemporaryDirectory(prefix="mainjob-") as room:
            examples = [(row.text, label) for row in learn if row.is_ours for label in row.labels]
            folder = company_folder(Path(room) / "company", examples)
            async with served(folder, Path(room) / "data") as server:
                _say(f"Server {number} of {len(parts)} is up; {len(ask)} customers arrive.")
                judged.extend(await _all_visits(server, ask))
    return judged


async def _all_visits(server: Served, rows: Sequence[Labelled]) -> list[Judged]:
    found: list[Judged | None] = [None] * len(rows)
    waiting = collections.deque(enumerate(rows))

    async def visitor() -> None:
        while waiting:
            place, row = waiting.popleft()
            found[place] = _judge(row, await visit(server, row.text, place))
            if place % 50 == 49:
                _say(f"{place + 1} of {len(rows)}")

    async with asyncio.TaskGroup() as group:
        for _ in range(VISITORS_AT_ONCE):
            group.create_task(visitor())
    return [one for one in found if one is not None]


def _judge(row: Labelled, became: Became) -> Judged:
    outcome = _outcome(became)
    claims = outcome in ("answered", "drafted")
    return Judged(
        row,
        outcome,
        became.topic,
        became.basis,
        became.topic in row.labels if claims else None,
        became.seconds,
    )


def _outcome(became: Became) -> str:
    if became.step == "hand_off":
        return "handed_over"
    if became.step == "draft":
        return "drafted"
    kinds = {"answered": ANSWERED, "asked": ASKED, "declined": DECLINED, "small_talk": {"small_talk"}}
    found = next((kind for kind, bases in kinds.items() if became.basis in bases), None)
    if found is None:
        raise SystemExit(
            f"Decision: basis {became.basis!r} is not known here. Add it to benchmarks/mainjob.py."
        )
    return found


def _figures(judged: Sequence[Judged]) -> dict[str, object]:
    n = len(judged)
    ours = [one for one in judged if one.row.is_ours]
    foreign = [one for one in judged if not one.row.is_ours]
    answered = [one for one in judged if one.outcome == "answered"]
    drafted = [one for one in judged if one.outcome == "drafted"]
    waits = sorted(one.seconds for one in judged)
    return {
        "n": n,
        "in_scope": len(ours),
        "out_of_scope": len(foreign),
        **{outcome: _share([one.outcome == outcome for one in judged]) for outcome in OUTCOMES},
        "wrong": _share([one.outcome == "answered" and one.is_right is False for one in judged]),
        "wrong_of_answered": _share([one.is_right is False for one in answered]),
        "wrong_in_scope": _share([one.outcome == "answered" and one.is_right is False for one in ours]),
        "out_of_scope_answered": _share([one.outcome == "answered" for one in foreign]),
        "answered_right_in_scope": _share(
            [one.outcome == "answered" and one.is_right is True for one in ours]
        ),
        "wrong_of_drafted": _share([one.is_right is False for one in drafted]),
        "by_basis": dict(collections.Counter(f"{one.outcome}/{one.basis}" for one in judged)),
        "reply_ms": {"p50": _ms(waits, 0.5), "p95": _ms(waits, 0.95)},
    }


def _naive(parts: Sequence[tuple[list[Labelled], list[Labelled]]]) -> dict[str, Any]:
    """The simple method: answer with the topic of the nearest training sentence above a fixed cosine."""
    answered: list[bool] = []
    wrong: list[bool] = []
    embedder = open_embedder(threads=1)
    try:
        for learn, ask in parts:
            known = [row for row in learn if row.is_ours]
            asked = embedder.embed_now([row.text for row in ask])
            cosines = asked @ embedder.embed_now([row.text for row in known]).T
            for row, place, score in zip(ask, cosines.argmax(1), np.max(cosines, 1), strict=True):
                answered.append(bool(score >= NAIVE_FLOOR))
                if answered[-1]:
                    wrong.append(known[int(place)].labels[0] not in row.labels)
    finally:
        embedder.close()
    return {
        "method": f"nearest training sentence, cosine ≥ {NAIVE_FLOOR}",
        "answered": _share(answered),
        "wrong": _share([*wrong, *[False] * (len(answered) - len(wrong))]),
        "wrong_of_answered": _share(wrong),
    }


def _share(hits: Sequence[bool]) -> Figure:
    """A share with its 95 % Wilson interval; every message is a conversation of its own."""
    n = len(hits)
    if not n:
        return {"value": None, "low": None, "high": None}
    share = sum(map(bool, hits)) / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"value": round(share, 4), "low": round(low, 4), "high": round(high, 4)}


def _ms(waits: Sequence[float], share: float) -> int | None:
    return round(1000 * waits[min(len(waits) - 1, int(share * len(waits)))]) if waits else None


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
