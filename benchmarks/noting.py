"""Figures written into docs/benchmarks.md: a section per title, rewritten when the run is repeated."""

import os
import platform
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs/benchmarks.md"
START = """# Benchmarks

Written by `python -m benchmarks NAME … --note TITLE`; `make bench` repeats them. Each figure with its 95 %
interval (bootstrap over conversations), beside the simple baseline of the same run.

`machine_load` is the load average while measuring. The four cores were shared with other work: above 4, times
and rates tell of the neighbours too; counts of what was lost or doubled do not.

Beside them stands a law, run at length by
`ISOLATION_READS=100000 make test T=tests/laws/test_isolation.py ALL=1`: 200 read at once, cut off at random,
10⁵ times; it holds only with 0 foreign bytes.

The data are not ours: HINT3 v2 by Haptik (data ODbL 1.0, contents DbCL 1.0), CLINC150 (CC BY 3.0), BANKING77
by PolyAI (CC BY 4.0), MultiDoGO by AWS Labs (CDLA-Permissive-1.0), SK-TOD of DSTC11 by Amazon Alexa
(CDLA-Sharing-1.0), the bank of tau2-bench by Sierra (MIT), xSID 0.7 by MaiNLP (CC BY-SA 4.0), GoEmotions by
Google Research (CC BY 4.0), STAR by Rasa (MIT). They are read in place, never shipped; weights learnt from
GoEmotions are, see NOTICE.
"""
SKIPPED = {"benchmark", "baseline", "seconds", "per_label"}


def note(title: str, command: str, figures: dict[str, Any], page: Path = PAGE) -> None:
    """Put the section of this title in place of the one before, or at the end."""
    page.parent.mkdir(parents=True, exist_ok=True)
    text = page.read_text("utf-8") if page.is_file() else START
    section = _section(title, command, figures)
    found = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    is_there = found.search(text)
    text = found.sub(lambda _: section, text) if is_there else f"{text.rstrip()}\n\n{section}"
    page.write_text(text.rstrip("\n") + "\n", "utf-8")


def _section(title: str, command: str, figures: dict[str, Any]) -> str:
    baseline = figures.get("baseline") or {}
    today = datetime.now(UTC).date().isoformat()
    lines = [f"## {title}", "", f"`{command}`", "", f"{today}, {_machine()}, {figures.get('seconds')} s.", ""]
    method = baseline.get("method", "baseline") if isinstance(baseline, dict) else "baseline"
    lines += [f"| figure | Bothands | {method} |", "|---|---|---|"]
    beside = dict(_flat(baseline)) if isinstance(baseline, dict) else {}
    lines += [f"| {name} | {value} | {beside.get(name, '')} |" for name, value in _flat(figures)]
    return "\n".join([*lines, "", ""])


def _flat(figures: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if name in SKIPPED or name == "method":
            continue
        if isinstance(value, dict) and set(value) == {"value", "low", "high"}:
            yield before + name, _with_interval(value)
        elif isinstance(value, dict):
            yield from _flat(value, f"{before}{name} ")
        elif not isinstance(value, list):
            yield before + name, "–" if value is None else str(value)


def _with_interval(value: dict[str, float | None]) -> str:
    if value["value"] is None:
        return "–"
    return f"{value['value']:.3f} ({value['low']:.3f}–{value['high']:.3f})"


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
