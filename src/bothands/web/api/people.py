"""Signing in and out, oneself, availability."""

import msgspec
from litestar import Response
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody

from bothands.kit import initials
from bothands.people import (
    SignedIn,
    is_agent_available,
    list_sign_ins,
    permissions_of,
    set_availability,
    sign_in_by_link,
    sign_out,
)
from bothands.web.asking import Asked, Signed, TheDesk, TheLimiter, address_of
from bothands.web.desk import WebDesk
from bothands.web.paging import SHORT_ROWS, CursorText, ShortLimit, sliced
from bothands.web.permitting import CSRF_COOKIE, SIGN_IN_COOKIE, csrf_of, sign_in_cookies
from bothands.web.shapes import (
    AvailabilityInput,
    LinkInput,
    Me,
    NewPasswordInput,
    PasswordInput,
    SignInView,
)


class SignIns(msgspec.Struct, frozen=True):
    sign_ins: list[SignInView]
    next_cursor: str | None


async def sign_in_with_link(
    desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[LinkInput]
) -> Response[Me]:
    """Spend a one-time link."""
    limiter.count("sign_ins_per_address", address_of(request))
    device = request.headers.get("user-agent", "")
    signed_in, token = await desk.db.write(lambda unit: sign_in_by_link(unit, data.token, device=device))
    return await welcome(desk, signed_in, token)


async def sign_in_with_password(
    desk: TheDesk, limiter: TheLimiter, request: Asked, data: JSONBody[PasswordInput]
) -> Response[Me]:
    """E-mail and password; an unknown account is answered as a wrong password is."""
    limiter.count("sign_ins_per_address", address_of(request))
    limiter.count("sign_ins_per_account", data.email.strip().lower())
    device = request.headers.get("user-agent", "")
    signed_in, token = await desk.passwords.sign_in(data.email, data.password, device=device)
    return await welcome(desk, signed_in, token)


async def leave(desk: TheDesk, signed_in: Signed) -> Response[None]:
    """Sign this browser out."""
    await desk.db.write(lambda unit: sign_out(unit, signed_in.agent.id, signed_in.sign_in.id))
    gone = [
        Cookie(key=name, value="", path="/", max_age=0, samesite="lax", secure=desk.is_secure)
        for name in (SIGN_IN_COOKIE, CSRF_COOKIE)
    ]
    return Response(None, cookies=gone)


async def me(desk: TheDesk, signed_in: Signed, request: Asked) -> Me:
    """Who is signed in here, and what they may do."""
    return await _me(desk, signed_in, request.cookies[SIGN_IN_COOKIE])


async def change_availability(
    desk: TheDesk, signed_in: Signed, request: Asked, data: JSONBody[AvailabilityInput]
) -> Me:
    """Take conversations, or be away."""
    await desk.db.write(lambda unit: set_availability(unit, signed_in.agent.id, data.available))
    return await _me(desk, signed_in, request.cookies[SIGN_IN_COOKIE])


async def change_password(desk: TheDesk, signed_in: Signed, data: JSONBody[NewPasswordInput]) -> None:
    """Choose a password; one's other browsers are signed out."""
    await desk.passwords.set_password(signed_in, data.password)


async def sign_ins(
    desk: TheDesk, signed_in: Signed, cursor: CursorText = None, limit: ShortLimit = SHORT_ROWS
) -> SignIns:
    """The browsers in which one is signed in, newest first."""
    found = await desk.db.read(
        lambda records: list_sign_ins(records, signed_in.agent.id, desk.db.clock.now())
    )
    page, following = sliced(found, cursor, limit, lambda item: (item.id, ""), newest_first=True)
    return SignIns(
        [
            SignInView(
                item.id, item.device, item.created_at, item.last_seen_at, item.id == signed_in.sign_in.id
            )
            for item in page
        ],
        following,
    )


async def revoke_sign_in(desk: TheDesk, signed_in: Signed, sign_in_id: FromPath[str]) -> None:
    """Sign one of one's browsers out; its sockets close at once."""
    await desk.db.write(lambda unit: sign_out(unit, signed_in.agent.id, sign_in_id))


async def welcome(desk: WebDesk, signed_in: SignedIn, token: str) -> Response[Me]:
    """Signed in: who they are, and the cookies that say so from now on."""
    return Response(await _me(desk, signed_in, token), cookies=sign_in_cookies(desk, token))


async def _me(desk: WebDesk, signed_in: SignedIn, token: str) -> Me:
    agent = signed_in.agent
    available = await desk.db.read(lambda records: is_agent_available(records, agent.id))
    return Me(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role=agent.role.value,
        initials=initials(agent.name),
        permissions=permissions_of(agent.role),
        availability="available" if available else "away",
        csrf=csrf_of(token),
        company=desk.company,
    )
