"""Train the shipped emotion heads on GoEmotions (CC BY 4.0) and our own phrases.

    .venv/bin/python tools/train_emotion.py TRAIN.jsonl.gz DEV.jsonl.gz

Rows: `text`, `labels` (names of GoEmotions' 28). Rewrites src/bothands/understanding/heads/emotion.npz and
prints how well the heads do on DEV, of which they learn nothing.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

from bothands.models import open_embedder
from bothands.understanding import EMOTION_GROUPS, train_labels
from bothands.understanding.feeling import LABELS
from bothands.understanding.packing import pack
from bothands.understanding.signals import phrases

ROOM = Path(__file__).parents[1] / "src/bothands/understanding"
# Phrases that carry no emotion of their own, whatever a comment on Reddit with these words carries.
PLAIN = "ordinary ordinary_elsewhere wish_person greeting goodbye are_you_human how_are_you yes no".split()
# Reddit is not a help desk: one sentence written for it counts as much as so many comments.
OWN_PHRASE_WEIGHT = 30.0
OWN_PLAIN_PHRASE_WEIGHT = 6.0


def read(file: str) -> tuple[list[str], list[set[str]]]:
    blob = Path(file).read_bytes()
    lines = (gzip.decompress(blob) if file.endswith(".gz") else blob).decode().splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    labels = [{str(EMOTION_GROUPS.get(label, "neutral")) for label in row["labels"]} for row in rows]
    return [row["text"] for row in rows], labels


def own_phrases() -> tuple[list[str], list[set[str]]]:
    texts: list[str] = []
    labels: list[set[str]] = []
    for label in LABELS:
        plain = [text for name in PLAIN for text in phrases(name)] if label == "neutral" else []
        for text in [*phrases(f"emotion_{label}"), *plain]:
            texts.append(text)
            labels.append({label})
    return texts, labels


def main(train: str, dev: str) -> None:
    texts, labels = read(train)
    own, own_labels = own_phrases()
    weights = [1.0] * len(texts)
    weights += [OWN_PLAIN_PHRASE_WEIGHT if row == {"neutral"} else OWN_PHRASE_WEIGHT for row in own_labels]
    embedder = open_embedder(2)
    heads = train_labels(texts + own, labels + own_labels, embedder.embed_now(texts + own), weights)
    blob = pack(heads)
    (ROOM / "heads/emotion.npz").write_bytes(blob)
    print(f"heads/emotion.npz: {len(blob)} bytes", file=sys.stderr)

    dev_texts, dev_labels = read(dev)
    vectors = embedder.embed_now(dev_texts)
    scores = [heads.scores(text, vector) for text, vector in zip(dev_texts, vectors, strict=True)]
    f1s = []
    for label, threshold in zip(heads.labels, heads.thresholds, strict=True):
        right = np.array([label in row for row in dev_labels])
        said = np.array([score[label] >= threshold for score in scores])
        f1s.append(2 * (right & said).sum() / (right.sum() + said.sum()))
        print(f"  {label:12} n={right.sum():5} threshold {threshold:.2f} F1 {f1s[-1]:.3f}")
    print(f"macro-F1 over our seven groups: {np.mean(f1s):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
