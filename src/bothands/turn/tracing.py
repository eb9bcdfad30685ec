"""Spans of a turn for OpenTelemetry, where its package is installed and set up; else nothing happens.

A span carries the message's id and the outcome; never words, scores or errors, which may quote somebody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    from opentelemetry import trace
except ImportError:  # an extra: without it the product is the same, but for the spans
    trace = None  # type: ignore[assignment]

NAME = "bothands.turn"
MESSAGE = "bothands.message_id"


def _tracer() -> Any:
    return None if trace is None else trace.get_tracer(NAME)


# Takes effect even when the SDK is set up later: until then its spans are empty ones.
TRACER = _tracer()


@contextmanager
def span(step: str, message_id: str) -> Iterator[None]:
    """One step of the turn, within the one that is open."""
    if TRACER is None:
        yield
        return
    with TRACER.start_as_current_span(
        f"turn.{step}",
        attributes={MESSAGE: message_id},
        record_exception=False,
        set_status_on_exception=False,
    ):
        yield
