"""Embedding as the rooms above use it."""

import asyncio
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bothands.kit import Overloaded, Unavailable
from bothands.models import DIMENSIONS, Embedder, WeightsMissing, open_embedder
from bothands.models.embedding import REMEMBERED_TEXTS_MAX, WAITING_TEXTS_MAX
from bothands.models.encoding import Encoder

MESSAGES = [
    "Where is my order?",
    "My mattress arrived broken, again",
    "How much is a king size bed frame and when could you deliver it to my mother's flat in Leeds?",
    "thanks",
    "Can I return a pillow that I have slept on for two weeks?",
    "STOP",
]


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    embedder = open_embedder()
    embedder.warm_up()
    yield embedder
    embedder.close()


def test_vectors_come_in_the_order_of_the_texts_and_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_now(MESSAGES)
    assert vectors.shape == (len(MESSAGES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([open_embedder_alone(message) for message in MESSAGES])
    assert np.allclose(vectors, alone, atol=1e-4)


def open_embedder_alone(text: str) -> np.ndarray:
    encoder = Encoder(threads=1, precision="fp32")
    return encoder.encode([encoder.tokenize(text)])


def test_near_meanings_are_nearer_than_far_ones(embedder: Embedder) -> None:
    order, parcel, pillow = embedder.embed_now(
        ["Where is my order?", "Has my parcel been sent yet?", "Is this pillow firm or soft?"]
    )
    assert order @ parcel > 0.4 > 0.2 > order @ pillow


def test_an_empty_text_is_near_to_nothing(embedder: Embedder) -> None:
    vectors = embedder.embed_now(["", "  \n", "\x00", "hello"])
    assert not vectors[:3].any()
    assert vectors[3].any()


def test_a_text_that_is_there_twice_has_one_vector() -> None:
    embedder = open_embedder()
    texts = [f"Is size {number % 20} in stock?" for number in range(100)]
    vectors = embedder.embed_now(texts)
    assert np.array_equal(vectors[:20], vectors[80:])
    assert np.array_equal(vectors, embedder.embed_now(texts))
    embedder.close()


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_now([]).shape == (0, DIMENSIONS)


def test_a_very_long_text_and_half_a_character_are_taken(embedder: Embedder) -> None:
    vectors = embedder.embed_now(["mattress " * 100_000, "broken \ud83d"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_many_requests_at_once_are_all_answered_rightly(embedder: Embedder) -> None:
    expected = embedder.embed_now(MESSAGES)
    found = await asyncio.gather(*(embedder.embed([message]) for message in MESSAGES * 20))
    for position, vectors in enumerate(found):
        assert np.allclose(vectors[0], expected[position % len(MESSAGES)], atol=1e-5)


async def test_a_message_does_not_wait_for_an_article_being_indexed(embedder: Embedder) -> None:
    article = asyncio.ensure_future(
        embedder.embed([f"passage {n}: " + "linen and wool " * 60 for n in range(60)])
    )
    await asyncio.sleep(0.05)
    await embedder.embed(["Is anybody there at all?"])
    assert not article.done()
    assert (await article).shape == (60, DIMENSIONS)


async def test_the_event_loop_keeps_running_meanwhile(embedder: Embedder) -> None:
    work = asyncio.ensure_future(embedder.embed([f"number {n} " * 50 for n in range(40)]))
    gaps: list[float] = []
    while not work.done():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - before)
    assert len(gaps) > 20
    assert statistics.median(gaps) < 0.05


async def test_an_abandoned_request_harms_nobody(embedder: Embedder) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(embedder.embed([f"abandoned {n} " * 40 for n in range(120)]), 0.01)
    assert (await embedder.embed(["still here"])).shape == (1, DIMENSIONS)


def test_a_text_seen_before_is_remembered_and_memory_is_limited() -> None:
    calls: list[int] = []

    class Counting(Encoder):
        def encode(self, batch: object) -> np.ndarray:
            calls.append(len(batch))  # type: ignore[arg-type]
            return np.ones((len(batch), DIMENSIONS), np.float32)  # type: ignore[arg-type]

    embedder = Embedder(Counting(threads=1, precision="fp32"), "counting")
    embedder.embed_now(["a", "b"])
    embedder.embed_now(["b", "a"])
    assert sum(calls) == 2
    embedder.embed_now([f"text {n}" for n in range(REMEMBERED_TEXTS_MAX)])
    embedder.embed_now(["a"])
    assert sum(calls) == 2 + REMEMBERED_TEXTS_MAX + 1
    embedder.close()


async def test_what_is_remembered_does_not_wait_behind_what_is_not() -> None:
    is_free = threading.Event()

    class Busy(Encoder):
        def encode(self, batch: object) -> np.ndarray:
            assert is_free.wait(60)
            return np.ones((len(batch), DIMENSIONS), np.float32)  # type: ignore[arg-type]

    embedder = Embedder(Busy(threads=1, precision="fp32"), "busy")
    is_free.set()
    known = await embedder.embed(["known", "also known"])
    is_free.clear()
    waiting = asyncio.ensure_future(embedder.embed(["new"]))
    again = await asyncio.wait_for(embedder.embed(["also known", "known"]), 60)
    assert np.array_equal(again, known[::-1])
    assert not waiting.done()
    is_free.set()
    assert (await waiting).shape == (1, DIMENSIONS)
    embedder.close()


def test_a_full_queue_is_refused_before_anything_is_accepted() -> None:
    class Stuck(Encoder):
        def encode(self, batch: object) -> np.ndarray:
            time.sleep(0.3)
            raise RuntimeError("stuck")

    embedder = Embedder(Stuck(threads=1, precision="fp32"), "stuck")
    first = embedder._ask([f"{n}" for n in range(WAITING_TEXTS_MAX)])
    with pytest.raises(Overloaded) as refusal:
        embedder.embed_now(["one more"])
    assert refusal.value.retry_after_seconds == 1
    with pytest.raises(RuntimeError, match="stuck"):
        first.result()
    with pytest.raises(RuntimeError, match="stuck"):
        embedder.embed_now(["the worker lives on"])
    embedder.close()


def test_a_closed_embedder_says_so() -> None:
    embedder = open_embedder()
    embedder.close()
    with pytest.raises(Unavailable, match="closed"):
        embedder.embed_now(["hello"])


def test_missing_weights_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="make setup"):
        Encoder(threads=1, precision="fp32", folder=tmp_path)


def test_the_libraries_are_loaded_on_first_use_not_on_import() -> None:
    code = (
        "import sys, bothands.models; sys.exit(any(m in sys.modules for m in ('onnxruntime', 'tokenizers')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
