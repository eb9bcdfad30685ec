import numpy as np
import pytest

from bothands.knowledge.covering import Words

PASSAGES = [
    ["Rooms", "Our rooms are large.", "Beer is served at the bar."],
    ["Room service", "We bring meals to your room."],
    [],
    ["Model 4711 weighs 3 kg."],
]


def _whole(**asked: str) -> list[float]:
    words = Words(PASSAGES)
    cover = words.cover(asked, dict.fromkeys(asked, 1.0), np.arange(len(PASSAGES)))
    assert cover.piece.shape == cover.whole.shape == cover.gap.shape == (len(PASSAGES),)
    return [float(share) for share in cover.whole]


def test_a_word_is_covered_by_itself_and_partly_by_one_that_means_nearly_the_same() -> None:
    large, service, empty, _ = _whole(room="room", big="big")
    assert 0.6 < large < 1.0
    assert large > service
    assert empty == 0.0


@pytest.mark.parametrize(("number", "share"), [("4711", 1.0), ("4712", 0.0)])
def test_another_number_is_not_nearly_the_same(number: str, share: float) -> None:
    assert _whole(**{number: number})[3] == share


def test_a_question_without_words_is_covered_by_nothing() -> None:
    assert _whole() == [0.0, 0.0, 0.0, 0.0]
