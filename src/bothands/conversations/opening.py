"""Open an inbox, or change what is known of it."""

import re
from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from bothands.conversations.errors import InboxKnown
from bothands.conversations.model import Inbox
from bothands.conversations.store import all_inboxes, inbox_by_slug, insert_inbox, update_inbox
from bothands.conversations.viewing import inbox_of
from bothands.kit import Invalid, squeeze
from bothands.storage import Unit

INBOXES_MAX = 200
NAME_CHARS_MAX = 120
DISCLOSURE_CHARS_MAX = 300
ORIGINS_MAX = 50
ORIGIN_CHARS_MAX = 260

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


def open_inbox(
    unit: Unit,
    slug: str,
    name: str,
    *,
    assistant_name: str,
    disclosure: str,
    tone: str = "plain",
    origins: tuple[str, ...] = (),
) -> Inbox:
    """The inbox of that slug, made or brought up to date."""
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            f"inbox {slug!r}", "its short name has other signs than a-z, 0-9 and -", "choose another"
        )
    if not assistant_name.strip() or not disclosure.strip():
        raise Invalid(f"inbox {slug!r}", "the assistant needs a name and a disclosure", "say that it is AI")
    known = inbox_by_slug(unit.records, slug)
    inbox = Inbox(
        known.id if known else unit.ids.new("inbox"),
        slug,
        name,
        "webchat",
        list(origins),
        assistant_name,
        disclosure,
        tone,
    )
    if known:
        update_inbox(unit.records, inbox)
    else:
        insert_inbox(unit.records, inbox)
    return inbox


def add_inbox(
    unit: Unit, slug: str, name: str, *, assistant_name: str, disclosure: str, origins: Iterable[str] = ()
) -> Inbox:
    """A new inbox; its short name, which stands in addresses, is taken once and for good."""
    if inbox_by_slug(unit.records, slug) is not None:
        raise InboxKnown(f"inbox {slug!r}", "its short name is taken", "choose another")
    if len(all_inboxes(unit.records)) >= INBOXES_MAX:
        raise Invalid("inbox", f"there are {INBOXES_MAX} already", "change one of them")
    return open_inbox(
        unit,
        slug,
        _line("name", name, NAME_CHARS_MAX),
        assistant_name=_line("assistant's name", assistant_name, NAME_CHARS_MAX),
        disclosure=_line("disclosure", disclosure, DISCLOSURE_CHARS_MAX),
        origins=clean_origins(origins),
    )


def change_inbox(
    unit: Unit,
    inbox_id: str,
    *,
    name: str | None = None,
    assistant_name: str | None = None,
    disclosure: str | None = None,
    origins: Iterable[str] | None = None,
) -> Inbox:
    """Change what is given; pages whose origin is taken out can open no chat from now on."""
    inbox = inbox_of(unit.records, inbox_id)
    if name is not None:
        inbox = msgspec.structs.replace(inbox, name=_line("name", name, NAME_CHARS_MAX))
    if assistant_name is not None:
        called = _line("assistant's name", assistant_name, NAME_CHARS_MAX)
        inbox = msgspec.structs.replace(inbox, assistant_name=called)
    if disclosure is not None:
        said = _line("disclosure", disclosure, DISCLOSURE_CHARS_MAX)
        inbox = msgspec.structs.replace(inbox, disclosure=said)
    if origins is not None:
        inbox = msgspec.structs.replace(inbox, origins=list(clean_origins(origins)))
    update_inbox(unit.records, inbox)
    return inbox


def list_inboxes(records: Connection) -> list[Inbox]:
    """All of them, by short name."""
    return all_inboxes(records)


def clean_origins(origins: Iterable[str]) -> tuple[str, ...]:
    """Each once, as browsers send them: scheme, host and port, nothing behind."""
    cleaned = tuple(dict.fromkeys(origin.strip().rstrip("/").lower() for origin in origins if origin.strip()))
    if len(cleaned) > ORIGINS_MAX:
        raise Invalid("origins", f"an inbox has at most {ORIGINS_MAX}", "keep those that embed the chat")
    for origin in cleaned:
        if len(origin) > ORIGIN_CHARS_MAX or not _ORIGIN.fullmatch(origin):
            raise Invalid(
                "origins",
                f"{origin[:80]!r} is no page's origin",
                "write it like https://shop.example, without a path",
            )
    return cleaned


def _line(thing: str, text: str, chars_max: int) -> str:
    line = squeeze(text)
    if not line or len(line) > chars_max or not line.isprintable():
        raise Invalid(
            thing, f"it is empty, too long (over {chars_max} characters) or not plain text", "change it"
        )
    return line
