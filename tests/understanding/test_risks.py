"""What is ordinary in a company raises no alarm there, and what is a risk still does."""

from collections.abc import Sequence

import numpy as np
import pytest

from bothands.models import Embedder
from bothands.understanding import Example
from bothands.understanding.model import Vectors
from bothands.understanding.risks.training import ALARM_SHARE_MAX, train_risks
from bothands.understanding.signals import signal_heads
from bothands.understanding.warning import HEAD_SCORE_MIN, NO_SHIFT, RiskShift

from .held_out import held_out

SHOPS = [
    "bakery",
    "cinema",
    "garage",
    "museum",
    "chemist",
    "florist",
    "library",
    "theatre",
    "market",
    "hotel",
]
COINS = [f"{number} pounds" for number in "two three four five six seven eight nine ten".split()]
UNSEEN_COINS = ["twelve pounds", "forty pounds"]
LOUD = "somebody at the {1} took {0} from my card, is it booked"
CALM = ["do you take {} at the {}", "can I pay {} by card at the {}"]


def asked(coins: Sequence[str]) -> list[str]:
    """What customers of a bank ask all day."""
    filled = [(coin, shop) for coin in coins for shop in SHOPS]
    return [form.format(*words) for words in filled for form in (LOUD, *CALM)]


def refuse(texts: Sequence[str]) -> Vectors:
    raise AssertionError("nothing had to be learnt")


def share_of_fraud(texts: Sequence[str], vectors: Vectors, shift: RiskShift) -> float:
    scores = [
        shift.apply(signal_heads().scores(text, vector), vector)["risk_fraud"]
        for text, vector in zip(texts, vectors, strict=True)
    ]
    return float(np.mean(np.array(scores) >= HEAD_SCORE_MIN["fraud"]))


@pytest.mark.slow
def test_a_banks_ordinary_messages_raise_no_alarm_and_fraud_still_does(embedder: Embedder) -> None:
    texts, unseen = asked(COINS), asked(UNSEEN_COINS)
    vectors, unseen_vectors = embedder.embed_now(texts), embedder.embed_now(unseen)
    shift = train_risks([Example(text, "bookings") for text in texts], vectors, embedder.embed_now)
    assert share_of_fraud(unseen, unseen_vectors, NO_SHIFT) > 5 * ALARM_SHARE_MAX
    assert share_of_fraud(unseen, unseen_vectors, shift) <= 2 * ALARM_SHARE_MAX
    fraud = [text for kind, text in (line.split(" | ") for line in held_out("risky")) if kind == "fraud"]
    fraud_vectors = embedder.embed_now(fraud)
    before = share_of_fraud(fraud, fraud_vectors, NO_SHIFT)
    assert share_of_fraud(fraud, fraud_vectors, shift) >= before - 0.1


def test_a_topic_that_is_about_the_risk_is_left_alone(embedder: Embedder) -> None:
    texts = ["somebody stole my card and pays with it"] * 100 + ["what does the blue lamp cost"] * 200
    examples = [Example(text, "stolen" if "stole" in text else "prices") for text in texts]
    assert train_risks(examples, embedder.embed_now(texts), refuse) is NO_SHIFT


def test_where_few_examples_alarm_nothing_is_learnt(embedder: Embedder) -> None:
    texts = ["what does the blue lamp cost"] * 300
    vectors = embedder.embed_now(texts)
    assert train_risks([Example(text, "prices") for text in texts], vectors, refuse) is NO_SHIFT
    few = [Example(LOUD.format("one pound", "bakery"), "bookings")] * 20
    assert train_risks(few, embedder.embed_now([e.text for e in few]), refuse) is NO_SHIFT


def test_without_anything_learnt_scores_stay_as_they_are() -> None:
    scores = {"risk_fraud": 0.4, "thanks": 0.9}
    assert NO_SHIFT.apply(scores, np.zeros(384, np.float32)) is scores
