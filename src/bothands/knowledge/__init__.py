"""What the company knows: approved replies, facts tables, questions with answers, articles.

`Library` answers from them without a language model, always with the source, and says when it has
no answer. Knowledge comes in by folder or file; internal articles never reach customers.
"""

from bothands.knowledge.dropping import drop_article, no_article
from bothands.knowledge.errors import ImportOvertaken, ImportRefused, ImportTooLarge
from bothands.knowledge.events import KnowledgeChanged
from bothands.knowledge.importing import import_file, import_files, import_folder
from bothands.knowledge.library import Library
from bothands.knowledge.model import (
    Answer,
    Article,
    Ask,
    Embeds,
    FactsTable,
    Found,
    Imported,
    Nothing,
    Offer,
    Outcome,
    Page,
    Passage,
    Question,
    Reply,
    Section,
    Source,
    Trouble,
    Voice,
)
from bothands.knowledge.rendering import render_article
from bothands.knowledge.splitting import sentences

__all__ = [
    "Answer",
    "Article",
    "Ask",
    "Embeds",
    "FactsTable",
    "Found",
    "ImportOvertaken",
    "ImportRefused",
    "ImportTooLarge",
    "Imported",
    "KnowledgeChanged",
    "Library",
    "Nothing",
    "Offer",
    "Outcome",
    "Page",
    "Passage",
    "Question",
    "Reply",
    "Section",
    "Source",
    "Trouble",
    "Voice",
    "drop_article",
    "import_file",
    "import_files",
    "import_folder",
    "no_article",
    "render_article",
    "sentences",
]
