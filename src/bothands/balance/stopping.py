"""Stop: the assistant does not act, on one topic or at all, from the commit of this row on."""

from sqlalchemy import Connection

from bothands.balance.events import StopPulled, StopReleased
from bothands.balance.model import Stop
from bothands.balance.store import halt_decisions, insert_stop, release_stop, stop_by_id, stops_active
from bothands.conversations import By
from bothands.jobs import announce
from bothands.kit import Invalid, NotFound
from bothands.storage import Unit

REASON_CHARS_MAX = 300
TOPIC_CHARS_MAX = 80


def stop(unit: Unit, topic: str | None, *, by: By, reason: str = "") -> Stop:
    """Silence the assistant; stopping what is stopped already returns the stop that holds."""
    if len(reason) > REASON_CHARS_MAX or "\x00" in reason:
        raise Invalid("reason of the stop", f"it has more than {REASON_CHARS_MAX} characters", "shorten it")
    if topic is not None and not 1 <= len(topic) <= TOPIC_CHARS_MAX:
        raise Invalid(f"topic {topic[:40]!r}", "it is no topic", "name one, or none to stop everything")
    halt_decisions(unit.records)
    for held in stops_active(unit.records):
        if held.topic == topic:
            return held
    pulled = Stop(unit.ids.new("stop"), topic, reason.strip(), unit.now, by.id, by.name or by.kind.value)
    insert_stop(unit.records, pulled)
    announce(unit, StopPulled(pulled.id, topic, pulled.reason, pulled.by_name))
    return pulled


def resume(unit: Unit, stop_id: str, *, by: By) -> Stop:
    """Lift a stop; lifting it twice is harmless."""
    held = stop_by_id(unit.records, stop_id)
    if held is None:
        raise NotFound(f"stop {stop_id!r}", "there is none with this id", "look at the active stops")
    if release_stop(unit.records, stop_id, at=unit.now, by=by):
        announce(unit, StopReleased(stop_id, held.topic, by.name or by.kind.value))
    return held


def active_stops(records: Connection) -> tuple[Stop, ...]:
    return stops_active(records)
