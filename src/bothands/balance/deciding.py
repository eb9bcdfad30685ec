"""Who acts on a proposal: a pure function of values, with its reasons in plain words.

The order of the rules is the policy. Safety first (stop, holder, a wish for a person, risks, distress,
the charter), then ability (failed turns, language, unsure), then the threshold. No rule further down can
undo one further up: each can only say who acts, and the first that speaks has decided.
"""

from collections.abc import Callable, Sequence

import msgspec

from bothands.balance.model import Charter, CharterTopic, Facts, Reason, Role, Rules, Step, Stop, Verdict
from bothands.skills import Proposal, ProposalKind
from bothands.understanding import UNNAMED, UNNAMED_REASON, Reading

VERSION = "deciding-1"
CLARIFYING_QUESTIONS_MAX = 1
FAILED_TURNS_MAX = 2
# Below this an emotion is a shade, not a reason to hand over.
EMOTION_SCORE_MIN = 0.6
# A best guess below this does not yet say what the message is about, so asking back is still allowed.
TOPIC_PROBABILITY_MIN = 0.5

# Risks that no threshold may trade against anything. Only `legal` can be switched off by a charter.
RISKS_FOR_PEOPLE = {
    "self_harm": "the message hints at self-harm",
    "safety": "somebody's safety may be at stake",
    "fraud": "the message speaks of fraud",
    "vulnerable": "the customer may be vulnerable",
    UNNAMED: UNNAMED_REASON,
    "legal": "the message speaks of legal steps",
}
# These claim nothing about the company, so there is nothing a threshold could be right or wrong about.
CLAIMS_NOTHING = frozenset({"small_talk", "out_of_scope"})
# Asking back, or saying that we do not know: a customer who is upset gets a person instead.
UNSURE = frozenset({"clarify", "no_source"})
# What may be answered whatever happened before: it ends or opens a talk and asks for nothing.
COURTESIES = frozenset({"thanks", "goodbye"})
UNKNOWN_LANGUAGES = frozenset({"", "und"})


class Case(msgspec.Struct, frozen=True):
    """Everything a rule may look at."""

    facts: Facts
    proposal: Proposal
    charter: Charter
    stops: tuple[Stop, ...]

    @property
    def role(self) -> CharterTopic:
        return self.charter.of(self.proposal.topic)

    @property
    def title(self) -> str:
        named = self.proposal.topic_title or self.role.title
        return named or self.proposal.topic or "This topic"

    @property
    def is_small_talk(self) -> bool:
        return self.proposal.basis == "small_talk"

    @property
    def is_clarifying(self) -> bool:
        return self.proposal.kind is ProposalKind.ASK and self.proposal.basis == "clarify"

    @property
    def has_topic(self) -> bool:
        """Whether the charter's word on the topic holds; a question back is asked to find the topic."""
        return not self.is_clarifying or self.proposal.topic_probability >= TOPIC_PROBABILITY_MIN

    def feels(self, *labels: str, at_least: float = 0.0) -> bool:
        emotion = self.proposal.reading.emotion
        return emotion.label in labels and emotion.score >= at_least


Ruling = tuple[Step, Reason]
Rule = Callable[[Case], Ruling | None]


def decide(facts: Facts, proposal: Proposal, charter: Charter, stops: Sequence[Stop] = ()) -> Verdict:
    """The step for this proposal: the first rule that speaks decides, the threshold otherwise."""
    case = Case(facts, proposal, charter, tuple(stops))
    for rule in RULES:
        ruling = rule(case)
        if ruling is not None:
            return _verdict(case, ruling[0], (ruling[1],), threshold=None)
    return _by_threshold(case)


def _stop(case: Case) -> Ruling | None:
    stop = next((stop for stop in case.stops if stop.covers(case.proposal.topic)), None)
    if stop is None:
        return None
    what = "everything" if stop.topic is None else case.title
    because = f": {stop.reason}" if stop.reason else ""
    reason = Reason("stopped", f"{stop.by_name} stopped the assistant on {what}{because}")
    return (Step.DRAFT if case.facts.holder_kind == "agent" else Step.HAND_OFF), reason


def _holder(case: Case) -> Ruling | None:
    if case.facts.holder_kind == "agent":
        return Step.DRAFT, Reason("person_holds", "A person has the conversation: the assistant only drafts")
    if case.facts.holder_kind == "queue":
        return Step.HAND_OFF, Reason("in_queue", "A person was asked for already: the assistant is silent")
    return None


def _wish(case: Case) -> Ruling | None:
    reading = case.proposal.reading
    if case.facts.asked_for_person or reading.wishes_person is not None:
        return Step.HAND_OFF, Reason("wish", "The customer asked for a person")
    if case.facts.offered_person and reading.small_talk == "yes":
        return Step.HAND_OFF, Reason("wish", "The customer said yes to a person")
    return None


def _risk(case: Case) -> Ruling | None:
    reason = risk_in(case.proposal.reading, case.charter.rules)
    return None if reason is None else (Step.HAND_OFF, reason)


def risk_in(reading: Reading, rules: Rules) -> Reason | None:
    """Why a person must take care of what was read, whoever has the conversation; the gravest risk of it."""
    heard = {risk.kind: risk.reason for risk in reading.risks}
    for kind, words in RISKS_FOR_PEOPLE.items():
        if kind in heard and (kind != "legal" or rules.legal_threat):
            because = f"A person takes care, because {words}{_shown(_words_heard(heard[kind]))}"
            return Reason(f"risk_{kind}", because)
    return None


def _words_heard(reason: str) -> str:
    """The contact's own words at the end of a risk's reason, such as `complains: "arrived broken"`."""
    return reason.partition(": ")[2]


