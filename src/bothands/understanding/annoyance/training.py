"""Learning who becomes annoyed from conversations of which it is known, cut off at any point."""

from collections.abc import Sequence

import numpy as np

from bothands.kit import Invalid
from bothands.understanding.annoyance.foreseeing import Foresight, course_of
from bothands.understanding.model import Vectors

CONVERSATIONS_MAX = 20_000
EACH_MIN = 20
STRICTNESS = 0.005  # scikit-learn's C


def train_annoyance(
    conversations: Sequence[tuple[Sequence[str], Vectors]], annoyed: Sequence[bool]
) -> Foresight:
    """`conversations`: what the contact wrote, with the messages' vectors."""
    if len(conversations) > CONVERSATIONS_MAX:
        raise Invalid("conversations to learn from", f"{len(conversations)}", f"use {CONVERSATIONS_MAX}")
    fewer = min(sum(annoyed), len(annoyed) - sum(annoyed))
    if fewer < EACH_MIN:
        raise Invalid(
            "learning who becomes annoyed",
            f"{sum(annoyed)} of {len(annoyed)} conversations are annoyed ones",
            f"give {EACH_MIN} of each kind at least",
        )
    from sklearn.linear_model import LogisticRegression

    seen = np.stack([course_of(texts, vectors) for texts, vectors in conversations]).astype(float)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-6
    model = LogisticRegression(C=STRICTNESS, max_iter=1_000).fit((seen - mean) / deviation, annoyed)
    return Foresight(
        mean.astype(np.float32),
        deviation.astype(np.float32),
        model.coef_[0].astype(np.float32),
        float(model.intercept_[0]),
    )
