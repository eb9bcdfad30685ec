"""Train the shipped signal heads (wish for a person, small talk, risks) on our own phrases.

    .venv/bin/python tools/train_signals.py

Rewrites signals.npz and risks_held_out.npz in src/bothands/understanding/heads; a test fails while they are
older than the phrases.
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
from bothands.understanding.signals import (
    SIGNALS,
    SMALL_TALK,
    HeldOut,
    SignalHeads,
    phrases,
    signal_lesson,
)
from bothands.understanding.topics import Linear
from bothands.understanding.vectorising import Sparse, char_grams, learn_vocabulary, word_grams
from bothands.understanding.warning import RISKS

ROOM = Path(__file__).parents[1] / "src/bothands/understanding"
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
        for name in [*SIGNALS, "ordinary", "ordinary_elsewhere", "elsewhere"]
        for line in [name, *phrases(name)]
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def main() -> None:
    texts, labels, is_telling = signal_lesson()
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
    weights, bias, unseen = [], [], []
    for label in SIGNALS:
        # General phrases hold greetings and insults of all sorts: they say nothing about small talk.
        rows = np.flatnonzero([label not in SMALL_TALK or telling for telling in is_telling])
        truth = np.array([label in labels[row] for row in rows])
        model = LogisticRegression(C=STRICTNESS, class_weight="balanced", max_iter=500)
        held = cross_val_predict(model, fused[rows], truth, cv=FOLDS, method="decision_function")
        if label in RISKS:
            unseen.append(held)
        recall, alarms = (held[truth] >= 0).mean(), (held[~truth] >= 0).mean()
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
    thresholds = np.full(len(SIGNALS), 0.5, np.float32)
    blob = pack(SignalHeads(SIGNALS, words, chars, linear, thresholds, checksum()))
    (ROOM / "heads/signals.npz").write_bytes(blob)
    risks = HeldOut(np.array(unseen, np.float16).T, checksum())
    (ROOM / "heads/risks_held_out.npz").write_bytes(pack(risks))
    print(f"{len(texts)} phrases → heads/signals.npz, {len(blob)} bytes")


if __name__ == "__main__":
    main()
