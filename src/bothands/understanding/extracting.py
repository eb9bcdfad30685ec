"""Entities with their places: order numbers, dates (as written), amounts, sizes, e-mail, phone, postcode."""

import re
from functools import cache

import msgspec

from bothands.understanding.cutting import Piece
from bothands.understanding.matching import pattern_lines
from bothands.understanding.model import Entity, EntityKind

ENTITIES_MAX = 40


@cache
def _patterns() -> list[tuple[EntityKind, re.Pattern[str]]]:
    """In the order of the file: what an earlier kind has taken, a later one leaves alone."""
    rows = [line.split(": ", 1) for line in pattern_lines("entities")]
    return [(msgspec.convert(kind, EntityKind), re.compile(line, re.IGNORECASE)) for kind, line in rows]


def extract(pieces: list[Piece]) -> tuple[Entity, ...]:
    """In the order of the text, none overlapping another."""
    found = sorted((entity for piece in pieces for entity in _of(piece)), key=lambda entity: entity.start)
    kept: list[Entity] = []
    for entity in found[:ENTITIES_MAX]:
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return tuple(kept)


def _of(piece: Piece) -> list[Entity]:
    found: list[Entity] = []
    taken = bytearray(len(piece.text))
    for kind, pattern in _patterns():
        for match in pattern.finditer(piece.text):
            start, end = match.span(1) if match.lastindex else match.span()
            if start == end or any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            value = " ".join(match.string[start:end].split()).lstrip("# ")
            found.append(Entity(kind, value, piece.span.start + start, piece.span.start + end))
    return found
