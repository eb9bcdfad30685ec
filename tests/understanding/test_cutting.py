from hypothesis import given
from hypothesis import strategies as st

from bothands.understanding.cutting import SENTENCE_CHARS_MAX, SENTENCES_MAX, cut, whole


def test_sentences_know_their_place() -> None:
    text = "Hi!  It cost 90.5 at a.b@c.de. Right?\nYes"
    assert [piece.text for piece in cut(text)] == ["Hi!", "It cost 90.5 at a.b@c.de.", "Right?", "Yes"]
    assert all(text[piece.span.start : piece.span.end] == piece.text for piece in cut(text))


def test_a_long_message_is_bounded_and_keeps_its_end() -> None:
    pieces = cut("One more thing. " * 5_000 + "The end!")
    assert len(pieces) <= SENTENCES_MAX
    assert pieces[-1].text == "The end!"


@given(st.text(max_size=3_000))
def test_every_piece_is_a_part_of_the_text(text: str) -> None:
    for piece in [*cut(text), whole(text)]:
        assert piece.text == text[piece.span.start : piece.span.end]
        assert len(piece.text) <= max(SENTENCE_CHARS_MAX, len(text.strip()))
