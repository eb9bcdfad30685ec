"""Logs as JSON lines on stderr: what happened where, never what people said.

An allow-list decides, so nothing is logged because nobody thought of hiding it. Of a line there is the
sentence in the code, with numbers, our own ids and names of jobs put in; any other value is `…`. Of an
error there is its kind and where it happened, not its words, which may quote a message. Of a library's
line there is where it was said, because its sentence may be put together from anything.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog

from bothands.app.reactions import REACTIONS
from bothands.app.schedule import SCHEDULE
from bothands.kit import BothandsError

# Chatter at start and at each frame, of which only "where" would be left.
QUIET = ("bm25s", "httpx", "httpcore", "websockets", "uvicorn", "asyncio")

# Keys of ours; whoever logs another one adds it here, having thought about what it may hold.
KEYS = frozenset({"event", "level", "logger", "timestamp", "error", "where", "seconds", "count", "kind"})
PLAIN = frozenset({"level", "logger", "timestamp"})
META = ("_record", "_from_structlog")  # the formatter takes these away itself
HIDDEN = "…"
FRAMES_MAX = 12
EVENT_CHARS_MAX = 300

# Ids of things, not of people, and no key or token: those begin otherwise.
_OUR_ID = re.compile(r"(conv|dec|evt|job|stop)_[0-9a-hjkmnp-tv-z]{26}")
_KNOWN_WORDS = frozenset({kind for _, kind in REACTIONS} | {recurring.kind for recurring in SCHEDULE})

Line = structlog.typing.EventDict


def start_logging(level: str) -> None:
    """For the whole process; loggers of the standard library and structlog's own go the same way."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *before],
            processors=[
                redact,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_: Any, __: str, line: Line) -> Line:
    """The line with what the allow-list lets through."""
    record = line.get("_record")
    kept: dict[str, Any] = {
        key: value if key in PLAIN else safe(value) if key in KEYS else HIDDEN
        for key, value in line.items()
        if key not in META
    }
    if isinstance(record, logging.LogRecord):
        kept["event"] = sentence(record, bool(line.get("_from_structlog")))
    error = line.get("exc_info") or (record.exc_info if isinstance(record, logging.LogRecord) else None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[1] is not None:
        kept["error"], kept["where"] = name_of(error[1]), frames(error[2])
    return {**kept, **{key: line[key] for key in META if key in line}}


def sentence(record: logging.LogRecord, is_structured: bool) -> str:
    """What was said, of our own code; of others, where they said it."""
    if not record.name.startswith("bothands"):
        return f"{record.module}:{record.lineno}"
    if is_structured:
        event = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        return str(event)[:EVENT_CHARS_MAX]
    if isinstance(record.msg, BaseException):
        return name_of(record.msg)
    words, given = str(record.msg), record.args
    if not given or not isinstance(given, tuple):
        return words[:EVENT_CHARS_MAX]
    try:
        return (re.sub(r"%[-0-9.]*[a-z]", "%s", words) % tuple(safe(value) for value in given))[
            :EVENT_CHARS_MAX
        ]
    except (TypeError, ValueError):
        return words[:EVENT_CHARS_MAX]


def safe(value: object) -> object:
    """The value if it cannot be anybody's words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return name_of(value)
    if isinstance(value, str) and (value in _KNOWN_WORDS or _OUR_ID.fullmatch(value)):
        return value
    return HIDDEN


def name_of(error: BaseException) -> str:
    """Its kind, and our own code of it; not what it says."""
    code = f" ({error.code})" if isinstance(error, BothandsError) else ""
    cause = error.__cause__
    return f"{type(error).__name__}{code}" + (f" because of {type(cause).__name__}" if cause else "")


def frames(trace: TracebackType | None) -> list[str]:
    """The last lines of code that it came through, innermost last; without the values in them."""
    found = traceback.extract_tb(trace)[-FRAMES_MAX:]
    return [
        f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in found
    ]
