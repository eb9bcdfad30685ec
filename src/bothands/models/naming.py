"""Vectors of single words, read off the encoder's own table of word pieces: nothing is run.

The encoder knows "large" from "big" before it reads a sentence. Its table alone says so in microseconds,
which is what comparing every word of a question with every word of forty passages needs.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bothands.models.encoding import DIMENSIONS, WEIGHTS, Vectors, in_whole_characters

# The table stands first in the file of weights, one row per piece (tools/build_encoder.py).
PIECES = 30_522
# Marks, letters and digits come before these rows, and have no meaning of their own.
WORDS_FROM = 1_996
# What all words have in common is taken from a sample: every so many rows.
SAMPLE_STEP = 16
REMEMBERED_WORDS_MAX = 10_000  # 15 MB of vectors


def word_vectors(words: Sequence[str]) -> Vectors:
    """One row of length one per word, in order; a word without a piece gets zeros, near to nothing."""
    rows = [_vector(word) for word in words]
    return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)


def forget_words() -> None:
    """Remember none of the words so far."""
    _vector.cache_clear()


@lru_cache(maxsize=REMEMBERED_WORDS_MAX)
def _vector(word: str) -> Vectors:
    tokenizer, table, middle = _table()
    ids = tokenizer.encode(in_whole_characters(word), add_special_tokens=False).ids
    if not ids:
        return np.zeros(DIMENSIONS, np.float32)
    vector: Vectors = table[ids].astype(np.float32).mean(axis=0) - middle
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


@cache
def _table() -> tuple[Any, NDArray[np.float16], Vectors]:
    """(tokenizer, rows, their middle). Mapped, not read: only the rows that are asked for take memory."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    tokenizer.no_padding()
    table = np.memmap(WEIGHTS / "minilm.weights", np.float16, "r", shape=(PIECES, DIMENSIONS))
    middle: Vectors = table[WORDS_FROM::SAMPLE_STEP].astype(np.float32).mean(axis=0)
    return tokenizer, table, middle
