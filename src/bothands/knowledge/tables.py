"""CSV as people save it: any delimiter, any header, a byte order mark; and the company's TOML files."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from bothands.kit import squeeze
from bothands.knowledge.model import FactsTable, Question, Reply
from bothands.knowledge.parsing import Troubles, question_of

CSV_ROWS_MAX = 20_000
CSV_CELL_CHARS_MAX = 20_000
CSV_COLUMNS_MAX = 60
TABLE_ROWS_MAX = 20_000

_QUESTION_NAMES = {
    "question",
    "questions",
    "q",
    "frage",
    "fragen",
    "faq",
    "query",
    "prompt",
    "ask",
    "customer question",
}
_ANSWER_NAMES = {"answer", "answers", "a", "antwort", "antworten", "reply", "response", "solution", "text"}
_TOPIC_NAMES = {"topic", "intent", "category", "thema", "kategorie", "label", "tag"}
_GAP = re.compile(r"\{(\w+)\}")


def read_rows(text: str, trouble: Troubles) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that is not blank; the first is the header."""
    csv.field_size_limit(CSV_CELL_CHARS_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
            if len(rows) > CSV_ROWS_MAX + 1:
                trouble(start, f"the file has more than {CSV_ROWS_MAX:,} rows", "split it into several files")
                return []
    except csv.Error as error:
        trouble(
            reader.line_num, f"the row cannot be read ({error})", "close the quotes, and save as CSV again"
        )
        return []
    if rows and len(rows[0][1]) > CSV_COLUMNS_MAX:
        trouble(1, f"the file has {len(rows[0][1])} columns", f"keep at most {CSV_COLUMNS_MAX}")
        return []
    return rows


def _delimiter(text: str) -> str:
    """The candidate that the header holds most of, outside quotes; Excel's `sep=` line is not needed."""
    header = re.sub(r'"[^"]*"', "", text.lstrip().split("\n", 1)[0])
    return max(",;\t|", key=lambda char: (header.count(char), char == ","))


def parse_questions(name: str, text: str, trouble: Troubles) -> list[Question]:
    """A CSV with a column of questions and one of answers, in any order; others are passed over."""
    rows = read_rows(text, trouble)
    if not rows:
        if not trouble.found:
            trouble(None, "the file has no rows", "save it with a header and one question per row")
        return []
    names = [squeeze(cell).lower().strip("*: ") for cell in rows[0][1]]
    asked, answered = _column(names, _QUESTION_NAMES), _column(names, _ANSWER_NAMES)
    body = rows[1:]
    if asked is None and answered is None and _looks_headless(rows):
        asked, answered, body = 0, 1, rows
    if asked is None or answered is None:
        missing = "question" if asked is None else "answer"
        have = ", ".join(filter(None, names[:8])) or "none"
        trouble(
            rows[0][0],
            f"there is no column {missing!r} (columns: {have})",
            "name two columns question and answer",
        )
        return []
    topical = _column(names, _TOPIC_NAMES) if body is not rows else None
    return list(_questions(name, body, (asked, answered, topical), trouble))


def _questions(
    name: str,
    body: Sequence[tuple[int, list[str]]],
    columns: tuple[int, int, int | None],
    trouble: Troubles,
) -> Iterator[Question]:
    asked, answered, topical = columns
    seen: dict[str, tuple[int, str]] = {}
    position = 0
    for line, cells in body:
        if len(cells) <= max(asked, answered):
            need = max(asked, answered) + 1
            trouble(
                line, f"the row has {len(cells)} cells, not {need}", "quote cells that hold the delimiter"
            )
            continue
        topic = cells[topical] if topical is not None and topical < len(cells) else ""
        kept = question_of(name, position, cells[asked], cells[answered], topic, (line, trouble))
        if kept is None:
            continue
        earlier = seen.setdefault(kept.question.lower(), (line, kept.answer))
        if earlier[0] != line:
            cause = f"the question {kept.question[:60]!r} stands in line {earlier[0]} already"
            if earlier[1] == kept.answer:
                trouble.warn(line, cause, "nothing needs to be done: the first one counts")
            else:
                trouble(line, f"{cause}, with another answer", "keep one of the two")
            continue
        position += 1
        yield kept


def _column(names: Sequence[str], wanted: set[str]) -> int | None:
    exact = next((index for index, name in enumerate(names) if name in wanted), None)
    if exact is not None:
        return exact
    loose = {word for word in wanted if len(word) > 2}
    return next((i for i, name in enumerate(names) if any(word in name for word in loose)), None)


def _looks_headless(rows: Sequence[tuple[int, list[str]]]) -> bool:
    first = rows[0][1]
    return len(first) == 2 and first[0].endswith("?")


class _ReplyFile(msgspec.Struct):
    reply: list[Reply] = []


class _TableEntry(msgspec.Struct):
    id: str
    file: str
    keys: tuple[str, ...]
    answer: str
    title: str = ""
    topics: tuple[str, ...] = ()
    ask: dict[str, str] = {}
    synonyms: dict[str, dict[str, tuple[str, ...]]] = {}
    synonyms_of: str = ""
    match: dict[str, Literal["exact", "prefix", "day"]] = {}
    source: str = ""
    reviewed: Any = None  # TOML may give a date, a moment or a text


class _TableFile(msgspec.Struct):
    table: list[_TableEntry] = []


def parse_replies(text: str, trouble: Troubles) -> list[Reply]:
    """replies.toml; ids are unique and every reply has a plain wording."""
    raw = _toml(text, trouble)
    found: list[Reply] = []
    for number, entry in enumerate(raw.get("reply", []), start=1):
        where = f"reply {entry.get('id', number) if isinstance(entry, dict) else number}"
        try:
            reply = msgspec.convert(entry, Reply)
        except msgspec.ValidationError as error:
            trouble(None, f"{where}: {str(error).replace('`', '')}", "give it id, topic and plain")
            continue
        if not any(wording.strip() for wording in reply.plain):
            trouble(None, f"{where} has no plain wording", 'write plain = ["…"]')
        elif any(other.id == reply.id for other in found):
            trouble(None, f"{where} is there twice", "give each reply an id of its own")
        else:
            found.append(reply)
    return found


def parse_tables(text: str, files: Mapping[str, str], trouble: Troubles) -> list[tuple[FactsTable, str]]:
    """facts.toml with its CSV files: (table, name of its file)."""
    raw = _toml(text, trouble)
    entries: dict[str, _TableEntry] = {}
    for number, item in enumerate(raw.get("table", []), start=1):
        try:
            entry = msgspec.convert(item, _TableEntry)
        except msgspec.ValidationError as error:
            trouble(
                None, f"table {number}: {str(error).replace('`', '')}", "give it id, file, keys and answer"
            )
            continue
        if entry.id in entries:
            trouble(None, f"table {entry.id} is there twice", "give each table an id of its own")
            continue
        entries[entry.id] = entry
    found = []
    for entry in entries.values():
        table = _table(entry, entries, files, trouble)
        if table is not None:
            found.append((table, entry.file))
    return found


def _table(
    entry: _TableEntry, entries: Mapping[str, _TableEntry], files: Mapping[str, str], trouble: Troubles
) -> FactsTable | None:
    if entry.file not in files:
        trouble(None, f"table {entry.id}: the file {entry.file!r} is missing", "add it, or correct the name")
        return None
    own = Troubles(entry.file)
    rows = read_rows(files[entry.file], own)
    columns = tuple(squeeze(cell) for cell in rows[0][1]) if rows else ()
    wanted = {*entry.keys, *_GAP.findall(entry.answer)}
    for name in sorted(wanted - set(columns)):
        own(
            1,
            f"there is no column {name!r}, which table {entry.id} needs",
            "add the column, or correct facts.toml",
        )
    if not rows[1:] and not own.found:
        own(None, "the table has no rows", "write at least one row under the header")
    cells = [] if own.found else list(_cells(entry, columns, rows[1:], own))
    trouble.found.extend(own.found)
    if own.found:
        return None
    shared = entries[entry.synonyms_of].synonyms if entry.synonyms_of in entries else {}
    return FactsTable(
        id=entry.id,
        title=entry.title or entry.id,
        keys=entry.keys,
        answer=entry.answer,
        columns=columns,
        rows=tuple(cells),
        topics=entry.topics,
        ask=entry.ask,
        synonyms={key: {**shared.get(key, {}), **entry.synonyms.get(key, {})} for key in entry.keys},
        match=entry.match,
        source=entry.source,
        reviewed_at=_as_day(entry.reviewed),
    )


def _cells(
    entry: _TableEntry, columns: Sequence[str], rows: Sequence[tuple[int, list[str]]], trouble: Troubles
) -> Iterator[dict[str, str]]:
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            trouble(
                line,
                f"the row has {len(cells)} cells, not {len(columns)}",
                "quote cells that hold the delimiter",
            )
            continue
        row = dict(zip(columns, cells, strict=True))
        empty = [name for name in (*entry.keys, *_GAP.findall(entry.answer)) if not row[name]]
        if empty:
            trouble(line, f"the cell {empty[0]!r} is empty", "fill it in, or delete the row")
            continue
        key = tuple(row[name].lower() for name in entry.keys)
        if key in seen:
            trouble(line, f"{' / '.join(key)} stands in line {seen[key]} already", "keep one of the two")
            continue
        seen[key] = line
        yield row


def _toml(text: str, trouble: Troubles) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        trouble(int(line.group(1)) if line else None, f"this is not TOML ({error})", "correct that line")
        return {}


def _as_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value if isinstance(value, date) else None
