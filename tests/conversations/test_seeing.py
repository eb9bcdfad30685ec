"""An inbox that is limited to teams is as nothing to everybody else at the desk."""

from dataclasses import dataclass
from functools import partial

import pytest

from bothands.conversations import (
    Conversation,
    Inbox,
    Sight,
    TeamNeeded,
    conversation_of,
    earlier_conversations,
    limit_inbox,
    open_inbox,
    receive,
    release_team,
    sight_of,
    view_counts,
    view_page,
    visible_conversation,
)
from bothands.kit import NotFound
from bothands.people import Agent, Role, Team, add_agent, add_team, drop_team, update_team
from bothands.storage import Database
from tests.cast import ECHO, ada, bo, chi, says, shop


@dataclass
class Company:
    """Two inboxes, of which `care` is for the team Care alone: Dov is in it; Bo and Chi, a lead, are not."""

    db: Database
    care: Inbox
    team: Team
    bo: Agent
    chi: Agent
    dov: Agent
    ines: Agent
    in_shop: Conversation
    in_care: Conversation

    def sight(self, agent: Agent) -> Sight:
        return self.db.read_now(lambda records: sight_of(records, agent))

    def sees(self, agent: Agent, conversation: Conversation) -> bool:
        sight = self.sight(agent)
        try:
            self.db.read_now(lambda records: visible_conversation(records, conversation.id, sight))
        except NotFound:
            return False
        return True


@pytest.fixture
def company(db: Database) -> Company:
    def hire(name: str, role: Role) -> Agent:
        email = f"{name.split()[0].lower()}@shop.example"
        return db.write_now(lambda unit: add_agent(unit, name=name, email=email, role=role))

    front = db.write_now(shop)
    care = db.write_now(
        lambda unit: open_inbox(unit, "care", "Care", assistant_name=ECHO.name, disclosure=ECHO.disclosure)
    )
    contact = db.write_now(ada)
    dov = hire("Dov Katz", Role.AGENT)
    team = db.write_now(lambda unit: add_team(unit, "Care", [dov.id]))
    db.write_now(lambda unit: limit_inbox(unit, care.id, [team.id]))

    def begin(inbox: Inbox) -> Conversation:
        inbound = says(inbox, contact, "Hello", f"c-{inbox.slug}")
        return db.write_now(lambda unit: receive(unit, inbound)).conversation

    return Company(
        db, care, team, db.write_now(bo), db.write_now(chi), dov, hire("Ines Rocha", Role.ADMIN),
        begin(front), begin(care),
    )  # fmt: skip


def test_only_its_teams_and_admins_see_a_limited_inbox(company: Company) -> None:
    for agent in (company.bo, company.chi, company.dov, company.ines):
        assert company.sees(agent, company.in_shop)
    assert [company.sees(agent, company.in_care) for agent in (company.bo, company.chi)] == [False, False]
    assert company.sees(company.dov, company.in_care)
    assert company.sees(company.ines, company.in_care)


def test_a_lead_sees_what_their_own_teams_see(company: Company) -> None:
    members = [company.dov.id, company.chi.id]
    company.db.write_now(lambda unit: update_team(unit, company.team.id, member_ids=members))
    assert company.sees(company.chi, company.in_care)


def test_who_is_taken_out_of_the_team_sees_it_no_more_and_all_do_when_nothing_limits_it(
    company: Company,
) -> None:
    company.db.write_now(lambda unit: update_team(unit, company.team.id, member_ids=[]))
    assert not company.sees(company.dov, company.in_care)
    company.db.write_now(lambda unit: limit_inbox(unit, company.care.id, []))
    assert company.sees(company.dov, company.in_care)
    assert company.sight(company.bo) == Sight()


def test_what_may_not_be_seen_is_missing_just_as_what_is_not_there(company: Company) -> None:
    sight = company.sight(company.bo)
    told = []
    for conversation_id in (company.in_care.id, "conv_nobody"):
        with pytest.raises(NotFound) as missing:
            company.db.read_now(partial(visible_conversation, conversation_id=conversation_id, sight=sight))
        told.append(str(missing.value).replace(conversation_id, "…"))
    assert told[0] == told[1]


@pytest.mark.parametrize("view", ["open", "ai"])
def test_lists_counts_and_history_leave_it_out(company: Company, view: str) -> None:
    def seen(agent: Agent) -> tuple[set[str], int, int]:
        sight = company.sight(agent)
        rows = company.db.read_now(lambda records: view_page(records, view, agent.id, sight=sight))
        counts = company.db.read_now(lambda records: view_counts(records, agent.id, sight))
        contact_id = company.in_shop.contact_id
        earlier = company.db.read_now(lambda records: earlier_conversations(records, contact_id, sight=sight))
        return {row.id for row in rows}, counts[view], len(earlier)

    assert seen(company.bo) == ({company.in_shop.id}, 1, 1)
    assert seen(company.dov) == ({company.in_shop.id, company.in_care.id}, 2, 2)


def test_a_page_is_full_of_what_may_be_seen(company: Company) -> None:
    for number in range(4):
        contact = company.db.write_now(ada)
        inbound = says(company.care, contact, "Hello", f"c-{number}")
        company.db.write_now(lambda unit, inbound=inbound: receive(unit, inbound))
    sight = company.sight(company.bo)
    rows = company.db.read_now(lambda records: view_page(records, "open", "", limit=1, sight=sight))
    assert [row.id for row in rows] == [company.in_shop.id]
    before = (rows[0].updated_at, rows[0].id)
    assert (
        company.db.read_now(lambda records: view_page(records, "open", "", before=before, sight=sight)) == []
    )


def test_a_team_that_an_inbox_needs_is_not_dropped(company: Company) -> None:
    def drop(unit: object) -> None:
        release_team(unit, company.team.id)  # type: ignore[arg-type]
        drop_team(unit, company.team.id)  # type: ignore[arg-type]

    with pytest.raises(TeamNeeded):
        company.db.write_now(drop)
    company.db.write_now(lambda unit: limit_inbox(unit, company.care.id, []))
    company.db.write_now(drop)


def test_an_inbox_or_team_that_is_not_there_is_refused(company: Company) -> None:
    with pytest.raises(NotFound):
        company.db.write_now(lambda unit: limit_inbox(unit, "inbox_nobody", []))
    with pytest.raises(NotFound):
        company.db.write_now(lambda unit: limit_inbox(unit, company.care.id, ["team_nobody"]))
    assert company.db.read_now(lambda records: conversation_of(records, company.in_care.id))
