"""What to answer and what to do next, for the agent who has the conversation or is about to take it."""

import asyncio
import logging

import msgspec
from sqlalchemy import Connection

from bothands.assist.composing import compose, greeting, has_content, next_step
from bothands.assist.model import Draft, Suggestion
from bothands.balance import (
    Decision,
    Facts,
    active_stops,
    charter_of,
    decide,
    decisions_of,
    keep,
    proposal_of,
)
from bothands.conversations import (
    AuthorKind,
    Conversation,
    EntryKind,
    HolderKind,
    Scene,
    conversation_of,
    entries_since,
    latest_scene,
    scene_of,
)
from bothands.handoff import Label, brief_of
from bothands.knowledge import Found, Library
from bothands.people import Agent, contact_of
from bothands.skills import Proposal, Proposer
from bothands.storage import Database, Unit

log = logging.getLogger(__name__)

THINK_SECONDS_MAX = 4.0
PASSAGES_MAX = 4


class _View(msgspec.Struct, frozen=True):
    """What a suggestion is made from, read in one snapshot.

    `scenes`: of the newest message first, then of the one that says what the matter is.
    """

    conversation: Conversation
    scenes: tuple[Scene, ...]
    decisions: dict[int, Decision]
    contact_name: str | None
    contact_email: str | None
    is_answered: bool


async def suggest(
    db: Database, proposer: Proposer, library: Library, conversation_id: str, agent: Agent
) -> Suggestion:
    """A draft in the agent's own person with numbered sources, and one next step with its source.

    Nothing where the assistant has the conversation or an agent has answered already. What had to be thought
    out is kept as a decision (a draft), so that it is explained like any other and thought out once.
    """
    view = await db.read(lambda records: _look(records, conversation_id))
    if not view.scenes or view.is_answered or not _is_for_people(view.conversation):
        return Suggestion()
    try:
        async with asyncio.timeout(THINK_SECONDS_MAX):
            draft = await _draft(db, proposer, view, _opening(view, agent))
            return Suggestion(draft, next_step(await _pages(library, view.scenes[-1].message.body)))
    except TimeoutError:
        log.warning("A suggestion for %s took longer than %s s", conversation_id, THINK_SECONDS_MAX)
        return Suggestion()


async def _draft(db: Database, proposer: Proposer, view: _View, opening: str) -> Draft | None:
    """From the newest message if the assistant has something to say to it, else from the matter itself."""
    for scene in view.scenes:
        known = view.decisions.get(scene.message.seq)
        decision = known or await _think(db, proposer, scene, view.contact_email)
        proposal = proposal_of(decision)
        if has_content(proposal):
            return compose(decision.id, opening, proposal.text, proposal.sources)
    return compose(f"draft-{view.scenes[0].message.id}", opening, "", ())


async def _think(db: Database, proposer: Proposer, scene: Scene, email: str | None) -> Decision:
    proposal = await proposer.propose(scene, known_email=email)
    return await db.write(lambda unit: _keep(unit, scene, proposal))


def _keep(unit: Unit, scene: Scene, proposal: Proposal) -> Decision:
    """Decide as for any message: with a person at it, this is a draft or a hand-over, never an act."""
    # First of all: two who thought at the same time stand in line at the conversation.
    holder = conversation_of(unit.records, scene.conversation.id).holder_kind
    known = _decisions(unit.records, scene.conversation.id).get(scene.message.seq)
    if known is not None:
        return known
    facts = Facts("queue" if holder is HolderKind.QUEUE else "agent")
    verdict = decide(facts, proposal, charter_of(unit.records), active_stops(unit.records))
    conversation_id, seq = scene.conversation.id, scene.message.seq
    return keep(unit, verdict, facts, proposal, conversation_id=conversation_id, message_seq=seq)


async def _pages(library: Library, wants: str) -> list[Found]:
    # The desk may see internal pages; only a next step shows them, never a draft.
    return await library.find(wants, PASSAGES_MAX, audience="internal") if wants.strip() else []


def _look(records: Connection, conversation_id: str) -> _View:
    conversation = conversation_of(records, conversation_id)
    contact = contact_of(records, conversation.contact_id)
    newest = latest_scene(records, conversation_id)
    return _View(
        conversation,
        _scenes(records, newest) if newest else (),
        _decisions(records, conversation_id),
        contact.name,
        contact.email,
        newest is not None and _is_answered(records, newest),
    )


def _scenes(records: Connection, newest: Scene) -> tuple[Scene, ...]:
    """The newest message, and the one the brief quotes as what is wanted, where that is another."""
    brief = brief_of(records, newest.conversation.id)
    cited = brief.line(Label.WANTS).entries if brief else ()
    wanted = next((entry for entry in newest.said_by(AuthorKind.CONTACT) if entry.seq in cited), None)
    return (newest,) if wanted is None else (newest, scene_of(records, wanted.id))


def _decisions(records: Connection, conversation_id: str) -> dict[int, Decision]:
    """The newest decision on each message."""
    return {d.message_seq: d for d in reversed(decisions_of(records, conversation_id))}


def _opening(view: _View, agent: Agent) -> str:
    """A greeting, unless a person has written in this matter already."""
    scene = view.scenes[0]
    if scene.said_by(AuthorKind.AGENT):
        return ""
    said = [*scene.said_by(AuthorKind.CONTACT), scene.message]
    has_photo = any(entry.ref.get("attachments") for entry in said)
    return greeting(agent.name, view.contact_name, view.conversation.mood, has_photo=has_photo)


def _is_for_people(conversation: Conversation) -> bool:
    return conversation.is_open and conversation.holder_kind is not HolderKind.ASSISTANT


def _is_answered(records: Connection, scene: Scene) -> bool:
    """Whether a person replied after the contact's newest message."""
    later = entries_since(records, scene.conversation.id, scene.message.seq)
    return any(e.kind is EntryKind.MESSAGE and e.author_kind is AuthorKind.AGENT for e in later)
