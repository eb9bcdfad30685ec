"""Why the assistant did what it did, the Stop, and the charter."""

from datetime import date, datetime
from typing import Any

import msgspec
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from bothands.balance import (
    Charter,
    Decision,
    Stop,
    active_stops,
    change_role,
    charter_of,
    decisions_of,
    resume,
    stop,
)
from bothands.conversations import conversation_of
from bothands.storage import Unit
from bothands.web.asking import ConversationId, Signed, TheDesk, by
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.repeating import TheOnce
from bothands.web.shapes import ReasonView, RoleInput, StopInput, StopView


class DecisionView(msgspec.Struct, frozen=True):
    """One decision with everything that explains it."""

    id: str
    at: datetime
    message_seq: int
    step: str
    topic: str | None
    score: float
    threshold: float | None
    certified: bool
    reasons: list[ReasonView]
    evidence: list[dict[str, Any]]
    reading: dict[str, Any]
    versions: dict[str, str]


class Decisions(msgspec.Struct, frozen=True):
    decisions: list[DecisionView]
    next_cursor: str | None


class Stops(msgspec.Struct, frozen=True):
    stops: list[StopView]
    next_cursor: str | None


class CharterTopicView(msgspec.Struct, frozen=True):
    topic: str
    title: str
    role: str
    owner: str
    reason: str
    review_on: date | None
    threshold: float
    certified: bool
    stopped: bool


class CharterView(msgspec.Struct, frozen=True):
    version: int
    topics: list[CharterTopicView]


async def list_decisions(
    desk: TheDesk, conversation_id: ConversationId, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS
) -> Decisions:
    """The decisions of one conversation, newest first, with reasons and evidence."""

    def look(records: Connection) -> list[Decision]:
        conversation_of(records, conversation_id)
        return decisions_of(records, conversation_id)

    page, following = sliced(
        await desk.db.read(look), cursor, limit, lambda item: (item.id, ""), newest_first=True
    )
    return Decisions([_shown(decision) for decision in page], following)


async def list_stops(desk: TheDesk, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS) -> Stops:
    """The stops that hold now."""
    held = await desk.db.read(active_stops)
    page, following = sliced(held, cursor, limit, lambda item: (item.id, ""))
    return Stops([stop_view(item) for item in page], following)


async def pull_stop(once: TheOnce, signed_in: Signed, data: JSONBody[StopInput]) -> StopView:
    """Silence the assistant, on one topic or (topic null) on all."""

    def pull(unit: Unit) -> StopView:
        return stop_view(stop(unit, data.topic, by=by(signed_in.agent), reason=data.reason))

    return await once.write(pull, StopView)


async def lift_stop(once: TheOnce, signed_in: Signed, stop_id: FromPath[str]) -> None:
    """Let the assistant go on."""

    def lift(unit: Unit) -> None:
        resume(unit, stop_id, by=by(signed_in.agent))

    await once.write(lift, None)


async def show_charter(desk: TheDesk) -> CharterView:
    """Who acts on which topic."""
    return await desk.db.read(lambda records: _charter(charter_of(records), active_stops(records)))


async def change_topic_role(
    once: TheOnce, signed_in: Signed, topic: FromPath[str], data: JSONBody[RoleInput]
) -> CharterView:
    """Give one topic another role; the charter before stays readable."""

    def change(unit: Unit) -> CharterView:
        charter = change_role(unit, topic, data.role, reason=data.reason, by=by(signed_in.agent))
        return _charter(charter, active_stops(unit.records))

    return await once.write(change, CharterView)


def stop_view(held: Stop) -> StopView:
    return StopView(held.id, held.topic, held.reason, held.at, held.by_name)


def _charter(charter: Charter, stops: tuple[Stop, ...]) -> CharterView:
    return CharterView(
        charter.version,
        [
            CharterTopicView(
                topic=entry.topic,
                title=entry.title,
                role=entry.role.value,
                owner=entry.owner,
                reason=entry.reason,
                review_on=entry.review_on,
                threshold=entry.threshold,
                certified=False,
                stopped=any(held.covers(entry.topic) for held in stops),
            )
            for entry in charter.topics
        ],
    )


def _shown(decision: Decision) -> DecisionView:
    return DecisionView(
        id=decision.id,
        at=decision.at,
        message_seq=decision.message_seq,
        step=decision.step.value,
        topic=decision.topic,
        score=decision.score,
        threshold=decision.threshold,
        certified=decision.certified,
        reasons=[ReasonView(reason.code, reason.words) for reason in decision.reasons],
        evidence=decision.evidence,
        reading=decision.reading,
        versions=decision.versions,
    )
