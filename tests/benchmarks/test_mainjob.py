import tomllib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mainjob import _figures, _judge, _outcome, _share
from benchmarks.mainjob_running import Became, company_folder
from benchmarks.rows import Labelled

ROW = Labelled("cash on delivery?", ("COD",), "1")
STRANGER = Labelled("do you speak Hindi", ("OOS",), "2")


def toml(path: Path) -> Any:
    return tomllib.loads(path.read_text("utf-8"))


def test_the_company_learns_its_topics_from_the_rows_and_answers_with_our_replies(tmp_path: Path) -> None:
    folder = company_folder(tmp_path / "company", [("COD?", "COD"), ('say "no"\n', "COD"), ("EMI", "EMI")])

    topics = {topic["id"]: topic for topic in toml(folder / "topics.toml")["topic"]}
    assert topics["COD"]["examples"] == ["COD?", 'say "no"\n']
    assert topics["EMI"]["title"] == "Pay in instalments"
    assert {reply["topic"] for reply in toml(folder / "replies.toml")["reply"]} == {"COD", "EMI"}


def test_a_topic_we_have_no_answer_for_gets_a_stand_in(tmp_path: Path) -> None:
    folder = company_folder(tmp_path / "company", [("my card is lost", "lost_card")])

    replies = toml(folder / "replies.toml")["reply"]
    assert [(reply["topic"], reply["plain"]) for reply in replies] == [
        ("lost_card", ["Here is what we say about Lost card."])
    ]
    assert not (folder / "charter.toml").exists()
    assert not (folder / "facts.toml").exists()


@pytest.mark.parametrize(
    ("step", "basis", "outcome"),
    [
        ("act", "approved", "answered"),
        ("act", "fact_question", "asked"),
        ("act", "out_of_scope", "declined"),
        ("act", "small_talk", "small_talk"),
        ("draft", "approved", "drafted"),
        ("hand_off", "approved", "handed_over"),
    ],
)
def test_an_outcome_is_told_from_the_step_and_what_it_rests_on(step: str, basis: str, outcome: str) -> None:
    assert _outcome(Became(step, basis, None, 0.1)) == outcome


def test_a_basis_nobody_knows_stops_the_run_instead_of_flattering_it() -> None:
    with pytest.raises(SystemExit, match="not known here"):
        _outcome(Became("act", "magic", None, 0.1))


def test_answering_another_topic_or_a_stranger_is_wrong() -> None:
    judged = [
        _judge(ROW, Became("act", "approved", "COD", 0.1)),
        _judge(ROW, Became("act", "approved", "EMI", 0.1)),
        _judge(STRANGER, Became("act", "approved", "COD", 0.1)),
        _judge(STRANGER, Became("act", "out_of_scope", None, 0.1)),
    ]
    figures: Any = _figures(judged)

    assert figures["answered"]["value"] == 0.75
    assert figures["wrong"]["value"] == 0.5
    assert figures["wrong_of_answered"]["value"] == pytest.approx(0.6667)
    assert figures["out_of_scope_answered"]["value"] == 0.5


def test_a_share_of_nothing_is_unknown_and_an_interval_stays_within_bounds() -> None:
    assert _share([])["value"] is None
    assert _share([False] * 20) == {"value": 0.0, "low": 0.0, "high": pytest.approx(0.1611, abs=1e-4)}
