import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.assist import unsourced


def claims(text: str) -> list[str]:
    return [claim.text for claim in unsourced(text)]


def test_a_claim_with_its_source_is_fine_and_one_without_is_shown():
    text = "We refund within 5 days. [1] A new pair would reach you by Friday. Which would you prefer?"
    assert claims(text) == ["A new pair would reach you by Friday."]


def test_a_marker_at_the_end_of_a_paragraph_stands_behind_all_of_it():
    assert claims("Delivery takes 3 days. It costs €4.90. [1]") == []
    assert claims("Delivery takes 3 days. [1]\nIt costs €4.90.") == ["It costs €4.90."]


@pytest.mark.parametrize(
    "text",
    [
        "It will be with you tomorrow.",
        "I'll refund you.",
        "We can send a new one.",
        "That is free of charge.",
        "You get 10 % off.",
        "It leaves us in November.",
        "The cover costs €129.00.",
    ],
)
def test_numbers_days_and_promises_are_claims(text):
    assert claims(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi Ada, I'm Bo. I have read the conversation, so you don't need to repeat anything.",
        "I'm sorry for the trouble.",
        "Which size do you need, 90 or 140?",
        "Thank you for the photo.",
    ],
)
def test_courtesies_and_questions_are_not(text):
    assert claims(text) == []


@given(st.text(max_size=300))
def test_law_a_span_says_where_its_words_stand(text):
    for claim in unsourced(text):
        assert text[claim.start : claim.end] == claim.text
