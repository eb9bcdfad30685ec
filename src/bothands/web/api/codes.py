"""Signing in by a code that comes by mail. An address nobody has is answered like any other."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from bothands.kit import Conflict
from bothands.people import CODE_MINUTES_MAX, SIGN_IN, WrongCode, ask_code, sign_in_by_code
from bothands.web.api.people import welcome
from bothands.web.asking import Asked, TheDesk, TheLimiter, address_of
from bothands.web.shapes import Input, Me


class NoMail(Conflict):
    code = "no-mail"
    title = "No mail server is set up"


class CodeInput(Input, frozen=True):
    email: Annotated[str, Meta(max_length=254)]


class AnswerInput(Input, frozen=True):
    """`ask` is what the answer to the question carried; the code alone opens nothing."""

    ask: Annotated[str, Meta(max_length=200)]
    code: Annotated[str, Meta(max_length=20)]


class WaysIn(msgspec.Struct, frozen=True):
    """`code`: whether codes can be mailed."""

    company: str
    code: bool


class CodeAsked(msgspec.Struct, frozen=True):
    """If somebody here has that address, six digits are on their way to it."""

    ask: str
    minutes: int


async def ways_in(desk: TheDesk) -> WaysIn:
    """What the sign-in page can offer."""
    return WaysIn(desk.company, desk.has_mail)


async def ask_for_code(
    desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[CodeInput]
) -> CodeAsked:
    """Have a code mailed to an agent's address."""
    limiter.count("sign_ins_per_address", address_of(request))
    if not desk.has_mail:
        raise NoMail("sign-in by code", "no mail server is set up", "sign in by password or link")
    ask = await desk.db.write(lambda unit: ask_code(unit, SIGN_IN, data.email))
    return CodeAsked(ask, CODE_MINUTES_MAX)


async def sign_in_with_code(
    desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[AnswerInput]
) -> Response[Me]:
    """Sign in with the code that came; five tries."""
    limiter.count("sign_ins_per_address", address_of(request))
    device = request.headers.get("user-agent", "")
    found = await desk.db.write(lambda unit: sign_in_by_code(unit, data.ask, data.code, device=device))
    if found is None:
        raise WrongCode(
            "code",
            f"it is wrong, was tried too often, or is older than {CODE_MINUTES_MAX} minutes",
            "look at the newest mail, or ask for another",
        )
    return await welcome(desk, *found)
