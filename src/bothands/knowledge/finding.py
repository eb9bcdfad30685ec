"""Search: word index and vectors, fused, then how far the words cover the question; an exact code beats all.

A shelf is made once per revision, off the event loop, and never changes; the library swaps the whole
shelf. Customers' shelves hold nothing internal at all, so no ranking mistake can let it out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import bm25s
import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.knowledge.covering import Words
from bothands.knowledge.model import Found, Reply, Vectors
from bothands.knowledge.shelving import Entry
from bothands.knowledge.splitting import sentences
from bothands.knowledge.store import VECTOR_WIDTH
from bothands.knowledge.wording import codes, content_words, family, terms, tokens

PASSAGES_MAX = 100_000
FOUND_MAX = 50

# The share of vectors in the first look. Vectors alone rank best on plain language, words on names and
# numbers (reciprocal rank fusion lost to vectors on a bank's knowledge base), so it stays tunable.
VECTOR_SHARE = 0.7
# So many of the first look are looked at again, word by word.
CLOSE_MAX = 200
# Of the second look: likeness of meaning, and how far one piece and all of the passage cover the question.
MEANING_SHARE = 2 / 3
PIECE_SHARE = 1 / 6
WHOLE_SHARE = 1 / 6
# An exact article number, order number or error code is worth more than any likeness.
CODE_BONUS = 0.5

Scores = NDArray[np.float32]


class Match(msgspec.Struct, frozen=True):
    """An entry against one question."""

    entry: Entry
    score: float
    bm25: float
    cosine: float
    piece: float = 0.0  # how much of the question its best piece speaks of,
    whole: float = 0.0  # how much all of it does,
    gap: float = 1.0  # and how rare the rarest word is that it does not speak of.
    asked: float = 0.0  # The rarity of all words of the question, summed.


class Shelf:
    """Everything one audience may find, at one revision."""

    def __init__(self, entries: Sequence[tuple[Entry, Vectors]], vector_share: float = VECTOR_SHARE) -> None:
        entries = entries[:PASSAGES_MAX]
        self.entries = [entry for entry, _ in entries]
        self.vector_share = vector_share
        rows = [forms for _, forms in entries]
        self._vectors = np.concatenate(rows) if rows else np.zeros((0, VECTOR_WIDTH), np.float32)
        counts = np.array([len(forms) for forms in rows], np.int64)
        self._owners = np.flatnonzero(counts)
        # Where the forms of each owner begin: those of one entry stand together.
        self._begins = (np.cumsum(counts) - counts)[self._owners]
        self._index = _indexed([terms(entry.spoken) for entry in self.entries])
        self.seen_in = _counts(self.entries)
        self._rarities = {word: self._rarity(count) for word, count in self.seen_in.items()}
        replies = (entry.value for entry in self.entries if isinstance(entry.value, Reply))
        self.replies_of = Counter(reply.topic for reply in replies)
        self.written = {family(word): word for entry in self.entries for word in tokens(entry.spoken)}
        self._spoken = Words([entry.parts for entry in self.entries])

    def match(self, question: str, vectors: Vectors, limit: int = FOUND_MAX) -> list[Match]:
        """The best entries for a question given as words and one or more vectors."""
        if not self.entries:
            return []
        fused, words, cosines = self._first_look(question, vectors)
        near = np.arange(len(fused))
        if len(fused) > CLOSE_MAX:
            near = np.argpartition(-fused, CLOSE_MAX)[:CLOSE_MAX]
        matches = self._second_look(question, near, words, cosines)
        return sorted(matches, key=lambda match: -match.score)[: min(limit, FOUND_MAX)]

    def match_one(self, question: str, vectors: Vectors, offer_id: str) -> Match | None:
        """The entry an offer names (kind:id), wherever it would stand; None when there is none."""
        named = (f"{entry.passage.kind}:{entry.passage.id}" for entry in self.entries)
        i = next((place for place, name in enumerate(named) if name == offer_id), None)
        if i is None:
            return None
        _, words, cosines = self._first_look(question, vectors)
        return self._second_look(question, np.array([i]), words, cosines)[0]

    def _first_look(self, question: str, vectors: Vectors) -> tuple[Scores, Scores, Scores]:
        """(fused, by words, by meaning), one each per entry."""
        cosines = self._cosines(vectors)
        words = self._words(question)
        fused = self.vector_share * cosines + (1 - self.vector_share) * words
        asked = codes(question)
        if asked:
            fused += CODE_BONUS * np.array([_shared(asked, entry) for entry in self.entries], np.float32)
        return fused, words, cosines

    def _second_look(
        self, question: str, near: NDArray[np.int64], words: Scores, cosines: Scores
    ) -> list[Match]:
        asked, named = content_words(question), codes(question)
        cover = self._spoken.cover(asked, {word: self.rarity(word) for word in asked}, near)
        scores = MEANING_SHARE * cosines[near] + PIECE_SHARE * cover.piece + WHOLE_SHARE * cover.whole
        return [
            Match(
                self.entries[i],
                float(scores[at]) + CODE_BONUS * _shared(named, self.entries[i]),
                float(words[i]),
                float(cosines[i]),
                float(cover.piece[at]),
                float(cover.whole[at]),
                float(cover.gap[at]),
                cover.asked,
            )
            for at, i in enumerate(near.tolist())
        ]

    def rarity(self, word: str) -> float:
        """0 for a word that is everywhere here, 1 for one that stands nowhere."""
        return self._rarities.get(word, 1.0)

    def _rarity(self, count: int) -> float:
        total = max(len(self.entries), 2)
        return 0.0 if count >= total else float(np.log(total / count) / np.log(total))

    def _cosines(self, vectors: Vectors) -> Scores:
        """Per entry, its best form against the best form of the question."""
        best = np.full(len(self.entries), -1.0, np.float32)
        if len(self._vectors) and len(vectors):
            nearest = (self._vectors @ vectors.T).max(axis=1)
            best[self._owners] = np.maximum(best[self._owners], np.maximum.reduceat(nearest, self._begins))
        return best

    def _words(self, question: str) -> Scores:
        """BM25 as a share of the best, less what the index does not know of the question."""
        asked = list(dict.fromkeys(terms(question)))
        known = [word for word in asked if self._index is not None and word in self._index.vocab_dict]
        if self._index is None or not known:
            return np.zeros(len(self.entries), np.float32)
        scores: Scores = np.asarray(self._index.get_scores(known), np.float32)
        reachable = float(scores.max()) if scores.max() > 0 else 1.0
        return scores / reachable * (len(known) / len(asked))


def _shared(asked: Collection[str], entry: Entry) -> float:
    """The share of the codes asked for that stands here."""
    return len(entry.codes.intersection(asked)) / len(asked) if asked else 0.0


def found(match: Match) -> Found:
    return Found(match.entry.passage, match.score, match.bm25, match.cosine)


def focus(question: str) -> str:
    """The part of a message that asks, when it also tells a story; else the whole."""
    parts = sentences(question)
    asking = [part for part in parts if part.endswith("?")]
    return " ".join(asking) if asking and len(asking) < len(parts) else question


def _indexed(documents: Sequence[list[str]]) -> bm25s.BM25 | None:
    if not any(documents):
        return None
    index = bm25s.BM25(auto_compile=False)
    index.index([document or [""] for document in documents], show_progress=False)
    return index


def _counts(entries: Iterable[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        for word in entry.words:
            counts[word] = counts.get(word, 0) + 1
    return counts
