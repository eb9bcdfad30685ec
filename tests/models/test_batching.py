"""What is encoded together: each text once, and little of it padding."""

import random

from bothands.models.encoding import BATCH_TEXTS_MAX, cut_into_batches

# Before padding was counted, 2.3 times the tokens were encoded.
PADDED_MAX = 1.3


def test_a_handful_of_messages_is_hardly_padded() -> None:
    source = random.Random(1)
    for count in (1, 2, 8, 32, 200):
        lengths = [min(3 + int(source.expovariate(1 / 14)), 256) for _ in range(count)]
        batches = cut_into_batches(lengths)
        assert sorted(place for batch in batches for place in batch) == list(range(count))
        assert all(len(batch) <= BATCH_TEXTS_MAX for batch in batches)
        padded = sum(len(batch) * max(lengths[place] for place in batch) for batch in batches)
        assert padded <= PADDED_MAX * sum(lengths)


def test_texts_of_one_length_are_encoded_together() -> None:
    assert len(cut_into_batches([12] * BATCH_TEXTS_MAX)) == 1
