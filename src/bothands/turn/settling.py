"""Settle a turn: keep the reading and the decision, and carry it out. One short transaction."""

from collections.abc import Sequence
from typing import Self

import msgspec

from bothands.approvals import ask
from bothands.balance import Facts, Reason, Step, Verdict, active_stops, charter_of, choose, keep, risk_in
from bothands.conversations import (
    Author,
    AuthorKind,
    By,
    Entry,
    EntryKind,
    Growth,
    HolderKind,
    Reply,
    Scene,
    claim,
    conversation_of,
    entries_since,
)
from bothands.handoff import Desk as HandoffDesk
from bothands.handoff import bring_in, is_staffed, mood_of, refresh_brief
from bothands.kit import excerpt
from bothands.skills import Proposal
from bothands.storage import Unit
from bothands.understanding import Reading

# An answer that rests on one of these did not help: it asked back or had nothing.
UNHELPFUL = frozenset({"clarify", "no_source", "out_of_scope"})
UNHELPFUL_TALK = "unclear"
SUBJECT_CHARS = 80


class Heard(msgspec.Struct, frozen=True):
    """What a message says, and which topic it is taken for."""

    reading: Reading
    topic: str | None
    is_small_talk: bool

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        return cls(proposal.reading, proposal.topic, proposal.basis == "small_talk")


def settle(unit: Unit, scene: Scene, proposal: Proposal, front: HandoffDesk) -> Step:
    """Claim, read, decide, keep, act; raises Superseded when the world moved on, and then nothing stays."""
    growth = Growth(unit, claim(unit, scene))
    # Nothing was said since the scene was read, so what it holds is all there is.
    _note(growth, scene, Heard.of(proposal), (*scene.earlier, scene.message))
    proposal, verdict, facts = _decide(unit, scene, proposal, front)
    decision = keep(
        unit,
        verdict,
        facts,
        proposal,
        conversation_id=scene.conversation.id,
        message_seq=scene.message.seq,
    )
    growth.add(
        EntryKind.DECISION,
        verdict.reason.words,
        {
            "decision_id": decision.id,
            "step": verdict.step.value,
            "reasons": [msgspec.to_builtins(reason) for reason in verdict.reasons],
            "basis": proposal.basis,
            "tried": list(proposal.tried),
        },
        by=_assistant(scene),
    )
    if verdict.step is Step.ACT:
        growth.say(_reply(scene, proposal, decision.id))
    growth.write()
    if verdict.step is not Step.ACT:
        _call_person(unit, scene, proposal, verdict, front, decision.id)
    return verdict.step


def note_reading(unit: Unit, scene: Scene, heard: Heard, front: HandoffDesk) -> None:
    """Keep what was read, and what it says of topic and mood; people see it while they wait or talk.

    Who tells of a danger only while they wait goes forward in line.

    Not once the conversation is over: what such a reading says of health and hardship is forgotten then.
    """
    conversation = conversation_of(unit.records, scene.conversation.id)
    if not conversation.is_open:
        return
    growth = Growth(unit, conversation)
    _note(growth, scene, heard, entries_since(unit.records, conversation.id, conversation.matter_seq))
    growth.write()
    if conversation.holder_kind is HolderKind.QUEUE:
        if reason := risk_in(heard.reading, charter_of(unit.records).rules):
            bring_in(unit, conversation.id, reason=reason, desk=front)
        refresh_brief(unit, conversation.id)


def _note(growth: Growth, scene: Scene, heard: Heard, entries: Sequence[Entry]) -> None:
    """`entries` are those of the present matter."""
    entry = growth.add(
        EntryKind.READING,
        "",
        {"message_seq": scene.message.seq, "reading": msgspec.to_builtins(heard.reading)},
        by=_assistant(scene),
    )
    mood, trend = mood_of((*entries, entry))
    growth.mark(mood=mood, mood_trend=trend)
    if heard.topic is not None and heard.reading.is_in_scope:
        # The newest matter names the conversation: what came first may be answered already.
        growth.mark(topic=heard.topic)
        if not heard.is_small_talk:
            subject = excerpt(scene.message.body, SUBJECT_CHARS) or growth.conversation.subject
            growth.mark(subject=subject)


def settle_failure(unit: Unit, scene: Scene, front: HandoffDesk) -> None:
    """The assistant is unavailable; a person is not."""
    bring_in(
        unit,
        scene.conversation.id,
        reason=Reason("assistant_unavailable", "The assistant could not answer"),
        desk=front,
    )


def facts_of(scene: Scene, *, is_staffed: bool) -> Facts:
    """What the present matter looked like before this message."""
    said = scene.said_by(AuthorKind.ASSISTANT)
    failed: list[Entry] = []
    for entry in reversed(said):
        if not _is_unhelpful(entry):
            break
        failed.append(entry)
    return Facts(
        holder_kind=scene.conversation.holder_kind.value,
        # A question back that led to an answer is settled: the next matter may be asked about again.
        clarified_before=sum(entry.ref.get("basis") == "clarify" for entry in failed),
        failed_turns=len(failed),
        offered_person=bool((scene.pending_asks or {}).get("kind") == "offer_person"),
        people_on_duty=is_staffed,
    )


def _decide(
    unit: Unit, scene: Scene, proposal: Proposal, front: HandoffDesk
) -> tuple[Proposal, Verdict, Facts]:
    """Decide inside the transaction: a Stop that is on disk holds, however long we thought."""
    facts = facts_of(scene, is_staffed=is_staffed(unit.records, front, unit.now))
    chosen, verdict = choose(facts, proposal, charter_of(unit.records), active_stops(unit.records))
    return chosen, verdict, facts


def _call_person(
    unit: Unit, scene: Scene, proposal: Proposal, verdict: Verdict, front: HandoffDesk, decision_id: str
) -> None:
    """Not without a person: with a draft for them, or with the conversation alone."""
    if verdict.step is Step.DRAFT:
        ask(
            unit,
            scene.conversation.id,
            proposal.text,
            body={"sources": [msgspec.to_builtins(source) for source in proposal.sources]},
            decision_id=decision_id,
        )
    bring_in(
        unit,
        scene.conversation.id,
        reason=verdict.reason,
        desk=front,
        by=_assistant(scene),
    )


def _reply(scene: Scene, proposal: Proposal, decision_id: str) -> Reply:
    return Reply(
        scene.conversation.id,
        Author(
            AuthorKind.ASSISTANT,
            "assistant",
            scene.inbox.assistant_name,
            scene.inbox.disclosure,
        ),
        proposal.text,
        # One reply per message, whatever is retried.
        f"turn-{scene.message.id}",
        {
            "sources": [msgspec.to_builtins(source) for source in proposal.sources],
            "choices": list(proposal.choices),
            "asks": proposal.asks,
            "card": proposal.card,
            "basis": proposal.basis,
            "talk": proposal.reading.small_talk if proposal.basis == "small_talk" else None,
            "decision_id": decision_id,
        },
    )


def _is_unhelpful(entry: Entry) -> bool:
    return entry.ref.get("basis") in UNHELPFUL or entry.ref.get("talk") == UNHELPFUL_TALK


def _assistant(scene: Scene) -> By:
    return By(AuthorKind.ASSISTANT, "assistant", scene.inbox.assistant_name)