def _shown(what_shows_it: str) -> str:
    return f" ({what_shows_it})" if what_shows_it else ""


def _distress(case: Case) -> Ruling | None:
    complaint = next((risk for risk in case.proposal.reading.risks if risk.kind == "complaint"), None)
    if complaint is not None:
        return Step.HAND_OFF, Reason(
            "complaint", f"A complaint deserves a person{_shown(_words_heard(complaint.reason))}"
        )
    rules = case.charter.rules
    # A bare insult is small talk and gets a short, calm answer once; after that failed turns bring a person.
    if rules.anger and not case.is_small_talk and case.feels("anger", at_least=EMOTION_SCORE_MIN):
        return Step.HAND_OFF, Reason("anger", "The customer is angry")
    if rules.distress and case.feels("sadness", at_least=EMOTION_SCORE_MIN):
        return Step.HAND_OFF, Reason("distress", "The customer is in distress")
    if case.proposal.basis in UNSURE and case.feels("anger", "frustration", "worry", "sadness"):
        return Step.HAND_OFF, Reason("distress", "The customer is upset: no question back, a person instead")
    return None


def _person_only(case: Case) -> Ruling | None:
    if case.has_topic and case.role.role is Role.PERSON_ONLY:
        because = _shown(case.role.reason)
        return Step.HAND_OFF, Reason("person_only", f"{case.title}: the charter leaves it to people{because}")
    return None


def _failed_turns(case: Case) -> Ruling | None:
    if not case.charter.rules.two_failed_turns or case.facts.failed_turns < FAILED_TURNS_MAX:
        return None
    if case.is_small_talk and case.proposal.reading.small_talk in COURTESIES:
        return None
    return Step.HAND_OFF, Reason("failed_turns", f"{case.facts.failed_turns} answers in a row did not help")


def _hands_over(case: Case) -> Ruling | None:
    if case.proposal.kind is not ProposalKind.HAND_OVER:
        return None
    words = case.proposal.reason or "The assistant found nothing it could say with a source"
    return Step.HAND_OFF, Reason(case.proposal.basis or "unsure", words[:1].upper() + words[1:])


def _language(case: Case) -> Ruling | None:
    language = case.proposal.reading.language
    if language in UNKNOWN_LANGUAGES or language in case.charter.languages:
        return None
    known = ", ".join(case.charter.languages)
    return Step.HAND_OFF, Reason("language", f"The message is in {language!r}, the assistant speaks {known}")


def _clarifying(case: Case) -> Ruling | None:
    if not case.is_clarifying:
        return None
    if case.facts.clarified_before >= CLARIFYING_QUESTIONS_MAX:
        return Step.HAND_OFF, Reason("unsure", "Still unsure after one question back")
    if case.has_topic and case.role.role is Role.AI_DRAFTS:
        return Step.DRAFT, Reason("ai_drafts", f"{case.title}: the charter has a person send the answers")
    return Step.ACT, Reason("clarify", "Unsure what is meant: one question with choices is allowed")


def _claims_nothing(case: Case) -> Ruling | None:
    if case.proposal.basis not in CLAIMS_NOTHING:
        return None
    if case.is_small_talk:
        return Step.ACT, Reason("small_talk", "Small talk needs no source")
    return Step.ACT, Reason("out_of_scope", "Out of scope: the assistant says what it can do instead")


def _ai_drafts(case: Case) -> Ruling | None:
    if case.role.role is Role.AI_DRAFTS:
        if case.proposal.basis == "no_source":
            return Step.HAND_OFF, Reason("unsure", f"{case.title}: no source answers this, a person does")
        return Step.DRAFT, Reason("ai_drafts", f"{case.title}: the charter has a person send the answers")
    return None


def _asks(case: Case) -> Ruling | None:
    if case.proposal.kind is ProposalKind.ASK:
        return Step.ACT, Reason(
            "ask", f"{case.title}: one detail is missing, and asking for it claims nothing"
        )
    return None


# The policy. Read it from top to bottom.
RULES: tuple[Rule, ...] = (
    _stop,
    _holder,
    _wish,
    _risk,
    _distress,
    _person_only,
    _failed_turns,
    _hands_over,
    _language,
    _clarifying,
    _claims_nothing,
    _ai_drafts,
    _asks,
)


def _by_threshold(case: Case) -> Verdict:
    """The charter lets the assistant act; the proposal must be good enough for it."""
    threshold = case.role.threshold
    score = case_score(case.proposal)
    allowed = Reason("ai_acts", f"{case.title}: the charter lets the AI answer")
    if score >= threshold:
        enough = f"{score:.2f} reaches the threshold {threshold:.2f}, which is not certified yet"
        reasons = (allowed, Reason("above_threshold", enough))
        return _verdict(case, Step.ACT, reasons, threshold=threshold)
    short = f"{score:.2f} is below the threshold {threshold:.2f}, which is not certified yet"
    return _verdict(case, Step.HAND_OFF, (Reason("unsure", short), allowed), threshold=threshold)


def case_score(proposal: Proposal) -> float:
    """What the threshold is compared with: the calibrated probability where there is one."""
    return proposal.score if proposal.probability is None else proposal.probability


def _verdict(case: Case, step: Step, reasons: tuple[Reason, ...], *, threshold: float | None) -> Verdict:
    if step is not Step.ACT and not case.facts.people_on_duty:
        later = "Nobody is on duty right now: the customer is told when people are back"
        reasons = (*reasons, Reason("nobody_on_duty", later))
    return Verdict(
        step=step,
        reasons=reasons,
        topic=case.proposal.topic,
        score=case_score(case.proposal),
        threshold=threshold,
        certified=False,
        propensity=1.0,
        versions={**case.proposal.versions, "deciding": VERSION, "charter": str(case.charter.version)},
    )
