"""The benchmark `emotion` on a few sentences of our own."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main

SAID = {
    "gratitude": ["thank you so much", "thanks a lot to all of you", "I am grateful for this", "many thanks"],
    "anger": [
        "this is a disgrace",
        "I am furious about this",
        "what an awful rip-off",
        "you make me so angry",
    ],
    "neutral": ["the box is blue", "I live in Bern", "it is four metres long", "the shop opens at nine"],
}


@pytest.mark.slow
def test_labels_and_groups_are_measured_fold_by_fold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"text": text, "labels": [label]} for label, texts in SAID.items() for text in texts]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["emotion", "--train", str(file), "--test", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["folds"], found["labels"]) == (12, 5, 3)
    assert found["macro_f1"]["low"] <= found["macro_f1"]["value"] <= found["macro_f1"]["high"]
    assert found["per_label"]["anger"]["n"] == 4
    assert "worry" in found["groups"]["per_label"]
    assert found["shipped"]["macro_f1"]["value"] >= 0.7
    assert found["baseline"]["macro_f1"]["value"] is not None


def test_rows_without_labels_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "hello"}\n', "utf-8")
    assert main(["emotion", "--train", str(file), "--test", str(file)]) == 2
    assert "`labels`" in capsys.readouterr().err
