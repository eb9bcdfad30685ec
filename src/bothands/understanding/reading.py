"""The brain: one message in, one Reading out. Everything it needs was trained before."""

from collections.abc import Sequence
from zlib import crc32

import msgspec
import numpy as np

from bothands.models import Embedder, think
from bothands.understanding.chatting import small_talk
from bothands.understanding.cutting import Piece, cut, whole
from bothands.understanding.extracting import extract
from bothands.understanding.feeling import feel
from bothands.understanding.model import Reading, Signal, Topic, TopicGuess, Vectors
from bothands.understanding.recognising import recognise
from bothands.understanding.signals import emotion_heads, signal_heads
from bothands.understanding.topics import TopicHeads
from bothands.understanding.warning import NO_SHIFT, risks
from bothands.understanding.wishing import wish

TOPICS_MAX = 5
TOPIC_PROBABILITY_MIN = 0.02
# A sentence inside a longer message names a further topic only when it is rather sure.
SENTENCE_PROBABILITY_MIN = 0.5
SENTENCE_WORDS_MIN = 3
MESSAGES_AT_ONCE_MAX = 64
EARLIER_MAX = 3


class Judged(msgspec.Struct, frozen=True):
    """What the topic heads say of one message."""

    guesses: tuple[TopicGuess, ...]
    in_scope_probability: float
    is_in_scope: bool


