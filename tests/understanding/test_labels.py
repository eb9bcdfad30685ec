"""Labels are learnt from examples, with probabilities that mean something."""

import numpy as np
import pytest

from bothands.kit import Invalid
from bothands.models import Embedder
from bothands.understanding import train_labels

GLAD = ["thank you so much", "thanks a lot", "I am very grateful", "many thanks to you", "thank you kindly"]
CROSS = [
    "this is a disgrace",
    "what a rip-off",
    "I am furious",
    "you are all useless",
    "this makes me so angry",
]
PLAIN = [
    "the box is blue",
    "I live in Bern",
    "it is four metres long",
    "the shop opens at nine",
    "two of them",
]


def test_what_was_learnt_is_told_of_other_words(embedder: Embedder) -> None:
    texts = GLAD + CROSS + PLAIN
    labels = [("glad",)] * 5 + [("cross",)] * 5 + [()] * 5
    heads = train_labels(texts, labels, embedder.embed_now(texts))
    assert heads.labels == ("cross", "glad")
    told = {}
    for text in ("thank you all", "I am so angry at you", "the table is green"):
        strengths = heads.strengths(heads.scores(text, embedder.embed_now([text])[0]))
        told[text] = [label for label, strength in strengths.items() if strength >= 0.5]
    assert told == {"thank you all": ["glad"], "I am so angry at you": ["cross"], "the table is green": []}


def test_scores_are_as_likely_as_they_say(embedder: Embedder) -> None:
    """Where a label holds by chance alone, nothing is surer than that chance."""
    texts = [
        f"{place} of {size}" for place in range(20) for size in ("small", "large", "wide", "long", "high")
    ]
    labels = [("odd",) if place % 7 in (1, 4) else () for place in range(100)]
    heads = train_labels(texts, labels, embedder.embed_now(texts))
    unseen = [f"{place} of short" for place in range(20)]
    scores = [
        heads.scores(text, vector)["odd"]
        for text, vector in zip(unseen, embedder.embed_now(unseen), strict=True)
    ]
    assert 0.1 < float(np.mean(scores)) < 0.5
    assert max(scores) < 0.7


def test_a_label_needs_texts(embedder: Embedder) -> None:
    with pytest.raises(Invalid, match="0 labels on 1 texts"):
        train_labels(["hello"], [()], embedder.embed_now(["hello"]))
