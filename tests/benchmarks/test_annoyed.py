"""The benchmark `annoyed` on dialogues of our own."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.scores import average_precision, recall_among_surest
from tests.understanding.tempers import CALM, CROSS


def written(path: Path) -> str:
    rows = [
        {
            "id": f"{place} {is_annoyed}",
            "domains": ["hotel" if place % 2 else "trip"],
            "agent_says": {"user_annoyed": is_annoyed},
            "turns": [
                {"who": "user", "text": f"I need number {place}"},
                {"who": "agent", "text": "How can I help?"},
                {"who": "user", "text": ends[place % len(ends)]},
            ],
        }
        for place in range(44)
        for is_annoyed, ends in ((False, CALM), (True, CROSS))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.mark.slow
def test_the_annoyed_are_told_from_the_calm_in_domains_not_learnt_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "rows.jsonl")
    domains = ["--train-domains", "hotel", "--test-domains", "trip"]
    assert main(["annoyed", "--train", file, "--test", file, *domains]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["n_annoyed"], found["folds"]) == (44, 22, 1)
    assert found["auroc"]["value"] > 0.9
    assert main(["annoyed", "--train", file, "--test", file, "--turns", "1"]) == 0
    early = json.loads(capsys.readouterr().out)
    assert (early["n"], early["folds"]) == (88, 5)
    assert early["auroc"]["value"] < 0.8


def test_a_domain_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "rows.jsonl")
    assert main(["annoyed", "--train", file, "--test", file, "--test-domains", "moon"]) == 2
    assert "none is left" in capsys.readouterr().err


def test_the_scores_are_what_they_are_by_hand() -> None:
    truth, told = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(truth, told) == pytest.approx((1 + 2 / 3) / 2)
    assert recall_among_surest(truth, told, 0.5) == 0.5
