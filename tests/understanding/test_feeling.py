import pytest

from bothands.understanding import Brain

from .held_out import held_out

RIGHT_SHARE_MIN = 0.8
CALM_TAKEN_FOR_ANGRY_MAX = 1


async def test_most_feelings_are_told_as_people_write_them_to_a_company(plain_brain: Brain) -> None:
    rows = [line.split(" | ") for line in held_out("feelings")]
    readings = await plain_brain.read_many([text for _, text in rows])
    wrong = [
        (label, reading.emotion.label, text)
        for (label, text), reading in zip(rows, readings, strict=True)
        if reading.emotion.label != label
    ]
    assert 1 - len(wrong) / len(rows) >= RIGHT_SHARE_MIN, wrong
    heated = [row for row in wrong if row[0] == "neutral" and row[1] in ("anger", "frustration")]
    assert len(heated) <= CALM_TAKEN_FOR_ANGRY_MAX, heated


async def test_the_sentence_that_shows_it_is_the_span(plain_brain: Brain) -> None:
    text = "Hello. I ordered a lamp. This is the third time it arrives broken!"
    emotion = (await plain_brain.read(text)).emotion
    assert emotion.label in ("frustration", "anger")
    assert text[emotion.span.start : emotion.span.end] == "This is the third time it arrives broken!"


async def test_shouting_makes_frustration_anger(plain_brain: Brain) -> None:
    assert (await plain_brain.read("I have been waiting for weeks")).emotion.label == "frustration"
    assert (await plain_brain.read("I HAVE BEEN WAITING FOR WEEKS")).emotion.label == "anger"


async def test_shouting_alone_is_not_anger(plain_brain: Brain) -> None:
    assert (await plain_brain.read("WHAT DOES THE KING SIZE COST")).emotion.label == "neutral"


async def test_polite_thanks_do_not_hide_what_came_before(plain_brain: Brain) -> None:
    text = "My order is late again and nobody answers. Thank you."
    assert (await plain_brain.read(text)).emotion.label in ("frustration", "anger")


@pytest.mark.parametrize("text", ["no worries", "I'm not angry", "never disappointed by you"])
async def test_a_feeling_denied_is_no_feeling(plain_brain: Brain, text: str) -> None:
    assert (await plain_brain.read(text)).emotion.label in ("neutral", "gratitude")
