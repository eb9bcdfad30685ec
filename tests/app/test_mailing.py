"""Letters by jobs, to a real mail server: each arrives once, with a secret that works and is kept nowhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bothands.app.mailing import MAIL_TRIES_MAX, Mailing, give_up_invitation, open_post
from bothands.jobs import Worker, dead_jobs
from bothands.kit import ManualClock
from bothands.people import (
    SIGN_IN,
    Agent,
    Invitation,
    InvitationSpent,
    Role,
    add_agent,
    ask_code,
    disable_agent,
    invitation_of,
    invite,
    mail_invitation,
    open_invitation,
    revoke_invitation,
    sign_in_by_code,
)
from bothands.storage import Database
from tests.mailbox import Mailbox, mailbox, text_of

BASE = "https://desk.example/help"
SENDER = "Alder & Loft <desk@shop.example>"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with mailbox(tmp_path / "box") as box:
        yield box


@pytest.fixture
def worker(db: Database, box: Mailbox) -> Worker:
    return worker_of(db, f"smtp+plain://127.0.0.1:{box.port}")


def worker_of(db: Database, url: str, tries_max: int = MAIL_TRIES_MAX) -> Worker:
    mailing = Mailing(db, open_post(url, SENDER if url else ""), company="Alder & Loft", base_url=BASE)
    return Worker(
        db,
        {"mail_invitation": mailing.mail_invitation, "mail_code": mailing.mail_code},
        owner="test",
        burials={"mail_invitation": give_up_invitation},
        patience={"mail_invitation": tries_max},
    )


@pytest.fixture
def ines(db: Database) -> Agent:
    return db.write_now(
        lambda unit: add_agent(unit, name="Ines Rocha", email="ines@shop.example", role=Role.ADMIN)
    )


def asked_to_join(db: Database, by: Agent) -> Invitation:
    def ask(unit):
        invitation = invite(unit, name="Dee", email="dee@shop.example", role=Role.AGENT, by=by)
        mail_invitation(unit, invitation.id)
        return invitation

    return db.write_now(ask)


def token_in(letter) -> str:
    found = re.findall(rf"{re.escape(BASE)}/desk/join#(\S+)", text_of(letter))
    assert len(found) == 1
    return found[0]


def opens(db: Database, token: str) -> bool:
    try:
        db.read_now(lambda records: open_invitation(records, token, db.clock.now()))
    except InvitationSpent:
        return False
    return True


def known_of(db: Database, invitation: Invitation) -> Invitation:
    return db.read_now(lambda records: invitation_of(records, invitation.id))


def jobs_left(db: Database) -> int:
    return db.read_now(lambda records: records.execute(text("SELECT count(*) FROM jobs_job")).scalar_one())


async def test_an_invitation_arrives_with_a_link_that_opens_it(db, box, worker, ines) -> None:
    invitation = asked_to_join(db, ines)
    await worker.drain()
    (letter,) = box.letters()
    assert (letter["to"], letter["subject"]) == ("dee@shop.example", "Alder & Loft invites you to its desk")
    assert "Ines Rocha invites you" in text_of(letter)
    assert opens(db, token_in(letter))
    assert f'href="{BASE}/desk/join#{token_in(letter)}"' in text_of(letter, "html")
    assert known_of(db, invitation).sent_at == db.clock.now()
    assert jobs_left(db) == 0
    tables = ("people_invitation", "jobs_event")
    rows = db.read_now(
        lambda records: str([records.execute(text(f"SELECT * FROM {t}")).all() for t in tables])
    )
    assert token_in(letter).partition(".")[2] not in rows


async def test_turned_away_for_now_it_is_tried_until_it_arrives_once(db, box, worker, ines, clock) -> None:
    invitation = asked_to_join(db, ines)
    # Longer than other jobs are tried: mail servers make strangers wait.
    box.answer(*["451 4.7.1 come back later"] * 12)
    for _ in range(12):
        await worker.drain()
        assert box.letters() == []
        assert known_of(db, invitation).sent_at is None
        clock.advance(1_000)
    await worker.drain()
    assert [opens(db, token_in(letter)) for letter in box.letters()] == [True]
    assert jobs_left(db) == 0


async def test_taken_but_not_answered_it_comes_again_as_the_same_letter(db, box, worker, ines, clock) -> None:
    """Whoever shows only the first of two equal letters shows one whose link works."""
    asked_to_join(db, ines)
    box.answer("cut")
    await worker.drain()
    clock.advance(60)
    await worker.drain()
    first, second = box.letters()
    assert first["message-id"] == second["message-id"]
    assert re.fullmatch(r"<job_\w+@shop\.example>", first["message-id"])
    assert opens(db, token_in(first))
    assert opens(db, token_in(second))


async def test_refused_for_good_is_said_at_the_invitation_and_not_tried_again(
    db, box, worker, ines, clock
) -> None:
    invitation = asked_to_join(db, ines)
    box.answer("550 5.1.1 no such mailbox")
    await worker.drain()
    assert "550 5.1.1 no such mailbox" in (known_of(db, invitation).problem or "")
    assert known_of(db, invitation).sent_at is None
    assert jobs_left(db) == 0
    clock.advance(1_000)
    await worker.drain()
    assert box.letters() == []


@pytest.mark.parametrize(
    ("url", "why"), [("", "no mail server"), ("smtp+plain://127.0.0.1:1", "not be reached")]
)
async def test_where_no_mail_goes_out_the_invitation_says_so(db, ines, clock, url: str, why: str) -> None:
    worker = worker_of(db, url, tries_max=2)
    invitation = asked_to_join(db, ines)
    for _ in range(2):
        await worker.drain()
        clock.advance(1_000)
    assert why in (known_of(db, invitation).problem or "")
    dead = db.read_now(dead_jobs)
    assert [job["kind"] for job in dead] == (["mail_invitation"] if url else [])
    assert "dee@" not in str(dead)


async def test_one_taken_back_or_expired_meanwhile_is_not_mailed(db, box, worker, ines, clock) -> None:
    invitation = asked_to_join(db, ines)
    db.write_now(lambda unit: revoke_invitation(unit, invitation.id))
    asked_to_join(db, ines)
    clock.advance(72 * 3_600 + 1)
    await worker.drain()
    assert box.letters() == []
    assert jobs_left(db) == 0


async def test_a_code_arrives_and_signs_in(db, box, worker, ines) -> None:
    ask = db.write_now(lambda unit: ask_code(unit, SIGN_IN, ines.email))
    await worker.drain()
    (letter,) = box.letters()
    code = re.search(r"^(\d{6})$", text_of(letter), re.MULTILINE)
    assert code
    found = db.write_now(lambda unit: sign_in_by_code(unit, ask, code[1]))
    assert found is not None
    assert found[0].agent == ines
    assert jobs_left(db) == 0


async def test_strangers_and_who_was_let_go_get_no_code(
    db, box, worker, ines: Agent, clock: ManualClock
) -> None:
    bo = db.write_now(lambda unit: add_agent(unit, name="Bo", email="bo@shop.example", role=Role.AGENT))
    db.write_now(lambda unit: disable_agent(unit, bo.id))
    for address in ("nobody@elsewhere.example", bo.email):
        db.write_now(lambda unit, address=address: ask_code(unit, SIGN_IN, address))
    db.write_now(lambda unit: ask_code(unit, SIGN_IN, ines.email))
    clock.advance(10 * 60 + 1)
    await worker.drain()
    assert box.connects == 0
    assert jobs_left(db) == 0
