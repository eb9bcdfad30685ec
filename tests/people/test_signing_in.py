import asyncio
import threading
from collections.abc import Sequence

import argon2
import pytest
from sqlalchemy import text

from bothands.kit import Invalid, ManualClock, NotFound
from bothands.people import (
    Agent,
    AgentDisabled,
    LinkSpent,
    PasswordCheck,
    Role,
    SignInsRevoked,
    TooManyAttempts,
    WrongPassword,
    add_agent,
    disable_agent,
    list_sign_ins,
    make_link_token,
    sign_in_by_link,
    sign_out,
    sign_out_everywhere,
    signed_in_by,
)
from bothands.storage import Database


@pytest.fixture
def bo(db: Database) -> Agent:
    return db.write_now(lambda unit: add_agent(unit, name="Bo", email="bo@shop.example", role=Role.AGENT))


def enter(db: Database, agent: Agent) -> tuple[str, str]:
    """The cookie's secret and the sign-in's id."""
    link = db.write_now(lambda unit: make_link_token(unit, agent.id))
    signed_in, token = db.write_now(lambda unit: sign_in_by_link(unit, link, device="Firefox"))
    return token, signed_in.sign_in.id


def test_a_link_signs_in_once(db: Database, bo: Agent) -> None:
    link = db.write_now(lambda unit: make_link_token(unit, bo.id))
    signed_in, token = db.write_now(lambda unit: sign_in_by_link(unit, link))
    assert signed_in.agent == bo
    assert db.read_now(lambda records: signed_in_by(records, token, db.clock.now())) is not None
    with pytest.raises(LinkSpent):
        db.write_now(lambda unit: sign_in_by_link(unit, link))


