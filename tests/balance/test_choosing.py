import msgspec

from bothands.balance import Facts, Step, choose
from bothands.skills import ProposalKind

from .cases import CHARTER, HELD_BY_ECHO, WISH, propose

QUESTION = propose(ProposalKind.ASK, "clarify", score=0.0)
SHAKY = msgspec.structs.replace(propose(score=0.2, versions={"brain": "brain-1"}), instead=QUESTION)


def test_what_is_not_good_enough_becomes_one_question():
    chosen, verdict = choose(HELD_BY_ECHO, SHAKY, CHARTER, ())
    assert (chosen.basis, verdict.step, verdict.reason.code) == ("clarify", Step.ACT, "clarify")
    assert verdict.versions["brain"] == "brain-1"


def test_after_that_question_a_person_comes():
    chosen, verdict = choose(Facts("assistant", clarified_before=1), SHAKY, CHARTER, ())
    assert (chosen.basis, verdict.step, verdict.reason.code) == ("clarify", Step.HAND_OFF, "unsure")


def test_a_good_answer_is_not_questioned():
    good = msgspec.structs.replace(SHAKY, score=0.9)
    assert choose(HELD_BY_ECHO, good, CHARTER, ())[0] == good


def test_a_wish_is_not_answered_with_a_question():
    wish = msgspec.structs.replace(SHAKY, reading=WISH)
    assert choose(HELD_BY_ECHO, wish, CHARTER, ())[1].reason.code == "wish"


def test_without_a_question_a_person_comes_at_once():
    shaky = msgspec.structs.replace(SHAKY, instead=None)
    assert choose(HELD_BY_ECHO, shaky, CHARTER, ())[1].step is Step.HAND_OFF
