"""The nouns of knowledge: what a company has written down, and what an answer is made of."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Audience = Literal["public", "internal"]


class Embeds(Protocol):
    """Whatever turns texts into unit vectors, one row each."""

    async def embed(self, texts: Sequence[str], /) -> Vectors: ...


class Piece(msgspec.Struct, frozen=True):
    """The smallest thing that may be quoted: a sentence, or a list with its introduction."""

    text: str
    paragraph: int
    is_exception: bool = False  # limits what was said before it, so it never stays behind
    leans_back: bool = False  # starts with "It", "They", …: needs the sentence before it
    is_list: bool = False


class Section(msgspec.Struct, frozen=True):
    """A heading of an article with what stands under it."""

    slug: str
    title: str
    level: int
    pieces: tuple[Piece, ...]
    exceptions_slug: str | None = None  # a following section that is nothing but exceptions to this one

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


class Article(msgspec.Struct, frozen=True):
    """One help page. Internal ones are for agents only."""

    id: str
    title: str
    body: str
    sections: tuple[Section, ...]
    audience: Audience = "public"
    owner: str = ""
    reviewed_at: date | None = None
    version: int = 1
    checksum: str = ""
    origin: str = ""

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)


class Reply(msgspec.Struct, frozen=True):
    """A text a person approved, in several wordings per tone."""

    id: str
    topic: str
    plain: tuple[str, ...]
    warm: tuple[str, ...] = ()
    formal: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    source: str = ""  # article-id#section-slug

    def wordings(self, tone: str) -> tuple[str, ...]:
        """The tone asked for first, then the plain ones: a repeated wording is worse than a plain one."""
        own = {"warm": self.warm, "formal": self.formal}.get(tone, ())
        return tuple(dict.fromkeys((*own, *self.plain)))


class FactsTable(msgspec.Struct, frozen=True):
    """Rows of facts, found by their keys and said by one sentence with gaps."""

    id: str
    title: str
    keys: tuple[str, ...]
    answer: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    topics: tuple[str, ...] = ()
    ask: dict[str, str] = {}
    synonyms: dict[str, dict[str, tuple[str, ...]]] = {}
    match: dict[str, Literal["exact", "prefix", "day"]] = {}
    source: str = ""
    reviewed_at: date | None = None


class Question(msgspec.Struct, frozen=True):
    """A question with its answer, from a CSV or a plain text FAQ."""

    id: str
    question: str
    answer: str
    origin: str
    topic: str = ""
    changed_at: date | None = None


class Source(msgspec.Struct, frozen=True):
    """Where a sentence of an answer can be read."""

    number: int
    title: str
    section: str
    url: str
    kind: Literal["reply", "table", "article", "order"]
    article_id: str
    checked_at: date | None = None


class Offer(msgspec.Struct, frozen=True):
    """A place that may be what the customer means, to be offered as a choice; `Library.tell` reads it out."""

    id: str  # kind:id of its passage
    label: str  # empty where only the topic's title says it
    topic: str
    score: float
    source: Source


class Answer(msgspec.Struct, frozen=True):
    """A text with `[1]` markers and the sources behind them."""

    text: str
    sources: tuple[Source, ...]
    basis: Literal["approved", "fact", "article"]
    score: float
    probability: float | None = None
    topic: str | None = None
    signals: dict[str, float] = {}  # what the gate looked at, for "why did it answer?"
    offers: tuple[Offer, ...] = ()  # what to ask instead, should this not be good enough
    strange: tuple[str, ...] = ()  # words of the question that stand nowhere here


class Ask(msgspec.Struct, frozen=True):
    """One question back, with choices; `asks` goes into the entry and comes back with the next message."""

    text: str
    choices: tuple[str, ...]
    asks: dict[str, Any]
    score: float = 0.0
    probability: float | None = None
    topic: str | None = None
    sources: tuple[Source, ...] = ()


class Nothing(msgspec.Struct, frozen=True):
    """We have no answer, and know it. `near` is what comes closest, to be offered as titles only."""

    near: tuple[Source, ...] = ()
    score: float = 0.0
    probability: float | None = None
    offers: tuple[Offer, ...] = ()
    strange: tuple[str, ...] = ()


Outcome = Answer | Ask | Nothing


class Voice(msgspec.Struct, frozen=True):
    """How an answer is to be worded: the tone, and what was said already and should not be heard again."""

    tone: str = "plain"
    said: frozenset[str] = frozenset()


class Query(msgspec.Struct, frozen=True):
    """One message, with what is known around it."""

    text: str
    focus: str  # the part that asks
    vectors: Vectors
    topics: dict[str, float]
    voice: Voice
    now: datetime
    asks: dict[str, Any] | None = None
    earlier: tuple[str, ...] = ()
    ours: float = 0.0  # how likely the message is about the company at all; 0 where nobody has read it


class Passage(msgspec.Struct, frozen=True):
    """What a search finds: a section of an article, a question with its answer, or an approved reply."""

    kind: Literal["section", "question", "reply"]
    id: str  # unique within its kind, such as returns#how-long
    title: str
    section: str
    text: str
    article_id: str
    url: str
    audience: Audience = "public"
    topic: str = ""


class Found(msgspec.Struct, frozen=True):
    """A passage with how well it fits."""

    passage: Passage
    score: float
    bm25: float
    cosine: float


class Page(msgspec.Struct, frozen=True):
    """A help page ready to be sent: the HTML is safe."""

    id: str
    title: str
    html: str
    checked_at: date | None = None


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong in a file, where, why, and what to do about it."""

    file: str
    line: int | None
    cause: str
    cure: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        return f"{place}: {self.cause}. {self.cure[:1].upper()}{self.cure[1:]}."


class Imported(msgspec.Struct, frozen=True):
    """What an import changed."""

    articles: int = 0
    passages: int = 0
    replies: int = 0
    tables: int = 0
    rows: int = 0
    questions: int = 0
    unchanged: int = 0
    retired: int = 0
    warnings: tuple[Trouble, ...] = ()
