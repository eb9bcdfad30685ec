"""The page of data: what is held on whom, what for, how long; what leaves; what browsers keep.

The tables speak for themselves. What leaves and what browsers keep is written down here, file by file, and a
file that calls out or keeps something without being named here fails `tests/test_docs.py`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Table

from bothands.storage import Data, Days, Kept, Lead, Mentions, kept_by, metadata
from bothands.storage.keeping import next_on_the_way

ROOT = Path(__file__).parents[1]

CLASSES = {
    Data.PUBLIC: "anybody may read it",
    Data.OPERATIONAL: "how the company works; tells of nobody",
    Data.STAFF: "tells of somebody who works here",
    Data.PERSONAL: "tells of a contact",
    Data.SENSITIVE: "tells of a contact, perhaps of health, hardship or feelings",
    Data.SECRET: "opens a door; kept as a hash, or sealed, where it need not be read again",
}


FILES = """`images/` in the data folder: pictures, by the hash of their content, until no row of
`channels_file` names them. `exports/`: exports of contacts' data, until fetched, at most a day. `backups/`:
what `bothands upgrade` saved before it began, until somebody deletes it. `secrets.key`: opens what is sealed
in the database. The log carries no texts.
"""


class Leaving(NamedTuple):
    """A use of the one door to the outside."""

    files: tuple[str, ...]
    where: str
    why: str
    when: str
    what: str


OUTBOUND = (
    Leaving(
        ("skills/connectors/shop.py", "skills/packs/order_lookup/steps.py", "app/wiring.py"),
        "the shop's order system (`orders_url`)",
        "look an order up for its customer",
        "the assistant was asked about an order and knows its number and e-mail address",
        "order number, e-mail address",
    ),
    Leaving(
        ("webhooks/sending.py", "webhooks/telling.py", "webhooks/reaching.py"),
        "addresses that an admin entered (webhooks)",
        "tell the company's own systems what happened",
        "after the event, signed; retried for three days",
        "ids and times; what was written only where `include_text` was switched on",
    ),
    Leaving(
        ("app/mailing.py", "app/settings.py", "people/letters.py"),
        "the company's mail server (`smtp_url`)",
        "invite agents, send them codes to sign in",
        "an admin invites somebody, somebody asks for a code",
        "the agent's name and e-mail address, a link or a code",
    ),
)
# Processes of their own that stand for customers and colleagues in a demo; they reach the demo's server only.
DEMO_ONLY = ("training/keeping.py", "training/__main__.py", "training/shifting.py")


class InBrowser(NamedTuple):
    """Something that stays in a browser."""

    files: tuple[str, ...]
    name: str
    kind: str
    whose: str
    why: str
    how_long: str


IN_BROWSERS = (
    InBrowser((), "`bothands_signin`", "cookie", "agent", "know a browser again", "14 days, or signing out"),
    InBrowser((), "`bothands_csrf`", "cookie", "agent", "refuse requests of foreign pages", "as above"),
    InBrowser(
        ("ui/desk/src/data/kept.ts", "ui/desk/src/app/theme.ts", "ui/desk/src/commands/shortcut.ts",
         "ui/desk/src/views/me/shortcuts.tsx", "ui/desk/src/views/conversation/brief-card.tsx",
         "ui/desk/src/views/conversation/brief-check.tsx", "ui/desk/src/views/demo/both-sides.tsx"),
        "`bothands:theme`, `…dir`, `…shortcuts`, `…brief-…`, `…tour-…`", "local storage", "agent",
        "how the desk looks and is used", "until it is changed",
    ),
    InBrowser(
        ("ui/desk/src/data/unsent.ts",), "`bothands:text:…`", "local storage", "agent",
        "a reply or note that was begun", "until it is sent",
    ),
    InBrowser(
        ("ui/widget/src/knowing.ts", "ui/protocol/src/chat.ts"), "`bothands:INBOX:key`, `…:who`",
        "local storage", "contact", "know this browser again (for 90 days after its last visit)",
        "until the visitor or the site forgets it",
    ),
    InBrowser(
        ("ui/protocol/src/outbox.ts",), "`bothands:INBOX:out:…`", "local storage", "contact",
        "a message that is not stored yet", "until it is stored",
    ),
    InBrowser(
        ("ui/widget/src/panel.tsx",), "`bothands:INBOX:seen`, `…:draft`", "local and session storage",
        "contact", "what was seen, and what was begun", "until the tab closes, the first until it changes",
    ),
    InBrowser(
        ("ui/widget/src/launcher.ts",), "`bothands:INBOX:open`, `…:greeted`", "session storage", "contact",
        "whether the chat is open", "until the tab closes",
    ),
)  # fmt: skip

_CALLS = re.compile(r"^from bothands\.egress import", re.MULTILINE)
_KEEPS = re.compile(r"localStorage|sessionStorage|\.setItem\(|(?<![\w.])keep\(")


def sections() -> str:
    """The page without its head."""
    words = "\n".join(f"- **{data.value}**: {says}" for data, says in CLASSES.items())
    return "\n".join(
        (
            "## Classes\n",
            words,
            "\n## Tables\n",
            "Export and erasure of a contact, and expiry, follow from these lines; see "
            "[the guide](../how-to/answer-a-data-request.md).\n",
            _table(("table", "class", "what for", "kept until", "way to the contact", "erased"), _tables()),
            "## Files\n",
            FILES,
            "## What leaves\n",
            "Nothing but this, and each only when it is set up.\n",
            _table(("where to", "what for", "when", "what is sent"), [item[1:] for item in OUTBOUND]),
            "## What browsers keep\n",
            _table(("name", "kind", "whose", "what for", "how long"), [item[1:] for item in IN_BROWSERS]),
        )
    )


def unnamed() -> list[str]:
    """Files that call out or keep something in a browser, and are not named above; and the reverse."""
    calling = {
        path.relative_to(ROOT / "src/bothands").as_posix()
        for path in (ROOT / "src/bothands").rglob("*.py")
        if path.parent.name != "egress" and _CALLS.search(path.read_text(encoding="utf-8"))
    }
    keeping = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ui").glob("*/src/**/*.ts*")
        if _KEEPS.search(path.read_text(encoding="utf-8"))
    }
    named = {name for item in OUTBOUND for name in item.files} | {*DEMO_ONLY}
    kept = {name for item in IN_BROWSERS for name in item.files}
    return sorted((calling ^ named) | (keeping ^ kept))


def _tables() -> Iterator[tuple[str, ...]]:
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        kept = kept_by(table)
        yield f"`{table.name}`", kept.data.value, kept.purpose, _lasts(kept), _way(table), _erased(kept)


def _lasts(kept: Kept) -> str:
    if not isinstance(kept.lasts, Days):
        return kept.lasts.what
    if isinstance(kept.lasts.count, str):
        return f"`{kept.lasts.count}` days after `{kept.lasts.since}` (0: for good)"
    return f"{kept.lasts.count} {'day' if kept.lasts.count == 1 else 'days'} after `{kept.lasts.since}`"


def _way(table: Table) -> str:
    kept = kept_by(table)
    if isinstance(kept.leads, Mentions):
        return "ids in " + ", ".join(f"`{name}`" for name in kept.leads.columns)
    if kept.leads is None:
        return ""
    step = next_on_the_way(table)
    if step is None:
        return "itself"
    column, target = step
    return f"`{column.name}`{' (no key)' if isinstance(kept.leads, Lead) else ''} → `{target.table.name}`"


def _erased(kept: Kept) -> str:
    if kept.leads is None:
        return ""
    if kept.emptied is None:
        return "deleted"
    return (
        "emptied: " + ", ".join(f"`{name}`" for name in kept.emptied.values)
        if kept.emptied.values
        else "stays"
    )


def _table(head: tuple[str, ...], rows: object) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]  # type: ignore[attr-defined]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines, ""])
