import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bothands.knowledge import Answer, Ask, Library, Nothing, Voice, import_files
from bothands.knowledge.wording import tokens
from bothands.models import Embedder
from bothands.storage import Database

from .conftest import FRIDAY, write

QUESTIONS = [
    "Do you deliver on Saturdays?",
    "How long do I have to return something?",
    "How many days do I have to send goods back?",
    "What does it cost to return a large item?",
    "Can I tumble dry wool?",
    "How should I dry linen?",
    "What do you take back?",
    "How much is the Cloud mattress in 90x200?",
    "are you open on Sunday?",
    "how long does delivery take to 25980?",
    "Is there a loyalty programme?",
    "Can I rent the bed?",
]


async def _ask(library: Library, question: str, **more: object) -> Answer | Ask | Nothing:
    return await library.answer(question, now=FRIDAY, **more)  # type: ignore[arg-type]


async def test_an_approved_reply_comes_first_with_its_topic(library: Library) -> None:
    answer = await _ask(library, "do you deliver on saturday")
    assert isinstance(answer, Answer)
    assert (answer.basis, answer.topic) == ("approved", "delivery_days")
    assert answer.probability is not None
    assert answer.probability > 0.8


async def test_no_wording_is_heard_twice_while_another_exists(library: Library) -> None:
    said: set[str] = set()
    for _ in range(2):
        answer = await _ask(library, "Do you deliver on Saturdays?", voice=Voice(said=frozenset(said)))
        assert isinstance(answer, Answer)
        assert answer.text not in said
        said.add(answer.text)


async def test_the_tone_picks_the_wording(library: Library) -> None:
    answer = await _ask(library, "Do you deliver on Saturdays?", voice=Voice("warm"))
    assert isinstance(answer, Answer)
    assert answer.text.startswith("Happily")


async def test_an_article_is_quoted_with_its_condition_and_its_section(library: Library) -> None:
    answer = await _ask(library, "Can I tumble dry wool?")
    assert isinstance(answer, Answer)
    assert "Do not tumble dry wool, except on the wool setting." in answer.text
    assert answer.sources[0].url == "/help/washing#washing-and-care"


async def test_a_list_is_quoted_whole_and_with_its_exception(library: Library) -> None:
    answer = await _ask(library, "What do you take back, unwashed covers too?")
    assert isinstance(answer, Answer)
    assert "- frames in their box" in answer.text
    assert "However, we never take back items made to measure." in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Can I boil-wash the linen with bleach?",
        "Do you sell vegan shoes?",
        "Is assembly of the bed included?",
        "What is the weather tomorrow in Paris?",
        "",
        "??",
        "the of and",
    ],
)
async def test_without_an_answer_there_is_nothing_and_what_is_near(library: Library, question: str) -> None:
    outcome = await _ask(library, question)
    if isinstance(outcome, Answer):  # a guess below what any charter lets out by itself
        assert (outcome.probability or 0.0) < 0.7
        return
    assert isinstance(outcome, Nothing)
    assert len(outcome.near) <= 3


async def test_internal_articles_never_reach_a_customer(library: Library) -> None:
    for question in ("marmalade-seven", "How much goodwill may agents give per order?", "goodwill limits"):
        outcome = await _ask(library, question)
        assert "marmalade" not in str(outcome)
        assert isinstance(outcome, Nothing)
        # Its own words may be said back to a customer; nothing else.
        assert "goodwill" not in str(msgspec.structs.replace(outcome, strange=()))
        assert all("goodwill" not in found.passage.id for found in await library.find(question, 50))
    assert library.page("goodwill") is None
    assert any(
        "goodwill" in found.passage.id for found in await library.find("goodwill", audience="internal")
    )
    assert library.page("goodwill", audience="internal") is not None


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_source_is_a_real_place_on_a_real_page(library: Library, question: str) -> None:
    outcome = await _ask(library, question)
    sources = outcome.near if isinstance(outcome, Nothing) else outcome.sources
    for source in sources:
        assert source.title
        page_id, _, slug = source.url.removeprefix("/help/").partition("#")
        page = library.page(page_id)
        assert page is not None, source.url
        assert not slug or f'id="{slug}"' in page.html, source.url


def _plain(text: str) -> str:
    return " ".join(tokens(re.sub(r"\[\d\]", " ", text)))


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_sentence_of_an_answer_stands_in_its_source(library: Library, question: str) -> None:
    outcome = await _ask(library, question)
    if not isinstance(outcome, Answer):
        return
    marks = {int(number) for number in re.findall(r"\[(\d)\]", outcome.text)}
    assert marks == {source.number for source in outcome.sources}
    if outcome.basis != "article":
        return
    pages = [library.page(source.article_id) for source in outcome.sources]
    have = " ".join(_plain(re.sub(r"<[^>]+>", " ", page.html)) for page in pages if page)
    for sentence in re.split(r"\[\d\]", outcome.text):
        for line in sentence.splitlines():
            assert _plain(line) in have


async def test_an_exact_code_beats_every_likeness(library: Library) -> None:
    rows = "q,a\nWhat does error E17 mean?,The lamp is broken.\nWhat does error E71 mean?,The door is open.\n"
    await library.import_file("errors.csv", rows.encode())
    (first, *_) = await library.find("what does e71 mean")
    assert first.passage.text == "The door is open."


