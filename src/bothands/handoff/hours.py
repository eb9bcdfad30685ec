"""When people answer: weekly hours in the company's own time zone, daylight saving included. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bothands.kit import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS_PER_DAY_MAX = 6
# Weekly hours repeat: whoever is not open within eight days never is.
LOOK_AHEAD_DAYS = 8
MIDNIGHT_MINUTES = 24 * 60

_SPAN = re.compile(r"([0-2]?\d):([0-5]\d)\s*[-–]\s*([0-2]?\d):([0-5]\d)")


class Hours(msgspec.Struct, frozen=True):
    """Per weekday, Monday first, spans as minutes since local midnight; one may end past midnight."""

    timezone: str
    days: tuple[tuple[tuple[int, int], ...], ...]


def hours_of(timezone: str, week: Mapping[str, str]) -> Hours:
    """From `{"mon": "08:00-12:00, 13:00-20:00", "sun": "closed"}`; a day left out is closed."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Invalid(
            f"time zone {timezone!r}", "it is not known", "write one such as Europe/Berlin"
        ) from None
    for day in week:
        if day not in DAYS:
            raise Invalid(f"hours of {day!r}", "it is no day", f"use {', '.join(DAYS)}")
    return Hours(timezone, tuple(_spans(day, week.get(day, "closed")) for day in DAYS))


def is_open(hours: Hours, at: datetime) -> bool:
    return any(opens <= at < closes for opens, closes in _openings(hours, at))


def open_until(hours: Hours, at: datetime) -> datetime | None:
    """When the present span ends, spans that touch taken as one; None when closed, or never closing."""
    end: datetime | None = None
    for opens, closes in _openings(hours, at):
        if end is None and opens <= at < closes:
            end = closes
        elif end is not None and opens <= end:
            end = max(end, closes)
    if end is not None and end - at > timedelta(days=LOOK_AHEAD_DAYS - 1):
        return None
    return end


def next_open_at(hours: Hours, at: datetime) -> datetime | None:
    """When people are back; None when they are here now, or never are."""
    if is_open(hours, at):
        return None
    return min((opens for opens, _ in _openings(hours, at) if opens > at), default=None)


def local(hours: Hours, at: datetime) -> datetime:
    """The same moment on the company's own clock."""
    return at.astimezone(ZoneInfo(hours.timezone))


def _openings(hours: Hours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Spans from yesterday (one may reach past midnight) to the end of what is looked at, in UTC."""
    today = local(hours, at).date()
    for ahead in range(-1, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        for opens, closes in hours.days[day.weekday()]:
            yield _moment(hours, day, opens), _moment(hours, day, closes)


def _moment(hours: Hours, day: date, minutes: int) -> datetime:
    # By the wall clock: nine o'clock is nine o'clock on both sides of a change to daylight saving.
    wall = datetime.combine(day, time(), ZoneInfo(hours.timezone)) + timedelta(minutes=minutes)
    return wall.astimezone(UTC)


def _spans(day: str, text: str) -> tuple[tuple[int, int], ...]:
    if text.strip().lower() in ("", "closed"):
        return ()
    parts = text.split(",")
    if len(parts) > SPANS_PER_DAY_MAX:
        raise Invalid(f"hours of {day}", f"more than {SPANS_PER_DAY_MAX} spans", "merge some")
    return tuple(sorted(_span(day, part) for part in parts))


def _span(day: str, text: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise Invalid(f"hours of {day}", f"{text.strip()!r} is no span", "write it like 08:00-20:00")
    opens, closes = (int(match[i]) * 60 + int(match[i + 1]) for i in (1, 3))
    if opens >= MIDNIGHT_MINUTES or closes > MIDNIGHT_MINUTES or opens == closes:
        raise Invalid(f"hours of {day}", f"{text.strip()!r} is no span of a day", "write it like 08:00-20:00")
    return opens, closes if closes > opens else closes + MIDNIGHT_MINUTES
