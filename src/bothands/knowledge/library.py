"""The library: what is known, kept in memory, answered from, and renewed without a pause."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bothands.knowledge.answering import answer, tell
from bothands.knowledge.finding import Shelf, focus, found
from bothands.knowledge.gating import mended
from bothands.knowledge.importing import import_file, import_files, import_folder
from bothands.knowledge.model import (
    Answer,
    Article,
    Embeds,
    FactsTable,
    Found,
    Imported,
    Outcome,
    Page,
    Query,
    Question,
    Reply,
    Voice,
)
from bothands.knowledge.rendering import article_page, questions_page_of, replies_page, table_page
from bothands.knowledge.shelving import questions_page, shelve
from bothands.knowledge.store import Holdings, holdings, revision
from bothands.models import think
from bothands.storage import Database

V = TypeVar("V")

PLAIN = Voice()
QUESTION_CHARS_MAX = 4_000
# How far back the contact's own words may fill a gap of the present question.
EARLIER_MAX = 3


class Shelves(msgspec.Struct, frozen=True):
    """All that answering looks at, of one revision: swapped as a whole."""

    holdings: Holdings
    public: Shelf
    internal: Shelf
    tables: tuple[FactsTable, ...]


class Library:
    """What the company knows. Made by `await Library.load(db, embedder)`."""

    def __init__(self, db: Database, embedder: Embeds, shelves: Shelves, zone: tzinfo) -> None:
        self._db = db
        self._embedder = embedder
        self._shelves = shelves
        self._zone = zone
        self._renewing = asyncio.Lock()

    @classmethod
    async def load(cls, db: Database, embedder: Embeds, zone: tzinfo = UTC) -> "Library":
        """`zone` is where the company's "tomorrow" begins."""
        return cls(db, embedder, await _arranged(db), zone)

    @property
    def revision(self) -> int:
        return self._shelves.holdings.revision

    @property
    def version(self) -> str:
        """What a decision keeps, to say which knowledge it was made with."""
        return f"knowledge-{self.revision}"

    async def refresh(self) -> bool:
        """Rebuild when the knowledge changed; answers come from the old shelf until the new one stands."""
        async with self._renewing:
            if await self._db.read(revision) == self.revision:
                return False
            self._shelves = await _arranged(self._db)
            return True

    async def answer(
        self,
        question: str,
        *,
        topics: Sequence[tuple[str, float]] = (),
        ours: float = 0.0,
        asks: dict[str, Any] | None = None,
        earlier: Sequence[str] = (),
        voice: Voice = PLAIN,
        now: datetime,
    ) -> Outcome:
        """An Answer with its sources, an Ask for what is missing, or Nothing with what is near.

        `topics` and `ours` are a reader's probabilities: which topic, and whether it is about us at all.
        """
        shelves = self._shelves
        query = await self._query(question, shelves, topics, voice, now)
        before = tuple(words for words in earlier if words != question)[-EARLIER_MAX:]
        query = msgspec.structs.replace(query, asks=asks, earlier=before, ours=ours)
        # Milliseconds on a small shelf, tens of them on ten thousand entries: too long for the event loop.
        return await think(answer, query, shelves.public, shelves.tables)

    async def tell(
        self,
        offer_id: str,
        question: str,
        *,
        voice: Voice = PLAIN,
        now: datetime,
    ) -> Answer | None:
        """What stands at the place a customer chose, for their question; None when it is no longer there."""
        shelves = self._shelves
        query = await self._query(question, shelves, (), voice, now)
        return await think(tell, query, shelves.public, offer_id)

    async def _query(
        self,
        question: str,
        shelves: Shelves,
        topics: Sequence[tuple[str, float]],
        voice: Voice,
        now: datetime,
    ) -> Query:
        text = question[:QUESTION_CHARS_MAX]
        asking = focus(text)
        forms = dict.fromkeys((text, asking, mended(asking, shelves.public)))
        vectors = await self._embedder.embed(list(forms))
        there = now.astimezone(self._zone)
        return Query(text, asking, vectors, dict(topics), voice, there)

    @property
    def tabled(self) -> frozenset[str]:
        """The topics that a table of facts answers."""
        return frozenset(topic for table in self._shelves.tables for topic in table.topics)

    async def find(self, question: str, limit: int = 5, *, audience: str = "public") -> list[Found]:
        """The passages that fit best. Only agents may ask for audience="internal"."""
        shelves = self._shelves
        shelf = shelves.internal if audience == "internal" else shelves.public
        text = question[:QUESTION_CHARS_MAX]
        vectors = await self._embedder.embed([text])
        return [found(match) for match in shelf.match(text, vectors, limit)]

    async def import_folder(self, folder: Path) -> Imported:
        imported = await import_folder(self._db, self._embedder, folder)
        await self.refresh()
        return imported

    async def import_file(self, name: str, data: bytes) -> Imported:
        imported = await import_file(self._db, self._embedder, name, data)
        await self.refresh()
        return imported

    async def import_files(self, files: dict[str, bytes], *, origin: str) -> Imported:
        imported = await import_files(self._db, self._embedder, files, origin=origin)
        await self.refresh()
        return imported

    def articles(self, *, audience: str = "public") -> list[Article]:
        """All articles this audience may read."""
        return [
            article
            for article in self._values(Article)
            if article.audience == "public" or audience == "internal"
        ]

    def page(self, page_id: str, *, audience: str = "public") -> Page | None:
        """The help page behind a source's address: /help/<page_id>."""
        article = next((item for item in self.articles(audience=audience) if item.id == page_id), None)
        if article is not None:
            return article_page(article)
        table = next((item for item in self._shelves.tables if table_page_id(item) == page_id), None)
        if table is not None:
            return table_page(page_id, table)
        asked = [item for item in self._values(Question) if questions_page(item.origin) == page_id]
        if asked:
            return questions_page_of(page_id, asked)
        replies = [item for item in self._values(Reply) if not self._is_public(item.source)]
        return replies_page(replies) if page_id == "replies" and replies else None

    def _is_public(self, source: str) -> bool:
        article_id = source.partition("#")[0]
        return any(article.id == article_id for article in self.articles())

    def _values(self, kind: type[V]) -> list[V]:
        return [thing.value for thing in self._shelves.holdings.shelved if isinstance(thing.value, kind)]


def table_page_id(table: FactsTable) -> str:
    return f"facts-{table.id}"


async def _arranged(db: Database) -> Shelves:
    return await asyncio.to_thread(_arrange, await db.read(holdings))


def _arrange(held: Holdings) -> Shelves:
    public = Shelf(shelve(held.shelved, "public"))
    is_secret = any(isinstance(t.value, Article) and t.value.audience == "internal" for t in held.shelved)
    internal = Shelf(shelve(held.shelved, "internal")) if is_secret else public
    tables = tuple(thing.value for thing in held.shelved if isinstance(thing.value, FactsTable))
    return Shelves(held, public, internal, tables)
