"""What the contact has given for a slot: now, or anywhere before in this matter."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bothands.conversations import EntryKind, Scene
from bothands.understanding import Reading

# A year is no order number, and a size or a price is none either.
_BARE_NUMBER = re.compile(r"(?<![\w@.,×€$£#/-])#?(\d{5,10})(?![\w@%×€$£/-]|[.,]\d)|(?<!\w)#(\d{4,10})\b")
_ASKED_NUMBER = re.compile(r"(?<![\w@.-])#?(\d{4,10})(?![\w@-]|\.\d)")
_NOT_THAT = re.compile(
    r"\b(?:not|isn'?t|instead of|rather than)\s+(?:order\s+)?#?([A-Z]{0,4}-?\d{4,12})\b", re.I
)


def heard(need: Mapping[str, str], reading: Reading, scene: Scene, *, is_asked: bool) -> str | None:
    """The slot's value in this message; a bare number counts, and "not 48271" takes one back."""
    found = [entity.value for entity in reading.entities if entity.kind == need["entity"]]
    if need["entity"] == "order_number":
        bare = _ASKED_NUMBER if is_asked else _BARE_NUMBER
        numbers = ["".join(match.groups(default="")) for match in bare.finditer(scene.message.body)]
        taken_back = {number.casefold() for number in _NOT_THAT.findall(scene.message.body)}
        found = [value for value in (*found, *numbers) if _bare(value).casefold() not in taken_back]
    return _bare(found[0 if _says_two(found) else -1]) if found else None


def heard_before(need: Mapping[str, str], scene: Scene) -> str | None:
    """The newest value the contact gave earlier in this matter, as it was read then."""
    for entity in _read_before(scene):
        if entity.get("kind") == need["entity"] and entity.get("value"):
            return _bare(str(entity["value"]))
    return None


def _read_before(scene: Scene) -> Iterator[dict[str, Any]]:
    for entry in reversed(scene.earlier):
        if entry.kind is EntryKind.READING:
            yield from reversed(entry.ref.get("reading", {}).get("entities", ()))


def _says_two(found: list[str]) -> bool:
    """The same number read twice, as an entity and as bare digits."""
    return len({_bare(value) for value in found}) == 1


def _bare(value: str) -> str:
    return value.strip().lstrip("#").strip()
