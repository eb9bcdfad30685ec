"""330 messages of our own, written before anything was tuned on them: what becomes of each.

They are hard on purpose: questions in words no example has, terse, misspelt, in several sentences; questions
near our topics that no page answers; and questions that are none of ours. When they were written, 14 % were
answered, 16 % of those wrongly, and of 205 that have an answer 23 % were answered, drafted or asked rightly.
The weights were then fitted on these and tests/knowledge/retail_pairs.csv, cross-validated; so the floors
below keep what was reached, and promise nothing about other messages.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from bothands.balance.model import Step
from bothands.people import meet
from bothands.skills import Proposal, Proposer
from bothands.skills.wording import SOMETHING_ELSE

from .conftest import Company, Talk

MESSAGES = Path(__file__).with_name("retail_messages.csv")
SOURCED = frozenset({"approved", "fact", "article"})

# Measured: 22 answered, none wrongly; 5 drafts; 154 of 205 asked about, 122 of them with a choice that leads
# to the right answer; 18 of 18 handed over. The bounds leave room for the shop's texts to change.
ANSWERED_MIN = 15
WRONG_OF_ANSWERED_MAX = 0.1
LED_RIGHT_SHARE_MIN = 0.62
FOREIGN_DECLINED_SHARE_MIN = 0.55


class Row(msgspec.Struct, frozen=True):
    """`expected`: answer, ask, order, none (near a topic, no page), out (none of ours), person or talk."""

    expected: str
    place: str
    text: str

    @property
    def places(self) -> frozenset[str]:
        return frozenset(filter(None, self.place.split("|")))


class Became(msgspec.Struct, frozen=True):
    row: Row
    step: Step
    basis: str
    is_right: bool
    led_right: bool


def is_right(row: Row, proposal: Proposal) -> bool:
    if proposal.basis == "fact_question" and proposal.asks is not None:
        return f"facts:{proposal.asks['table']}" in row.places
    read = {source.url.rpartition("/")[2] for source in proposal.sources}
    read |= {source.article_id.replace("facts-", "facts:") for source in proposal.sources}
    return proposal.basis in SOURCED and bool(read & row.places)


async def _became(company: Company, proposer: Proposer, row: Row) -> Became:
    talk = await _talk(company, proposer)
    proposal = await talk.says(row.text)
    led = False
    if row.expected == "answer" and proposal.basis == "clarify":
        for choice in proposal.choices:
            if choice != SOMETHING_ELSE and not led:
                led = await _leads(company, proposer, row, choice)
    return Became(row, talk.step, proposal.basis, is_right(row, proposal), led)


async def _leads(company: Company, proposer: Proposer, row: Row, choice: str) -> bool:
    again = await _talk(company, proposer)
    await again.says(row.text)
    return is_right(row, await again.says(choice)) and again.step is not Step.HAND_OFF


async def _talk(company: Company, proposer: Proposer) -> Talk:
    ada, _ = await company.db.write(lambda unit: meet(unit, None, name="Ada"))
    return Talk(company, proposer, ada)


@pytest.mark.slow
async def test_our_own_messages_are_answered_rightly_or_asked_about_well(talk: Talk) -> None:
    with MESSAGES.open(encoding="utf-8") as file:
        rows = [msgspec.convert(row, Row) for row in csv.DictReader(file)]
    found = [await _became(talk.company, talk.proposer, row) for row in rows]
    answered = [one for one in found if one.step is Step.ACT and one.basis in SOURCED]
    wrong = [one.row.text for one in answered if not one.is_right]
    assert len(answered) >= ANSWERED_MIN
    assert len(wrong) <= WRONG_OF_ANSWERED_MAX * len(answered), wrong
    wanted = _of(found, "answer")
    good = [one for one in wanted if one.step is not Step.HAND_OFF and (one.is_right or one.led_right)]
    assert len(good) >= LED_RIGHT_SHARE_MIN * len(wanted)
    foreign = _of(found, "out")
    assert sum(one.basis == "out_of_scope" for one in foreign) >= FOREIGN_DECLINED_SHARE_MIN * len(foreign)
    assert [one.row.text for one in _of(found, "person") if one.step is not Step.HAND_OFF] == []
    assert [one.row.text for one in _of(found, "talk") if one.basis != "small_talk"] == []


def _of(found: Sequence[Became], expected: str) -> list[Became]:
    return [one for one in found if one.row.expected == expected]
