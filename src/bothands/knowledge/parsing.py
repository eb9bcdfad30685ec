"""Files as people have them → nouns. Pure: every trouble is collected, nothing is raised midway."""

import re
from datetime import date
from pathlib import PurePath

import msgspec

from bothands.kit import slug as slugged
from bothands.kit import squeeze
from bothands.knowledge.model import Article, Audience, Question, Trouble
from bothands.knowledge.splitting import MARKDOWN, sentences, split, spoken

ARTICLE_CHARS_MAX = 200_000
QUESTION_CHARS_MAX = 1_000
ANSWER_CHARS_MAX = 8_000

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_ASKED = re.compile(
    r"^\s*(?:\*\*)?(?:q|question|frage)\s*\d*\s*[:.)]\s*(?:\*\*)?\s*(.+?)(?:\*\*)?\s*$", re.IGNORECASE
)
_ANSWERED = re.compile(r"^\s*(?:\*\*)?(?:a|answer|antwort)\s*\d*\s*[:.)]\s*(?:\*\*)?\s*(.*)$", re.IGNORECASE)


class Troubles:
    """Gathers what is wrong in one file. Calling it tells a reason to refuse the file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Trouble] = []
        self.warnings: list[Trouble] = []

    def __call__(self, line: int | None, cause: str, cure: str) -> None:
        self.found.append(Trouble(self.file, line, cause, cure))

    def warn(self, line: int | None, cause: str, cure: str) -> None:
        """Worth telling, but no reason to refuse the file."""
        self.warnings.append(Trouble(self.file, line, cause, cure))


def decoded(data: bytes, trouble: Troubles) -> str | None:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows' Western code page."""
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        trouble(None, "this is not a text file", "save it as text in UTF-8")
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def parse_article(name: str, text: str, trouble: Troubles) -> Article | None:
    """Markdown with front matter, or without: then the first heading or the file's name is the title."""
    front, body = _front_matter(text, trouble)
    if len(body) > ARTICLE_CHARS_MAX:
        trouble(None, f"the article has {len(body):,} characters", f"split it below {ARTICLE_CHARS_MAX:,}")
        return None
    audience = front.get("audience", "public").lower()
    if audience not in ("public", "internal"):
        # Guessing here could show agents' notes to customers.
        trouble(None, f"audience {audience!r} is unknown", "write audience: public or audience: internal")
        return None
    title = front.get("title") or _first_heading(body) or _named(name)
    sections = split(title, body)
    if not sections:
        trouble(None, "the article has no text", "write something under the headings, or leave the file out")
        return None
    kind: Audience = "internal" if audience == "internal" else "public"
    return Article(
        id=slugged(front.get("id") or PurePath(name).with_suffix("").as_posix().removeprefix("articles/"))[
            :100
        ],
        title=title,
        body=body,
        sections=sections,
        audience=kind,
        owner=front.get("owner", ""),
        reviewed_at=_day(front.get("reviewed"), trouble),
    )


def parse_plain_questions(name: str, text: str, trouble: Troubles) -> list[Question]:
    """A text of `Q: …` and `A: …`; answers may run over lines until the next question."""
    found: list[Question] = []
    asked: tuple[int, str] | None = None
    answer: list[str] | None = None

    def settle() -> None:
        if asked is None:
            return
        kept = question_of(name, len(found), asked[1], "\n".join(answer or ()), "", (asked[0], trouble))
        if kept is not None:
            found.append(kept)

    for number, line in enumerate(text.split("\n"), start=1):
        question = _ASKED.match(line)
        start = _ANSWERED.match(line)
        if question:
            settle()
            asked, answer = (number, question.group(1)), None
        elif start and asked is not None and answer is None:
            answer = [start.group(1).removesuffix("**")]
        elif answer is not None:
            answer.append(line)
        elif asked is not None and line.strip():
            asked = (asked[0], f"{asked[1]} {line.strip()}")
    settle()
    return found


def question_of(
    name: str, position: int, question: str, answer: str, topic: str, at: tuple[int | None, Troubles]
) -> Question | None:
    """One question with its answer, checked; None after telling the trouble."""
    line, trouble = at
    question = squeeze(question)
    answer = re.sub(r"[ \t]+", " ", re.sub(r"\n{3,}", "\n\n", answer)).strip()
    if not question:
        trouble(line, "there is an answer without a question", "write the question or delete the row")
    elif not answer:
        trouble(line, f"the question {question[:60]!r} has no answer", "write the answer or delete the row")
    elif len(question) > QUESTION_CHARS_MAX:
        trouble(
            line, f"the question has {len(question):,} characters", f"keep it below {QUESTION_CHARS_MAX:,}"
        )
    elif len(answer) > ANSWER_CHARS_MAX:
        trouble(line, f"the answer has {len(answer):,} characters", f"keep it below {ANSWER_CHARS_MAX:,}")
    else:
        stem = slugged(PurePath(name).stem)[:80]
        return Question(f"{stem}-q{position + 1}", question, answer, name, topic)
    return None


def looks_like_questions(text: str) -> bool:
    """A plain text with at least one `Q:` followed by an `A:`."""
    lines = text.split("\n")
    return any(_ASKED.match(line) for line in lines) and any(_ANSWERED.match(line) for line in lines)


def article_from_text(name: str, text: str, trouble: Troubles) -> Article | None:
    """A plain text without questions: an article whose first short line is the title."""
    head, _, rest = text.strip().partition("\n")
    titled = rest.strip() and len(head) <= 100 and len(sentences(head)) == 1 and not head.endswith((".", ":"))
    # Nothing in a plain text is mark-up: a leading # or - stays what it is only to the eye.
    body = rest.strip() if titled else text
    article = parse_article(name, body, trouble)
    return msgspec.structs.replace(article, title=head.strip("# ")) if article and titled else article


def _front_matter(text: str, trouble: Troubles) -> tuple[dict[str, str], str]:
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    front: dict[str, str] = {}
    for number, line in enumerate(match.group(1).split("\n"), start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon:
            trouble(number, f"{line.strip()[:40]!r} is not `name: value`", "write a colon after the name")
            continue
        front[key.strip().lower()] = value.strip().strip("\"'")
    return front, text[match.end() :]


def _first_heading(body: str) -> str:
    tokens = MARKDOWN.parse(body)
    return next(
        (spoken(tokens[index + 1]) for index, token in enumerate(tokens) if token.type == "heading_open"), ""
    )


def _named(name: str) -> str:
    words = PurePath(name).stem.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _day(value: str | None, trouble: Troubles) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        trouble(None, f"reviewed {value!r} is not a date", "write it as 2026-11-20")
        return None
