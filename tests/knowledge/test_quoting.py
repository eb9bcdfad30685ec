import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bothands.knowledge.model import Article, Piece
from bothands.knowledge.quoting import QUOTE_WORDS_MAX, closure, quote, word_count
from bothands.knowledge.splitting import split

ANY_PIECES = st.lists(
    st.builds(
        Piece,
        text=st.just("Some words here."),
        paragraph=st.just(0),
        is_exception=st.booleans(),
        leans_back=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def _article(body: str) -> Article:
    return Article("a", "A", body, split("A", body))


def _quote(body: str, best: int) -> str:
    article = _article(body)
    section = article.sections[0]
    fits = np.zeros(len(section.pieces), np.float32)
    fits[best] = 1.0
    quoted = quote(article, section.slug, fits)
    assert quoted is not None
    return quoted.text


def test_a_rule_is_never_quoted_without_its_exception() -> None:
    text = _quote("You can return it within 30 days. Except for pillows. We are nice.", best=0)
    assert text == "You can return it within 30 days. [1] Except for pillows. [1]"


def test_an_exception_is_never_quoted_without_its_rule() -> None:
    text = _quote("Returns are free. However, frames cost €39. We are nice.", best=1)
    assert text.startswith("Returns are free. [1] However, frames cost €39. [1]")


def test_an_exception_further_down_the_paragraph_comes_along() -> None:
    text = _quote("Returns are free. We refund in a week. Only mattresses are excluded.", best=0)
    assert "Only mattresses are excluded." in text


def test_a_paragraph_that_begins_as_an_exception_belongs_to_the_one_before() -> None:
    text = _quote("Returns are free.\n\nHowever, frames cost €39.\n\nWe like you.", best=0)
    assert "However, frames cost €39." in text
    assert "We like you." not in text


def test_a_sentence_that_leans_on_another_brings_it_along() -> None:
    assert _quote("The crew carries it up. It costs nothing.", best=1).startswith("The crew carries it up.")


def test_a_section_of_exceptions_comes_along_with_a_source_of_its_own() -> None:
    article = _article("## Returns\n\nReturns are free.\n\n## Exceptions\n\nOutlet goods cost €5.")
    quoted = quote(article, "returns", np.ones(1, np.float32))
    assert quoted is not None
    assert quoted.text == "Returns are free. [1]\nOutlet goods cost €5. [2]"
    assert quoted.slugs == ("returns", "exceptions")


def test_what_cannot_be_quoted_whole_and_short_is_not_quoted_at_all() -> None:
    body = "We take back:\n\n" + "\n".join(
        f"- item number {number} of many" for number in range(QUOTE_WORDS_MAX)
    )
    article = _article(body)
    assert quote(article, "top", np.ones(1, np.float32)) is None


@given(ANY_PIECES, st.data())
def test_every_rule_in_a_paragraph_carries_all_exceptions_after_it(
    pieces: list[Piece], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(pieces) - 1))
    chosen = closure(pieces, [start])
    for index in chosen:
        later = [i for i in range(index + 1, len(pieces)) if pieces[i].is_exception]
        assert set(later) <= set(chosen)
        if index > 0 and (pieces[index].is_exception or pieces[index].leans_back):
            assert index - 1 in chosen
    assert chosen == sorted(chosen)


def test_words_are_counted_as_people_count_them() -> None:
    assert word_count("a b\n- c") == 4
