"""Small functions on text."""

import re
import unicodedata

_WORD = re.compile(r"\w+(?:['’-]\w+)*", re.UNICODE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")


def words(text: str) -> list[str]:
    """Lower-case words, apostrophes and hyphens kept inside."""
    return [match.group(0).lower() for match in _WORD.finditer(text)]


def squeeze(text: str) -> str:
    """Runs of white space become one space; ends are trimmed."""
    return _SPACES.sub(" ", text).strip()


def excerpt(text: str, chars: int) -> str:
    """At most `chars` characters, cut at a word, with an ellipsis where something is missing."""
    flat = squeeze(text)
    if len(flat) <= chars:
        return flat
    cut = flat[: max(chars - 1, 1)]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > chars // 2 else cut[: chars - 1]).rstrip(" ,;:.") + "…"


def slug(text: str) -> str:
    """`Delivery & hours` → `delivery-hours`; ASCII only, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", plain).strip("-") or "x"


def initials(name: str) -> str:
    """Up to two capitals: `Maya Okafor` → `MO`."""
    parts = [part for part in re.split(r"[\s.@_-]+", name) if part]
    if not parts:
        return "?"
    picked = [parts[0]] if len(parts) == 1 else [parts[0], parts[-1]]
    return "".join(part[0] for part in picked).upper()
