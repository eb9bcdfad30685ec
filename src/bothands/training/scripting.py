"""Scenario files → scenarios, or an error that says which file, what is wrong and what to write instead."""

import tomllib
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from bothands.kit import Invalid
from bothands.training.model import Scenario

SCENARIOS_MAX = 500
SCENARIO_BYTES_MAX = 64_000
STEPS_MAX = 30
SAID_CHARS_MAX = 4_000
WAIT_SECONDS_MAX = 3_600.0
SOLVED = ("yes", "partly", "no")
ASKED_IN_WORDS = {"say", "also"}


class ScenarioInvalid(Invalid):
    """A scenario file that cannot be played."""

    code: ClassVar[str] = "scenario-invalid"
    title: ClassVar[str] = "The scenario cannot be played"


def read_scenarios(folder: Path) -> tuple[Scenario, ...]:
    """Every *.toml of the folder, by name; all must be right, so that a typing slip is not just silence."""
    if not folder.is_dir():
        raise ScenarioInvalid(
            f"scenarios {folder.name}", "there is no such folder", "give the folder of *.toml"
        )
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ScenarioInvalid(f"scenarios {folder.name}", "the folder holds no *.toml", "write one scenario")
    if len(paths) > SCENARIOS_MAX:
        raise ScenarioInvalid(
            f"scenarios {folder.name}", f"{len(paths)} files", f"keep at most {SCENARIOS_MAX}"
        )
    return tuple(read_scenario(path) for path in paths)


def read_scenario(path: Path) -> Scenario:
    """One file; its name is the scenario's id."""
    data = path.read_bytes()
    if len(data) > SCENARIO_BYTES_MAX:
        raise _wrong(path, f"the file has {len(data):,} bytes", f"keep it below {SCENARIO_BYTES_MAX:,}")
    try:
        raw = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"it is not TOML ({error})", "correct that line") from None
    return scenario_from(raw, path)


def scenario_from(raw: dict[str, Any], path: Path) -> Scenario:
    """Checked values; one wording may be written as plain text instead of a list of one."""
    steps = raw.pop("step", [])
    shaped = {
        **raw,
        "id": path.stem,
        "steps": [_step(step) for step in steps] if _are_tables(steps) else steps,
    }
    for name in ("thanks", "to_person", "prefers"):
        shaped[name] = _listed(shaped[name]) if name in shaped else None
    shaped = {name: value for name, value in shaped.items() if value is not None}
    try:
        scenario = msgspec.convert(shaped, Scenario, strict=False)
    except msgspec.ValidationError as error:
        raise _wrong(
            path, str(error).replace("`", ""), "see examples/retail/customers for the form"
        ) from None
    _check(scenario, path)
    return scenario


def _are_tables(steps: object) -> bool:
    return isinstance(steps, list) and all(isinstance(step, dict) for step in steps)


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {name: _listed(value) if name in ASKED_IN_WORDS else value for name, value in step.items()}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _check(scenario: Scenario, path: Path) -> None:
    if not scenario.name.strip():
        raise _wrong(path, "the customer has no name", 'write name = "Ana Lima"')
    if not 1 <= len(scenario.steps) <= STEPS_MAX:
        raise _wrong(path, f"it has {len(scenario.steps)} steps", f"write 1 to {STEPS_MAX} [[step]] tables")
    for number, step in enumerate(scenario.steps, start=1):
        if not step.say and not step.asks_person and not step.drops_line_seconds:
            raise _wrong(path, f"step {number} does nothing", 'write say = "…" or asks_person = true')
        if any(not 1 <= len(text.strip()) <= SAID_CHARS_MAX for text in (*step.say, *step.also)):
            raise _wrong(
                path, f"step {number} says nothing or too much", f"say 1 to {SAID_CHARS_MAX} characters"
            )
        if not 0 <= step.pause_seconds <= WAIT_SECONDS_MAX:
            raise _wrong(path, f"step {number} pauses {step.pause_seconds} s", "pause 0 to 3600 seconds")
        if not 0 <= step.drops_line_seconds <= WAIT_SECONDS_MAX:
            raise _wrong(
                path, f"step {number} is away {step.drops_line_seconds} s", "stay away 0 to 3600 seconds"
            )
    if not 0 < scenario.weight <= 100:
        raise _wrong(path, f"weight {scenario.weight} is not above 0 and at most 100", "write weight = 1")
    if not 0 <= scenario.patience_seconds <= WAIT_SECONDS_MAX:
        raise _wrong(path, f"patience of {scenario.patience_seconds} s", "write 0 to 3600 seconds")
    if not 0 <= scenario.typing_seconds <= 60:
        raise _wrong(path, f"typing takes {scenario.typing_seconds} s", "write 0 to 60 seconds")
    rated = scenario.rates
    if rated and (rated.solved not in SOLVED or (rated.score is not None and not 1 <= rated.score <= 5)):
        raise _wrong(path, "the rating is not one", 'write solved = "yes", "partly" or "no", score = 1 to 5')


def _wrong(path: Path, cause: str, cure: str) -> ScenarioInvalid:
    return ScenarioInvalid(f"scenario {path.name}", cause, cure)
