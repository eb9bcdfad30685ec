"""Who a visitor is, by a token that the company's own server signed; and being nobody again."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from bothands.channels import forget
from bothands.web.asking import Asked, TheDesk, TheLimiter, address_of
from bothands.web.permitting import KEY_HEADER, allow, embedding
from bothands.web.shapes import Input
from bothands.web.vouching import Vouching, vouched


class TokenInput(Input, frozen=True):
    # Longer ones are refused when they are read, with the words that say so.
    token: Annotated[str, Meta(max_length=20_000)]
    language: Annotated[str, Meta(max_length=40)] = ""


class IdentityView(msgspec.Struct, frozen=True):
    """`key` is what the browser is known by from now on, in place of any it had."""

    key: str
    identity: str
    name: str | None
    expires_at: datetime | None


async def identify_visitor(
    desk: TheDesk,
    limiter: TheLimiter,
    request: Asked,
    inbox: FromPath[str],
    data: JSONBody[TokenInput],
) -> Response[IdentityView]:
    """Hand over a signed token, once; the browser's old key, if any, comes along in a header."""
    found, shared = await embedding(desk, request, inbox)
    sent = Vouching(data.token, request.headers.get(KEY_HEADER), data.language)
    browser = await vouched(desk, limiter, found, sent, address_of(request))
    view = IdentityView(
        browser.key, browser.contact.identity.value, browser.contact.name, browser.known.expires_at
    )
    return Response(view, status_code=200, headers=shared)


async def forget_visitor(desk: TheDesk, request: Asked, inbox: FromPath[str]) -> Response[None]:
    """The browser of this key is nobody's from now on; its pages close."""
    found, shared = await embedding(desk, request, inbox)
    if key := request.headers.get(KEY_HEADER):
        await forget(desk.db, found, key)
    return Response(None, status_code=204, headers=shared)


async def allow_identify(desk: TheDesk, request: Asked, inbox: FromPath[str]) -> Response[None]:
    """A browser asks beforehand whether the company's page may do this here."""
    return allow((await embedding(desk, request, inbox))[1], "POST, DELETE")
