"""An invitation lets exactly one person in, once, for a while, and its link is nowhere to be read."""

import asyncio

import pytest
from sqlalchemy import text

from bothands.kit import Invalid, ManualClock, NotFound
from bothands.people import (
    Agent,
    AgentKnown,
    Invitation,
    InvitationKnown,
    InvitationSpent,
    Role,
    accept_invitation,
    add_agent,
    agent_of_email,
    invitation_letter,
    invitation_of,
    invite,
    list_agents,
    list_invitations,
    mail_invitation,
    make_invitation_token,
    note_invitation_sent,
    open_invitation,
    renew_invitation,
    revoke_invitation,
    signed_in_by,
)
from bothands.storage import Database


@pytest.fixture
def ines(db: Database) -> Agent:
    return db.write_now(
        lambda unit: add_agent(unit, name="Ines Rocha", email="ines@shop.example", role=Role.ADMIN)
    )


def invited(db: Database, by: Agent, email: str = "Dee@shop.example") -> tuple[Invitation, str]:
    """Dee, a lead who knows returns, with a link that works."""

    def ask(unit: object) -> Invitation:
        return invite(unit, name=" Dee  Ray ", email=email, role=Role.LEAD, expertise=("returns",), by=by)  # type: ignore[arg-type]

    invitation = db.write_now(ask)
    return invitation, fresh(db, invitation)


def fresh(db: Database, invitation: Invitation) -> str:
    token = db.write_now(lambda unit: make_invitation_token(unit, invitation.id))
    assert token is not None
    return token


def accepts(db: Database, token: str) -> Agent:
    return db.write_now(lambda unit: accept_invitation(unit, token, "hash", device="Firefox"))[0].agent


def is_spent(db: Database, token: str) -> bool:
    try:
        db.read_now(lambda records: open_invitation(records, token, db.clock.now()))
    except InvitationSpent:
        return True
    return False


def test_who_accepts_is_an_agent_with_what_was_offered_and_signed_in(db: Database, ines: Agent) -> None:
    invitation, token = invited(db, ines)
    assert db.read_now(lambda records: open_invitation(records, token, db.clock.now())) == invitation
    signed_in, cookie = db.write_now(lambda unit: accept_invitation(unit, token, "hash", device="Firefox"))
    agent = signed_in.agent
    assert (agent.name, agent.email, agent.role, agent.expertise) == (
        "Dee Ray",
        "dee@shop.example",
        Role.LEAD,
        ("returns",),
    )
    assert db.read_now(lambda records: signed_in_by(records, cookie, db.clock.now())) == signed_in
    assert db.read_now(list_invitations) == []


def test_who_accepts_may_spell_their_own_name(db: Database, ines: Agent) -> None:
    _, token = invited(db, ines)
    signed_in, _ = db.write_now(lambda unit: accept_invitation(unit, token, "hash", name="Désirée Ray"))
    assert signed_in.agent.name == "Désirée Ray"


