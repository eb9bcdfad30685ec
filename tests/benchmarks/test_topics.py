import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.intervals import figure
from benchmarks.noting import note
from benchmarks.rows import folds, labelled
from benchmarks.scores import aurc, auroc, coverage_at, ece, macro_f1, mcc
from bothands.kit import Invalid

ROOT = Path(__file__).parents[2]
TRAIN = [
    ("where is my order", "order"),
    ("when will my parcel come", "order"),
    ("my order is late", "order"),
    ("track my parcel", "order"),
    ("what does it cost", "price"),
    ("how much is the bed", "price"),
    ("price of the lamp", "price"),
    ("how expensive is it", "price"),
]
TEST = [("where is the parcel", "order"), ("how much does the lamp cost", "price"), ("sing a song", "OOS")]


def write(file: Path, rows: list[dict[str, Any]]) -> Path:
    blob = "\n".join(json.dumps(row) for row in rows).encode()
    file.write_bytes(gzip.compress(blob) if file.suffix == ".gz" else blob)
    return file


def intents(file: Path, rows: list[tuple[str, str]]) -> Path:
    return write(file, [{"text": text, "label": label} for text, label in rows])


def bench(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_topics_prints_one_object_with_intervals_and_a_baseline(tmp_path: Path) -> None:
    train, test = intents(tmp_path / "train.jsonl.gz", TRAIN), intents(tmp_path / "test.jsonl", TEST)
    done = bench("topics", "--train", train, "--test", test)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["n"], figures["n_in_scope"], figures["topics"]) == (3, 2, 2)
    assert figures["in_scope_accuracy"]["value"] == 1.0
    for name in (
        "macro_f1",
        "oos_auroc",
        "oos_recall",
        "in_scope_rejected",
        "mcc",
        "ece",
        "aurc",
        "message_ms",
    ):
        assert set(figures[name]) == {"value", "low", "high"}, name
    assert set(figures["coverage_at"]) == {"0.01", "0.02", "0.05"}
    assert "nearest" in figures["baseline"]["method"]


@pytest.mark.slow
def test_the_same_rows_twice_mean_five_folds_of_whole_conversations(tmp_path: Path) -> None:
    rows = [
        {"conv": f"c{place % 7}", "turn": place, "text": text, "intents": [label]}
        for place, (text, label) in enumerate(TRAIN * 2)
    ]
    file = write(tmp_path / "all.jsonl", rows)
    done = bench("topics", "--train", file, "--test", file, "--format", "multidogo")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["folds"], figures["n"], figures["oos_auroc"]) == (5, 16, None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not json", "not JSON lines"),
        (b'{"text": "x"}', "needs `text` and `label`"),
        (b"", "hold no rows"),
    ],
)
def test_bad_input_ends_with_two_and_a_reason(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    done = bench("topics", "--train", file, "--test", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_name_that_is_no_benchmark_ends_with_two() -> None:
    done = bench("nonsense")
    assert done.returncode == 2
    assert "topics" in done.stderr


def test_conversations_are_never_cut_by_a_fold(tmp_path: Path) -> None:
    rows = [{"conv": f"c{n % 9}", "turn": n, "text": f"t{n}", "intents": ["a"]} for n in range(40)]
    read = labelled([write(tmp_path / "x.jsonl", rows)], "multidogo")
    parts = folds(read, read)
    assert sum(len(held) for _, held in parts) == 40
    for learn, held in parts:
        assert not {row.conversation for row in learn} & {row.conversation for row in held}


def test_out_of_domain_turns_are_none_of_ours(tmp_path: Path) -> None:
    rows = [
        {"conv": "c", "turn": 1, "text": "x", "intents": ["outofdomain"]},
        {"conv": "c", "turn": 2, "text": "y", "intents": ["a", "outofdomain"]},
    ]
    first, second = labelled([write(tmp_path / "x.jsonl", rows)], "multidogo")
    assert not first.is_ours
    assert second.labels == ("a",)


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not there"):
        labelled([tmp_path / "no.jsonl"], "intents")


def test_statistics_agree_with_hand_made_cases() -> None:
    truth, told = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(truth, told, np.arange(2)) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert mcc(truth, truth) == pytest.approx(1)
    assert mcc(truth, told) == pytest.approx(0.57735, abs=1e-5)
    assert auroc(np.array([True, True, False, False]), np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(0.875)
    sure, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert aurc(sure, right) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)
    assert coverage_at(sure, right, 0.01) == 0.5
    assert coverage_at(sure, right, 0.25) == 1.0
    assert ece(np.array([1.0, 1.0]), np.array([True, False])) == pytest.approx(0.5)


def test_an_interval_is_wider_when_rows_share_conversations() -> None:
    values = np.repeat([0.0, 1.0], 50)
    alone = figure(lambda rows: float(values[rows].mean()), list(range(100)))
    shared = figure(lambda rows: float(values[rows].mean()), [place // 10 for place in range(100)])
    assert alone["low"] is not None
    assert shared["low"] is not None
    assert shared["low"] < alone["low"] < 0.5


def test_a_section_is_rewritten_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    note("one", "python -m one", {"n": 1, "seconds": 1.0}, page)
    note("two", "python -m two", {"n": 2, "seconds": 1.0}, page)
    note("one", "python -m one", {"n": 3, "seconds": 1.0}, page)
    text = page.read_text("utf-8")
    assert text.count("## one\n") == text.count("## two\n") == 1
    assert "| n | 3 |" in text
    assert "| n | 2 |" in text
