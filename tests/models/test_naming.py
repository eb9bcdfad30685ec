"""Vectors of single words: what means the same is near; the table they are read off is the encoder's own."""

import json

import numpy as np
import pytest

from bothands.models import word_vectors
from bothands.models.encoding import WEIGHTS
from bothands.models.naming import PIECES


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [("large", "big", "mattress"), ("refund", "reimbursement", "pillow"), ("quickly", "fast", "Tuesday")],
)
def test_what_means_the_same_is_nearer(word: str, near: str, far: str) -> None:
    vectors = word_vectors([word, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_each_has_length_one_and_what_is_no_word_is_near_to_nothing() -> None:
    vectors = word_vectors(["duvet", "half \ud83d", ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0], abs=1e-3)
    assert word_vectors([]).shape == (0, 384)


def test_the_table_has_a_row_for_each_piece() -> None:
    known = json.loads((WEIGHTS / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert sorted(known.values()) == list(range(PIECES))
