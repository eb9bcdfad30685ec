from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.understanding.cutting import cut
from bothands.understanding.extracting import extract


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in extract(cut(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my order number is AL-20331", [("order_number", "AL-20331")]),
        ("Order #10422 please", [("order_number", "10422")]),
        ("where is order 10422?", [("order_number", "10422")]),
        ("confirmation number moh523", [("order_number", "moh523")]),
        ("write to ada.l@example.co.uk.", [("email", "ada.l@example.co.uk")]),
        ("deliver to SW1A 1AA", [("postcode", "SW1A 1AA")]),
        ("my pincode 203001", [("postcode", "203001")]),
        ("call +44 7700 900123", [("phone", "+44 7700 900123")]),
        ("Order no. BH-2026-0042 came", [("order_number", "BH-2026-0042")]),
        ("call (555) 123-4567", [("phone", "(555) 123-4567")]),
        ("call 020 7946 0123 after six", [("phone", "020 7946 0123")]),
        ("I paid £1,299.00", [("amount", "£1,299.00")]),
        ("it was 45 euros", [("amount", "45 euros")]),
        ("is 90 x 200 cm in stock", [("size", "90 x 200 cm")]),
        ("78x60", [("size", "78x60")]),
        ("bought on 3 March 2026", [("date", "3 March 2026")]),
        ("since last Tuesday", [("date", "last Tuesday")]),
        ("two weeks ago", [("date", "two weeks ago")]),
        ("on 2026-11-03", [("date", "2026-11-03")]),
        ("I want two pillows and 4 sheets", []),
        ("may I return it", []),
        ("nothing here", []),
    ],
)
def test_entities_are_found_as_they_are_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_the_place_of_an_entity_is_its_place_in_the_message() -> None:
    text = "Hello!\n\nMy parcel. It is order AB-1234, paid 20 EUR."
    for entity in extract(cut(text)):
        assert text[entity.start : entity.end] == entity.value


def test_two_readings_of_the_same_characters_never_stand_side_by_side() -> None:
    entities = extract(cut("order 07700900123 SW1A 1AA 12.03.2026 £5 90x200"))
    for left, right in pairwise(entities):
        assert left.end <= right.start


@given(st.text(max_size=500) | st.text(alphabet="0123456789 x£#-.+@a", max_size=500))
def test_any_text_gives_entities_inside_it(text: str) -> None:
    for entity in extract(cut(text)):
        assert 0 <= entity.start < entity.end <= len(text)
