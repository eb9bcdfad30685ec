import subprocess
import sys

import pytest

from bothands.kit import Invalid
from bothands.models import Embedder
from bothands.storage import Database
from bothands.understanding import (
    OUT_OF_SCOPE,
    Example,
    Topic,
    keep_topics,
    learn,
    load,
    topics_from_examples,
    topics_from_rows,
    topics_of,
)
from bothands.understanding import training as training_file
from bothands.understanding.store import brains


def count_of_brains(db: Database) -> int:
    return db.read_now(lambda records: len(list(records.execute(brains.select()))))


async def test_a_brain_is_learnt_once_for_the_same_examples(
    db: Database, embedder: Embedder, topics: tuple[Topic, ...]
) -> None:
    await db.write(lambda unit: keep_topics(unit, topics))
    first, again = await learn(db, embedder), await learn(db, embedder)
    assert first.version == again.version
    assert count_of_brains(db) == 1
    text = "is my parcel on its way"
    assert await first.read(text) == await again.read(text)


async def test_changed_examples_make_another_brain(
    db: Database, embedder: Embedder, topics: tuple[Topic, ...]
) -> None:
    await db.write(lambda unit: keep_topics(unit, topics))
    before = await learn(db, embedder)
    more = (*topics, Topic("gifts", "Gift cards", ("do you sell gift cards", "my gift card is empty")))
    await db.write(lambda unit: keep_topics(unit, more))
    after = await learn(db, embedder)
    assert before.version != after.version
    assert (await after.read("can I buy a gift card")).topics[0].topic == "gifts"


async def test_the_last_brain_is_there_after_a_restart(
    db: Database, embedder: Embedder, topics: tuple[Topic, ...]
) -> None:
    assert await load(db, embedder) is None
    await db.write(lambda unit: keep_topics(unit, topics))
    learnt = await learn(db, embedder)
    loaded = await load(db, embedder)
    assert loaded is not None
    assert loaded.version == learnt.version
    assert [topic.id for topic in loaded.topics] == [topic.id for topic in topics]


async def test_without_two_topics_nothing_is_in_scope_and_all_else_is_read(
    db: Database, embedder: Embedder
) -> None:
    await db.write(lambda unit: keep_topics(unit, [Topic("one", "One", ("where is it",))]))
    reading = await (await learn(db, embedder)).read("I want to talk to a person")
    assert reading.topics == ()
    assert not reading.is_in_scope
    assert reading.wishes_person is not None


async def test_topics_with_one_example_each_are_enough_to_start(db: Database, embedder: Embedder) -> None:
    few = [Topic("a", "A", ("where is my order",)), Topic("b", "B", ("what does it cost",))]
    await db.write(lambda unit: keep_topics(unit, few))
    reading = await (await learn(db, embedder)).read("where is my order")
    assert reading.topics[0].topic == "a"


async def test_rows_marked_out_of_scope_are_no_topic(
    db: Database, embedder: Embedder, topics: tuple[Topic, ...]
) -> None:
    strange = Topic(OUT_OF_SCOPE, "", ("who won the match", "sing a song", "what is love"))
    await db.write(lambda unit: keep_topics(unit, [*topics, strange]))
    brain = await learn(db, embedder)
    assert OUT_OF_SCOPE not in {topic.id for topic in brain.topics}
    assert OUT_OF_SCOPE not in {guess.topic for guess in (await brain.read("sing me a song")).topics}


def test_topics_keep_their_order_and_lose_doubled_examples(db: Database) -> None:
    given = [Topic("z", "Z", ("one", "one ", "", "two")), Topic("a", "A", ("three",))]
    db.write_now(lambda unit: keep_topics(unit, given))
    kept = db.read_now(topics_of)
    assert kept == (Topic("z", "Z", ("one", "two")), Topic("a", "A", ("three",)))


def test_a_topic_named_twice_is_refused_and_nothing_changes(db: Database) -> None:
    db.write_now(lambda unit: keep_topics(unit, [Topic("a", "A", ("x",))]))
    with pytest.raises(Invalid, match="twice"):
        db.write_now(lambda unit: keep_topics(unit, [Topic("b", "B"), Topic("b", "B again")]))
    assert [topic.id for topic in db.read_now(topics_of)] == ["a"]


def test_a_row_that_is_no_topic_names_itself_and_the_cure() -> None:
    with pytest.raises(Invalid, match="id, a title and a list of examples"):
        topics_from_rows([{"title": "Without an id", "examples": []}])


def test_a_label_becomes_a_title_one_can_read() -> None:
    (topic,) = topics_from_examples([Example("is it late", "DELAY_IN_DELIVERY")])
    assert topic == Topic("DELAY_IN_DELIVERY", "Delay in delivery", ("is it late",))


def test_training_refuses_vectors_that_do_not_fit(embedder: Embedder) -> None:
    with pytest.raises(Invalid, match="Embed each once"):
        training_file.train_topics([Example("a", "b")], embedder.embed_now([]), [], embedder.embed_now([]))


def test_serving_a_stored_brain_never_loads_what_only_training_needs() -> None:
    script = (
        "import sys, asyncio; from bothands.models import open_embedder\n"
        "from bothands.understanding import Brain\n"
        "brain = Brain(open_embedder(), (), None, 'none'); asyncio.run(brain.read('where is my order'));"
        "print(sorted({'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