class Brain:
    """Reads messages. Without trained topics it hears wishes, risks and feelings; nothing is in scope."""

    def __init__(
        self, embedder: Embedder, topics: Sequence[Topic], heads: TopicHeads | None, version: str
    ) -> None:
        self.version = version
        self.topics = tuple(topics)
        self._embedder = embedder
        self._heads = heads
        self._shift = heads.risks if heads else NO_SHIFT
        self._titles = {topic.id: topic.title for topic in topics}

    def warm_up(self) -> None:
        """Load what is loaded on first use, so that the first customer does not wait for it."""
        sample = "Lieferdienst Sendungsverfolgung Paketnummer unbekannt"  # only statistics know its language
        self._judge(sample, [whole(sample)], self._embedder.embed_now([sample]), ())

    async def read(self, text: str, earlier: Sequence[str] = ()) -> Reading:
        """Read one message; `earlier` are the contact's messages before it, oldest first."""
        pieces = _cut(text)
        vectors = await self._embedder.embed([piece.text for piece in pieces])
        return await think(self._judge, text, pieces, vectors, earlier)

    async def read_many(self, texts: Sequence[str]) -> list[Reading]:
        """Read unrelated messages."""
        readings: list[Reading] = []
        for start in range(0, len(texts), MESSAGES_AT_ONCE_MAX):
            part = texts[start : start + MESSAGES_AT_ONCE_MAX]
            cuts = [_cut(text) for text in part]
            vectors = await self._embedder.embed([piece.text for pieces in cuts for piece in pieces])
            readings += await think(self._judge_many, part, cuts, vectors)
        return readings

    def _judge_many(self, texts: Sequence[str], cuts: list[list[Piece]], vectors: Vectors) -> list[Reading]:
        readings, begin = [], 0
        for text, pieces in zip(texts, cuts, strict=True):
            readings.append(self._judge(text, pieces, vectors[begin : begin + len(pieces)], ()))
            begin += len(pieces)
        return readings

    def _judge(self, text: str, pieces: list[Piece], vectors: Vectors, earlier: Sequence[str]) -> Reading:
        sentences, sentence_vectors = (pieces[1:], vectors[1:]) if len(pieces) > 1 else (pieces, vectors)
        spoken = [piece for piece in sentences if piece.text]
        heads, feelings = signal_heads(), emotion_heads()
        scored = [heads.scores(p.text, v) for p, v in zip(spoken, sentence_vectors, strict=False)]
        felt = [feelings.scores(p.text, v) for p, v in zip(spoken, sentence_vectors, strict=False)]
        language, language_score = recognise(text, earlier[-EARLIER_MAX:], self._is_known)
        scored = [self._shift.apply(s, v) for s, v in zip(scored, sentence_vectors, strict=False)]
        wishes = [found for p, s in zip(spoken, scored, strict=True) if (found := wish(p, s["wish_person"]))]
        warned = [risk for p, s in zip(spoken, scored, strict=True) for risk in risks(p, s)]
        judged = self._topics(pieces, vectors)
        return Reading(
            language=language,
            language_score=language_score,
            topics=judged.guesses,
            in_scope_probability=judged.in_scope_probability,
            is_in_scope=judged.is_in_scope,
            wishes_person=max(wishes, key=_strength, default=None),
            small_talk=None if wishes else small_talk([piece.text for piece in spoken], scored),
            emotion=feel(spoken, felt, text),
            risks=tuple({risk.kind: risk for risk in sorted(warned, key=lambda risk: risk.score)}.values()),
            entities=extract(sentences),
            brain=self.version,
        )

    def _topics(self, pieces: list[Piece], vectors: Vectors) -> Judged:
        if self._heads is None or not pieces[0].text:
            return Judged((), 0.0, False)
        first = self._judge_piece(pieces[0], vectors[0], is_whole=True)
        guesses, probability, is_in_scope = list(first.guesses), first.in_scope_probability, first.is_in_scope
        for piece, vector in zip(pieces[1:], vectors[1:], strict=True):
            if len(piece.text.split()) < SENTENCE_WORDS_MIN:
                continue
            judged = self._judge_piece(piece, vector, is_whole=False)
            if judged.is_in_scope and judged.guesses:
                guesses += judged.guesses
                probability = max(probability, judged.in_scope_probability)
                is_in_scope = True
        return Judged(_best(guesses), probability, is_in_scope)

    def _judge_piece(self, piece: Piece, vector: Vectors, *, is_whole: bool) -> Judged:
        assert self._heads is not None
        probability_min = TOPIC_PROBABILITY_MIN if is_whole else SENTENCE_PROBABILITY_MIN
        mix = self._heads.mix
        scores = self._heads.scores(self._heads.see(piece.text, vector))
        probabilities = mix.probabilities(scores)
        order = np.argsort(-probabilities)[:TOPICS_MAX]
        # Of the message itself there is always a best guess, however unsure.
        floor = min(probability_min, float(probabilities.max())) if is_whole else probability_min
        guesses = tuple(
            TopicGuess(topic, self._titles.get(topic, topic), float(probabilities[place]), piece.span)
            for place in order
            if probabilities[place] >= floor
            for topic in [self._heads.topics[place]]
        )
        gate = mix.gate(scores)
        return Judged(guesses, mix.in_scope_probability(gate), gate >= mix.threshold)

    def _is_known(self, word: str) -> bool:
        """Is this word one of the company's own examples' words?"""
        if self._heads is None:
            return False
        hashes = self._heads.words.hashes
        mark = crc32(word.encode("utf-8", "replace"))
        place = int(np.searchsorted(hashes, np.uint32(mark)))
        return place < len(hashes) and int(hashes[place]) == mark


def _cut(text: str) -> list[Piece]:
    """The whole message first, then its sentences when there are several."""
    sentences = cut(text)
    return [whole(text), *(sentences if len(sentences) > 1 else [])]


def _best(guesses: list[TopicGuess]) -> tuple[TopicGuess, ...]:
    """Each topic once, at its highest probability."""
    best: dict[str, TopicGuess] = {}
    for guess in guesses:
        if guess.topic not in best or guess.probability > best[guess.topic].probability:
            best[guess.topic] = guess
    return tuple(sorted(best.values(), key=lambda guess: -guess.probability)[:TOPICS_MAX])


def _strength(signal: Signal) -> float:
    return signal.score
