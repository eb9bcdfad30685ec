"""Learning from a company's own examples what is no risk there: a bank's customers speak of cards, charges
and withdrawals all day, and an alarm on each of them would be heard by nobody.

Only a risk that raises too many alarms on ordinary examples is learnt anew. A topic of which most examples
raise it is about that risk and no ordinary one; its alarms stay.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bothands.understanding.model import Example, Vectors
from bothands.understanding.signals import held_out_risks, signal_heads, signal_lesson
from bothands.understanding.warning import HEAD_SCORE_MIN, NO_SHIFT, RISKS, RiskShift, raw_of

ALARM_SHARE_MAX = 0.02
TOPIC_ALARM_SHARE_MAX = 0.5
EXAMPLES_MIN = 200  # of fewer, two of a hundred are no share to go by
EXAMPLES_MAX = 3_000
FOLDS = 3
STRICTNESS = 1.0  # scikit-learn's C
MEANING_WEIGHT = 3.0

Raw = NDArray[np.float64]


def train_risks(
    examples: Sequence[Example], vectors: Vectors, embed: Callable[[Sequence[str]], Vectors]
) -> RiskShift:
    """How the shipped risk heads are to be read in this company; `embed` is asked only if need be."""
    if len(examples) < EXAMPLES_MIN:
        return NO_SHIFT
    rows = np.random.default_rng(0).permutation(len(examples))[:EXAMPLES_MAX]
    topics = np.array([examples[row].topic for row in rows])
    scores = [signal_heads().scores(examples[row].text, vectors[row]) for row in rows]
    raw = raw_of(np.array([[score[risk] for risk in RISKS] for score in scores]))
    floors = raw_of(np.array(list(HEAD_SCORE_MIN.values())))
    ordinary = [_ordinary(topics, alarms) for alarms in (raw >= floors).T]
    loud = [
        place
        for place, plain in enumerate(ordinary)
        if plain.any() and (raw[plain, place] >= floors[place]).mean() > ALARM_SHARE_MAX
    ]
    if not loud:
        return NO_SHIFT
    texts, labels, _ = signal_lesson()
    ours = embed(texts)
    held = held_out_risks().raw.astype(float)
    weights, bias = np.ones(len(RISKS)), np.zeros(len(RISKS))
    meaning = np.zeros((vectors.shape[1], len(RISKS)))
    for place in loud:
        plain, is_risk = ordinary[place], np.array([RISKS[place] in row for row in labels])
        seen = _seen(
            np.concatenate([raw[plain, place], held[:, place]]),
            np.concatenate([vectors[rows[plain]], ours]),
        )
        truth = np.concatenate([np.zeros(plain.sum(), bool), is_risk])
        line, middle = _line(seen, truth, int(plain.sum()))
        weights[place], meaning[:, place] = line[0], MEANING_WEIGHT * line[1:-1]
        bias[place] = line[-1] - middle + floors[place]
    return RiskShift(*(part.astype(np.float32) for part in (weights, meaning, bias)))


def _ordinary(topics: NDArray[np.str_], alarms: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The examples whose topic is not about the risk itself."""
    about = [topic for topic in set(topics) if alarms[topics == topic].mean() >= TOPIC_ALARM_SHARE_MAX]
    return ~np.isin(topics, about)


def _seen(raw: Raw, vectors: Vectors) -> Raw:
    return np.hstack([raw[:, None], MEANING_WEIGHT * vectors])


def _line(seen: Raw, truth: NDArray[np.bool_], ordinary: int) -> tuple[Raw, float]:
    """Weights and bias of one risk, and the score that `ALARM_SHARE_MAX` of held-out ordinary ones exceed."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    model = LogisticRegression(C=STRICTNESS, class_weight="balanced", max_iter=500)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    held = cross_val_predict(model, seen, truth, cv=folds, method="decision_function")
    model.fit(seen, truth)
    middle = float(np.quantile(held[:ordinary], 1 - ALARM_SHARE_MAX))
    return np.concatenate([model.coef_[0], model.intercept_]), middle
