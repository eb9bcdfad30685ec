"""Passwords against argon2 hashes: in threads, few at once, never inside a transaction."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TypeVar

import argon2

from bothands.kit import Invalid, Overloaded
from bothands.people.hiring import active_agent
from bothands.people.model import Attempt, SignedIn, TooManyAttempts, WrongPassword
from bothands.people.signing_in import open_sign_in, sign_out_everywhere
from bothands.people.store import agent_by_email, change_agent, count_attempt, forget_attempts
from bothands.storage import Database, Unit

PASSWORD_CHARS_MIN = 10
PASSWORD_CHARS_MAX = 200
ATTEMPTS_PER_WINDOW_MAX = 10
ATTEMPT_WINDOW_MINUTES = 15
# argon2 takes 64 MiB a check: a few at once, a short line behind them, the rest come back later.
CHECKS_AT_ONCE_MAX = 2
CHECKS_WAITING_MAX = 20

T = TypeVar("T")


class PasswordCheck:
    """One per process: it holds the line in which checks wait."""

    def __init__(self, db: Database, hasher: argon2.PasswordHasher | None = None) -> None:
        self._db = db
        self._hasher = hasher or argon2.PasswordHasher()
        self._gate = asyncio.Semaphore(CHECKS_AT_ONCE_MAX)
        self._waiting = 0

    @cached_property
    def _nobody(self) -> str:
        """For unknown accounts: the same work, so that the time taken tells nothing."""
        return self._hasher.hash("nobody has this password")

    async def sign_in(self, email: str, password: str, *, device: str = "") -> tuple[SignedIn, str]:
        """Count the attempt, check, sign in; an unknown account is answered like a wrong password."""
        account = email.strip().lower()
        attempt = await self._db.write(lambda unit: count_password_attempt(unit, account))
        known = attempt.password_hash is not None
        right = await self._apart(lambda: self._verify(attempt.password_hash, password))
        agent_id = attempt.agent_id
        if not (right and known and agent_id is not None):
            raise _wrong()

        def settle(unit: Unit) -> tuple[SignedIn, str]:
            agent = active_agent(unit, agent_id)
            present = agent_by_email(unit.records, account)
            if present is None or present[1] != attempt.password_hash:
                # It was changed while we checked, perhaps because somebody else knew it.
                raise _wrong()
            forget_attempts(unit.records, account)
            return open_sign_in(unit, agent, device)

        return await self._db.write(settle)

    async def set_password(self, signed_in: SignedIn, password: str) -> None:
        """Change the agent's own password; their other browsers are signed out."""
        hashed = await self.hashed(password)

        def keep(unit: Unit) -> None:
            change_agent(unit.records, signed_in.agent.id, {"password_hash": hashed})
            sign_out_everywhere(unit, signed_in.agent.id, keep=signed_in.sign_in.id)

        await self._db.write(keep)

    async def hashed(self, password: str) -> str:
        """What is stored of a new password; raises Invalid for one that is too short or too long."""
        if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
            raise Invalid(
                "password",
                f"it must have {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters",
                "choose a sentence that only you know",
            )
        return await self._apart(lambda: self._hasher.hash(password))

    def _verify(self, known: str | None, password: str) -> bool:
        nobody = self._nobody  # made at the first sign-in, whoever it is
        # A huge password is not hashed at length, yet costs the same.
        try:
            return self._hasher.verify(
                known or nobody, password if len(password) <= PASSWORD_CHARS_MAX else ""
            )
        except argon2.exceptions.VerificationError:
            return False

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._waiting >= CHECKS_WAITING_MAX:
            raise Overloaded(
                "sign-in", "many people sign in right now", "try again in a moment", retry_after_seconds=2
            )
        self._waiting += 1
        try:
            async with self._gate:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _wrong() -> WrongPassword:
    return WrongPassword(
        "sign-in", "no account has this e-mail and password", "check both, or ask for a sign-in link"
    )


def count_password_attempt(unit: Unit, account: str) -> Attempt:
    """One more attempt at this account, known or not; raises TooManyAttempts beyond the window's limit."""
    window = timedelta(minutes=ATTEMPT_WINDOW_MINUTES)
    attempts, first_at = count_attempt(unit.records, account, unit.now, unit.now - window)
    if attempts > ATTEMPTS_PER_WINDOW_MAX:
        raise TooManyAttempts(
            "sign-in",
            f"more than {ATTEMPTS_PER_WINDOW_MAX} attempts in {ATTEMPT_WINDOW_MINUTES} minutes",
            "wait, or use a sign-in link",
            retry_after_seconds=max(int((first_at + window - unit.now).total_seconds()), 1),
        )
    found = agent_by_email(unit.records, account)
    if found is None or found[0].disabled_at is not None:
        return Attempt(None, None)
    agent, password_hash = found
    return Attempt(agent.id, password_hash)
