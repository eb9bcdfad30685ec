from datetime import date

from bothands.knowledge.parsing import (
    Troubles,
    article_from_text,
    parse_article,
    parse_plain_questions,
)


def test_front_matter_says_what_the_article_is() -> None:
    text = (
        "---\ntitle: 'Back'\nid: Back To Us\naudience: internal\nowner: Chi\nreviewed: 2026-11-12\n---\nNo."
    )
    article = parse_article("x.md", text, Troubles("x.md"))
    assert article is not None
    assert (article.id, article.title, article.audience, article.owner) == (
        "back-to-us",
        "Back",
        "internal",
        "Chi",
    )
    assert article.reviewed_at == date(2026, 11, 12)


def test_without_front_matter_the_heading_or_the_file_name_is_the_title() -> None:
    headed = parse_article("a.md", "# Big title\n\nText.", Troubles("a.md"))
    named = parse_article("how_to-return.md", "Text.", Troubles("b.md"))
    assert headed is not None
    assert headed.title == "Big title"
    assert named is not None
    assert (named.id, named.title) == ("how-to-return", "How to return")


def test_an_unknown_audience_is_refused_rather_than_guessed() -> None:
    troubles = Troubles("x.md")
    assert parse_article("x.md", "---\naudience: staff\n---\nSecret.", troubles) is None
    assert "staff" in troubles.found[0].cause


def test_a_plain_text_of_questions_is_read() -> None:
    text = (
        "Our FAQ\n\nQ: Do you\n deliver?\nA: Yes.\nOn Saturdays too.\n\n2. what?\nQ2) And Sundays?\nA2) No."
    )
    found = parse_plain_questions("faq.txt", text, Troubles("faq.txt"))
    assert [item.question for item in found] == ["Do you deliver?", "And Sundays?"]
    assert found[0].answer.startswith("Yes.\nOn Saturdays too.")


def test_a_question_without_answer_is_told_with_its_line() -> None:
    troubles = Troubles("faq.txt")
    parse_plain_questions("faq.txt", "Q: One?\nQ: Two?\nA: Yes.", troubles)
    assert [trouble.line for trouble in troubles.found] == [1]


def test_a_plain_text_without_questions_becomes_an_article() -> None:
    article = article_from_text(
        "note.txt", "Parking\n\nThere are eight places. They are free.", Troubles("note.txt")
    )
    assert article is not None
    assert article.title == "Parking"
    assert len(article.sections[0].pieces) == 2
