"""Help pages: Markdown of articles, tables and questions → HTML that is safe to send."""

from collections.abc import Sequence
from html import escape

import nh3

from bothands.kit import slug as slugged
from bothands.knowledge.model import Article, FactsTable, Page, Question, Reply
from bothands.knowledge.splitting import MARKDOWN, headings

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}} | {
    tag: {"id"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "p", "tr")
}
SCHEMES = {"http", "https", "mailto", "tel"}


def safe(html: str) -> str:
    """Only the tags a help page needs: no script, style, image, form or foreign scheme survives."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )


def render_article(article: Article) -> str:
    """The article's body; every section's slug is the id of its heading."""
    tokens = MARKDOWN.parse(article.body)
    for index, _, slug in headings(tokens):
        tokens[index].attrSet("id", slug)
    html: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    if any(section.slug == "top" for section in article.sections) and 'id="top"' not in html:
        html = f'<p id="top"></p>\n{html}'
    return safe(html)


def article_page(article: Article) -> Page:
    return Page(article.id, article.title, render_article(article), article.reviewed_at)


def questions_page_of(page_id: str, questions: Sequence[Question]) -> Page:
    """All questions of one file, each at the id its sources link to."""
    parts = [
        f'<dt id="{escape(item.id)}">{escape(item.question)}</dt><dd>{escape(item.answer)}</dd>'
        for item in questions
    ]
    checked = max((item.changed_at for item in questions if item.changed_at), default=None)
    return Page(page_id, "Questions and answers", safe(f"<dl>{''.join(parts)}</dl>"), checked)


def table_page(page_id: str, table: FactsTable) -> Page:
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in table.columns)
    body = "".join(
        f'<tr id="row-{number}">'
        + "".join(f"<td>{escape(row.get(name, ''))}</td>" for name in table.columns)
        + "</tr>"
        for number, row in enumerate(table.rows, start=1)
    )
    html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return Page(page_id, table.title, safe(html), table.reviewed_at)


def replies_page(replies: Sequence[Reply]) -> Page:
    """Approved replies that rest on no article of their own."""
    parts = [
        f'<h2 id="{escape(slugged(reply.id))}">{escape(reply.topic.replace("_", " ").capitalize())}</h2>'
        + "".join(f"<p>{escape(wording)}</p>" for wording in reply.plain)
        for reply in replies
    ]
    return Page("replies", "Approved replies", safe("".join(parts)))
