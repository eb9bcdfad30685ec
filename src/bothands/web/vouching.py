"""A signed token comes in, by HTTP or in a socket's hello: counted, then read by `channels`."""

from typing import NamedTuple

from bothands.channels import identify
from bothands.conversations import Inbox
from bothands.people import KnownBrowser
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
