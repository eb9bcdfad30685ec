"""Words as they are compared when somebody searches: without case, accents and signs, the same everywhere."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# Scripts that put no spaces between words: each sign is a word, and words of several are phrases.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*")


class Folded(NamedTuple):
    """A word, folded, and where it stands in the text it was taken from."""

    word: str
    start: int
    end: int


def folded_words(text: str) -> Iterator[Folded]:
    """`Café-Tür` → `cafe`, `tur`."""
    for found in _WORD.finditer(text):
        if word := fold(found.group()):
            yield Folded(word, found.start(), found.end())


def fold(text: str) -> str:
    """Letters and digits alone, of one case, without accents."""
    if text.isascii():
        return "".join(sign for sign in text.lower() if sign.isalnum())
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKD", parts) if sign.isalnum())
