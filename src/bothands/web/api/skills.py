"""Try questions out: what would the assistant do, and why. Nothing is stored, nobody is answered."""

import asyncio
from datetime import datetime

import msgspec
from litestar.params import JSONBody
from sqlalchemy import Connection

from bothands.balance import Charter, Facts, Step, Stop, Verdict, active_stops, charter_of, choose
from bothands.conversations import AuthorKind, Conversation, Entry, EntryKind, HolderKind, Inbox, Scene
from bothands.handoff import people_now
from bothands.knowledge import Source
from bothands.skills import Proposal, ProposalKind
from bothands.web.asking import Acting, TheDesk, TheLimiter
from bothands.web.desk import WebDesk
from bothands.web.shapes import ReasonView, TryOutInput

TRIED_AT_ONCE_MAX = 8


class Tried(msgspec.Struct, frozen=True):
    """`outcome`: answered, asked, handed_over or drafted."""

    question: str
    outcome: str
    text: str
    sources: tuple[Source, ...]
    choices: tuple[str, ...]
    reasons: tuple[ReasonView, ...]


class TriedOut(msgspec.Struct, frozen=True):
    results: list[Tried]


async def try_out(
    desk: TheDesk, limiter: TheLimiter, acting: Acting, data: JSONBody[TryOutInput]
) -> TriedOut:
    """Each question as the first message of a new contact: outcome, sources and reasons."""
    limiter.count("try_outs_per_agent", str(acting.id))
    staffed, charter, stops = await desk.db.read(lambda records: _present(records, desk))
    at = desk.db.clock.now()
    gate = asyncio.Semaphore(TRIED_AT_ONCE_MAX)

    async def try_one(question: str) -> Tried:
        async with gate:
            proposal = await desk.proposer.propose(_scene(question, desk.company, at))
        facts = Facts(holder_kind=HolderKind.ASSISTANT.value, people_on_duty=staffed)
        proposal, verdict = choose(facts, proposal, charter, stops)
        return _tried(question, proposal, verdict)

    return TriedOut(list(await asyncio.gather(*(try_one(question) for question in data.questions))))


def _present(records: Connection, desk: WebDesk) -> tuple[bool, Charter, tuple[Stop, ...]]:
    people = people_now(records, desk.handoff, desk.db.clock.now())
    return people.on_duty, charter_of(records), active_stops(records)


def _tried(question: str, proposal: Proposal, verdict: Verdict) -> Tried:
    if verdict.step is Step.ACT:
        outcome = "asked" if proposal.kind is ProposalKind.ASK else "answered"
    else:
        outcome = "drafted" if verdict.step is Step.DRAFT else "handed_over"
    return Tried(
        question=question,
        outcome=outcome,
        text=proposal.text,
        sources=proposal.sources,
        choices=proposal.choices,
        reasons=tuple(ReasonView(reason.code, reason.words) for reason in verdict.reasons),
    )


def _scene(question: str, company: str, at: datetime) -> Scene:
    """A conversation that nobody has: it is not in the database and never will be."""
    inbox = Inbox("inbox_try_out", "try-out", company, "webchat", [], "Assistant", "AI assistant", "plain")
    conversation = Conversation(
        id="conv_try_out",
        inbox_id=inbox.id,
        contact_id="contact_try_out",
        holder_kind=HolderKind.ASSISTANT,
        holder_id=None,
        holder_name="",
        version=1,
        seq=1,
        matter_seq=0,
        opened_at=at,
        updated_at=at,
        closed_at=None,
        waiting_since=at,
        subject="",
        topic=None,
        reason_code=None,
        reason_words=None,
        mood="neutral",
        mood_trend=[],
        needs_reply=True,
        preview="",
    )
    message = Entry(
        conversation.id, 1, "msg_try_out", EntryKind.MESSAGE, AuthorKind.CONTACT, conversation.contact_id,
        None, None, question, {}, at,
    )  # fmt: skip
    return Scene(inbox, conversation, message, ())
