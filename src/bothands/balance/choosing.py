"""Decide on a proposal, and where it is not good enough, on the one question it holds instead. Pure."""

from collections.abc import Sequence

import msgspec

from bothands.balance.deciding import decide
from bothands.balance.model import Charter, Facts, Step, Stop, Verdict
from bothands.skills import Proposal


def choose(
    facts: Facts, proposal: Proposal, charter: Charter, stops: Sequence[Stop]
) -> tuple[Proposal, Verdict]:
    """What is to happen with which proposal: one question back comes before a person, where it may."""
    verdict = decide(facts, proposal, charter, stops)
    if verdict.step is not Step.HAND_OFF or verdict.reason.code != "unsure" or proposal.instead is None:
        return proposal, verdict
    question = msgspec.structs.replace(proposal.instead, versions=proposal.versions)
    return question, decide(facts, question, charter, stops)
