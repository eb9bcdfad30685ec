"""Statistics over rows, fast enough to be bootstrapped. Each takes arrays that are already drawn."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int64]

BINS = 15


def macro_f1(truth: Labels, told: Labels, labels: Labels) -> float:
    """Mean F1 over the labels that occur among the truths."""
    size = int(max(truth.max(initial=0), told.max(initial=0))) + 1
    right = np.bincount(truth[truth == told], minlength=size)
    both = np.bincount(truth, minlength=size) + np.bincount(told, minlength=size)
    present = np.intersect1d(labels, truth)
    return float((2 * right[present] / both[present]).mean()) if len(present) else float("nan")


def mcc(truth: Labels, told: Labels) -> float:
    """Matthews' correlation for several classes (Gorodkin's R_K)."""
    size = int(max(truth.max(initial=0), told.max(initial=0))) + 1
    of_truth = np.bincount(truth, minlength=size).astype(float)
    of_told = np.bincount(told, minlength=size).astype(float)
    count, right = float(len(truth)), float((truth == told).sum())
    spread = (count**2 - (of_told**2).sum()) * (count**2 - (of_truth**2).sum())
    return float((right * count - of_truth @ of_told) / np.sqrt(spread)) if spread > 0 else float("nan")


def auroc(is_positive: Flags, scores: Floats) -> float:
    """The chance that a positive row scores above a negative one; ties count half."""
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def ece(probabilities: Floats, is_right: Flags) -> float:
    """Expected calibration error over fifteen equal bins."""
    places = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = np.bincount(places, probabilities - is_right, BINS)
    return float(np.abs(gaps).sum() / len(probabilities)) if len(probabilities) else float("nan")


def risks_by_coverage(probabilities: Floats, is_right: Flags) -> Floats:
    """Share of wrong ones among the surest 1, 2, 3, … rows."""
    order = np.argsort(-probabilities, kind="stable")
    return np.asarray(np.cumsum(~is_right[order]) / np.arange(1, len(order) + 1), float)


def aurc(probabilities: Floats, is_right: Flags) -> float:
    risks = risks_by_coverage(probabilities, is_right)
    return float(risks.mean()) if len(risks) else float("nan")


def coverage_at(probabilities: Floats, is_right: Flags, risk: float) -> float:
    """The largest share of rows, surest first, of which at most `risk` are wrong (an oracle's threshold)."""
    allowed = np.flatnonzero(risks_by_coverage(probabilities, is_right) <= risk)
    return float((allowed[-1] + 1) / len(probabilities)) if len(allowed) else 0.0


def average_precision(is_positive: Flags, scores: Floats) -> float:
    """Mean precision at each positive row, going down from the highest score."""
    hits = is_positive[np.argsort(-scores, kind="stable")]
    if not hits.any():
        return float("nan")
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def recall_among_surest(is_positive: Flags, scores: Floats, share: float) -> float:
    """The share of positive rows that are among the given share of rows with the highest scores."""
    count = int(len(scores) * share)
    hits = is_positive[np.argsort(-scores, kind="stable")]
    return float(hits[:count].sum() / hits.sum()) if hits.any() else float("nan")
