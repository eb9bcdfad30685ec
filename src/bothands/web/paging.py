"""Pages of lists: how many at once, and where the next one begins.

A cursor is opaque: whoever asks sends back what the page before gave as `next_cursor`, and nothing else.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from litestar.params import QueryParameter

from bothands.kit import Invalid

PAGE_ROWS = 50
PAGE_ROWS_MAX = 100
# Of lists that are short by nature, nearly everybody gets all at once.
SHORT_ROWS = 500
CURSOR_CHARS_MAX = 400

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_ROWS_MAX, description="How many at most.")]
ShortLimit = Annotated[int, QueryParameter(ge=1, le=SHORT_ROWS, description="How many at most.")]
CursorText = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before; left out: the first page.")
]

T = TypeVar("T")


def write_cursor(place: object) -> str:
    """A place in a list: the values by which it is sorted, of the last item shown."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode().rstrip("=")


def read_cursor(text: str | None, kind: Any) -> Any:
    """The place, of the kind that this list is sorted by; None for the first page."""
    if text is None:
        return None
    try:
        if len(text) > CURSOR_CHARS_MAX:
            raise ValueError(text)
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.msgpack.decode(packed, type=kind)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise Invalid("cursor", "it is not one of ours", "take `next_cursor` of the page before") from None


def page_of(found: Sequence[T], limit: int, place: Callable[[T], object]) -> tuple[list[T], str | None]:
    """Of `limit + 1` items that were looked for: the page, and the cursor of the next one if there is."""
    page = list(found[:limit])
    return page, write_cursor(place(page[-1])) if len(found) > limit else None


def sliced(
    items: Sequence[T],
    cursor: str | None,
    limit: int,
    place: Callable[[T], tuple[str, str]],
    *,
    newest_first: bool = False,
) -> tuple[list[T], str | None]:
    """A page of a list short enough to be looked at whole, sorted by `place`, which is unlike for all."""
    after = read_cursor(cursor, tuple[str, str])
    found = sorted(items, key=place, reverse=newest_first)
    if after is not None:
        found = [item for item in found if (place(item) < after if newest_first else place(item) > after)]
    return page_of(found, limit, place)


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
# By when, and of equal ones by which: what lists of what happened are sorted by.
Moment = tuple[Instant, str]
