import pytest

from bothands.knowledge.parsing import Troubles, decoded
from bothands.knowledge.tables import parse_questions, parse_replies, parse_tables

TABLE = '[[table]]\nid = "prices"\nfile = "p.csv"\nkeys = ["size"]\nanswer = "{size} costs {price}."\n'


@pytest.mark.parametrize(
    "text",
    [
        "question,answer\nDo you deliver?,Yes.",
        "Q;A\nDo you deliver?;Yes.",
        "Frage\tAntwort\nDo you deliver?\tYes.",
        "id|Answer|Customer question\n1|Yes.|Do you deliver?",
        '\n question , answer \n\n"Do you deliver?","Yes."\n,\n',
        "Do you deliver?,Yes.",
    ],
)
def test_any_usual_header_and_delimiter_is_understood(text: str) -> None:
    troubles = Troubles("faq.csv")
    (found,) = parse_questions("faq.csv", text, troubles)
    assert (found.question, found.answer) == ("Do you deliver?", "Yes.")
    assert not troubles.found


def test_a_byte_order_mark_and_old_code_pages_are_read() -> None:
    troubles = Troubles("faq.csv")
    assert decoded("﻿Größe".encode(), troubles) == "Größe"
    assert decoded("Größe".encode("cp1252"), troubles) == "Größe"
    assert decoded("Größe".encode("utf-16"), troubles) == "Größe"
    assert decoded(b"PK\x03\x04\x00\x00", troubles) is None


def test_each_bad_row_is_told_with_its_line_cause_and_cure() -> None:
    troubles = Troubles("faq.csv")
    parse_questions("faq.csv", "question,answer\nGood?,Yes.\nNo answer?,\n,No question.\nShort", troubles)
    assert [trouble.line for trouble in troubles.found] == [3, 4, 5]
    assert str(troubles.found[0]) == (
        "faq.csv line 3: the question 'No answer?' has no answer. Write the answer or delete the row."
    )


def test_a_line_is_counted_from_where_its_row_begins() -> None:
    troubles = Troubles("faq.csv")
    parse_questions("faq.csv", 'question,answer\n"Two\nlines?",Yes.\nBad?,', troubles)
    assert [trouble.line for trouble in troubles.found] == [4]


def test_the_same_question_twice_is_a_warning_and_with_another_answer_a_trouble() -> None:
    troubles = Troubles("faq.csv")
    found = parse_questions("faq.csv", "q,a\nOne?,Yes.\nOne?,Yes.\nOne?,No.", troubles)
    assert len(found) == 1
    assert [warning.line for warning in troubles.warnings] == [3]
    assert [trouble.line for trouble in troubles.found] == [4]


def test_a_missing_column_names_the_columns_that_are_there() -> None:
    troubles = Troubles("faq.csv")
    assert parse_questions("faq.csv", "name,price\nBed,5", troubles) == []
    assert "columns: name, price" in troubles.found[0].cause


def test_a_quote_that_never_closes_is_one_trouble_not_a_crash() -> None:
    troubles = Troubles("faq.csv")
    parse_questions("faq.csv", 'question,answer\n"Open?,Yes.' + "x" * 30_000, troubles)
    assert len(troubles.found) == 1


@pytest.mark.parametrize(
    ("csv", "cause"),
    [
        ("size,cost\nS,5", "no column 'price'"),
        ("size,price\nS,5,6", "3 cells, not 2"),
        ("size,price\nS,", "'price' is empty"),
        ("size,price\nS,5\ns,6", "stands in line 2 already"),
        ("size,price\n", "no rows"),
    ],
)
def test_a_table_that_cannot_answer_is_refused_with_the_reason(csv: str, cause: str) -> None:
    troubles = Troubles("facts.toml")
    assert parse_tables(TABLE, {"p.csv": csv}, troubles) == []
    assert cause in troubles.found[0].cause
    assert troubles.found[0].file == "p.csv"


def test_broken_toml_and_missing_files_are_told() -> None:
    troubles = Troubles("facts.toml")
    assert parse_tables("[[table]\n", {}, troubles) == []
    assert parse_tables(TABLE, {}, troubles) == []
    assert "not TOML" in troubles.found[0].cause
    assert "'p.csv' is missing" in troubles.found[1].cause


def test_a_reply_without_a_plain_wording_is_refused() -> None:
    troubles = Troubles("replies.toml")
    assert parse_replies('[[reply]]\nid = "a"\ntopic = "t"\nplain = []\n', troubles) == []
    assert parse_replies('[[reply]]\nid = "a"\n', troubles) == []
    assert len(troubles.found) == 2
