"""The letters that go to agents: an invitation, a code. Plain words, one thing to do, nothing to load."""

from collections.abc import Sequence
from html import escape

from bothands.egress import Letter
from bothands.people.inviting import INVITATION_HOURS_MAX
from bothands.people.model import Invitation
from bothands.people.proving import CODE_MINUTES_MAX


def invitation_letter(key: str, invitation: Invitation, *, by_name: str, company: str, link: str) -> Letter:
    """With the link by which its reader joins."""
    return _letter(
        key,
        invitation.email,
        f"{company} invites you to its desk",
        (
            f"Hello {invitation.name},",
            f"{by_name} invites you to answer customers of {company}. Open this link and choose a password:",
        ),
        f'<a href="{escape(link)}">Join the desk of {escape(company)}</a>',
        link,
        (
            f"The link works once, for {INVITATION_HOURS_MAX // 24} days. It is yours: do not pass it on.",
            "If you did not expect this, leave it: nothing happens.",
        ),
    )


def code_letter(key: str, to: str, *, company: str, code: str) -> Letter:
    """With the six digits that prove the address."""
    return _letter(
        key,
        to,
        f"Your code for {company}",
        (f"Somebody, hopefully you, is signing in to the desk of {company}. The code is:",),
        f'<b style="font-size:24px;letter-spacing:4px">{escape(code)}</b>',
        code,
        (
            f"Type it where you asked for it. It works once, for {CODE_MINUTES_MAX} minutes.",
            "Nobody of us will ever ask you for it. If this was not you, leave it: nothing happens.",
        ),
    )


def _letter(
    key: str, to: str, subject: str, before: Sequence[str], shown: str, told: str, after: Sequence[str]
) -> Letter:
    """`shown` is what matters as HTML, `told` the same as text."""
    text = "\n\n".join([*before, told, *after])
    paragraphs = [*map(escape, before), shown, *map(escape, after)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f'<body style="font:16px/1.5 sans-serif;max-width:560px;margin:24px auto">{body}</body></html>'
    )
    return Letter(key, to, subject, text, html)
