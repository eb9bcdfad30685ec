"""What the company knows: list, search, bring in."""

from datetime import date
from typing import Annotated

import msgspec
from litestar.datastructures import UploadFile
from litestar.params import FromPath, QueryParameter

from bothands.kit import Invalid, TooLarge, excerpt
from bothands.knowledge import Article, Imported, drop_article, no_article
from bothands.web.asking import Asked, TheDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import TextImportInput

FILES_AT_ONCE_MAX = 20
PASSAGE_CHARS_SHOWN = 600
QUERY_CHARS_MAX = 500
FOUND_MAX = 20


class ArticleView(msgspec.Struct, frozen=True):
    id: str
    title: str
    audience: str
    owner: str | None
    reviewed: date | None
    sections: int


class Articles(msgspec.Struct, frozen=True):
    articles: list[ArticleView]
    next_cursor: str | None


class SectionView(msgspec.Struct, frozen=True):
    slug: str
    title: str
    text: str


class WholeArticle(msgspec.Struct, frozen=True):
    """`body` is the Markdown as it was brought in, from `origin`."""

    id: str
    title: str
    audience: str
    owner: str | None
    reviewed: date | None
    version: int
    origin: str
    body: str
    sections: list[SectionView]


class FoundView(msgspec.Struct, frozen=True):
    kind: str
    title: str
    section: str
    text: str
    url: str
    score: float


class FoundPage(msgspec.Struct, frozen=True):
    found: list[FoundView]


class ImportReport(msgspec.Struct, frozen=True):
    articles: int
    passages: int
    replies: int
    questions: int
    warnings: list[str]


async def list_articles(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> Articles:
    """The articles by title, internal ones too."""
    found = desk.library.articles(audience="internal")
    page, following = sliced(found, cursor, limit, lambda article: (article.title, article.id))
    return Articles([_view(article) for article in page], following)


async def show_article(desk: TheDesk, article_id: FromPath[str]) -> WholeArticle:
    """One article with its text."""
    found = desk.library.articles(audience="internal")
    article = next((item for item in found if item.id == article_id), None)
    if article is None:
        raise no_article(article_id)
    return WholeArticle(
        id=article.id,
        title=article.title,
        audience=article.audience,
        owner=article.owner or None,
        reviewed=article.reviewed_at,
        version=article.version,
        origin=article.origin,
        body=article.body,
        sections=[SectionView(item.slug, item.title, item.text) for item in article.sections],
    )


async def end_article(desk: TheDesk, once: TheOnce, article_id: FromPath[str]) -> None:
    """Take an article off the shelf: it is quoted no more, until an import brings it back."""
    await once.write(lambda unit: drop_article(unit, article_id), None)
    await desk.library.refresh()


async def search_knowledge(
    desk: TheDesk, q: Annotated[str, QueryParameter(min_length=1, max_length=QUERY_CHARS_MAX)]
) -> FoundPage:
    """The passages that fit a question best."""
    found = await desk.library.find(q, FOUND_MAX, audience="internal")
    return FoundPage(
        [
            FoundView(
                kind=item.passage.kind,
                title=item.passage.title,
                section=item.passage.section,
                text=excerpt(item.passage.text, PASSAGE_CHARS_SHOWN),
                url=item.passage.url,
                score=item.score,
            )
            for item in found
        ]
    )


async def import_knowledge(desk: TheDesk, request: Asked) -> ImportReport:
    """Files (.md, .csv, .txt) as multipart/form-data, or one pasted text as JSON {name, text}."""
    files = await _files(request)
    reports = [await desk.library.import_file(name, data) for name, data in files]
    return ImportReport(
        articles=_sum(reports, "articles"),
        passages=_sum(reports, "passages"),
        replies=_sum(reports, "replies"),
        questions=_sum(reports, "questions"),
        warnings=[str(warning) for report in reports for warning in report.warnings],
    )


def _view(article: Article) -> ArticleView:
    return ArticleView(
        article.id,
        article.title,
        article.audience,
        article.owner or None,
        article.reviewed_at,
        len(article.sections),
    )


async def _files(request: Asked) -> list[tuple[str, bytes]]:
    kind = request.content_type[0]
    if kind == "application/json":
        try:
            pasted = msgspec.json.decode(await request.body(), type=TextImportInput)
        except msgspec.DecodeError as error:
            raise Invalid("import", str(error), "send {name, text}") from None
        return [(pasted.name, pasted.text.encode())]
    if kind != "multipart/form-data":
        raise Invalid("import", f"content type {kind or 'none'} is not taken", "send files or JSON")
    form = await request.form()
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    if not files:
        raise Invalid("import", "no file came along", "choose at least one .md, .csv or .txt file")
    if len(files) > FILES_AT_ONCE_MAX:
        raise TooLarge("import", f"{len(files)} files at once", f"send at most {FILES_AT_ONCE_MAX}")
    return [(file.filename, await file.read()) for file in files]


def _sum(reports: list[Imported], name: str) -> int:
    return sum(getattr(report, name) for report in reports)
