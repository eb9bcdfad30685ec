"""The one read–find–propose chain, for turn, assist and try-out: from a scene to the best idea."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec

from bothands.conversations import AuthorKind, Scene
from bothands.kit import Clock, words
from bothands.knowledge import Library
from bothands.skills.attempting import Attempt, contact_words, unanswered
from bothands.skills.clarifying import chosen
from bothands.skills.handing import hand_over_at_once
from bothands.skills.looking import look_up, proposed, read_out
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.pairing import differ, paired, two_questions
from bothands.skills.talking import asks_what_we_do, say_what_we_do, talk
from bothands.skills.wording import STILL_OPEN
from bothands.understanding import Brain, Reading, TopicGuess

# Small talk with this many words or more carries a matter of its own.
SMALL_TALK_WORDS_MAX = 8
LIKELY_PROBABILITY = 0.5
# A message this short that holds a number or an address answers what a task asked some messages ago.
LATE_REPLY_WORDS_MAX = 8
GIVES_TASKS = frozenset({"order_number", "email", "postcode"})

__all__ = ["Mind", "Proposer", "Task", "unanswered"]


class Task(Protocol):
    """A routine task of the assistant, bound to its connector."""

    id: str
    topics: frozenset[str]

    async def propose(
        self, scene: Scene, reading: Reading, topic: TopicGuess, known_email: str | None, now_words: str
    ) -> Proposal: ...


@dataclass
class Mind:
    """What the assistant thinks with. Parts are swapped whole while it runs; each scene uses one set."""

    brain: Brain
    library: Library


class Proposer:
    """Reads, finds, weighs; promises nothing and changes nothing."""

    def __init__(self, mind: Mind, tasks: Sequence[Task], clock: Clock) -> None:
        self._mind = mind
        self._tasks: Mapping[str, Task] = {task.id: task for task in tasks}
        self._clock = clock

    async def read(self, scene: Scene) -> Reading:
        """What the scene's message says, and no more: for where a person answers it."""
        return await self._mind.brain.read(unanswered(scene), contact_words(scene))

    async def propose(self, scene: Scene, *, known_email: str | None = None) -> Proposal:
        """The assistant's best idea for the scene's message, with its reading and its grounds."""
        brain, library = self._mind.brain, self._mind.library
        question = unanswered(scene)
        reading = await brain.read(question, contact_words(scene))
        leads_on = library.tabled.union(*(task.topics for task in self._tasks.values()))
        attempt = Attempt(scene, question, reading, library, self._clock.now(), known_email, leads_on)
        proposal = await self._weigh(attempt, brain)
        versions = {"brain": brain.version, "knowledge": library.version}
        return msgspec.structs.replace(proposal, versions=versions)

    async def _weigh(self, attempt: Attempt, brain: Brain) -> Proposal:
        handed = hand_over_at_once(attempt)
        if handed is not None:
            return handed
        task = self._pending_task(attempt)
        if task is not None:
            return await self._perform(attempt, task, _guess_for(task, attempt.reading))
        attempt = _after_choice(attempt)
        talked = _small_talk(attempt, brain)
        if talked is not None:
            return talked
        told = await read_out(attempt)
        if told is not None:
            return told
        for guess in attempt.topics[:1]:
            task = self._task_for(guess.topic)
            if task is not None and guess.probability >= LIKELY_PROBABILITY and attempt.is_ours:
                return await self._perform(attempt, task, guess)
        return _keep_open(attempt, await _from_library(attempt, brain))

    def _task_for(self, topic: str) -> Task | None:
        return next((task for task in self._tasks.values() if topic in task.topics), None)

    def _pending_task(self, attempt: Attempt) -> Task | None:
        """The task that waits for an answer, unless the contact has plainly gone on to something else."""
        reading = attempt.reading
        gives = any(entity.kind in GIVES_TASKS for entity in reading.entities)
        pending = attempt.scene.pending_asks or {}
        task = self._tasks.get(str(pending.get("skill", "")))
        if task is None:
            is_short = len(words(attempt.scene.message.body)) <= LATE_REPLY_WORDS_MAX
            late = _open_task(attempt.scene) if gives and is_short and not pending else None
            return self._tasks.get(str(late["skill"])) if late else None
        top = reading.topics[0] if reading.topics else None
        leaves = top is not None and top.topic not in task.topics and top.probability >= LIKELY_PROBABILITY
        is_talk = reading.small_talk not in (None, "yes", "no")
        return None if not gives and (is_talk or (leaves and reading.is_in_scope)) else task

    async def _perform(self, attempt: Attempt, task: Task, guess: TopicGuess) -> Proposal:
        now_words = f"{attempt.now:%H:%M} UTC"
        return await task.propose(attempt.scene, attempt.reading, guess, attempt.known_email, now_words)


