"""Texts to vectors, off the event loop: one worker thread, requests put together into small batches.

Short requests (a message somebody waits for) go before long ones (an article being indexed): between any two
batches of a long request the worker looks for short ones.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np

from bothands.kit import Overloaded, Unavailable
from bothands.models.encoding import DIMENSIONS, Encoder, Precision, Tokens, Vectors, cut_into_batches
from bothands.models.naming import forget_words

QUICK_TEXTS_MAX = 8  # a request up to this long goes before the longer ones
SLICE_TEXTS = 256  # longer requests are asked for slice by slice, so they cannot fill the queue
WAITING_TEXTS_MAX = 4_096
REMEMBERED_TEXTS_MAX = 4_096  # 6 MB of vectors
CLOSE_SECONDS_MAX = 10.0
# Where there is one core for all, what people send is stored before anything is thought about it.
NICENESS = 5


class _Request:
    """Texts that are wanted together, and the vectors found so far."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        self.missing = len(texts)
        self.done: Future[Vectors] = Future()

    def fill(self, positions: list[int], vector: Vectors) -> None:
        self.vectors[positions] = vector
        self.missing -= len(positions)
        if not self.missing:
            self.finish(None)

    def finish(self, error: BaseException | None) -> None:
        # False when the one who asked has gone away meanwhile: then nobody wants the answer.
        if self.done.done() or not self.done.set_running_or_notify_cancel():
            return
        if error is None:
            self.done.set_result(self.vectors)
        else:
            self.done.set_exception(error)


_Piece = tuple[_Request, list[int], Tokens]  # one text of a request: where its vector goes, and its tokens


class Embedder:
    """all-MiniLM-L6-v2: 384 numbers a text, of length one, so that a dot product is the cosine."""

    def __init__(self, encoder: Encoder, version: str) -> None:
        self.version = version
        self._encoder = encoder
        self._changed = threading.Condition()
        self._asked: deque[_Request] = deque()
        self._backlog: deque[list[_Piece]] = deque()
        self._waiting_texts = 0
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._worker: threading.Thread | None = None
        self._is_closed = False
        self.texts_done = 0

    @property
    def texts_waiting(self) -> int:
        return self._waiting_texts

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (n, 384), in the order of the texts."""
        # A message is asked for again while it is answered: that need not wait behind another's batch.
        if (known := self._recall(texts)) is not None:
            return known
        slices = [await asyncio.wrap_future(self._ask(part)) for part in _slices(texts)]
        return np.concatenate(slices) if slices else np.zeros((0, DIMENSIONS), np.float32)

    def embed_now(self, texts: Sequence[str]) -> Vectors:
        """The blocking twin of embed, for the command line, training and tests."""
        slices = [self._ask(part).result() for part in _slices(texts)]
        return np.concatenate(slices) if slices else np.zeros((0, DIMENSIONS), np.float32)

    def warm_up(self) -> None:
        """Load the model and run it once, so that the first customer does not wait for that."""
        self._ask(["Where is my order?"]).result()

    def forget(self) -> None:
        """Remember none of the texts so far: one of them may be somebody's who is erased."""
        self._remembered = OrderedDict()  # another one: the encoder's thread may be at work in this one
        forget_words()

    def close(self) -> None:
        """Finish what was asked for, then stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._worker:
            self._worker.join(CLOSE_SECONDS_MAX)

    def _ask(self, texts: Sequence[str]) -> Future[Vectors]:
        request = _Request(texts)
        with self._changed:
            if self._is_closed:
                raise Unavailable("the encoder", "it is closed", "start the server again")
            if self._waiting_texts + len(texts) > WAITING_TEXTS_MAX:
                raise Overloaded(
                    "the encoder",
                    f"{self._waiting_texts} texts are waiting already",
                    "try again in a moment",
                    retry_after_seconds=1,
                )
            self._waiting_texts += len(texts)
            self._asked.append(request)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="embedding", daemon=True)
                self._worker.start()
            self._changed.notify()
        return request.done

    def _work(self) -> None:
        _give_way()
        while True:
            with self._changed:
                while not (self._asked or self._backlog or self._is_closed):
                    self._changed.wait()
                asked = list(self._asked)
                self._asked.clear()
            if not asked and not self._backlog:
                return
            quick: list[_Piece] = []
            for request in asked:
                self._open(request, quick)
            for batch in _batches(quick):
                self._run(batch)
            if not quick and self._backlog:
                self._run(self._backlog.popleft())

    def _open(self, request: _Request, quick: list[_Piece]) -> None:
        """Answer from memory what can be, and line up the rest: each text once, so that it has one vector."""
        places: dict[str, list[int]] = {}
        pieces: list[_Piece] = []
        memory = self._remembered
        try:
            for position, text in enumerate(request.texts):
                known = memory.get(text)
                if known is None:
                    places.setdefault(text, []).append(position)
                else:
                    memory.move_to_end(text)
                    request.fill([position], known)
            pieces = [(request, found, self._encoder.tokenize(text)) for text, found in places.items()]
        except Exception as error:
            request.finish(error)
        with self._changed:
            self._waiting_texts -= len(request.texts) - _texts_in(pieces)
        if len(request.texts) <= QUICK_TEXTS_MAX:
            quick.extend(pieces)
        else:
            self._backlog.extend(_batches(pieces))

    def _run(self, batch: list[_Piece]) -> None:
        wanted = [piece for piece in batch if not piece[0].done.done()]
        try:
            if wanted:
                vectors = self._encoder.encode([tokens for _, _, tokens in wanted])
                self.texts_done += len(wanted)
                for (request, positions, _), vector in zip(wanted, vectors, strict=True):
                    self._remember(request.texts[positions[0]], vector)
                    request.fill(positions, vector)
        except Exception as error:
            for request, _, _ in wanted:
                request.finish(error)
        with self._changed:
            self._waiting_texts -= _texts_in(batch)

    def _recall(self, texts: Sequence[str]) -> Vectors | None:
        """What is remembered of a short request, if it is all of it."""
        if not 0 < len(texts) <= QUICK_TEXTS_MAX or self._is_closed:
            return None
        found = [vector for text in texts if (vector := self._remembered.get(text)) is not None]
        return np.stack(found) if len(found) == len(texts) else None

    def _remember(self, text: str, vector: Vectors) -> None:
        memory = self._remembered
        memory[text] = vector.copy()  # not a view, which would keep its whole batch alive
        if len(memory) > REMEMBERED_TEXTS_MAX:
            memory.popitem(last=False)


def _give_way() -> None:
    """This thread alone gets a lower priority; where a system has none for threads, it stays as it is."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _slices(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + SLICE_TEXTS] for start in range(0, len(texts), SLICE_TEXTS)]


def _texts_in(pieces: list[_Piece]) -> int:
    return sum(len(positions) for _, positions, _ in pieces)


def _batches(pieces: list[_Piece]) -> list[list[_Piece]]:
    batches = cut_into_batches([len(tokens) for _, _, tokens in pieces])
    return [[pieces[position] for position in batch] for batch in batches]


def open_embedder(threads: int = 1, precision: Precision = "fp32") -> Embedder:
    """An embedder on this machine. int8 takes a third of the time and memory bandwidth and costs a little
    precision (mean cosine to fp32 0.994): for small machines."""
    return Embedder(Encoder(threads=threads, precision=precision), f"all-MiniLM-L6-v2/{precision}")
