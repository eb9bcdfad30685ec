"""Whose browser it is: by the key that it has, or by a signed token, counted and then read by `channels`."""

from typing import NamedTuple

from bothands.channels import identify
from bothands.conversations import Inbox
from bothands.people import KnownBrowser, browser_of, is_due_again, renew
from bothands.web.desk import WebDesk
from bothands.web.limiting import Limiter


class Vouching(NamedTuple):
    """The token, with the key that the browser has so far."""

    token: str
    key: str | None = None
    language: str | None = None


async def vouched(
    desk: WebDesk, limiter: Limiter, inbox: Inbox, sent: Vouching, address: str
) -> KnownBrowser:
    limiter.count("identifications_per_address", address)
    limiter.count("identifications_per_inbox", inbox.id)
    return await identify(desk.db, desk.seal, inbox, sent.token, key=sent.key, language=sent.language)


async def recognised(desk: WebDesk, inbox: Inbox, key: str) -> KnownBrowser | None:
    """Whose key it is; now and then its use is written down, or it would end."""
    now = desk.db.clock.now()
    browser = await desk.db.read(lambda records: browser_of(records, key, now, inbox_id=inbox.id))
    if browser is not None and is_due_again(browser, now):
        await desk.db.write(lambda unit: renew(unit, browser))
    return browser
