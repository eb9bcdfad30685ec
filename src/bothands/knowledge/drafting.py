"""Files → what an import would bring: all parsed, or refused with every trouble of every file."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

import msgspec

from bothands.knowledge.errors import ImportRefused, ImportTooLarge
from bothands.knowledge.model import Article, FactsTable, Question, Reply, Trouble
from bothands.knowledge.parsing import (
    Troubles,
    article_from_text,
    decoded,
    looks_like_questions,
    parse_article,
    parse_plain_questions,
)
from bothands.knowledge.tables import parse_questions, parse_replies, parse_tables

FILES_MAX = 5_000
FILE_BYTES_MAX = 8 * 2**20
IMPORT_BYTES_MAX = 64 * 2**20

TEXT_SUFFIXES = (".md", ".markdown", ".csv", ".tsv", ".txt")
COMPANY_FILES = ("replies.toml", "facts.toml")
COMPANY_FOLDERS = ("articles", "facts", "questions")

Value = Article | Reply | FactsTable | Question


class Draft(msgspec.Struct, frozen=True):
    """What files turned into, before anything is embedded or written."""

    values: tuple[Value, ...]
    warnings: tuple[Trouble, ...] = ()


def draft_files(files: Mapping[str, bytes], origin: str) -> Draft:
    """Parse all files; raises ImportRefused with every trouble of every file."""
    if len(files) > FILES_MAX or sum(map(len, files.values())) > IMPORT_BYTES_MAX:
        raise ImportTooLarge(
            f"import of {origin}",
            f"{len(files)} files with {sum(map(len, files.values())) // 2**20} MiB",
            f"import at most {FILES_MAX} files and {IMPORT_BYTES_MAX // 2**20} MiB at once",
        )
    gathered: list[Troubles] = []
    texts: dict[str, str] = {}
    for name, data in files.items():
        troubles = Troubles(name)
        gathered.append(troubles)
        if len(data) > FILE_BYTES_MAX:
            troubles(
                None, f"the file has {len(data) // 2**20} MiB", f"keep it below {FILE_BYTES_MAX // 2**20} MiB"
            )
        else:
            text = decoded(data, troubles)
            if text is not None:
                texts[name] = text
    values: list[Value] = []
    used: set[str] = set()
    for name, text in texts.items():
        if PurePath(name).name in ("replies.toml", "facts.toml"):
            troubles = Troubles(name)
            gathered.append(troubles)
            values.extend(_from_toml(name, text, texts, used, troubles))
    for name, text in texts.items():
        troubles = Troubles(name)
        gathered.append(troubles)
        if name not in used and not name.endswith(".toml"):
            values.extend(_from_text(name, text, troubles))
    values = list(_once(values, gathered))
    gathered.append(_astray(values))
    refusals = [trouble for troubles in gathered for trouble in troubles.found]
    if not values and not refusals:
        refusals.append(Trouble(origin, None, "nothing to import was found", "add .md, .csv or .txt files"))
    if refusals:
        raise ImportRefused(origin.removeprefix("file:"), refusals)
    return Draft(tuple(values), tuple(item for troubles in gathered for item in troubles.warnings))


def files_of(folder: Path) -> dict[str, bytes]:
    """The files an import reads. A company folder also holds other things, which stay unread."""
    if not folder.is_dir():
        trouble = Trouble(folder.name, None, "this is not a folder", "give the folder that holds the files")
        raise ImportRefused(folder.name, [trouble])
    is_company = (folder / "articles").is_dir()
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        # A link could lead out of the folder, to files that were never meant for customers.
        if not path.is_file() or path.is_symlink() or not _is_ours(name, is_company):
            continue
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ImportTooLarge(
                name, "the file is too large", f"keep it below {FILE_BYTES_MAX // 2**20} MiB"
            )
        found[name] = path.read_bytes()
    return found


def _is_ours(name: str, is_company: bool) -> bool:
    path = PurePath(name)
    if any(part.startswith(".") for part in path.parts) or path.name == "README.md":
        return False
    if is_company and len(path.parts) > 1 and path.parts[0] not in COMPANY_FOLDERS:
        return False
    return path.suffix.lower() in TEXT_SUFFIXES or name in COMPANY_FILES


def _from_toml(
    name: str, text: str, texts: Mapping[str, str], used: set[str], troubles: Troubles
) -> Iterable[Value]:
    if PurePath(name).name == "replies.toml":
        return parse_replies(text, troubles)
    home = PurePath(name).parent
    beside = {
        PurePath(other).relative_to(home).as_posix(): body
        for other, body in texts.items()
        if PurePath(other).is_relative_to(home)
    }
    found = parse_tables(text, beside, troubles)
    # Also the file of a table that was refused: it would only be refused again, as questions.
    used.update(other for other in texts if PurePath(other).parent.name == "facts")
    used.update((home / file).as_posix() for _, file in found)
    return [table for table, _ in found]


def _from_text(name: str, text: str, troubles: Troubles) -> Iterable[Value]:
    suffix = PurePath(name).suffix.lower()
    if suffix in (".csv", ".tsv"):
        return parse_questions(name, text, troubles)
    if suffix == ".txt" and looks_like_questions(text):
        return parse_plain_questions(name, text, troubles)
    if suffix in (".md", ".markdown", ".txt"):
        article = (article_from_text if suffix == ".txt" else parse_article)(name, text, troubles)
        return [article] if article else []
    troubles(None, f"files ending in {suffix or 'nothing'!r} are not known", "save it as .md, .csv or .txt")
    return []


def _once(values: Sequence[Value], gathered: list[Troubles]) -> Iterable[Value]:
    seen: set[tuple[str, str]] = set()
    for value in values:
        key = (kind_of(value), value.id)
        if key in seen:
            troubles = Troubles(f"{key[0]} {value.id}")
            troubles(None, "two files have this id", "rename one of them, or give it an id of its own")
            gathered.append(troubles)
        else:
            seen.add(key)
            yield value


def _astray(values: Sequence[Value]) -> Troubles:
    """Replies and tables whose source is not among the articles that come with them."""
    places = {
        value.id: {part.slug for part in value.sections} for value in values if isinstance(value, Article)
    }
    troubles = Troubles("sources")
    for value in values:
        if not isinstance(value, Reply | FactsTable) or not value.source:
            continue
        article_id, _, slug = value.source.partition("#")
        if not places:
            # Replies alone: their articles may be there already. A link that fails falls back to the reply.
            troubles.warn(
                None, f"{value.source!r} of {value.id} was not checked", "import the articles with it"
            )
        elif article_id not in places or (slug and slug not in places[article_id]):
            have = ", ".join(sorted(places.get(article_id, ()))) or "no such article"
            cause = f"the source {value.source!r} of {value.id} does not exist (there is: {have})"
            troubles(None, cause, "name an article and the slug of one of its headings")
    return troubles


def kind_of(value: Value) -> str:
    match value:
        case Article():
            return "article"
        case Reply():
            return "reply"
        case FactsTable():
            return "table"
        case Question():
            return "question"
