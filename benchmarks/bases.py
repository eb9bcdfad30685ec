"""Knowledge bases with questions, in the formats of data/knowledge/README.md, as files to be uploaded."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from benchmarks.rows import json_lines
from bothands.kit import Invalid, slug

Format = Literal["articles", "sktod", "bankkb"]
ONLY_BASE = "all"


class Document(msgspec.Struct, frozen=True):
    """One file: an article, or where `is_question` a question with its answer."""

    id: str
    title: str
    body: str
    is_question: bool = False

    @property
    def name(self) -> str:
        return f"{self._stem}.{'csv' if self.is_question else 'md'}"

    @property
    def place(self) -> str:
        """By what a source's address names it: an article's page, or a question's place on its page."""
        return f"{self._stem}-q1" if self.is_question else self._stem

    @property
    def content(self) -> bytes:
        if not self.is_question:
            return f"---\ntitle: {' '.join(self.title.split())}\n---\n{self.body}\n".encode()
        out = io.StringIO()
        csv.writer(out).writerows([("question", "answer"), (self.title, self.body)])
        return out.getvalue().encode()

    @property
    def _stem(self) -> str:
        return slug(self.id)[:100]


class Asked(msgspec.Struct, frozen=True):
    """A customer's question, in which base it is asked, and the documents that answer it, if any do."""

    text: str
    base: str
    wanted: frozenset[str]
    earlier: tuple[str, ...] = ()


class Bases(msgspec.Struct, frozen=True):
    """`left_out`: questions about several bases at once."""

    documents: dict[str, list[Document]]
    questions: list[Asked]
    left_out: int = 0


def bases_of(articles: Path, questions: Path, form: Format) -> Bases:
    if form == "sktod":
        return _sktod(articles, questions)
    key, asked, wanted = (
        ("body", "text", "article_ids")
        if form == "articles"
        else ("content", "situation", "required_documents")
    )
    documents = [
        Document(_text(row, "id", articles), _text(row, "title", articles), _text(row, key, articles))
        for row in json_lines(articles)
    ]
    rows = [
        Asked(_text(row, asked, questions), ONLY_BASE, frozenset(map(str, row.get(wanted) or ())))
        for row in json_lines(questions)
    ]
    known = {document.id for document in documents}
    if strange := sorted(set().union(*(row.wanted for row in rows)) - known):
        raise Invalid(
            f"file {questions.name}", f"it names the article {strange[0]!r}, which is not there", "give both"
        )
    return Bases({ONLY_BASE: documents}, rows)


def _sktod(articles: Path, questions: Path) -> Bases:
    """Each entity is a base of its own; a turn that needs no knowledge is no question to it."""
    blob = articles.read_bytes()
    domains: dict[str, Any] = msgspec.json.decode(gzip.decompress(blob) if articles.suffix == ".gz" else blob)
    documents: dict[str, list[Document]] = {
        f"{domain}-{entity_id}": list(_of_entity(entity))
        for domain, entities in domains.items()
        for entity_id, entity in entities.items()
    }
    asked: list[Asked] = []
    left_out = 0
    for row in json_lines(questions):
        if not row["needs_knowledge"]:
            continue
        wanted: dict[str, set[str]] = defaultdict(set)
        for one in row["knowledge"]:
            wanted[f"{one['domain']}-{one['entity_id']}"].add(f"{one['doc_type']}-{one['doc_id']}")
        if len(wanted) > 1:
            left_out += 1
            continue
        (base, ids), said = wanted.popitem(), [text for who, text in row["dialog"] if who == "U"]
        asked.append(Asked(said[-1], base, frozenset(ids), tuple(said[:-1])))
    return Bases(documents, asked, left_out)


def _of_entity(entity: dict[str, Any]) -> Iterator[Document]:
    for number, faq in entity.get("faqs", {}).items():
        yield Document(f"faq-{number}", faq["question"], faq["answer"], is_question=True)
    for number, review in entity.get("reviews", {}).items():
        yield Document(
            f"review-{number}",
            f"{entity['name'].title()}, reviewed by {review['traveler_type'].lower()}",
            " ".join(review["sentences"].values()),
        )


def _text(row: dict[str, Any], key: str, file: Path) -> str:
    found = row.get(key)
    if not isinstance(found, str) or not found.strip():
        raise Invalid(
            f"file {file.name}", f"a row has no `{key}`", "see the README of these data, or --format"
        )
    return found
