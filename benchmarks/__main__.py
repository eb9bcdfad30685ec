"""`python -m benchmarks NAME …` runs one and prints its figures as one JSON object on stdout.

A benchmark is a module of this folder with `add_arguments(parser)` and `run(arguments) -> dict`; the first
line of its docstring says what it measures. `--note TITLE` also writes the figures into docs/benchmarks.md,
and `all` runs the standard ones on the shared data. Exit 2 means bad input.
"""

import argparse
import importlib
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import msgspec

from benchmarks.noting import note
from benchmarks.standard import standard_runs
from bothands.kit import BothandsError

HERE = Path(__file__).parent
BAD_INPUT = 2


def names() -> list[str]:
    """The modules of this folder that can be run."""
    own = [path.stem for path in sorted(HERE.glob("*.py")) if not path.stem.startswith("_")]
    return [name for name in own if "\ndef add_arguments(" in (HERE / f"{name}.py").read_text("utf-8")]


def main(argv: Sequence[str]) -> int:
    if not argv or argv[0] in ("-h", "--help"):
        print(_overview())
        return 0
    if argv[0] == "all":
        return max((main(run.argv) for run in standard_runs()), default=0)
    if argv[0] not in names():
        return _refuse(f"no benchmark {argv[0]!r}. There are: {', '.join(names())}")
    module = importlib.import_module(f"benchmarks.{argv[0]}")
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {argv[0]}", description=module.__doc__)
    parser.add_argument("--note", metavar="TITLE", help="write the figures into docs/benchmarks.md")
    module.add_arguments(parser)
    return _run(module, parser.parse_args(argv[1:]), argv)


def _run(module: ModuleType, arguments: argparse.Namespace, argv: Sequence[str]) -> int:
    started = time.perf_counter()
    try:
        figures = module.run(arguments)
    except (BothandsError, FileNotFoundError) as error:
        return _refuse(str(error))
    figures.setdefault("seconds", round(time.perf_counter() - started, 1))
    print(msgspec.json.encode(figures).decode(), flush=True)
    if arguments.note:
        note(arguments.note, shlex.join(["python", "-m", "benchmarks", *argv]), figures)
    return 0


def _overview() -> str:
    lines = ["python -m benchmarks NAME [arguments]", ""]
    for name in names():
        first = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").strip().splitlines()
        lines.append(f"  {name:12} {first[0].removeprefix(f'`{name}`: ') if first else ''}")
    return "\n".join([*lines, "  all          the standard ones, on the shared data"])


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
