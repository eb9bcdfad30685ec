"""`annoyed`: whether a customer is or becomes annoyed, foreseen from what they wrote, by the training door.

Dialogues in which nobody said whether the customer was annoyed are left out; so are those without a word of
theirs. The baseline: a regression on the words and pairs of words of all messages together.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.intervals import figure
from benchmarks.rows import folds, json_lines
from benchmarks.scores import Flags, Floats, auroc, average_precision, recall_among_surest
from bothands.kit import Invalid
from bothands.models import open_embedder
from bothands.understanding import train_annoyance

THREADS = 2
ALARM_SHARE = 0.1


class Dialogue(msgspec.Struct, frozen=True):
    text: str  # what `folds` compares by
    labels: tuple[str, ...]
    conversation: str
    said: tuple[str, ...]
    domains: frozenset[str]

    @property
    def is_annoyed(self) -> bool:
        return bool(self.labels)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, required=True, help="STAR dialogues")
    parser.add_argument("--test", type=Path, required=True, help="the same file: five-fold")
    parser.add_argument(
        "--turns", type=int, metavar="K", help="after so many of the customer's turns; or all"
    )
    parser.add_argument("--train-domains", nargs="+", metavar="D", help="learn from dialogues of these only")
    parser.add_argument("--test-domains", nargs="+", metavar="D", help="measure on dialogues of these only")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.turns is not None and arguments.turns < 1:
        raise Invalid("--turns", "it is below 1", "give the number of the customer's turns")
    train = _within(_dialogues(arguments.train), arguments.train_domains)
    test = _within(_dialogues(arguments.test), arguments.test_domains)
    parts = folds(train, test)  # type: ignore[arg-type,var-annotated]
    embedder = open_embedder(THREADS)
    try:
        texts = list(dict.fromkeys(text for one in [*train, *test] for text in one.said))
        vectors = dict(zip(texts, embedder.embed_now(texts), strict=True))
    finally:
        embedder.close()
    truth = np.array([one.is_annoyed for _, held in parts for one in held])
    told = [_foreseen(learn, held, vectors, arguments.turns) for learn, held in parts]
    plain = [_by_words(learn, held, arguments.turns) for learn, held in parts]
    groups = [one.conversation for _, held in parts for one in held]
    return {
        "benchmark": "annoyed",
        "n": len(truth),
        "n_annoyed": int(truth.sum()),
        "n_train": len(train),
        "folds": len(parts),
        "turns": arguments.turns or "all",
        **_figures(truth, np.concatenate(told), groups),
        "baseline": {
            "method": "regression on words and pairs of words",
            **_figures(truth, np.concatenate(plain), groups),
        },
    }


def _dialogues(file: Path) -> list[Dialogue]:
    found = []
    for number, row in enumerate(json_lines(file), 1):
        turns, says = row.get("turns"), row.get("agent_says")
        if not isinstance(turns, list) or not isinstance(says, dict):
            raise Invalid(f"{file.name}:{number}", "a row needs `turns` and `agent_says`", "see the README")
        said = tuple(str(turn.get("text") or "") for turn in turns if turn.get("who") == "user")
        annoyed = says.get("user_annoyed")
        if said and isinstance(annoyed, bool):
            labels = ("annoyed",) if annoyed else ()
            domains = frozenset(str(domain) for domain in row.get("domains") or ())
            found.append(Dialogue("\n".join(said), labels, f"{file.name}:{number}", said, domains))
    return found


def _within(dialogues: Sequence[Dialogue], domains: Sequence[str] | None) -> list[Dialogue]:
    kept = [one for one in dialogues if domains is None or one.domains <= set(domains)]
    if not kept:
        raise Invalid("the dialogues", "none is left to use", "check the file and the domains")
    return kept


def _foreseen(
    train: Sequence[Dialogue], test: Sequence[Dialogue], vectors: dict[str, Any], turns: int | None
) -> Floats:
    def part(one: Dialogue) -> tuple[tuple[str, ...], Any]:
        said = one.said[:turns]
        return said, np.stack([vectors[text] for text in said])

    foresight = train_annoyance([part(one) for one in train], [one.is_annoyed for one in train])
    return np.array([foresight.annoyed_probability(*part(one)) for one in test])


def _by_words(train: Sequence[Dialogue], test: Sequence[Dialogue], turns: int | None) -> Floats:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
    seen = words.fit_transform([" ".join(one.said[:turns]) for one in train])
    model = LogisticRegression(class_weight="balanced", max_iter=1_000)
    model.fit(seen, [one.is_annoyed for one in train])
    asked = words.transform([" ".join(one.said[:turns]) for one in test])
    return np.asarray(model.predict_proba(asked)[:, 1])


def _figures(truth: Flags, told: Floats, groups: Sequence[str]) -> dict[str, Any]:
    return {
        "auroc": figure(lambda rows: auroc(truth[rows], told[rows]), groups),
        "average_precision": figure(lambda rows: average_precision(truth[rows], told[rows]), groups),
        "recall_at_10_percent_alarms": figure(
            lambda rows: recall_among_surest(truth[rows], told[rows], ALARM_SHARE), groups
        ),
    }
