"""A message cut into sentences that know their place. Everything later reads these, so their sizes bound
the work a message of any length can cause."""

import re
from collections.abc import Iterator

import msgspec

from bothands.understanding.model import Span

HEAD_CHARS_MAX = 6_000
TAIL_CHARS_MAX = 2_000
SENTENCE_CHARS_MAX = 400
SENTENCES_MAX = 24
# A run without an end is cut anywhere: a little of it is read twice, so that nothing is lost at the cut.
OVERLAP_CHARS = 80

# A sentence ends at its mark when white space follows ("90.5", "a.b@c.de" hold together), or at a new line.
_END = re.compile(r"[.!?…;。！？]+(?=\s|$)|[。！？]+|\n+")


class Piece(msgspec.Struct, frozen=True):
    """A sentence, and where the message has it."""

    text: str
    span: Span


def cut(text: str) -> list[Piece]:
    """The sentences, in order. Of a very long message the beginning and the end are read."""
    pieces = [
        piece
        for start, end in _windows(text)
        for span in _sentences(text, start, end)
        for piece in _pieces(text, span)
    ]
    if len(pieces) > SENTENCES_MAX:
        tail = SENTENCES_MAX // 3
        pieces = pieces[: SENTENCES_MAX - tail] + pieces[-tail:]
    return pieces


def whole(text: str) -> Piece:
    """The message as one piece, without the white space around it."""
    stripped = text.strip()
    start = text.find(stripped) if stripped else 0
    return Piece(stripped[:HEAD_CHARS_MAX], Span(start, start + len(stripped)))


def _windows(text: str) -> list[tuple[int, int]]:
    if len(text) <= HEAD_CHARS_MAX + TAIL_CHARS_MAX:
        return [(0, len(text))]
    return [(0, HEAD_CHARS_MAX), (len(text) - TAIL_CHARS_MAX, len(text))]


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    yield begin, end


def _pieces(text: str, span: tuple[int, int]) -> Iterator[Piece]:
    start, end = span
    while start < end:
        stop = min(end, start + SENTENCE_CHARS_MAX)
        if stop < end:
            blank = text.rfind(" ", start + SENTENCE_CHARS_MAX // 2, stop)
            stop = blank if blank > 0 else stop
        body = text[start:stop]
        stripped = body.strip()
        if stripped:
            offset = start + body.find(stripped)
            yield Piece(stripped, Span(offset, offset + len(stripped)))
        start = stop if stop >= end else stop - OVERLAP_CHARS
