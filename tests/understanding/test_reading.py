import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothands.models import Embedder
from bothands.storage import Database
from bothands.understanding import Brain, Reading, Topic, keep_topics, learn

ANY_TEXT = st.text(max_size=300) | st.text(alphabet="aA !?.\n😀0£x-", max_size=80)


@pytest.fixture
async def brain(db: Database, embedder: Embedder, topics: tuple[Topic, ...]) -> Brain:
    await db.write(lambda unit: keep_topics(unit, topics))
    return await learn(db, embedder)


def spans_of(reading: Reading) -> list[tuple[int, int]]:
    named = [reading.emotion.span, *(risk.span for risk in reading.risks)]
    named += [guess.span for guess in reading.topics]
    named += [reading.wishes_person.span] if reading.wishes_person else []
    return [(span.start, span.end) for span in named] + [(e.start, e.end) for e in reading.entities]


async def test_a_question_gets_its_topic_with_a_probability_and_a_title(brain: Brain) -> None:
    reading = await brain.read("Where is the parcel I ordered?")
    assert reading.is_in_scope
    assert (reading.topics[0].topic, reading.topics[0].title) == ("order-progress", "Where my order is")
    assert 0.5 < reading.topics[0].probability <= 1
    assert reading.brain == brain.version


async def test_two_questions_in_one_message_are_two_topics(brain: Brain) -> None:
    text = "How much is the single mattress? And where is my order?"
    sure = [guess for guess in (await brain.read(text)).topics if guess.probability > 0.5]
    assert {guess.topic for guess in sure} == {"prices", "order-progress"}
    shown = {guess.topic: text[guess.span.start : guess.span.end] for guess in sure}
    assert "where is my order" in shown["order-progress"]


async def test_what_no_topic_covers_is_not_ours(brain: Brain) -> None:
    for text in (
        "who won the football match",
        "xkcd",
        "recommend me a song",
        "what is the weather in Lisbon",
    ):
        reading = await brain.read(text)
        assert not reading.is_in_scope, text
        assert reading.in_scope_probability < 0.5, text


async def test_a_question_after_thanks_is_a_question(brain: Brain) -> None:
    reading = await brain.read("Thanks! But how do I return the pillow?")
    assert reading.small_talk is None
    assert reading.topics[0].topic == "returns"


async def test_reading_many_is_reading_each(brain: Brain) -> None:
    texts = ["where is my order", "", "thanks!", "I WANT MY MONEY BACK. NOW. AND A PERSON!"]
    assert await brain.read_many(texts) == [await brain.read(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b", "😀", "?", "Single", "a" * 5_000, "\ud800", "\0"]
)
async def test_odd_messages_are_read_like_any_other(brain: Brain, text: str) -> None:
    reading = await brain.read(text)
    assert reading.language == "en"
    assert reading.wishes_person is None
    assert reading.risks == ()


async def test_of_ten_thousand_words_the_beginning_and_the_end_are_read(brain: Brain) -> None:
    text = "I ordered a bed in May. " + "and so on " * 10_000 + "Please let me talk to a person."
    reading = await brain.read(text)
    assert reading.wishes_person is not None
    span = reading.wishes_person.span
    assert "talk to a person" in text[span.start : span.end]


async def test_shouting_does_not_change_what_is_asked(brain: Brain) -> None:
    assert (await brain.read("WHERE IS MY ORDER")).topics[0].topic == "order-progress"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT)
async def test_whatever_is_written_every_span_lies_inside_it(plain_brain: Brain, text: str) -> None:
    for start, end in spans_of(await plain_brain.read(text)):
        assert 0 <= start <= end <= len(text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY_TEXT, max_size=6))
async def test_every_share_is_between_nought_and_one(plain_brain: Brain, texts: list[str]) -> None:
    for reading in await plain_brain.read_many(texts):
        scores = [reading.language_score, reading.in_scope_probability, reading.emotion.score]
        scores += [risk.score for risk in reading.risks]
        assert all(0 <= score <= 1 for score in scores)
