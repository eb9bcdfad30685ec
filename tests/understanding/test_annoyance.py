"""Who becomes annoyed is learnt from conversations of which it is known."""

import pytest

from bothands.kit import Invalid
from bothands.models import Embedder
from bothands.understanding import train_annoyance
from tests.understanding.tempers import CALM, CROSS

OPENINGS = [
    f"Hello, I would like to {what}" for what in ("book a room", "see a doctor", "plan a trip", "rent a flat")
]


def conversations(ends: list[str]) -> list[list[str]]:
    return [
        [opening, first, second]
        for opening in OPENINGS
        for first, second in zip(ends, ends[1:] + ends[:1], strict=True)
    ]


def test_an_annoyed_contact_is_likelier_to_be_one_than_a_calm_one(embedder: Embedder) -> None:
    calm, cross = conversations(CALM), conversations(CROSS)
    known = [(texts, embedder.embed_now(texts)) for texts in calm + cross]
    foresight = train_annoyance(known, [False] * len(calm) + [True] * len(cross))

    def probability(*texts: str) -> float:
        return foresight.annoyed_probability(texts, embedder.embed_now(texts))

    begin = "Hello, I need a table for two"
    assert probability(begin, "you are not listening!!", "this is so annoying") > 0.5
    assert probability(begin, "tomorrow at eight", "lovely, thanks") < 0.5
    assert 0 <= probability(begin) <= 1


def test_too_few_annoyed_ones_are_said_to_be_too_few(embedder: Embedder) -> None:
    one = (["hello"], embedder.embed_now(["hello"]))
    with pytest.raises(Invalid, match="19 of 60 conversations"):
        train_annoyance([one] * 60, [True] * 19 + [False] * 41)
