"""Where rows live: the engine, the one writer thread, units of work and migrations.

Reads run in a small pool of read-only connections; every write runs on one batching writer thread
and returns once it is on disk. Rooms declare their tables on `metadata` in their `store.py`.
"""

from bothands.storage.columns import Json, Moment, as_struct, metadata
from bothands.storage.database import Database, open_database
from bothands.storage.engine import DatabaseOwned, own
from bothands.storage.hearsay import Missed, is_living
from bothands.storage.keeping import (
    Data,
    Days,
    Emptied,
    Kept,
    Lead,
    Mentions,
    Undeclared,
    Until,
    check_tables,
    keeps,
    kept_by,
)
from bothands.storage.manners import oldest_open_write, steady, take_turns
from bothands.storage.migrating import SchemaUnknown, migrate, newest_schema
from bothands.storage.sealing import Seal, SealBroken, open_seal
from bothands.storage.together import Renewing, given, insert_together, packed, types_of
from bothands.storage.unit import Unit
from bothands.storage.walking import (
    DeclaredTable,
    Subject,
    erase_some,
    expire_rows,
    overdue_rows,
    rows_about,
    subject_of,
    tables_about,
    tables_that_expire,
    untold,
)
from bothands.storage.word_index import Sought, WordIndex, is_derived

__all__ = [
    "Data",
    "Database",
    "DatabaseOwned",
    "Days",
    "DeclaredTable",
    "Emptied",
    "Json",
    "Kept",
    "Lead",
    "Mentions",
    "Missed",
    "Moment",
    "Renewing",
    "SchemaUnknown",
    "Seal",
    "SealBroken",
    "Sought",
    "Subject",
    "Undeclared",
    "Unit",
    "Until",
    "WordIndex",
    "as_struct",
    "check_tables",
    "erase_some",
    "expire_rows",
    "given",
    "insert_together",
    "is_derived",
    "is_living",
    "keeps",
    "kept_by",
    "metadata",
    "migrate",
    "newest_schema",
    "oldest_open_write",
    "open_database",
    "open_seal",
    "overdue_rows",
    "own",
    "packed",
    "rows_about",
    "steady",
    "subject_of",
    "tables_about",
    "tables_that_expire",
    "take_turns",
    "types_of",
    "untold",
]
