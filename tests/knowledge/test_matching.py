from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.knowledge.matching import days_of_cell, days_said, longest_cover, named_in
from bothands.knowledge.model import FactsTable

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def _table(key: str, *values: str, **synonyms: tuple[str, ...]) -> FactsTable:
    rows = tuple({key: value, "x": "y"} for value in values)
    named = {value.replace("_", " "): words for value, words in synonyms.items()}
    return FactsTable("t", "T", (key,), "{x}", (key, "x"), rows, synonyms={key: named})


def _named(table: FactsTable, text: str) -> list[str]:
    return [named.value for named in named_in(table, table.keys[0], text, FRIDAY)]


@pytest.mark.parametrize(
    "text", ["78x60", "60 x 78", "78 × 60 in", "in 78 by 60 inches please", '78x60"', "152 x 198 cm"]
)
def test_a_size_is_understood_however_it_is_written(text: str) -> None:
    table = FactsTable(
        "t",
        "T",
        ("size",),
        "{x}",
        ("size", "x"),
        ({"size": "90 × 200 cm", "x": ""}, {"size": "152 × 198 cm", "x": ""}),
        synonyms={"size": {"152 × 198 cm": ("queen", "78x60")}},
    )
    assert _named(table, text) == ["152 × 198 cm"]


def test_a_size_we_do_not_have_is_not_the_nearest_one() -> None:
    assert _named(_table("size", "90 × 200 cm", "140 × 200 cm"), "80 x 200 cm") == []


def test_a_typing_error_is_forgiven_but_another_word_is_not() -> None:
    table = _table("product", "Cloud mattress", "Hammock")
    assert _named(table, "the cloud matress") == ["Cloud mattress"]
    assert _named(table, "a hammer") == []


def test_the_longest_mention_wins_its_words() -> None:
    assert _named(_table("product", "Bed", "Oak bed frame"), "price of the oak bed frame") == [
        "Oak bed frame"
    ]


def test_two_values_are_both_found() -> None:
    assert set(_named(_table("product", "Cloud", "River"), "cloud or river?")) == {"Cloud", "River"}


@pytest.mark.parametrize(
    ("code", "cell"),
    [("25980", "25980"), ("25981", "2"), ("75001", "70-79"), ("SW1A1AA", "SW*"), ("99999", None)],
)
def test_the_narrowest_postcode_area_wins(code: str, cell: str | None) -> None:
    assert longest_cover(["2", "25980", "70-79", "SW*"], code) == cell


@given(st.integers(0, 99999))
def test_a_postcode_range_covers_exactly_its_numbers(number: int) -> None:
    covered = longest_cover(["10000-19999"], f"{number:05d}")
    assert (covered is not None) == (10000 <= number <= 19999)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("open tomorrow?", [5]),
        ("today", [4]),
        ("the day after tomorrow", [6]),
        ("this weekend", [5, 6]),
        ("on Mondays", [0]),
        ("Sat", [5]),
    ],
)
def test_days_are_understood_from_the_present(text: str, days: list[int]) -> None:
    assert days_said(text, FRIDAY) == days


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Friday to Sunday", (4, 5, 6)),
        ("Sat, Sun", (5, 6)),
        ("daily", tuple(range(7))),
    ],
)
def test_a_cell_may_hold_several_days(cell: str, days: tuple[int, ...]) -> None:
    assert days_of_cell(cell) == days
