"""One attempt at one message: the scene, what was read in it, and what the contact has chosen."""

from dataclasses import dataclass
from datetime import datetime

from bothands.conversations import AuthorKind, EntryKind, Scene
from bothands.knowledge import Library
from bothands.skills.clarifying import Option
from bothands.understanding import Reading, TopicGuess

# A contact who sends one thought in several messages is read as one.
BURST_MESSAGES_MAX = 4
EARLIER_MESSAGES_MAX = 10


@dataclass(frozen=True)
class Attempt:
    """`chosen` is the choice picked from our question; `question` is then the one asked before it."""

    scene: Scene
    question: str
    reading: Reading
    library: Library
    now: datetime
    known_email: str | None
    # Topics whose choice goes on by itself: to a task, or to a question for a fact.
    leads_on: frozenset[str] = frozenset()
    chosen: Option | None = None

    @property
    def topics(self) -> tuple[TopicGuess, ...]:
        if self.chosen is None or not self.chosen.get("topic"):
            return self.reading.topics
        return (TopicGuess(self.chosen["topic"], self.chosen["label"], 1.0),)

    @property
    def is_ours(self) -> bool:
        return self.chosen is not None or self.reading.is_in_scope

    @property
    def ours(self) -> float:
        return 1.0 if self.chosen is not None else self.reading.in_scope_probability

    @property
    def said(self) -> frozenset[str]:
        return frozenset(entry.body for entry in self.scene.said_by(AuthorKind.ASSISTANT))

    @property
    def earlier(self) -> list[str]:
        """What the present message may lean on ("and in 240x220?"): a row of facts we said counts too."""
        last = self.scene.said_by(AuthorKind.ASSISTANT)[-1:]
        facts = [entry.body for entry in last if entry.ref.get("basis") == "fact"]
        return [*contact_words(self.scene), *facts]

    def topic_of(self, topic: str | None) -> TopicGuess | None:
        """The topic an answer belongs to, with what the reading thought of it."""
        if topic is None:
            return self.topics[0] if self.topics and self.is_ours else None
        known = next((guess for guess in self.topics if guess.topic == topic), None)
        return known or TopicGuess(topic, topic, 0.0)


def unanswered(scene: Scene) -> str:
    """The contact's words since anybody last answered: one thought may come in several messages."""
    parts = [scene.message.body]
    for entry in reversed(scene.earlier):
        if entry.kind is not EntryKind.MESSAGE:
            if entry.kind in (EntryKind.READING, EntryKind.DECISION, EntryKind.NOTE):
                continue
            break
        if entry.author_kind is not AuthorKind.CONTACT or len(parts) >= BURST_MESSAGES_MAX:
            break
        parts.append(entry.body)
    return "\n".join(part for part in reversed(parts) if part.strip())


def contact_words(scene: Scene) -> list[str]:
    return [entry.body for entry in scene.said_by(AuthorKind.CONTACT)][-EARLIER_MESSAGES_MAX:]
