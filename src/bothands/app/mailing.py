"""Jobs that end in a letter: what it says is made here and now, and nothing secret of it is ever stored."""

import logging
from collections.abc import Callable

from bothands.egress import Gate, Letter, MailRefused, Post, host_and_port, read_mail_server
from bothands.jobs import Job, finish
from bothands.people import (
    agent_of,
    code_letter,
    invitation_letter,
    invitation_of,
    make_code,
    make_invitation_token,
    note_invitation_sent,
)
from bothands.storage import Database, Unit
from bothands.web import join_url

# About four hours: mail servers that do not know us yet turn us away for the first quarter of one.
MAIL_TRIES_MAX = 30
NO_SERVER = "no mail server is set up any more"
GIVEN_UP = "the mail server could not be reached for hours"

log = logging.getLogger(__name__)


def open_post(smtp_url: str, mail_from: str) -> Post | None:
    """The way to the operator's mail server; None when none is set up."""
    if not smtp_url:
        return None
    server = read_mail_server(smtp_url, mail_from)
    return Post(Gate((host_and_port(server.url),)), server)


class Mailing:
    """Writes letters of the company and hands them over. The job's id is the letter's: it arrives once."""

    def __init__(self, db: Database, post: Post | None, *, company: str, base_url: str) -> None:
        self._db = db
        self._post = post
        self._company = company
        self._base_url = base_url

    async def mail_invitation(self, job: Job) -> None:
        """With a link made for this very mail; how it went is noted at the invitation."""
        invitation_id = str(job.body["invitation_id"])

        def write(unit: Unit) -> Letter | None:
            token = make_invitation_token(unit, invitation_id)
            if token is None:
                return None
            invitation = invitation_of(unit.records, invitation_id)
            inviter = agent_of(unit.records, invitation.invited_by)
            link = join_url(self._base_url, token)
            return invitation_letter(
                job.id, invitation, by_name=inviter.name, company=self._company, link=link
            )

        await self._deliver(job, write, lambda unit, why: note_invitation_sent(unit, invitation_id, why))

    async def mail_code(self, job: Job) -> None:
        """With digits made for this very mail, if somebody here has that address."""

        def write(unit: Unit) -> Letter | None:
            made = make_code(unit, str(job.body["code_id"]))
            return made and code_letter(job.id, made[0], company=self._company, code=made[1])

        await self._deliver(job, write, lambda unit, why: None)

    async def _deliver(
        self, job: Job, write: Callable[[Unit], Letter | None], note: Callable[[Unit, str | None], None]
    ) -> None:
        """Send what `write` writes, if anything; `note` hears None, or why it will never arrive."""
        letter = await self._db.write(write)
        problem = None
        if letter is not None:
            problem = await self._send(letter, job)

        def settle(unit: Unit) -> None:
            if letter is not None:
                note(unit, problem)
            finish(unit, job)

        await self._db.write(settle)

    async def _send(self, letter: Letter, job: Job) -> str | None:
        """None, or why it will never arrive; raises what may pass."""
        if self._post is None:
            return NO_SERVER
        try:
            await self._post.send(letter, job.created_at)
        except MailRefused as refused:
            log.warning("Job %s: its letter was refused for good", job.id)
            return refused.cause
        return None


def give_up_invitation(unit: Unit, job: Job) -> None:
    """The job is given up: whoever invited sees it, and can show the link instead."""
    note_invitation_sent(unit, str(job.body["invitation_id"]), GIVEN_UP)