async def test_of_fifty_at_once_one_link_lets_in_exactly_one(db: Database, bo: Agent) -> None:
    link = await db.write(lambda unit: make_link_token(unit, bo.id))
    tries = [db.write(lambda unit: sign_in_by_link(unit, link)) for _ in range(50)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 1


def test_a_link_dies_after_its_hours(db: Database, bo: Agent, clock: ManualClock) -> None:
    link = db.write_now(lambda unit: make_link_token(unit, bo.id, hours=1))
    clock.advance(3_601)
    with pytest.raises(LinkSpent):
        db.write_now(lambda unit: sign_in_by_link(unit, link))
    with pytest.raises(Invalid):
        db.write_now(lambda unit: make_link_token(unit, bo.id, hours=25))


@pytest.mark.parametrize("token", ["", "link_", "x" * 5_000, "link_ü"])
def test_empty_and_odd_tokens_open_nothing(db: Database, bo: Agent, token: str) -> None:
    with pytest.raises(LinkSpent):
        db.write_now(lambda unit: sign_in_by_link(unit, token))
    assert db.read_now(lambda records: signed_in_by(records, token, db.clock.now())) is None


def test_no_secret_is_stored_in_the_clear(db: Database, bo: Agent) -> None:
    link = db.write_now(lambda unit: make_link_token(unit, bo.id))
    _, token = db.write_now(lambda unit: sign_in_by_link(unit, link))
    stored = db.read_now(
        lambda records: str(
            [records.execute(text(f"SELECT * FROM people_{t}")).all() for t in ("link", "sign_in")]
        )
    )
    assert link not in stored
    assert token not in stored


def test_a_revoked_sign_in_is_nobody_and_the_revocation_is_told(db: Database, bo: Agent) -> None:
    told: list[object] = []

    def hear(events: Sequence[object]) -> None:
        told.extend(events)

    db.listen(hear)
    (here, here_id), (there, there_id) = enter(db, bo), enter(db, bo)
    assert len(db.read_now(lambda records: list_sign_ins(records, bo.id, db.clock.now()))) == 2
    db.write_now(lambda unit: sign_out_everywhere(unit, bo.id, keep=here_id))
    assert db.read_now(lambda records: signed_in_by(records, there, db.clock.now())) is None
    assert db.read_now(lambda records: signed_in_by(records, here, db.clock.now())) is not None
    assert told == [SignInsRevoked(bo.id, (there_id,))]


def test_nobody_revokes_another_agents_sign_in(db: Database, bo: Agent) -> None:
    chi = db.write_now(lambda unit: add_agent(unit, name="Chi", email="chi@shop.example", role=Role.LEAD))
    token, sign_in_id = enter(db, bo)
    with pytest.raises(NotFound):
        db.write_now(lambda unit: sign_out(unit, chi.id, sign_in_id))
    assert db.read_now(lambda records: signed_in_by(records, token, db.clock.now())) is not None


def test_a_disabled_agent_is_out_at_once_and_stays_out(db: Database, bo: Agent) -> None:
    token, _ = enter(db, bo)
    link = db.write_now(lambda unit: make_link_token(unit, bo.id))
    db.write_now(lambda unit: disable_agent(unit, bo.id))
    assert db.read_now(lambda records: signed_in_by(records, token, db.clock.now())) is None
    with pytest.raises(AgentDisabled):
        db.write_now(lambda unit: sign_in_by_link(unit, link))


def test_a_sign_in_ends_after_two_weeks(db: Database, bo: Agent, clock: ManualClock) -> None:
    token, _ = enter(db, bo)
    clock.advance(14 * 86_400 + 1)
    assert db.read_now(lambda records: signed_in_by(records, token, db.clock.now())) is None


async def test_a_password_signs_in_and_changing_it_signs_out_the_others(db: Database, bo: Agent) -> None:
    check = PasswordCheck(db)
    other, _ = enter(db, bo)
    link = db.write_now(lambda unit: make_link_token(unit, bo.id))
    signed_in, _ = db.write_now(lambda unit: sign_in_by_link(unit, link))
    await check.set_password(signed_in, "a boat, a hill, a lamp")
    assert db.read_now(lambda records: signed_in_by(records, other, db.clock.now())) is None
    again, _ = await check.sign_in(" BO@shop.example ", "a boat, a hill, a lamp")
    assert again.agent == bo
    with pytest.raises(Invalid):
        await check.set_password(signed_in, "short")


async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(db: Database, bo: Agent) -> None:
    is_checking, is_changed = threading.Event(), threading.Event()

    class Patient(argon2.PasswordHasher):
        def verify(self, *given: str | bytes) -> bool:  # type: ignore[override]
            is_checking.set()
            is_changed.wait(60)
            return super().verify(*given)

    link = db.write_now(lambda unit: make_link_token(unit, bo.id))
    signed_in, _ = db.write_now(lambda unit: sign_in_by_link(unit, link))
    mine = PasswordCheck(db)
    await mine.set_password(signed_in, "a boat, a hill, a lamp")
    thief = asyncio.create_task(PasswordCheck(db, Patient()).sign_in(bo.email, "a boat, a hill, a lamp"))
    await asyncio.to_thread(is_checking.wait, 60)
    await mine.set_password(signed_in, "a goat, a mill, a camp")
    is_changed.set()
    with pytest.raises(WrongPassword):
        await thief


async def test_unknown_account_and_wrong_password_answer_alike(db: Database, bo: Agent) -> None:
    check = PasswordCheck(db)
    with pytest.raises(WrongPassword) as unknown:
        await check.sign_in("nobody@shop.example", "a boat, a hill, a lamp")
    with pytest.raises(WrongPassword) as wrong:
        await check.sign_in("bo@shop.example", "a boat, a hill, a lamp")
    assert str(unknown.value) == str(wrong.value)


@pytest.mark.parametrize("email", ["bo@shop.example", "nobody@shop.example"])
async def test_of_forty_guesses_at_once_ten_are_evaluated(db: Database, bo: Agent, email: str) -> None:
    check = PasswordCheck(db)
    spellings = [email, email.upper(), f" {email}"]
    tries = [check.sign_in(spellings[n % 3], f"guess number {n}") for n in range(40)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, WrongPassword) for result in results) == 10
    late = [result for result in results if isinstance(result, TooManyAttempts)]
    assert len(late) == 30
    assert late[0].retry_after_seconds


async def test_the_lock_ends_with_its_window(db: Database, bo: Agent, clock: ManualClock) -> None:
    check = PasswordCheck(db)
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await check.sign_in(bo.email, "wrong")
    with pytest.raises(TooManyAttempts):
        await check.sign_in(bo.email, "wrong")
    clock.advance(15 * 60 + 1)
    with pytest.raises(WrongPassword):
        await check.sign_in(bo.email, "wrong")
