import asyncio

import numpy as np
import pytest

from bothands.models import Embedder
from bothands.understanding import Topic
from bothands.understanding.model import OUT_OF_SCOPE, Example
from bothands.understanding.packing import pack, unpack
from bothands.understanding.topics import TopicHeads
from bothands.understanding.training import REJECTED_SHARE, train_topics

ELSEWHERE = ["who won the match", "sing a song", "what is the weather", "xyz"]


@pytest.fixture(scope="module")
def lesson(topics: tuple[Topic, ...]) -> list[Example]:
    return [Example(text, topic.id) for topic in topics for text in topic.examples]


def train(embedder: Embedder, examples: list[Example]) -> TopicHeads:
    vectors = embedder.embed_now([example.text for example in examples])
    return train_topics(examples, vectors, ELSEWHERE, embedder.embed_now(ELSEWHERE))


def gate(heads: TopicHeads, embedder: Embedder, text: str) -> float:
    return heads.mix.gate(heads.score_many([text], embedder.embed_now([text]))[0])


def test_heads_survive_being_packed(embedder: Embedder, lesson: list[Example]) -> None:
    heads = train(embedder, lesson)
    again = unpack(TopicHeads, pack(heads))
    texts = ["where is it", "price?", ""]
    vectors = embedder.embed_now(texts)
    for one, other in zip(heads.score_many(texts, vectors), again.score_many(texts, vectors), strict=True):
        assert np.array_equal(one.views, other.views)
        assert heads.mix.gate(one) == again.mix.gate(other)


def test_probabilities_are_a_distribution_over_the_topics(embedder: Embedder, lesson: list[Example]) -> None:
    heads = train(embedder, lesson)
    (scores,) = heads.score_many(["how much"], embedder.embed_now(["how much"]))
    probabilities = heads.mix.probabilities(scores)
    assert len(probabilities) == len(heads.topics)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_training_twice_gives_the_same_probabilities(embedder: Embedder, lesson: list[Example]) -> None:
    texts = ["where is it", "send it back", "price?"]
    vectors = embedder.embed_now(texts)
    one, other = train(embedder, lesson), train(embedder, lesson)
    for left, right in zip(one.score_many(texts, vectors), other.score_many(texts, vectors), strict=True):
        # liblinear's dice are shared by all threads, so the last digits may differ.
        assert one.mix.probabilities(left) == pytest.approx(other.mix.probabilities(right), abs=1e-3)
        assert one.mix.gate(left) == pytest.approx(other.mix.gate(right), abs=1e-3)


def test_the_gate_turns_few_of_our_own_examples_away(embedder: Embedder, lesson: list[Example]) -> None:
    heads = train(embedder, lesson)
    scores = heads.score_many([e.text for e in lesson], embedder.embed_now([e.text for e in lesson]))
    rejected = np.mean([heads.mix.gate(score) < heads.mix.threshold for score in scores])
    assert rejected <= REJECTED_SHARE


def test_what_people_marked_as_none_of_ours_is_pushed_away(embedder: Embedder, lesson: list[Example]) -> None:
    strangers = ["do you repair bicycles", "can you fix my bike", "where do I get a bicycle repaired"]
    before = train(embedder, lesson)
    after = train(embedder, lesson + [Example(text, OUT_OF_SCOPE) for text in strangers])
    text = "can you repair my bicycle"
    assert gate(after, embedder, text) < gate(before, embedder, text)
    assert OUT_OF_SCOPE not in after.topics


def test_typing_errors_stay_near_what_they_mean(embedder: Embedder, lesson: list[Example]) -> None:
    heads = train(embedder, lesson)
    (scores,) = heads.score_many(["retrun my pilow pls"], embedder.embed_now(["retrun my pilow pls"]))
    assert heads.topics[int(heads.mix.probabilities(scores).argmax())] == "returns"


async def test_training_does_not_hold_up_the_loop(embedder: Embedder, lesson: list[Example]) -> None:
    training = asyncio.create_task(asyncio.to_thread(train, embedder, lesson))
    beats = 0
    while not training.done():
        await asyncio.sleep(0.01)
        beats += 1
    assert beats > 2
    assert len((await training).topics) == 3
