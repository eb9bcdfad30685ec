"""The desk's views over conversations, and their SQL; each is read from an index of its own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)

from bothands.conversations.model import Conversation, HolderKind
from bothands.conversations.store import conversation_in, conversation_table
from bothands.storage import Moment

# Counting on would take the longer the more is open, and nobody reads the last digits.
COUNTED_MAX = 1_000

_HELD_BY_AI = conversation_table.c.holder_kind == HolderKind.ASSISTANT.value
_IN_QUEUE = conversation_table.c.holder_kind == HolderKind.QUEUE.value
_IS_OPEN = conversation_table.c.closed_at.is_(None)
_NEWEST_FIRST = (conversation_table.c.updated_at.desc(), conversation_table.c.id.desc())

_VIEWS = {
    "yours": and_(_IS_OPEN, conversation_table.c.holder_id == bindparam("agent_id")),
    "handoffs": and_(_IS_OPEN, _IN_QUEUE),
    "ai": and_(_IS_OPEN, _HELD_BY_AI),
    "open": _IS_OPEN,
    "closed": ~_IS_OPEN,
}
COUNTED = ("yours", "handoffs", "ai", "open")

# Written once: putting a statement together takes longer than running it.
_PAGES = {
    view: select(conversation_table)
    .where(where)
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("rows", type_=Integer))
    for view, where in _VIEWS.items()
}
_IS_LATER = tuple_(conversation_table.c.updated_at, conversation_table.c.id) < tuple_(
    bindparam("before_at", type_=Moment), bindparam("before_id")
)
_LATER_PAGES = {view: page.where(_IS_LATER) for view, page in _PAGES.items()}


def view_rows(
    records: Connection,
    view: str,
    agent_id: str,
    limit: int,
    before: tuple[datetime, str] | None,
    hidden: Collection[str] = (),
) -> list[Conversation]:
    """One page of a desk view, newest first; handoffs are ordered by `handoff`, which owns the queue.

    `hidden`: the inboxes that whoever looks may not see.
    """
    given: dict[str, Any] = {"rows": limit}
    if view == "yours":
        given["agent_id"] = agent_id
    if before is not None:
        given["before_at"], given["before_id"] = before
    page = (_PAGES if before is None else _LATER_PAGES)[view]
    if hidden:
        page = page.where(_is_not_in(hidden))
    return [conversation_in(row) for row in records.execute(page, given)]


def count_views(records: Connection, agent_id: str, hidden: Collection[str] = ()) -> dict[str, int]:
    """How many each view has; at most COUNTED_MAX are counted."""
    counts = _counts(_is_not_in(hidden)) if hidden else _COUNTS
    return dict(records.execute(counts, {"agent_id": agent_id}).one()._mapping)


def _counts(*seen: ColumnElement[bool]) -> Select[Any]:
    return select(*(_count(view, seen).label(view) for view in COUNTED))


def _count(view: str, seen: tuple[ColumnElement[bool], ...]) -> ScalarSelect[Any]:
    # In the page's order, so that it is counted by the page's index: in another, SQLite looks through all
    # conversations for open ones.
    rows = select(literal(1)).where(_VIEWS[view], *seen).order_by(*_NEWEST_FIRST).limit(COUNTED_MAX)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


_COUNTS = _counts()


def _is_not_in(inboxes: Collection[str]) -> ColumnElement[bool]:
    return conversation_table.c.inbox_id.not_in(inboxes)
