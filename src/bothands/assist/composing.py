"""Turn the assistant's proposal into a draft that an agent could send as their own words. Pure."""

import re

from bothands.assist.checking import spoken, unsourced
from bothands.assist.model import Draft, NextStep
from bothands.kit import excerpt
from bothands.knowledge import Found, Source, sentences
from bothands.skills import Proposal, ProposalKind

NEXT_STEP_CHARS_MAX = 180
# How well a page must fit before it is worth an agent's glance.
NEXT_STEP_COSINE_MIN = 0.38

# What carries a content of its own; the rest are the assistant's ways of asking back or giving up.
BASES_WITH_CONTENT = frozenset({"approved", "fact", "article", "skill"})
_SORRY = {
    "anger": "I'm sorry for the trouble.",
    "frustration": "I'm sorry for the trouble.",
    "sadness": "I'm very sorry to hear this.",
}

# What only the assistant may say of itself.
_ASSISTANTS_OWN = re.compile(
    r"\b(?:AI|assistant|bring(?:ing)? in a person|a colleague can|talk to a person)\b", re.IGNORECASE
)
_ADVICE = re.compile(
    r"\b(?:offer|ask|do not|don't|give|choose|send|check|tell|collect|replace[ds]?|refund(?:ed)?|must|may)\b",
    re.IGNORECASE,
)


def has_content(proposal: Proposal) -> bool:
    """Whether it says something an agent could pass on."""
    is_said = proposal.kind in (ProposalKind.ANSWER, ProposalKind.PERFORM)
    return is_said and proposal.basis in BASES_WITH_CONTENT and bool(proposal.text.strip())


def greeting(agent_name: str, contact_name: str | None, mood: str, *, has_photo: bool) -> str:
    """The agent's first words: by name, having read everything, sorry where something went wrong."""
    hello = f"Hi {contact_name.split()[0]}," if contact_name else "Hello,"
    seen = "I have read the conversation and have your photo" if has_photo else "I have read the conversation"
    words = f"{hello} I'm {agent_name.split()[0]}. {seen}, so you don't need to repeat anything."
    return f"{words} {_SORRY[mood]}" if mood in _SORRY else words


def compose(draft_id: str, opening: str, text: str, sources: tuple[Source, ...]) -> Draft | None:
    """Opening and content as one draft, the claims without a source marked; None when there is nothing."""
    whole = "\n\n".join(part for part in (opening, without_self(text)) if part)
    if not whole:
        return None
    return Draft(draft_id, whole, sources if text else (), unsourced(whole))


def without_self(text: str) -> str:
    """The text without the sentences in which the assistant speaks of itself."""
    kept = []
    for paragraph in text.split("\n"):
        said = [part for part in spoken(paragraph) if not _ASSISTANTS_OWN.search(part)]
        kept.append(" ".join(said))
    return "\n".join(kept).strip()


def next_step(found: list[Found]) -> NextStep | None:
    """What the best page says to do, in its own words, with where it stands."""
    for hit in found:
        if hit.cosine < NEXT_STEP_COSINE_MIN or hit.passage.kind == "reply":
            continue
        passage = hit.passage
        said = sentences(passage.text)
        advice = next((part for part in said if _ADVICE.search(part)), said[0] if said else "")
        if not advice:
            continue
        source = Source(1, passage.title, passage.section, passage.url, "article", passage.article_id)
        return NextStep(excerpt(advice, NEXT_STEP_CHARS_MAX), source)
    return None
