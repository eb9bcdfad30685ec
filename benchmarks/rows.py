"""Reading the files a benchmark is given: JSON lines, plain or .gz, in the formats of data/*/README.md."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from bothands.kit import Invalid

FILE_BYTES_MAX = 512 * 1024 * 1024
OUT_OF_SCOPE = "OOS"
MULTIDOGO_OUT_OF_SCOPE = "outofdomain"

Format = Literal["intents", "multidogo"]


class Labelled(msgspec.Struct, frozen=True):
    """A message and what it is about: any of the labels is right, none (OOS) means none of ours."""

    text: str
    labels: tuple[str, ...]
    conversation: str

    @property
    def is_ours(self) -> bool:
        return self.labels != (OUT_OF_SCOPE,)


def labelled(files: Sequence[Path], form: Format) -> list[Labelled]:
    read = _intents if form == "intents" else _multidogo
    found = [
        read(row, f"{file.name}:{number}") for file in files for number, row in enumerate(json_lines(file), 1)
    ]
    if not found:
        raise Invalid(
            f"the files {[file.name for file in files]}", "they hold no rows", "give rows to measure on"
        )
    return found


def json_lines(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        raise Invalid(f"file {file}", "it is not there", "check the path")
    try:
        blob = file.read_bytes()
        text = (gzip.decompress(blob) if file.suffix == ".gz" else blob)[: FILE_BYTES_MAX + 1]
        if len(text) > FILE_BYTES_MAX:
            raise Invalid(f"file {file.name}", f"over {FILE_BYTES_MAX} bytes", "split it")
        return [msgspec.json.decode(line, type=dict[str, Any]) for line in text.splitlines() if line.strip()]
    except (OSError, EOFError, msgspec.DecodeError) as error:
        raise Invalid(f"file {file.name}", f"not JSON lines ({error})", "one JSON object a line") from None


def _intents(row: dict[str, Any], where: str) -> Labelled:
    text, label = row.get("text"), row.get("label")
    if not isinstance(text, str) or not isinstance(label, str) or not label:
        raise Invalid(where, "a row needs `text` and `label`", "or name the format: --format multidogo")
    return Labelled(text, (label,), str(row.get("conv", where)))


def _multidogo(row: dict[str, Any], where: str) -> Labelled:
    text, intents = row.get("text"), row.get("intents")
    if not isinstance(text, str) or not isinstance(intents, list) or "conv" not in row:
        raise Invalid(
            where, "a row needs `conv`, `text` and `intents`", "or name the format: --format intents"
        )
    labels = tuple(str(intent) for intent in intents if intent != MULTIDOGO_OUT_OF_SCOPE)
    return Labelled(text, labels or (OUT_OF_SCOPE,), str(row["conv"]))


def folds(
    train: list[Labelled], test: list[Labelled], count: int = 5
) -> list[tuple[list[Labelled], list[Labelled]]]:
    """Train and test as given; of one and the same content, `count` folds of whole conversations."""
    if [(row.text, row.labels) for row in train] != [(row.text, row.labels) for row in test]:
        return [(train, test)]
    names = {
        name: place % count for place, name in enumerate(dict.fromkeys(row.conversation for row in test))
    }
    # Rows of a file come sorted by label: taking each fifth one spreads the labels over the folds.
    parts = []
    for fold in range(count):
        held = [row for row in test if names[row.conversation] == fold]
        parts.append(([row for row in train if names[row.conversation] != fold], held))
    return [(learn, held) for learn, held in parts if learn and held]
