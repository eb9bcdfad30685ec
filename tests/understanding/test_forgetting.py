"""A reading can forget which risk it heard."""

import msgspec
import pytest

from bothands.understanding import UNNAMED, Risk, Span, forget_risks


def stored(*kinds: str) -> dict:
    risks = [Risk(kind, 0.9, f'tells of {kind}: "zq{kind}"', Span(3, 9)) for kind in kinds]
    return {"language": "en", "risks": msgspec.to_builtins(risks)}


@pytest.mark.parametrize("kind", ["vulnerable", "self_harm", "safety", "fraud"])
def test_which_risk_it_was_and_where_is_gone(kind: str) -> None:
    forgotten = forget_risks(stored(kind))
    assert kind not in str(forgotten)
    assert [(risk["kind"], risk["span"]) for risk in forgotten["risks"]] == [
        (UNNAMED, {"start": 0, "end": 0})
    ]


def test_several_become_one_and_the_strongest_counts() -> None:
    reading = stored("vulnerable", "fraud")
    reading["risks"][1]["score"] = 0.95
    assert [risk["score"] for risk in forget_risks(reading)["risks"]] == [0.95]


def test_an_ill_effect_leaves_nothing_and_the_law_stays() -> None:
    forgotten = forget_risks(stored("health", "legal", "complaint"))
    assert [risk["kind"] for risk in forgotten["risks"]] == ["legal", "complaint"]
    assert "health" not in str(forgotten)


def test_forgetting_twice_is_forgetting_once() -> None:
    once = forget_risks(stored("vulnerable", "legal"))
    assert forget_risks(once) == once
    assert forget_risks({}) == {}


def test_what_is_left_is_still_a_risk() -> None:
    (risk,) = forget_risks(stored("self_harm"))["risks"]
    assert msgspec.convert(risk, Risk).kind == UNNAMED
