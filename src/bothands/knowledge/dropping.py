"""Take one article off the shelf, wherever it came from."""

from bothands.jobs import announce
from bothands.kit import NotFound
from bothands.knowledge.events import KnowledgeChanged
from bothands.knowledge.store import advance, checksums, retire
from bothands.storage import Unit


def drop_article(unit: Unit, article_id: str) -> None:
    """It is quoted no more; what once cited it can still be looked up. An import may bring it back."""
    if ("article", article_id) not in checksums(unit.records):
        raise no_article(article_id)
    number = advance(unit.records)
    retire(unit.records, [("article", article_id)], unit.now)
    announce(unit, KnowledgeChanged(revision=number, origin=f"dropped:{article_id}"))


def no_article(article_id: str) -> NotFound:
    return NotFound(f"article {article_id!r}", "there is none with this id", "check the id")
