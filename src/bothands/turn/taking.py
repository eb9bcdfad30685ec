"""Take a turn: read, think, settle; give way to people and to newer messages."""

import asyncio
from typing import Protocol

from sqlalchemy import Connection

from bothands.conversations import (
    AuthorKind,
    EntryKind,
    HolderKind,
    Scene,
    Superseded,
    entries_since,
    scene_of,
)
from bothands.handoff import Desk as HandoffDesk
from bothands.jobs import Job, finish
from bothands.people import contact_of
from bothands.skills import Proposal, Proposer
from bothands.storage import Database, Unit
from bothands.turn.settling import Heard, note_reading, settle, settle_failure
from bothands.turn.tracing import span

TURN_SECONDS_MAX = 8.0
TURN_ATTEMPTS_MAX = 3

# What came of a turn, beside the steps of a decision.
GAVE_WAY = "gave_way"
GAVE_UP = "gave_up"
NOTED = "noted"


class Desk(Protocol):
    """What a turn needs; `app` builds the real one, tests a scripted one."""

    @property
    def db(self) -> Database: ...

    @property
    def proposer(self) -> Proposer: ...

    @property
    def handoff(self) -> HandoffDesk:
        """Hours and handle times, for an honest wait; how the assistant signs."""
        ...

    def show_typing(self, conversation_id: str, author_name: str) -> None:
        """A hint to whoever looks: the assistant is at it."""
        ...


async def take_turn(desk: Desk, job: Job) -> str:
    """Answer a message, draft the answer for a person, or bring a person in.

    If the conversation has moved on by the time we settle, this turn gives way: the newer message has a
    turn of its own, and a person who took over needs none. Says what came of it, in one word, for the meters.
    """
    message_id = str(job.body["entry_id"])
    with span("take", message_id):
        return await _take(desk, job, message_id)


async def _take(desk: Desk, job: Job, message_id: str) -> str:
    with span("read", message_id):
        scene, email, is_newest = await desk.db.read(lambda records: _look(records, message_id))
    # A closed conversation needs no turn; of several unanswered messages only the newest has one.
    if not scene.conversation.is_open or not is_newest:
        await desk.db.write(lambda unit: finish(unit, job))
        return GAVE_WAY
    if scene.conversation.holder_kind is not HolderKind.ASSISTANT:
        return await _listen(desk, job, scene)
    desk.show_typing(scene.conversation.id, scene.inbox.assistant_name)
    try:
        with span("think", message_id):
            proposal = await _think(desk, scene, email)
    except Exception:
        if job.attempts < TURN_ATTEMPTS_MAX:
            raise
        await desk.db.write(lambda unit: _end_without(desk, unit, job))
        return GAVE_UP
    try:
        with span("settle", message_id):
            return await desk.db.write(lambda unit: _settle(desk, unit, job, scene, proposal))
    except Superseded:
        await desk.db.write(lambda unit: finish(unit, job))
        return GAVE_WAY


def give_up(desk: Desk, unit: Unit, job: Job) -> None:
    """No answer can be found or kept: bring a person in, so that nobody waits for a machine."""
    scene = scene_of(unit.records, job.body["entry_id"])
    if scene.conversation.is_open and scene.conversation.holder_kind is HolderKind.ASSISTANT:
        settle_failure(unit, scene, desk.handoff)


def _end_without(desk: Desk, unit: Unit, job: Job) -> None:
    finish(unit, job)
    give_up(desk, unit, job)


async def _think(desk: Desk, scene: Scene, email: str | None) -> Proposal:
    async with asyncio.timeout(TURN_SECONDS_MAX):
        return await desk.proposer.propose(scene, known_email=email)


async def _listen(desk: Desk, job: Job, scene: Scene) -> str:
    """A person has it, or soon will: what is said is read for them, and no answer is looked for."""

    def note(unit: Unit) -> str:
        finish(unit, job)
        note_reading(unit, scene, heard, desk.handoff)
        return NOTED

    async with asyncio.timeout(TURN_SECONDS_MAX):
        reading = await desk.proposer.read(scene)
    topic = reading.topics[0].topic if reading.topics else None
    heard = Heard(reading, topic, reading.small_talk is not None)
    return await desk.db.write(note)


def _settle(desk: Desk, unit: Unit, job: Job, scene: Scene, proposal: Proposal) -> str:
    finish(unit, job)
    return settle(unit, scene, proposal, desk.handoff).value


def _look(records: Connection, entry_id: str) -> tuple[Scene, str | None, bool]:
    """The scene, the contact's address, and whether the contact has said nothing since."""
    scene = scene_of(records, entry_id)
    conversation, seq = scene.conversation, scene.message.seq
    later = entries_since(records, conversation.id, seq) if conversation.seq > seq else []
    is_newest = not any(
        entry.kind is EntryKind.MESSAGE and entry.author_kind is AuthorKind.CONTACT for entry in later
    )
    return scene, contact_of(records, conversation.contact_id).email, is_newest