async def test_a_dropped_faq_answers_at_once_and_links_to_its_question(library: Library) -> None:
    assert isinstance(await _ask(library, "Do you have bunk beds?"), Nothing)
    await library.import_file(
        "faq.csv", b"question,answer\nDo you sell bunk beds?,Not yet. From spring on.\n"
    )
    answer = await _ask(library, "Do you have bunk beds?")
    assert isinstance(answer, Answer)
    assert answer.text == "Not yet. From spring on. [1]"
    page = library.page(answer.sources[0].article_id)
    assert page is not None
    assert answer.sources[0].url.partition("#")[2] in page.html


async def test_a_typing_error_does_not_hide_an_answer(library: Library) -> None:
    answer = await _ask(library, "how long do i have to retrun somthing")
    assert isinstance(answer, Answer)
    assert "30 days" in answer.text


async def test_another_process_change_is_seen_after_a_refresh(library: Library, db, embedder, shop) -> None:
    other = await Library.load(db, embedder)
    write(shop, {"articles/parking.md": "# Parking\n\nThere are eight free parking places in the yard."})
    await other.import_folder(shop)
    assert isinstance(await _ask(library, "Is there parking?"), Nothing)
    assert await library.refresh()
    assert not await library.refresh()
    assert isinstance(await _ask(library, "Are there parking places in the yard?"), Answer)


async def test_tomorrow_begins_where_the_company_is(library: Library, db, embedder) -> None:
    late = FRIDAY.replace(hour=23, minute=30)
    in_berlin = await Library.load(db, embedder, ZoneInfo("Europe/Berlin"))
    for asked, day in ((library, "Friday"), (in_berlin, "Saturday")):
        answer = await asked.answer("are you open today?", topics=(("hours", 0.9),), now=late)
        assert isinstance(answer, Answer)
        assert answer.text.startswith(day)


async def test_an_empty_library_says_nothing(db, embedder) -> None:
    library = await Library.load(db, embedder)
    outcome = await _ask(library, "Do you deliver?")
    assert isinstance(outcome, Nothing)
    assert outcome.near == ()
    assert await library.find("anything") == []


async def test_a_huge_message_is_answered_from_its_beginning(library: Library) -> None:
    assert isinstance(await _ask(library, "Do you deliver on Saturdays? " + "x " * 100_000), Answer | Nothing)


@pytest.mark.parametrize(
    "pending", [{"kind": "fact"}, {"kind": "fact", "table": "gone", "missing": "x"}, {"a": 1}]
)
async def test_a_pending_question_we_no_longer_know_is_forgotten(library: Library, pending: dict) -> None:
    outcome = await _ask(library, "Do you deliver on Saturdays?", asks=pending)
    assert isinstance(outcome, Answer)


async def test_the_signals_say_why_it_answered(library: Library) -> None:
    answer = await _ask(library, "Can I tumble dry wool?")
    assert isinstance(answer, Answer)
    assert {"likeness", "coverage", "margin", "topic"} <= set(answer.signals)


async def test_the_readers_topics_decide_between_replies(library: Library) -> None:
    topics: Sequence[tuple[str, float]] = (("returns", 0.95), ("delivery_days", 0.02))
    answer = await _ask(library, "how long is it possible to return", topics=topics)
    assert isinstance(answer, Answer)
    assert answer.topic == "returns"


async def test_what_comes_nearest_is_offered_and_can_be_read_out(library: Library) -> None:
    outcome = await _ask(library, "my covers went through the laundry, will you take them?")
    assert isinstance(outcome, Answer | Nothing)
    offer = next(offer for offer in outcome.offers if offer.id == "section:returns#what-we-take-back")
    assert offer.label == "Returning things: what we take back"
    told = await library.tell(offer.id, "covers washed?", now=FRIDAY)
    assert told is not None
    assert "covers that were not washed" in told.text
    assert told.sources[0].url == "/help/returns#what-we-take-back"


async def test_a_choice_is_named_by_the_question_it_answers(library: Library) -> None:
    outcome = await _ask(library, "weekend?")
    assert isinstance(outcome, Answer | Nothing)
    assert "Do you deliver on Saturdays?" in [offer.label for offer in outcome.offers]


async def test_an_offer_that_is_gone_is_not_read_out(library: Library) -> None:
    assert await library.tell("section:gone#away", "anything", now=FRIDAY) is None
    assert await library.tell("section:goodwill#limits", "goodwill", now=FRIDAY) is None


THREE_PAGES = {
    "norway.md": b"# Norway\n\n## Shipping\n\nWe ship to Norway within 9 days.\n",
    "returns.md": b"# Returns\n\nYou may send back what you do not like within 30 days.\n",
    "hours.md": b"# Opening hours\n\nOur showroom is open Monday to Saturday from 10 to 18.\n",
}


async def test_a_company_of_three_pages_is_answered_from_them(db: Database, embedder: Embedder) -> None:
    await import_files(db, embedder, THREE_PAGES, origin="pages")
    library = await Library.load(db, embedder, ZoneInfo("UTC"))
    for question, words in {
        "Do you ship to Norway?": "9 days",
        "When are you open?": "from 10 to 18",
        "Can I return it?": "within 30 days",
    }.items():
        answer = await _ask(library, question)
        assert isinstance(answer, Answer), question
        assert words in answer.text
    for question in ("Do you ship to Japan?", "Can I pay by card?"):
        assert isinstance(await _ask(library, question), Nothing), question