async def test_of_fifty_at_once_one_joins(db: Database, ines: Agent) -> None:
    _, token = invited(db, ines)
    tries = [db.write(lambda unit: accept_invitation(unit, token, "hash")) for _ in range(50)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert {type(result) for result in results if isinstance(result, BaseException)} == {InvitationSpent}
    assert len(db.read_now(list_agents)) == 2


def test_it_ends_after_three_days_and_begins_anew_with_another_link(
    db: Database, ines: Agent, clock: ManualClock
) -> None:
    invitation, token = invited(db, ines)
    clock.advance(72 * 3_600 + 1)
    assert is_spent(db, token)
    assert db.write_now(lambda unit: make_invitation_token(unit, invitation.id)) is None
    db.write_now(lambda unit: renew_invitation(unit, invitation.id))
    assert is_spent(db, token)
    assert accepts(db, fresh(db, invitation)).name == "Dee Ray"


def test_sent_anew_the_older_link_is_void(db: Database, ines: Agent) -> None:
    invitation, token = invited(db, ines)
    db.write_now(lambda unit: renew_invitation(unit, invitation.id))
    with pytest.raises(InvitationSpent):
        accepts(db, token)


def test_of_a_mail_tried_twice_either_link_works(db: Database, ines: Agent) -> None:
    """The mail server may have taken the first one and only failed to say so."""
    invitation, first = invited(db, ines)
    second = fresh(db, invitation)
    assert not is_spent(db, first)
    assert not is_spent(db, second)
    accepts(db, first)
    assert is_spent(db, second)


def test_taken_back_it_is_void(db: Database, ines: Agent) -> None:
    invitation, token = invited(db, ines)
    db.write_now(lambda unit: revoke_invitation(unit, invitation.id))
    assert db.read_now(list_invitations) == []
    with pytest.raises(InvitationSpent):
        accepts(db, token)
    for again in (revoke_invitation, renew_invitation):
        with pytest.raises(NotFound):
            db.write_now(lambda unit, again=again: again(unit, invitation.id))


def test_nobody_is_invited_twice_nor_who_is_here(db: Database, ines: Agent, clock: ManualClock) -> None:
    invited(db, ines)
    with pytest.raises(InvitationKnown):
        invited(db, ines, "dee@SHOP.example")
    with pytest.raises(AgentKnown):
        invited(db, ines, "ines@shop.example")
    clock.advance(72 * 3_600 + 1)
    invited(db, ines)
    assert len(db.read_now(list_invitations)) == 1


def test_who_became_an_agent_another_way_does_not_join_twice(db: Database, ines: Agent) -> None:
    _, token = invited(db, ines)
    db.write_now(lambda unit: add_agent(unit, name="Dee", email="dee@shop.example", role=Role.AGENT))
    with pytest.raises(AgentKnown):
        accepts(db, token)
    found = db.read_now(lambda records: agent_of_email(records, "dee@shop.example"))
    assert found is not None
    assert found.role is Role.AGENT


@pytest.mark.parametrize("token", ["", ".", "inv_", "inv_1.", "x" * 5_000, "inv_ü.ü", "inv_1.\x00"])
def test_odd_tokens_open_nothing(db: Database, ines: Agent, token: str) -> None:
    invited(db, ines)
    with pytest.raises((InvitationSpent, Invalid)):
        accepts(db, token)


def test_the_id_alone_opens_nothing(db: Database, ines: Agent) -> None:
    """Before any link was made there is no secret to match."""
    invitation = db.write_now(
        lambda unit: invite(unit, name="Dee", email="dee@shop.example", role=Role.AGENT, by=ines)
    )
    for token in (invitation.id, f"{invitation.id}.", f"{invitation.id}.None"):
        assert is_spent(db, token)


def test_no_link_is_stored_in_the_clear(db: Database, ines: Agent) -> None:
    invitation, token = invited(db, ines)
    db.write_now(lambda unit: mail_invitation(unit, invitation.id))
    tables = ("people_invitation", "jobs_job", "jobs_event")
    stored = db.read_now(
        lambda records: str([records.execute(text(f"SELECT * FROM {table}")).all() for table in tables])
    )
    assert "mail_invitation" in stored
    assert token.partition(".")[2] not in stored


def test_how_the_mail_went_is_kept(db: Database, ines: Agent) -> None:
    invitation, _ = invited(db, ines)
    db.write_now(lambda unit: note_invitation_sent(unit, invitation.id, "550 no such mailbox"))
    assert db.read_now(lambda records: invitation_of(records, invitation.id)).problem == "550 no such mailbox"
    db.write_now(lambda unit: note_invitation_sent(unit, invitation.id))
    found = db.read_now(lambda records: invitation_of(records, invitation.id))
    assert (found.problem, found.sent_at) == (None, db.clock.now())


def test_the_letter_carries_its_link_and_no_markup_of_others(db: Database, ines: Agent) -> None:
    invitation, _ = invited(db, ines)
    link = "https://desk.example/desk/join#inv_1.secret"
    letter = invitation_letter("job_1", invitation, by_name="<b>Ines</b>", company="Alder & Loft", link=link)
    assert link in letter.text
    assert f'href="{link}"' in letter.html
    assert "<b>" not in letter.html
    assert "Alder &amp; Loft" in letter.html
