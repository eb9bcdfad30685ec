import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.balance import Facts, Role, Rules, Step, Verdict, decide
from bothands.balance.deciding import FAILED_TURNS_MAX, RISKS_FOR_PEOPLE
from bothands.skills import Proposal, ProposalKind
from bothands.understanding import Emotion, Reading, Risk, Signal

from .cases import (
    CHARTER,
    HELD_BY_ECHO,
    NOWHERE,
    WISH,
    feeling,
    propose,
    read,
    risky,
    stop_on,
)

ASK, ANSWER, HAND_OVER = ProposalKind.ASK, ProposalKind.ANSWER, ProposalKind.HAND_OVER
NO_RULES = msgspec.structs.replace(CHARTER, rules=Rules(False, False, False, False))


def decided(proposal: Proposal, facts: Facts = HELD_BY_ECHO, charter=CHARTER, stops=()) -> tuple[Step, str]:
    verdict = decide(facts, proposal, charter, stops)
    return verdict.step, verdict.reason.code


def clarify(**values) -> Proposal:
    return propose(ASK, "clarify", score=0.0, **values)


def test_a_good_answer_on_an_open_topic_goes_out_and_says_why():
    verdict = decide(HELD_BY_ECHO, propose(topic_title="Delivery times"), CHARTER)
    assert verdict.step is Step.ACT
    assert [reason.words for reason in verdict.reasons] == [
        "Delivery times: the charter lets the AI answer",
        "0.91 reaches the threshold 0.70, which is not certified yet",
    ]
    assert (verdict.certified, verdict.propensity, verdict.threshold) == (False, 1.0, 0.7)
    assert verdict.versions == {"deciding": "deciding-1", "charter": "3"}


def test_an_answer_below_the_threshold_brings_a_person():
    verdict = decide(HELD_BY_ECHO, propose(score=0.4), CHARTER)
    assert (verdict.step, verdict.reason.code) == (Step.HAND_OFF, "unsure")
    assert "0.40 is below the threshold 0.70" in verdict.reason.words


def test_a_calibrated_probability_counts_before_the_raw_score():
    assert decided(propose(score=0.99, probability=0.2))[0] is Step.HAND_OFF
    assert decided(propose(score=0.1, probability=0.8))[0] is Step.ACT


def test_the_threshold_itself_is_enough():
    assert decided(propose(score=0.7))[0] is Step.ACT


def test_a_stop_hands_off_and_names_who_stopped_it_and_why():
    for topic, what in ((None, "everything"), ("delivery_times", "Delivery times")):
        verdict = decide(HELD_BY_ECHO, propose(), CHARTER, (stop_on(topic),))
        assert (verdict.step, verdict.reason.code) == (Step.HAND_OFF, "stopped")
        assert verdict.reason.words == f"Bo stopped the assistant on {what}: wrong prices"


def test_a_stop_on_another_topic_changes_nothing():
    assert decided(propose(), stops=(stop_on("returns"),))[0] is Step.ACT


def test_a_stop_without_a_reason_reads_well():
    assert decide(HELD_BY_ECHO, propose(), CHARTER, (stop_on(None, ""),)).reason.words.endswith("everything")


def test_with_an_agent_a_stop_leaves_a_draft():
    assert decided(propose(), Facts("agent"), stops=(stop_on(None),)) == (Step.DRAFT, "stopped")


def test_whoever_holds_the_conversation_is_the_only_one_to_speak():
    assert decided(propose(), Facts("agent")) == (Step.DRAFT, "person_holds")
    assert decided(propose(), Facts("queue")) == (Step.HAND_OFF, "in_queue")


@pytest.mark.parametrize(
    ("facts", "reading"),
    [
        (HELD_BY_ECHO, WISH),
        (Facts("assistant", asked_for_person=True), read()),
        (Facts("assistant", offered_person=True), read(small_talk="yes")),
    ],
)
def test_a_wish_for_a_person_brings_one(facts, reading):
    assert decided(propose(reading=reading), facts) == (Step.HAND_OFF, "wish")


def test_a_yes_to_something_else_is_no_wish():
    assert decided(propose(reading=read(small_talk="yes")))[0] is Step.ACT


@pytest.mark.parametrize("kind", sorted(RISKS_FOR_PEOPLE))
def test_a_risk_brings_a_person(kind):
    assert decided(propose(reading=risky(kind))) == (Step.HAND_OFF, f"risk_{kind}")


def test_health_alone_is_left_to_the_charter():
    assert decided(propose(reading=risky("health")))[0] is Step.ACT


def test_only_the_rule_for_legal_words_can_be_switched_off():
    assert decided(propose(reading=risky("legal")), charter=NO_RULES)[0] is Step.ACT
    assert decided(propose(reading=risky("fraud")), charter=NO_RULES)[0] is Step.HAND_OFF


