"""Pattern files of the room: a regular expression per line, `#` comments, `NAME = …` used as `{NAME}`, and
`!` before what looks like a hit and is not. Matching is per sentence, hence bounded."""

import re
from functools import cache
from importlib.resources import files

import msgspec

_NAME = re.compile(r"^([A-Z][A-Z0-9]*) = (.*)$")
_USE = re.compile(r"\{([A-Z][A-Z0-9]*)\}")


class Patterns(msgspec.Struct, frozen=True):
    """What fires, and what spares a sentence."""

    fires: tuple[re.Pattern[str], ...]
    spares: tuple[re.Pattern[str], ...]

    def find(self, text: str) -> re.Match[str] | None:
        """The first pattern's hit, unless the sentence is spared."""
        if any(pattern.search(text) for pattern in self.spares):
            return None
        return next((hit for pattern in self.fires if (hit := pattern.search(text))), None)


@cache
def patterns(name: str) -> Patterns:
    lines = pattern_lines(name)
    fires = tuple(re.compile(line, re.IGNORECASE) for line in lines if not line.startswith("!"))
    spares = tuple(re.compile(line[1:], re.IGNORECASE) for line in lines if line.startswith("!"))
    return Patterns(fires, spares)


def pattern_lines(name: str) -> list[str]:
    """The lines of a pattern file, comments left out and names filled in."""
    text = files("bothands.understanding").joinpath(f"patterns/{name}.txt").read_text("utf-8")
    named: dict[str, str] = {}
    lines = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        filled = _USE.sub(lambda use: named[use.group(1)], line)
        definition = _NAME.match(filled)
        if definition:
            named[definition.group(1)] = definition.group(2)
        else:
            lines.append(filled)
    return lines
