"""Train the shipped signal heads (wish for a person, small talk, risks) on our own phrases.

    .venv/bin/python tools/train_signals.py

Rewrites src/bothands/understanding/heads/signals.npz; a test fails while it is older than the phrases.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bothands.models import open_embedder
from bothands.understanding.packing import pack
from bothands.understanding.signals import SignalHeads, phrases
from bothands.understanding.topics import Linear
from bothands.understanding.vectorising import Sparse, char_grams, learn_vocabulary, word_grams

ROOM = Path(__file__).parents[1] / "src/bothands/understanding"
SMALL_TALK = "greeting thanks goodbye are_you_human insult unclear how_are_you yes no".split()
RISKS = "vulnerable self_harm legal fraud complaint health safety".split()
LABELS = ["wish_person", *SMALL_TALK, *(f"risk_{kind}" for kind in RISKS)]
MEANING_WEIGHT = 3.0
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
STRICTNESS = 10.0  # scikit-learn's C


def matrix(rows: list[Sparse], width: int) -> Any:
    starts = np.cumsum([0] + [len(row.columns) for row in rows])
    columns, weights = np.concatenate([r.columns for r in rows]), np.concatenate([r.weights for r in rows])
    return csr_matrix((weights, columns, starts), shape=(len(rows), width))


def checksum() -> str:
    lines = [
        line
        for name in [*LABELS, "ordinary", "ordinary_elsewhere", "elsewhere"]
        for line in [name, *phrases(name)]
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def gather() -> tuple[list[str], list[set[str]], list[bool]]:
    """Each sentence once, with all the labels it has, and whether it may say that small talk is absent."""
    labels: dict[str, set[str]] = {}
    for name in LABELS:
        for text in phrases(name):
            labels.setdefault(text, set()).add(name)
    general = [text for text in phrases("elsewhere") if text not in labels]
    plain = phrases("ordinary") + phrases("ordinary_elsewhere")
    ordinary = [text for text in dict.fromkeys(plain) if text not in labels]
    texts = [*labels, *ordinary, *general]
    return texts, [labels.get(text, set()) for text in texts], [text not in set(general) for text in texts]


def main() -> None:
    texts, labels, is_telling = gather()
    vectors = open_embedder(2).embed_now(texts)
    word_rows, char_rows = [word_grams(t) for t in texts], [char_grams(t) for t in texts]
    words, chars = learn_vocabulary(word_rows, 2), learn_vocabulary(char_rows, 2)
    fused = hstack(
        [
            matrix([words.row(row) for row in word_rows], len(words.hashes)),
            matrix([chars.row(row) for row in char_rows], len(chars.hashes)),
            csr_matrix(MEANING_WEIGHT * vectors),
        ]
    ).tocsr()
    weights, bias = [], []
    for label in LABELS:
        # General phrases hold greetings and insults of all sorts: they say nothing about small talk.
        rows = np.flatnonzero([label not in SMALL_TALK or telling for telling in is_telling])
        truth = np.array([label in labels[row] for row in rows])
        model = LogisticRegression(C=STRICTNESS, class_weight="balanced", max_iter=500)
        held = cross_val_predict(model, fused[rows], truth, cv=FOLDS, method="predict_proba")[:, 1]
        recall, alarms = (held[truth] >= 0.5).mean(), (held[~truth] >= 0.5).mean()
        print(f"{label:20} {truth.sum():4} phrases, held out: recall {recall:.2f}, false alarms {alarms:.3f}")
        model.fit(fused[rows], truth)
        weights.append(model.coef_[0])
        bias.append(model.intercept_[0])
    by_word, by_char, meaning = np.split(
        np.array(weights).T, [len(words.hashes), len(words.hashes) + len(chars.hashes)]
    )
    linear = Linear(
        by_word.astype(np.float16),
        by_char.astype(np.float16),
        (MEANING_WEIGHT * meaning).astype(np.float32),
        np.array(bias, np.float32),
    )
    thresholds = np.full(len(LABELS), 0.5, np.float32)
    blob = pack(SignalHeads(tuple(LABELS), words, chars, linear, thresholds, checksum()))
    (ROOM / "heads/signals.npz").write_bytes(blob)
    print(f"{len(texts)} phrases → heads/signals.npz, {len(blob)} bytes")


if __name__ == "__main__":
    main()