def test_a_complaint_brings_a_person():
    verdict = decide(HELD_BY_ECHO, propose(reading=risky("complaint")), CHARTER)
    assert (verdict.step, verdict.reason.code) == (Step.HAND_OFF, "complaint")
    assert verdict.reason.words == 'A complaint deserves a person ("a word")'
    headless = read(risks=(Risk("complaint", 0.7, "complains", NOWHERE),))
    assert decide(HELD_BY_ECHO, propose(reading=headless), CHARTER).reason.words.endswith("a person")


def test_strong_anger_and_grief_bring_a_person():
    assert decided(propose(reading=feeling("anger"))) == (Step.HAND_OFF, "anger")
    assert decided(propose(reading=feeling("sadness"))) == (Step.HAND_OFF, "distress")


def test_a_shade_of_feeling_does_not():
    assert decided(propose(reading=feeling("anger", 0.3)))[0] is Step.ACT
    assert decided(propose(reading=feeling("worry")))[0] is Step.ACT


def test_a_company_may_keep_angry_customers_with_the_assistant():
    assert decided(propose(reading=feeling("anger")), charter=NO_RULES)[0] is Step.ACT
    assert decided(propose(reading=feeling("sadness")), charter=NO_RULES)[0] is Step.ACT


def test_a_bare_insult_gets_a_calm_answer_once():
    insult = propose(basis="small_talk", topic=None, reading=feeling("anger"))
    assert decided(insult) == (Step.ACT, "small_talk")
    assert decided(insult, Facts("assistant", failed_turns=2)) == (Step.HAND_OFF, "failed_turns")


@pytest.mark.parametrize("label", ["anger", "frustration", "worry", "sadness"])
def test_distress_skips_the_question(label):
    assert decided(clarify(reading=feeling(label, 0.4))) == (Step.HAND_OFF, "distress")


def test_a_person_only_topic_goes_to_a_person_with_the_charters_reason():
    verdict = decide(HELD_BY_ECHO, propose(topic="damaged_item"), CHARTER)
    assert (verdict.step, verdict.reason.code) == (Step.HAND_OFF, "person_only")
    assert verdict.reason.words == (
        "Damaged item: the charter leaves it to people (Each case needs an eye on the photo)"
    )


def test_a_person_only_topic_without_a_reason_reads_well():
    charter = msgspec.structs.replace(
        CHARTER, default=msgspec.structs.replace(CHARTER.default, role=Role.PERSON_ONLY)
    )
    words = decide(HELD_BY_ECHO, propose(topic=None), charter).reason.words
    assert words == "This topic: the charter leaves it to people"


def test_an_unsure_guess_at_a_person_only_topic_may_be_asked_about():
    guess = msgspec.structs.replace(clarify(topic="damaged_item"), topic_probability=0.3)
    assert decided(guess) == (Step.ACT, "clarify")
    assert decided(clarify(topic="damaged_item")) == (Step.HAND_OFF, "person_only")


def test_two_failed_turns_bring_a_person_unless_switched_off():
    tired = Facts("assistant", failed_turns=FAILED_TURNS_MAX)
    assert decided(propose(), tired) == (Step.HAND_OFF, "failed_turns")
    assert decided(propose(), tired, NO_RULES)[0] is Step.ACT
    assert decided(propose(), Facts("assistant", failed_turns=1))[0] is Step.ACT


def test_thanks_after_failed_turns_are_still_answered():
    thanks = propose(basis="small_talk", topic=None, reading=read(small_talk="thanks"))
    assert decided(thanks, Facts("assistant", failed_turns=2)) == (Step.ACT, "small_talk")


def test_a_proposal_to_hand_over_is_followed():
    assert decided(propose(HAND_OVER, "unsure", reason="Nothing fits")) == (Step.HAND_OFF, "unsure")
    assert decide(HELD_BY_ECHO, propose(HAND_OVER, ""), CHARTER).reason.code == "unsure"


def test_a_language_the_assistant_does_not_speak_brings_a_person():
    assert decided(propose(reading=read(language="pt"))) == (Step.HAND_OFF, "language")
    assert decided(propose(reading=read(language="und")))[0] is Step.ACT


def test_one_clarifying_question_is_allowed_and_then_a_person():
    assert decided(clarify()) == (Step.ACT, "clarify")
    assert decided(clarify(), Facts("assistant", clarified_before=1)) == (Step.HAND_OFF, "unsure")


def test_where_the_charter_wants_drafts_even_a_question_is_a_draft():
    assert decided(clarify(topic="refund_status")) == (Step.DRAFT, "ai_drafts")
    assert decided(propose(topic="refund_status")) == (Step.DRAFT, "ai_drafts")


def test_asking_for_a_missing_detail_needs_no_threshold():
    assert decided(propose(ASK, "fact_question", score=0.0)) == (Step.ACT, "ask")


def test_not_knowing_is_no_draft_and_no_answer_for_somebody_upset():
    ignorant = propose(ASK, "no_source", score=0.0)
    assert decided(ignorant) == (Step.ACT, "ask")
    assert decided(msgspec.structs.replace(ignorant, topic="refund_status")) == (Step.HAND_OFF, "unsure")
    assert decided(msgspec.structs.replace(ignorant, reading=feeling("worry", 0.5)))[1] == "distress"


