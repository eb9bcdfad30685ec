"""Small talk: a short reply that returns to the open matter, and never pretends to be a person."""

import re
from collections.abc import Sequence
from typing import Any

from bothands.conversations import AuthorKind, Scene
from bothands.kit import excerpt
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.wording import (
    BACK_TO_MATTER,
    SMALL_TALK,
    TALK_TO_PERSON,
    WHAT_WE_DO,
    pick,
    quoted_titles,
)
from bothands.understanding import Reading

QUESTION_CHARS_MAX = 160
OFFERS_PERSON = frozenset({"insult", "are_you_human", "unclear"})
# Questions of ours that wait for an answer. The offer of a person is none: nobody has to answer it.
OPEN_QUESTIONS = frozenset({"fact", "skill", "clarify"})
ENDS_MATTER = frozenset({"goodbye", "no"})
_WHAT_WE_DO = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|ok|and)\W+)?"
    r"(?:what (?:can|do|could) you (?:do|help|know|answer)\b(?: for me| with| about)*"
    r"|how (?:can|do|could) you help(?: me)?|what (?:can|may|could) i ask(?: you)?"
    r"|help(?: me)?(?: please)?)\W*$",
    re.IGNORECASE,
)


def talk(scene: Scene, reading: Reading, kind: str, said: frozenset[str]) -> Proposal:
    """Answer `kind` of small talk; a question of ours that is still open is asked again after it, once."""
    text = pick(SMALL_TALK[kind], said)
    # An offer of a person lapses with small talk: a later "ok" must not call one in.
    asks = scene.pending_asks if (scene.pending_asks or {}).get("kind") in OPEN_QUESTIONS else None
    choices: tuple[str, ...] = (TALK_TO_PERSON,) if kind in OFFERS_PERSON else ()
    if asks is not None and kind not in ENDS_MATTER:
        question, open_choices = _open_question(scene, asks)
        again = [wording.format(question=question) for wording in BACK_TO_MATTER]
        if question and not any(wording in heard for wording in again for heard in said):
            text = f"{text} {again[0]}"
        choices = open_choices or choices
    return Proposal(
        ProposalKind.ANSWER,
        text,
        "small_talk",
        reading,
        score=1.0,
        probability=1.0,
        choices=choices,
        asks=asks,
        reason=f"small talk: {kind.replace('_', ' ')}",
    )


def asks_what_we_do(text: str) -> bool:
    return bool(_WHAT_WE_DO.search(text))


def say_what_we_do(reading: Reading, titles: Sequence[str], said: frozenset[str]) -> Proposal:
    """What one may ask here; a person is always among it."""
    return Proposal(
        ProposalKind.ANSWER,
        pick([wording.format(topics=quoted_titles(titles)) for wording in WHAT_WE_DO], said),
        "small_talk",
        reading,
        score=1.0,
        probability=1.0,
        choices=(TALK_TO_PERSON,),
        reason="small talk: what can you do",
    )


def _open_question(scene: Scene, asks: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Where we asked it first, in its own words and with its choices."""
    for entry in scene.said_by(AuthorKind.ASSISTANT):
        if entry.ref.get("asks") == asks:
            return _question_of(entry.body), tuple(entry.ref.get("choices", ()))
    return "", ()


def _question_of(body: str) -> str:
    sentences = [part.strip() for part in body.replace("? ", "?\n").splitlines()]
    asking = [part for part in sentences if part.endswith("?")]
    last = asking[-1] if asking else body
    # What stands before the question in its own line is no part of it.
    return excerpt(last.rpartition(". ")[2] if ". " in last else last, QUESTION_CHARS_MAX)
