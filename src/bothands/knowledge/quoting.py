"""Sentences of an article or of a written answer, quoted word for word with what limits them.

The rules, in the order of their weight:
1. A sentence that limits what was said before it ("Unless …", "This does not apply to …") stays with
   its rule, and the rule never goes without it.
2. A sentence that leans on the one before it ("It costs …") brings that one along.
3. A list keeps its introduction (see splitting), a section its following section of exceptions.
4. Short: one best piece and its kin, more only while they fit.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bothands.knowledge.model import Article, Piece, Section, Source, Vectors
from bothands.knowledge.splitting import split
from bothands.knowledge.wording import content_words, family, tokens

QUOTE_WORDS_AIM = 60
QUOTE_WORDS_MAX = 160

# A second piece joins only when it fits the question nearly as well as the best one.
SECOND_PIECE_SHARE = 0.85
# How much the words in common count beside the likeness of meaning when pieces are compared.
WORD_SHARE = 0.35


class Quote(msgspec.Struct, frozen=True):
    """A text with markers, and the sections it was taken from, in the order of the markers."""

    text: str
    slugs: tuple[str, ...]
    best: float


def word_count(text: str) -> int:
    return len(text.split())


def closure(pieces: Sequence[Piece], wanted: Iterable[int]) -> list[int]:
    """The wanted pieces with everything they must not be quoted without, in reading order."""
    chosen = set[int]()
    waiting = list(wanted)
    while waiting:
        index = waiting.pop()
        if index in chosen:
            continue
        chosen.add(index)
        piece = pieces[index]
        if index > 0 and (piece.is_exception or piece.leans_back):
            waiting.append(index - 1)
        waiting.extend(_limits_of(pieces, index))
    return sorted(chosen)


def _limits_of(pieces: Sequence[Piece], index: int) -> Iterable[int]:
    """Exceptions later in the same paragraph, and paragraphs that begin as an exception right after it."""
    paragraph = pieces[index].paragraph
    reached = paragraph
    for later in range(index + 1, len(pieces)):
        piece = pieces[later]
        opens = piece.paragraph != pieces[later - 1].paragraph
        if opens and not (piece.is_exception and piece.paragraph <= reached + 1):
            return
        reached = piece.paragraph
        if piece.is_exception:
            yield later


def quote(article: Article, slug: str, fits: NDArray[np.float32]) -> Quote | None:
    """The pieces of a section that fit best, with their limits; None when nothing short enough is whole."""
    section = article.section(slug)
    if section is None or not section.pieces:
        return None
    exceptions = article.section(section.exceptions_slug) if section.exceptions_slug else None
    tail = list(exceptions.pieces) if exceptions else []
    room = QUOTE_WORDS_MAX - sum(word_count(piece.text) for piece in tail)
    order = [int(index) for index in np.argsort(-fits, kind="stable")]
    chosen: list[int] = []
    for index in order:
        if chosen and fits[index] < SECOND_PIECE_SHARE * fits[order[0]]:
            break
        more = closure(section.pieces, [*chosen, index])
        words = sum(word_count(section.pieces[i].text) for i in more)
        if chosen and words > QUOTE_WORDS_AIM:
            continue
        if words > room:
            return None
        chosen = more
    text = marked([section.pieces[i] for i in chosen], 1)
    slugs: tuple[str, ...] = (section.slug,)
    if exceptions is not None and tail:
        text = f"{text}\n{marked(tail, 2)}"
        slugs = (section.slug, exceptions.slug)
    return Quote(text, slugs, float(fits[order[0]]))


def quote_answer(answer: str, fits: "Fitting") -> str:
    """A written answer: whole when short, else its fitting sentences by the same rules."""
    if word_count(answer) <= QUOTE_WORDS_MAX:
        return mark_whole(answer, 1)
    sections = split("", answer)
    pieces = sections[0].pieces if sections else ()
    if not pieces:
        return mark_whole(answer, 1)
    best = max(range(len(pieces)), key=lambda index: fits.words(pieces[index].text))
    return marked([pieces[index] for index in closure(pieces, [best])], 1)


def marked(pieces: Sequence[Piece], number: int) -> str:
    """Pieces in reading order, each with the marker of its source; lists start on a line of their own."""
    text = ""
    for piece in pieces:
        said = f"{piece.text} [{number}]"
        if not text:
            text = said
        elif piece.is_list or text.rpartition("\n")[2].startswith("- "):
            text += f"\n{said}"
        else:
            text += f" {said}"
    return text


def mark_whole(text: str, number: int) -> str:
    """One marker at the end of every paragraph of a written text."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "\n\n".join(f"{part} [{number}]" for part in paragraphs)


class Fitting:
    """How well pieces fit one question: likeness of meaning and words in common."""

    def __init__(self, question: str, vectors: Vectors) -> None:
        self._wanted = set(content_words(question))
        self._vectors = vectors

    def words(self, text: str) -> float:
        if not self._wanted:
            return 0.0
        have = {family(token) for token in tokens(text)} | set(content_words(text))
        return len(self._wanted & have) / len(self._wanted)

    def pieces(self, section: Section, vectors: Vectors) -> NDArray[np.float32]:
        likeness = (vectors @ self._vectors.T).max(axis=1) if len(vectors) else np.zeros(0, np.float32)
        if len(likeness) != len(section.pieces):
            likeness = np.zeros(len(section.pieces), np.float32)
        common = np.array([self.words(piece.text) for piece in section.pieces], np.float32)
        fits: NDArray[np.float32] = (1 - WORD_SHARE) * likeness + WORD_SHARE * common
        return fits


def sources_of(article: Article, slugs: Sequence[str]) -> tuple[Source, ...]:
    """One source per section, numbered as the markers are."""
    found = []
    for number, slug in enumerate(slugs, start=1):
        section = article.section(slug)
        found.append(
            Source(
                number,
                article.title,
                section.title if section else "",
                f"/help/{article.id}#{slug}",
                "article",
                article.id,
                article.reviewed_at,
            )
        )
    return tuple(found)