def _open_task(scene: Scene) -> dict[str, Any] | None:
    """What a task asked in this matter and never got: the newest question of one, unless it was settled."""
    for entry in reversed(scene.said_by(AuthorKind.ASSISTANT)):
        asks = entry.ref.get("asks")
        if isinstance(asks, dict) and asks.get("skill"):
            return asks
        if entry.ref.get("basis") == "skill":
            return None
    return None


def _guess_for(task: Task, reading: Reading) -> TopicGuess:
    known = next((guess for guess in reading.topics if guess.topic in task.topics), None)
    return TopicGuess(known.topic if known else task.id, known.title if known else task.id, 1.0)


def _after_choice(attempt: Attempt) -> Attempt:
    """A choice picked from our question: answer the question that was asked before it, for that choice."""
    pending = attempt.scene.pending_asks or {}
    if pending.get("kind") != "clarify":
        return attempt
    option = chosen(attempt.scene.message.body, pending)
    if option is None:
        return attempt
    question = str(pending.get("question") or attempt.question)
    return replace(attempt, question=question, chosen=option)


def _small_talk(attempt: Attempt, brain: Brain) -> Proposal | None:
    kind = attempt.reading.small_talk
    if attempt.chosen is not None:
        return None
    if asks_what_we_do(attempt.question):
        return say_what_we_do(attempt.reading, [topic.title for topic in brain.topics], attempt.said)
    if kind is None:
        return None
    pending = attempt.scene.pending_asks or {}
    if kind in ("yes", "no") and pending.get("kind") == "fact":
        return None
    if len(words(attempt.question)) > SMALL_TALK_WORDS_MAX and attempt.reading.is_in_scope:
        return None
    return talk(attempt.scene, attempt.reading, kind, attempt.said)


async def _from_library(attempt: Attempt, brain: Brain) -> Proposal:
    both = await _both(attempt, brain)
    if both is not None:
        return both
    return proposed(attempt, await look_up(attempt, attempt.question, attempt.topics), brain.topics)


async def _both(attempt: Attempt, brain: Brain) -> Proposal | None:
    """Two questions of different topics in one message, looked up one by one."""
    questions = two_questions(attempt.question) if attempt.chosen is None else ()
    if not questions:
        return None
    readings = await brain.read_many(questions)
    if not differ(readings):
        return None
    outcomes = [
        await look_up(attempt, question, reading.topics)
        for question, reading in zip(questions, readings, strict=True)
    ]
    answer = paired(questions, outcomes)
    return None if answer is None else proposed(attempt, answer, brain.topics)


def _keep_open(attempt: Attempt, proposal: Proposal) -> Proposal:
    """An answer in between does not make a task forget what it asked; it is said once that we still wait."""
    pending = attempt.scene.pending_asks or {}
    if proposal.kind is not ProposalKind.ANSWER or not pending.get("skill"):
        return proposal
    reminder = STILL_OPEN.format(question=pending.get("question", ""))
    is_new = bool(pending.get("question")) and not any(reminder in heard for heard in attempt.said)
    text = f"{proposal.text}\n\n{reminder}" if is_new else proposal.text
    return msgspec.structs.replace(proposal, text=text, asks=pending)
