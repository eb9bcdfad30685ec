"""Knowledge read in: parse everything, embed what changed, write it all in one transaction or nothing.

An import replaces what the same origin brought before: a folder's articles that are gone from it are
retired. The models run before the transaction; if another import came in between, this one looks again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import msgspec
import numpy as np

from bothands.jobs import announce
from bothands.knowledge.drafting import Draft, Value, draft_files, files_of, kind_of
from bothands.knowledge.errors import ImportOvertaken, ImportRefused
from bothands.knowledge.events import KnowledgeChanged
from bothands.knowledge.model import (
    Article,
    Embeds,
    FactsTable,
    Imported,
    Question,
    Reply,
    Trouble,
    Vectors,
)
from bothands.knowledge.splitting import sentences
from bothands.knowledge.store import Shelved, advance, checksums, put, retire, revision
from bothands.storage import Database, Unit

ATTEMPTS_MAX = 3
EMBED_TEXTS_AT_ONCE = 512
ANSWER_SENTENCES_MAX = 20  # of a written answer that can be found by themselves

# Part of every checksum: raise it when splitting or embedding changes, and the next import renews all.
FORM = "2"


async def import_folder(db: Database, embedder: Embeds, folder: Path, *, origin: str = "folder") -> Imported:
    """A company folder, or any folder of Markdown, CSV and text files."""
    return await import_files(db, embedder, files_of(folder), origin=origin)


async def import_file(db: Database, embedder: Embeds, name: str, data: bytes) -> Imported:
    """One file dropped in: .md, .txt or .csv. The same name again replaces what it brought."""
    name = PurePath(name.replace("\\", "/")).name
    return await import_files(db, embedder, {name: data}, origin=f"file:{name}")


async def import_files(
    db: Database, embedder: Embeds, files: Mapping[str, bytes], *, origin: str
) -> Imported:
    """Everything in these files, or a refusal that names each trouble."""
    draft = draft_files(files, origin)
    embedded: dict[str, Vectors] = {}
    for _ in range(ATTEMPTS_MAX):
        seen, known = await db.read(lambda records: (revision(records), checksums(records)))
        sums = {(kind_of(value), value.id): checksum(value) for value in draft.values}
        _refuse_taken(known, sums, origin)
        changed = [value for value in draft.values if _is_changed(value, sums, known, origin)]
        gone = [key for key, (_, home) in known.items() if home == origin and key not in sums]
        shelved = await _shelve(changed, sums, embedder, embedded)
        if not shelved and not gone:
            return _counted(draft, changed, gone)
        if await db.write(lambda unit, s=seen, p=shelved, g=gone: _settle(unit, origin, s, p, g)):  # type: ignore[misc]
            return _counted(draft, changed, gone)
    raise ImportOvertaken(
        f"import of {origin}", f"{ATTEMPTS_MAX} other imports came in between", "import it again"
    )


def checksum(value: Value) -> str:
    """Of all that is kept or embedded, so that an unchanged file costs nothing."""
    return hashlib.sha256(FORM.encode() + msgspec.json.encode(value)).hexdigest()


def forms(value: Value) -> list[list[str]]:
    """The texts whose vectors find this thing: per section for an article, else one list."""
    if isinstance(value, Article):
        return [
            [
                f"{value.title}. {section.title}. {section.text}",
                *(f"{section.title}. {piece.text}" for piece in section.pieces),
                # And by itself: a short question is nearer to one sentence than to what stands above it.
                *(piece.text for piece in section.pieces),
            ]
            for section in value.sections
        ]
    if isinstance(value, Reply):
        return [[*value.questions, value.plain[0]]]
    if isinstance(value, Question):
        said = sentences(value.answer)[:ANSWER_SENTENCES_MAX]
        return [[value.question, f"{value.question} {value.answer}", *said]]
    return []


def _refuse_taken(
    known: Mapping[tuple[str, str], tuple[str, str]], sums: Mapping[tuple[str, str], str], origin: str
) -> None:
    """A dropped-in file must not silently overwrite an article that came from elsewhere."""
    taken = [key for key in sums if key in known and known[key][1] != origin]
    if taken:
        raise ImportRefused(
            origin.removeprefix("file:"),
            [
                Trouble(
                    f"{kind} {name}",
                    None,
                    f"it exists already, from {known[kind, name][1]}",
                    "give it another id",
                )
                for kind, name in taken
            ],
        )


def _is_changed(
    value: Value,
    sums: Mapping[tuple[str, str], str],
    known: Mapping[tuple[str, str], tuple[str, str]],
    origin: str,
) -> bool:
    key = (kind_of(value), value.id)
    return known.get(key) != (sums[key], origin)


async def _shelve(
    values: Sequence[Value],
    sums: Mapping[tuple[str, str], str],
    embedder: Embeds,
    embedded: dict[str, Vectors],
) -> list[Shelved]:
    wanted = dict.fromkeys(text for value in values for part in forms(value) for text in part)
    texts = [text for text in wanted if text not in embedded]
    for start in range(0, len(texts), EMBED_TEXTS_AT_ONCE):
        batch = texts[start : start + EMBED_TEXTS_AT_ONCE]
        embedded.update(zip(batch, await embedder.embed(batch), strict=True))
    return [
        Shelved(
            value.id,
            kind_of(value),
            value,
            sums[kind_of(value), value.id],
            tuple(np.stack([embedded[text] for text in part]) for part in forms(value)),
        )
        for value in values
    ]


def _settle(
    unit: Unit, origin: str, seen: int, shelved: Sequence[Shelved], gone: Sequence[tuple[str, str]]
) -> bool:
    """The one short write; False when the world moved on since we looked."""
    number = advance(unit.records)
    if number != seen + 1:
        return False
    retire(unit.records, gone, unit.now)
    put(unit.records, origin, shelved, unit.now)
    announce(unit, KnowledgeChanged(revision=number, origin=origin))
    return True


def _counted(draft: Draft, changed: Sequence[Value], gone: Sequence[tuple[str, str]]) -> Imported:
    articles = [value for value in draft.values if isinstance(value, Article)]
    tables = [value for value in draft.values if isinstance(value, FactsTable)]
    return Imported(
        articles=len(articles),
        passages=sum(len(article.sections) for article in articles),
        replies=sum(isinstance(value, Reply) for value in draft.values),
        tables=len(tables),
        rows=sum(len(table.rows) for table in tables),
        questions=sum(isinstance(value, Question) for value in draft.values),
        unchanged=len(draft.values) - len(changed),
        retired=len(gone),
        warnings=draft.warnings,
    )