def test_saying_what_one_cannot_do_needs_no_threshold():
    assert decided(propose(basis="out_of_scope", topic=None, score=0.0)) == (Step.ACT, "out_of_scope")


def test_with_nobody_on_duty_the_reasons_say_so():
    night = Facts("assistant", people_on_duty=False)
    assert decide(night, propose(reading=WISH), CHARTER).reasons[-1].code == "nobody_on_duty"
    assert all(reason.code != "nobody_on_duty" for reason in decide(night, propose(), CHARTER).reasons)


# Laws: whatever comes in.

labels = st.sampled_from(["anger", "frustration", "worry", "sadness", "confusion", "gratitude", "neutral"])
scores = st.floats(0, 1)
readings = st.builds(
    Reading,
    language=st.sampled_from(["en", "pt", "und", ""]),
    language_score=scores,
    topics=st.just(()),
    in_scope_probability=scores,
    is_in_scope=st.booleans(),
    wishes_person=st.none() | st.builds(Signal, scores, st.just(NOWHERE)),
    small_talk=st.none() | st.sampled_from(["greeting", "thanks", "insult", "yes", "no"]),
    emotion=st.builds(Emotion, labels, scores, st.just(NOWHERE)),
    risks=st.lists(
        st.builds(
            Risk,
            st.sampled_from(["vulnerable", "self_harm", "legal", "fraud", "complaint", "health", "safety"]),
            scores,
            st.just("why"),
            st.just(NOWHERE),
        ),
        max_size=2,
    ).map(tuple),
    entities=st.just(()),
    brain=st.just("brain-1"),
)
topics = st.none() | st.sampled_from(["delivery_times", "refund_status", "damaged_item", "unheard_of"])
proposals = st.builds(
    Proposal,
    kind=st.sampled_from(list(ProposalKind)),
    text=st.just("…"),
    basis=st.sampled_from(
        ["small_talk", "approved", "fact", "article", "skill", "clarify", "fact_question", "no_source", ""]
    ),
    reading=readings,
    topic=topics,
    topic_probability=scores,
    score=scores,
    probability=st.none() | scores,
)
facts_of = st.builds(
    Facts,
    holder_kind=st.sampled_from(["assistant", "queue", "agent"]),
    clarified_before=st.integers(0, 3),
    failed_turns=st.integers(0, 4),
    asked_for_person=st.booleans(),
    offered_person=st.booleans(),
    people_on_duty=st.booleans(),
)
charters = st.sampled_from([CHARTER, NO_RULES])
stops_of = st.lists(st.builds(stop_on, topics), max_size=2).map(tuple)


@given(facts_of, proposals, charters, stops_of)
def test_law_a_wish_for_a_person_always_hands_over(facts, proposal, charter, stops):
    wishes = facts.asked_for_person or proposal.reading.wishes_person is not None
    verdict = decide(facts, proposal, charter, stops)
    if wishes and facts.holder_kind != "agent":
        assert verdict.step is Step.HAND_OFF
    if wishes:
        assert verdict.step is not Step.ACT


@given(facts_of, proposals, charters, stops_of)
def test_law_under_a_stop_the_assistant_never_acts(facts, proposal, charter, stops):
    if any(stop.covers(proposal.topic) for stop in stops):
        assert decide(facts, proposal, charter, stops).step is not Step.ACT


@given(facts_of, proposals, charters, stops_of)
def test_law_it_never_acts_on_a_topic_that_is_people_only(facts, proposal, charter, stops):
    is_settled = proposal.topic_probability >= 0.5 or (proposal.kind, proposal.basis) != (ASK, "clarify")
    if charter.of(proposal.topic).role is Role.PERSON_ONLY and is_settled:
        assert decide(facts, proposal, charter, stops).step is not Step.ACT


@given(facts_of, proposals, charters, stops_of)
def test_law_it_acts_only_where_the_assistant_holds_and_nothing_dangerous_was_said(
    facts, proposal, charter, stops
):
    if decide(facts, proposal, charter, stops).step is Step.ACT:
        assert facts.holder_kind == "assistant"
        assert not {r.kind for r in proposal.reading.risks} & {"self_harm", "fraud", "vulnerable", "safety"}
        assert proposal.kind is not HAND_OVER


@given(facts_of, proposals, charters, stops_of)
def test_law_the_same_inputs_give_the_same_verdict_with_a_reason(facts, proposal, charter, stops):
    verdict = decide(facts, proposal, charter, stops)
    assert isinstance(verdict, Verdict)
    assert verdict == decide(facts, proposal, charter, stops)
    assert verdict.reasons
    assert all(reason.code and reason.words for reason in verdict.reasons)
    assert verdict.certified is False


@given(facts_of, proposals, charters)
def test_law_a_better_score_never_takes_the_assistants_word_away(facts, proposal, charter):
    better = msgspec.structs.replace(proposal, score=1.0, probability=None)
    worse = msgspec.structs.replace(proposal, score=0.0, probability=None)
    if decide(facts, worse, charter).step is Step.ACT:
        assert decide(facts, better, charter).step is Step.ACT
