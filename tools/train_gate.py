"""Fit the weights by which an answer's place is judged (`PLACE_WEIGHTS` of knowledge/gating.py).

    python tools/train_gate.py --articles sktod_knowledge.json.gz --questions sktod_val.jsonl.gz

Learns from some entities of SK-TOD (github.com/alexa/dstc11-track5@1419e96d61, CDLA-Sharing 1.0) and from our
own questions to the example shop, each asked of the whole base and of the base without what answers it.
What is said of the other entities is a test: not one of their questions was learned from.
"""

import argparse
import csv
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.bases import bases_of
from bothands.knowledge.answering import CANDIDATES_MAX, likely
from bothands.knowledge.citing import quoted, written
from bothands.knowledge.drafting import draft_files, files_of, kind_of
from bothands.knowledge.finding import Shelf, focus
from bothands.knowledge.gating import Standing, carried, mended
from bothands.knowledge.importing import forms
from bothands.knowledge.model import Query, Vectors, Voice
from bothands.knowledge.placing import ranked, standing
from bothands.knowledge.shelving import Entry, shelve
from bothands.knowledge.store import Shelved
from bothands.models import open_embedder

ROOT = Path(__file__).parents[1]
PAIRS = (
    (ROOT / "tests/knowledge/retail_pairs.csv", "question", "answered_by"),
    (ROOT / "tests/skills/retail_messages.csv", "text", "place"),
)
OUR_OWN = "our own"
PLACES_LEARNED = 2
NAMES = Standing.__struct_fields__

Embed = Callable[[Sequence[str]], Vectors]


class Row(msgspec.Struct, frozen=True):
    """A place that was found for a question, and whether it answers it."""

    source: str
    place: int  # 0 for the one found first
    is_answerable: bool
    is_right: bool
    signs: tuple[float, ...]


def rows_of_sktod(articles: Path, questions: Path, embed: Embed) -> Iterator[Row]:
    bases = bases_of(articles, questions, "sktod")
    by_base = defaultdict(list)
    for asked in bases.questions:
        by_base[asked.base].append(asked)
    for base, group in by_base.items():
        documents = bases.documents[base]
        shelf = _entries({document.name: document.content for document in documents}, embed)
        ids = {document.place: document.id for document in documents}
        source = "learned" if zlib.crc32(base.encode()) % 2 else "held out"
        for asked in group:
            answers = {entry.passage.url for entry, _ in shelf if _id(entry.passage.url, ids) in asked.wanted}
            yield from _rows(source, asked.text, answers, shelf, embed)


def rows_of_shop(embed: Embed) -> Iterator[Row]:
    shelf = _entries(files_of(ROOT / "examples/retail"), embed)
    for file, question, place in PAIRS:
        with file.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if "facts:" in row[place]:
                    continue  # answered by a table, which is no place
                answers = {f"/help/{one}" for one in row[place].split("|") if one}
                yield from _rows(OUR_OWN, row[question], answers, shelf, embed)


def _entries(files: dict[str, bytes], embed: Embed) -> list[tuple[Entry, Vectors]]:
    values = draft_files(files, "gate").values
    return shelve(
        [
            Shelved(value.id, kind_of(value), value, "", tuple(embed(part) for part in forms(value)))
            for value in values
        ],
        "public",
    )


def _id(url: str, ids: dict[str, str]) -> str:
    page, _, place = url.removeprefix("/help/").partition("#")
    return ids[page if page in ids else place]


def _rows(
    source: str, text: str, answers: set[str], entries: list[tuple[Entry, Vectors]], embed: Embed
) -> Iterator[Row]:
    rest = [(entry, vectors) for entry, vectors in entries if entry.passage.url not in answers]
    for kept in (entries, rest) if len(rest) < len(entries) else (entries,):
        if kept:
            shelf = Shelf(kept)
            is_answerable = len(kept) == len(entries) and len(rest) < len(entries)
            for place, url, signs in _standings(text, shelf, embed):
                yield Row(source, place, is_answerable, url in answers, signs)


def _standings(text: str, shelf: Shelf, embed: Embed) -> Iterator[tuple[int, str, tuple[float, ...]]]:
    asking = focus(text)
    vectors = embed(list(dict.fromkeys((text, asking, mended(asking, shelf)))))
    query = Query(text, asking, vectors, {}, Voice(), datetime.now(UTC))
    matches = shelf.match(query.focus, query.vectors, CANDIDATES_MAX)
    places, words = ranked(matches, {}), carried(query.focus, shelf)
    said = [*written(query, words, shelf, matches), *quoted(query, words, shelf, matches)]
    for rank, place in enumerate(places[:PLACES_LEARNED]):
        own = [likely(answer) for answer in said if answer.sources[0].url == place.url]
        if own:
            yield rank, place.url, msgspec.structs.astuple(standing(max(own), place.url, places))


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    signs = np.array([row.signs for row in rows])
    spread = signs.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=5_000)
    model.fit(signs / spread, [row.is_right for row in rows])
    found = dict(zip(NAMES, model.coef_[0] / spread, strict=True))
    return {name: round(float(value), 2) for name, value in ({"base": model.intercept_[0]} | found).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    arguments = parser.parse_args()
    embedder = open_embedder(threads=2)
    remembered: dict[str, Vectors] = {}

    def embed(texts: Sequence[str]) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if text not in remembered]
        remembered.update(zip(missing, embedder.embed_now(missing), strict=True))
        return np.stack([remembered[text] for text in texts])

    rows = [*rows_of_sktod(arguments.articles, arguments.questions, embed), *rows_of_shop(embed)]
    embedder.close()
    weights = fitted([row for row in rows if row.source != "held out"])
    print(msgspec.json.format(msgspec.json.encode(weights)).decode())
    for source in ("learned", "held out", OUR_OWN):
        first = [row for row in rows if row.source == source and row.place == 0]
        scores = np.array([row.signs for row in first]) @ [weights[name] for name in NAMES]
        area = roc_auc_score([row.is_answerable for row in first], scores)
        print(f"{source}: n = {len(first)}, answerable AUROC {area:.3f}")


if __name__ == "__main__":
    main()
