"""Where answering would be wrong whatever we know: a wish, a risk, a language that is not ours."""

from bothands.skills.attempting import Attempt
from bothands.skills.clarifying import chosen, is_something_else
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.wording import HAND_OVER, TALK_TO_PERSON
from bothands.understanding import Reading

OWN_LANGUAGES = frozenset({"en", "und"})
LANGUAGE_SCORE_MIN = 0.8
# Health alone is no reason to fall silent: the charter says who answers on its topics.
RISKS_FOR_PEOPLE = frozenset({"self_harm", "safety", "fraud", "vulnerable", "legal", "complaint"})


def hand_over_at_once(attempt: Attempt) -> Proposal | None:
    """A person at once, before anything is looked up; our own choices are no wish and no risk."""
    reading = attempt.reading
    pending = attempt.scene.pending_asks or {}
    spoken = attempt.scene.message.body
    if spoken.strip() == TALK_TO_PERSON:
        return hand_over(reading, "wish", "the contact wishes to talk to a person")
    if pending.get("kind") == "clarify":
        if chosen(spoken, pending) is not None:
            return None
        if is_something_else(spoken):
            return hand_over(reading, "unsure", "none of the choices offered was the right one")
    if reading.wishes_person is not None:
        return hand_over(reading, "wish", "the contact wishes to talk to a person")
    if pending.get("kind") == "offer_person" and reading.small_talk == "yes":
        return hand_over(reading, "wish", "the contact accepted the offer of a person")
    for risk in reading.risks:
        if risk.kind in RISKS_FOR_PEOPLE:
            return hand_over(reading, "complaint" if risk.kind == "complaint" else "risk", risk.reason)
    if reading.language not in OWN_LANGUAGES and reading.language_score >= LANGUAGE_SCORE_MIN:
        return hand_over(reading, "language", f"the customer writes in another language ({reading.language})")
    return None


def hand_over(reading: Reading, basis: str, reason: str) -> Proposal:
    top = reading.topics[0] if reading.topics and reading.is_in_scope else None
    return Proposal(
        ProposalKind.HAND_OVER,
        HAND_OVER[basis],
        basis,
        reading,
        topic=top.topic if top else None,
        topic_title=top.title if top else "",
        topic_probability=top.probability if top else 0.0,
        reason=reason,
    )
