"""A Markdown text cut into sections and pieces, so that nothing is quoted out of its place.

A piece is the smallest thing that may be quoted. A list stays with its introduction, and every piece
knows whether it limits what was said before it ("Unless …", "This does not apply to …").
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bothands.kit import slug as slugged
from bothands.kit import squeeze
from bothands.knowledge.model import Piece, Section

SECTION_PIECES_MAX = 400
LIST_SENTENCE_WORDS_MIN = 6

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|incl|excl|max|min|no|nr|st|dr|mr|mrs|ms|vs|etc|ca|tel|art|fig|a\.m|p\.m)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]”’]*\s+(?=[\"'(\[“‘]*[A-Z0-9€£$])")
_EXCEPTION_START = re.compile(
    r"^(?:unless|except|exceptions?|excluded|excluding|only|however|but|otherwise|if not|in that case"
    r"|not included|provided|as long as|please note|note|important|conditions?|the only exception|that said"
    r"|nevertheless|still|although|though|even so|even then|instead|apart from|other than|until then|without"
    r"|not for|does not apply|in all other cases|in every other case|no longer)\b",
    re.IGNORECASE,
)
_EXCEPTION_INSIDE = re.compile(
    r"\b(?:(?:do|does|did) not (?:apply|cover|include|count)|(?:don't|doesn't) (?:apply|cover|include|count)"
    r"|not (?:covered|included)|(?:is|are) excluded|an? exceptions?|the exceptions?|only applies|apply only"
    r"|applies only|limited to)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:it|its|it's|they|they're|their|them|this|that|these|those|he|she|then|also|so|both|either|neither|such"
    r"|after that|before that|in this case|afterwards|the same|the latter|here|there|and|or|for example)\b",
    re.IGNORECASE,
)
_EXCEPTION_TITLE = re.compile(
    r"^(?:exceptions?|exclusions?|limits?|limitations?|conditions?|restrictions?|what is (?:not|excluded)"
    r"|not (?:covered|included)|what (?:this|it) (?:does not|doesn't))\b",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """A paragraph (one entry in `lines`), a list (its items) or a table (its rows)."""

    kind: str
    lines: tuple[str, ...]


def sentences(text: str) -> list[str]:
    """Text cut at the ends of sentences; abbreviations, decimals and initials do not end one."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[start : match.end()].rstrip().rstrip("\"')]”’")):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def spoken(token: Token) -> str:
    """The words of an inline token, without any mark-up."""
    parts = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
    return squeeze("".join(parts))


def headings(tokens: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """(index of the opening token, title, slug) of every heading; a repeated slug gets a number."""
    taken: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            title = spoken(tokens[index + 1])
            name = slugged(title)
            taken[name] = taken.get(name, 0) + 1
            yield index, title, name if taken[name] == 1 else f"{name}-{taken[name]}"


def split(title: str, body: str) -> tuple[Section, ...]:
    """The sections of an article. What stands before the first heading is the section `top`."""
    tokens = MARKDOWN.parse(body)
    marks = {index: (name, heading) for index, heading, name in headings(tokens)}
    sections: list[Section] = []
    slug, heading, level, start = "top", title, 1, 0
    for index, token in enumerate(tokens):
        if index in marks:
            sections.append(Section(slug, heading, level, _pieces(heading, tokens[start:index])))
            slug, heading = marks[index]
            level, start = int(token.tag[1]), index + 3
    sections.append(Section(slug, heading, level, _pieces(heading, tokens[start:])))
    return _with_exceptions([section for section in sections if section.pieces])


def _with_exceptions(sections: list[Section]) -> tuple[Section, ...]:
    """A section named "Exceptions" limits the one before it."""
    linked = []
    for index, section in enumerate(sections):
        following = sections[index + 1] if index + 1 < len(sections) else None
        limited = following is not None and _EXCEPTION_TITLE.match(following.title)
        slug = following.slug if following is not None and limited else None
        linked.append(Section(section.slug, section.title, section.level, section.pieces, slug))
    return tuple(linked)


def _pieces(heading: str, tokens: Sequence[Token]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    blocks = list(_blocks(tokens))
    for paragraph, block in enumerate(blocks):
        if block.kind == "paragraph":
            pieces.extend(_piece(sentence, paragraph) for sentence in sentences(block.lines[0]))
        elif block.kind == "table" or (_are_sentences(block.lines) and not _introduced(pieces)):
            pieces.extend(_piece(line, paragraph) for line in block.lines)
        else:
            # A list says nothing without the words that introduce it; failing those, its heading.
            intro = pieces.pop() if _introduced(pieces) else Piece(heading.rstrip(":?") + ":", paragraph)
            text = "\n".join((intro.text, *(f"- {line}" for line in block.lines)))
            pieces.append(Piece(text, paragraph, intro.is_exception, intro.leans_back, is_list=True))
    return tuple(pieces[:SECTION_PIECES_MAX])


def _introduced(pieces: Sequence[Piece]) -> bool:
    return bool(pieces) and pieces[-1].text.endswith(":") and not pieces[-1].is_list


def _are_sentences(lines: Sequence[str]) -> bool:
    return all(
        len(line.split()) >= LIST_SENTENCE_WORDS_MIN and line.endswith((".", "!", "?")) for line in lines
    )


def _piece(text: str, paragraph: int) -> Piece:
    return Piece(
        text,
        paragraph,
        is_exception=bool(_EXCEPTION_START.match(text) or _EXCEPTION_INSIDE.search(text)),
        leans_back=bool(_LEANS.match(text)),
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _end(tokens, index)
        if token.type in ("bullet_list_open", "ordered_list_open"):
            items = tuple(_items(tokens[index + 1 : end]))
            if items:
                yield Block("list", items)
        elif token.type == "table_open":
            yield from _rows(tokens[index:end])
        elif token.type == "blockquote_open":
            yield from _blocks(tokens[index + 1 : end])
        elif token.type == "inline" and spoken(token):
            yield Block("paragraph", (spoken(token),))
        elif token.type in ("fence", "code_block"):
            text = squeeze(token.content)
            if text:
                yield Block("paragraph", (text,))
        else:
            index += 1
            continue
        index = max(end, index) + 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """The index of the token that closes the one at `start`; itself when it stands alone."""
    if tokens[start].nesting != 1:
        return start
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _items(tokens: Sequence[Token]) -> Iterator[str]:
    """One line per list item; nested lists are read on in the line of their parent."""
    depth, words = 0, list[str]()
    for token in tokens:
        if token.type == "list_item_open":
            depth += 1
            if depth == 1:
                words = []
        elif token.type == "list_item_close":
            depth -= 1
            if depth == 0 and words:
                yield " ".join(words)
        elif token.type == "inline":
            words.append(spoken(token))


def _rows(tokens: Sequence[Token]) -> Iterator[Block]:
    """A table becomes one list per table: each line a row, its first cell before a colon."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(spoken(token))
    lines = [f"{row[0]}: {', '.join(filter(None, row[1:]))}" for row in rows[1:] if row and row[0]]
    if lines:
        yield Block("table", tuple(lines))
