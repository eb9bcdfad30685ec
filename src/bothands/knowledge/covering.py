"""How much of a question the words of a passage speak of, counting words that mean nearly the same.

Likeness of sentences says what a text is about; whether "a large room" speaks of "big rooms" and not of
"room service" is told by the words, each weighed by how rare it is here. On SK-TOD this found the right
document first for 82 % of the questions where likeness and BM25 found 67 % (docs/benchmarks.md).
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.knowledge.wording import content_words
from bothands.models import word_vectors

# Two words less alike than this have nothing to do with each other; the likeness is counted from here.
ALIKE_MIN = 0.2

Shares = NDArray[np.float32]


class Cover(msgspec.Struct, frozen=True):
    """`asked`: the weight of all words of the question. Per passage: the share of it that its best piece and
    the whole speak of, and the weight of the weightiest word they do not."""

    asked: float
    piece: Shares
    whole: Shares
    gap: Shares


class Words:
    """The words of every piece of every passage, as numbers. Made once per shelf."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        """`passages`: the pieces of each, as texts."""
        self._numbers: dict[str, int] = {}  # of every word as written
        self._families: dict[str, int] = {}
        family_of: list[int] = []
        found: list[list[int]] = []
        begins = [0]
        for pieces in passages:
            spoken = (self._numbered(piece, family_of) for piece in pieces)
            found.extend(numbers for numbers in spoken if numbers)
            begins.append(len(found))
        self._vectors = word_vectors(list(self._numbers)).astype(np.float16)
        self._family_of = np.array(family_of, np.int32)
        self._begins = np.array(begins, np.int64)  # of each passage among the pieces
        self._starts = np.cumsum([0, *map(len, found)], dtype=np.int64)  # of each piece among the words
        self._words = np.array([number for numbers in found for number in numbers], np.int32)

    def _numbered(self, piece: str, family_of: list[int]) -> list[int]:
        numbers = []
        for family, written in content_words(piece).items():
            number = self._numbers.setdefault(written, len(self._numbers))
            if number == len(family_of):
                family_of.append(self._families.setdefault(family, len(self._families)))
            numbers.append(number)
        return numbers

    def cover(
        self, asked: Mapping[str, str], rarity: Mapping[str, float], places: NDArray[np.int64]
    ) -> Cover:
        """`asked`: the question's words by family, as written; `places`: which passages to look at."""
        none = np.zeros(len(places), np.float32)
        weights = np.array([rarity[word] for word in asked], np.float32)
        total = float(weights.sum())
        firsts, lasts = self._begins[places], self._begins[places + 1]
        is_spoken = lasts > firsts
        if not total or not is_spoken.any():
            return Cover(total, none, none.copy(), none + float(weights.max(initial=0.0)))
        firsts, lasts = firsts[is_spoken], lasts[is_spoken]
        spans = list(zip(firsts.tolist(), lasts.tolist(), strict=True))
        words = np.concatenate([self._words[self._starts[a] : self._starts[b]] for a, b in spans])
        pieces = np.concatenate([np.arange(a, b) for a, b in spans])
        lengths = self._starts[pieces + 1] - self._starts[pieces]
        counts = lasts - firsts
        distinct, back = np.unique(words, return_inverse=True)
        alike = self._alike(asked, distinct)[:, back]
        by_piece = np.maximum.reduceat(alike, np.cumsum(lengths) - lengths, axis=1)
        from_piece = np.cumsum(counts) - counts
        by_passage = np.maximum.reduceat(by_piece, from_piece, axis=1)
        cover = Cover(total, none, none.copy(), none + float(weights.max()))
        cover.piece[is_spoken] = np.maximum.reduceat(weights @ by_piece, from_piece) / total
        cover.whole[is_spoken] = weights @ by_passage / total
        cover.gap[is_spoken] = (weights[:, None] * (1 - by_passage)).max(axis=0)
        return cover

    def _alike(self, asked: Mapping[str, str], distinct: NDArray[np.int32]) -> Shares:
        """How far each asked word and each of these are the same, 0–1."""
        cosines = word_vectors(list(asked.values())) @ self._vectors[distinct].astype(np.float32).T
        alike: Shares = np.clip((cosines - ALIKE_MIN) / (1 - ALIKE_MIN), 0.0, 1.0)
        for row, (word, as_written) in enumerate(asked.items()):
            if any(char.isdigit() for char in as_written):
                alike[row] = 0.0  # Another number is not nearly the same.
            if word in self._families:
                alike[row, self._family_of[distinct] == self._families[word]] = 1.0
        return alike
