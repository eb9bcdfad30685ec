from hypothesis import given
from hypothesis import strategies as st

from bothands.knowledge.splitting import sentences, split


def test_abbreviations_decimals_and_initials_do_not_end_a_sentence() -> None:
    text = "It takes approx. 2.5 hours, e.g. on a balcony. Ask Mr. Bo. Then go."
    assert sentences(text) == ["It takes approx. 2.5 hours, e.g. on a balcony.", "Ask Mr. Bo.", "Then go."]


@given(st.text())
def test_no_word_is_lost_or_made_up_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_what_stands_before_the_first_heading_is_the_section_top() -> None:
    sections = split("Care", "Air it daily.\n\n## Washing\n\nAt 40 °C.")
    assert [(section.slug, section.title) for section in sections] == [
        ("top", "Care"),
        ("washing", "Washing"),
    ]


def test_equal_headings_get_different_slugs() -> None:
    sections = split("T", "## Costs\n\nOne.\n\n## Costs\n\nTwo.")
    assert [section.slug for section in sections] == ["costs", "costs-2"]


def test_a_list_keeps_its_introduction() -> None:
    (section,) = split("T", "## Ways\n\nYou can pay by:\n\n- card\n- invoice\n\nCards are charged later.")
    assert section.pieces[0].text == "You can pay by:\n- card\n- invoice"
    assert section.pieces[0].is_list


def test_a_list_without_introduction_keeps_its_heading() -> None:
    (section,) = split("T", "## What we never take\n\n- wet mattresses\n- frames")
    assert section.pieces[0].text == "What we never take:\n- wet mattresses\n- frames"


def test_exceptions_are_known_by_how_they_begin_and_by_what_they_say() -> None:
    (section,) = split(
        "T", "Returns are free. Unless you live abroad. This does not apply to frames. We like you."
    )
    assert [piece.is_exception for piece in section.pieces] == [False, True, True, False]


def test_a_section_of_exceptions_is_tied_to_the_one_before() -> None:
    first, second = split("T", "## Returns\n\nFree.\n\n## Exceptions\n\nNot frames.")
    assert first.exceptions_slug == "exceptions"
    assert second.exceptions_slug is None


def test_rows_of_a_table_are_read_as_lines() -> None:
    (section,) = split("T", "| Item | Cost |\n|---|---|\n| Parcel | €5 |\n| Bed | €29 |")
    assert [piece.text for piece in section.pieces] == ["Parcel: €5", "Bed: €29"]
