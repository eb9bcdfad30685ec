from bothands.assist.composing import compose, greeting, next_step, without_self
from bothands.knowledge import Found, Passage


def page(text: str, kind: str = "section", cosine: float = 0.6) -> Found:
    passage = Passage(kind, "p1", "Damaged, wrong or missing", "What to do", text, "damaged", "/help/damaged")
    return Found(passage, 0.9, 1.0, cosine)


def test_the_greeting_is_short_true_and_sorry_where_it_should_be():
    assert greeting("Maya Okafor", "Ana Lima", "anger", has_photo=True) == (
        "Hi Ana, I'm Maya. I have read the conversation and have your photo, so you don't need to repeat"
        " anything. I'm sorry for the trouble."
    )
    assert "sorry" not in greeting("Maya", None, "neutral", has_photo=False)


def test_what_the_assistant_says_of_itself_is_left_out():
    text = "Parcels take two days. [1] I'm the AI assistant. A colleague can find out.\nThe rest stays."
    assert without_self(text) == "Parcels take two days. [1]\nThe rest stays."


def test_where_there_is_nothing_there_is_no_draft():
    assert compose("d", "", "I'm bringing in a person.", ()) is None


def test_the_next_step_is_the_advice_on_the_best_page():
    step = next_step([page("Things break. Offer the refund first and do not ask for the goods back.")])
    assert step.text == "Offer the refund first and do not ask for the goods back."
    assert (step.source.title, step.source.section) == ("Damaged, wrong or missing", "What to do")


def test_pages_that_do_not_fit_replies_and_empty_pages_are_passed_over():
    unfit = [page("Offer it.", cosine=0.1), page("Offer it.", kind="reply"), page("")]
    assert next_step(unfit) is None
    assert next_step([*unfit, page("It comes by letter.")]).text == "It comes by letter."
