"""Texts to sparse weighted n-grams (words 1–2, characters 2–5), as training and serving both see them.

An n-gram is known by its CRC32, so the vocabulary is one sorted array and serving needs no dictionary.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

TEXT_CHARS_MAX = 2_000
SENTENCES_REMEMBERED_MAX = 64
CHAR_GRAMS = (2, 3, 4, 5)
_WORD = re.compile(r"\w+")

Hashes = NDArray[np.uint32]


class Sparse(msgspec.Struct, frozen=True):
    """One row: which columns, with what weights."""

    columns: NDArray[np.int64]
    weights: NDArray[np.float32]


# Several heads see the same sentence one after the other, each with a vocabulary of its own.
@lru_cache(maxsize=SENTENCES_REMEMBERED_MAX)
def word_grams(text: str) -> Counter[int]:
    """Hashes of the words and pairs of words; not to be changed."""
    found = _WORD.findall(text[:TEXT_CHARS_MAX].lower())
    pairs = [f"{left} {right}" for left, right in itertools.pairwise(found)]
    return Counter(crc32(gram.encode("utf-8", "replace")) for gram in [*found, *pairs])


@lru_cache(maxsize=SENTENCES_REMEMBERED_MAX)
def char_grams(text: str) -> Counter[int]:
    """Hashes of the runs of two to five characters inside words (blanks at both ends); not to be changed."""
    grams: list[str] = []
    for word in text[:TEXT_CHARS_MAX].lower().split():
        padded = f" {word} "
        for length in CHAR_GRAMS:
            if len(padded) <= length:
                grams.append(padded)
                break
            grams += [padded[start : start + length] for start in range(len(padded) - length + 1)]
    # The leading # keeps a run of characters apart from the word that looks like it.
    return Counter(crc32(b"#" + gram.encode("utf-8", "replace")) for gram in grams)


class Vocabulary(msgspec.Struct, frozen=True):
    """Known n-grams (sorted hashes) and how much each says (inverse document frequency)."""

    hashes: Hashes
    idf: NDArray[np.float32]

    def row(self, grams: Counter[int]) -> Sparse:
        """Sublinear counts times idf, of length one."""
        if not grams or not len(self.hashes):
            return Sparse(np.zeros(0, np.int64), np.zeros(0, np.float32))
        wanted = np.fromiter(grams.keys(), np.uint32, len(grams))
        counts = np.fromiter(grams.values(), np.float32, len(grams))
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        known = self.hashes[places] == wanted
        columns = places[known].astype(np.int64)
        weights = (1 + np.log(counts[known])) * self.idf[columns]
        length = float(np.linalg.norm(weights))
        return Sparse(columns, (weights / length if length else weights).astype(np.float32))


def learn_vocabulary(rows: Sequence[Counter[int]], seen_in_min: int = 1) -> Vocabulary:
    """The n-grams found in at least `seen_in_min` texts."""
    seen: Counter[int] = Counter()
    for row in rows:
        seen.update(row.keys())
    kept = sorted(gram for gram, times in seen.items() if times >= seen_in_min)
    frequency = np.array([seen[gram] for gram in kept], np.float32)
    idf = np.log((1 + len(rows)) / (1 + frequency)) + 1
    return Vocabulary(np.array(kept, np.uint32), idf.astype(np.float32))
