"""Who may do what over HTTP: one guard, made from a route's line in the table.

`open` asks nothing; `visitor` asks for the key of a contact; anything else is a permission of
`people.roles` and asks for a signed-in agent. `visitor|<permission>` takes either, `scraper|<permission>` the
agent or the one token that the operator gave to what collects the metrics. Where a route takes API keys, one
with the permission among its scopes does instead of the agent.
"""

import hashlib
import hmac
from time import perf_counter
from typing import Any, NamedTuple

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from sqlalchemy import Connection as Records

from bothands.conversations import Inbox, Sight, inbox_of, sight_of, visible_conversation
from bothands.kit import Forbidden, Unauthenticated
from bothands.people import (
    API_KEY_PREFIX,
    PERMISSIONS,
    Agent,
    Contact,
    SignedIn,
    api_key_of,
    contact_of_key,
    is_seen_long_ago,
    is_use_due,
    note_use,
    require,
    seen,
    signed_in_by,
)
from bothands.web.asking import API_KEY, HOST, address_of
from bothands.web.desk import WebDesk
from bothands.web.limiting import Limiter
from bothands.web.metering import BEGAN
from bothands.web.problems import SHARED

OPEN = "open"
VISITOR = "visitor"
SCRAPER = "scraper|"
SIGN_IN_COOKIE = "bothands_signin"
CSRF_COOKIE = "bothands_csrf"
CSRF_HEADER = "x-csrf-token"
KEY_HEADER = "x-visitor-key"
KEY_QUERY = "key"
COOKIE_DAYS_MAX = 14
PREFLIGHT_SECONDS = 600
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "WS"})

Connection = ASGIConnection[Any, Any, Any, Any]


class ForeignOrigin(Forbidden):
    code = "foreign-origin"
    title = "This page may not do that"


class BadCsrf(Forbidden):
    code = "bad-csrf"
    title = "The request did not come from our page"


def is_known_permission(permission: str) -> bool:
    """Whether a route may be declared with it."""
    if permission in (OPEN, VISITOR):
        return True
    return for_agents(permission) in PERMISSIONS


def for_agents(permission: str) -> str:
    """What an agent, or a key, needs where others are let in too."""
    return permission.removeprefix("visitor|").removeprefix(SCRAPER)


class Asks(NamedTuple):
    """What a route's line in the table asks of whoever comes."""

    method: str
    permission: str
    takes_foreign: bool
    takes_keys: bool


class Guard:
    """Derived from the table; the only way in."""

    def __init__(self, desk: WebDesk, limiter: Limiter, asks: Asks) -> None:
        self._desk = desk
        self._limiter = limiter
        self._method, self._permission, self._takes_foreign, self._takes_keys = asks

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        connection.scope["state"][BEGAN] = perf_counter()
        connection.scope["state"][HOST] = self._host(connection)
        if not self._takes_foreign:
            self._check_origin(connection)
        if self._permission == OPEN:
            return
        wants_visitor = self._permission == VISITOR or self._permission.startswith("visitor|")
        if wants_visitor and (contact := await self._contact(connection)):
            connection.scope["state"]["contact"] = contact
            return
        if self._permission == VISITOR:
            raise Unauthenticated("visitor", "no known visitor key came along", "open the chat first")
        if self._permission.startswith(SCRAPER) and self._is_scraper(connection):
            return
        if secret := _api_key_in(connection):
            await self._admit_key(connection, secret, for_agents(self._permission))
        else:
            await self._admit_agent(connection, for_agents(self._permission))

    async def _admit_key(self, connection: Connection, secret: str, permission: str) -> None:
        """No cookie, so nothing that a foreign page could ride on: no CSRF token is needed."""
        if connection.cookies.get(SIGN_IN_COOKIE):
            raise Unauthenticated(
                "request", "it carries both an API key and a sign-in", "send one of the two"
            )
        now = self._desk.db.clock.now()
        api_key = await self._desk.db.read(lambda records: api_key_of(records, secret, now))
        if api_key is None:
            self._limiter.count("wrong_keys_per_address", address_of(connection))
            raise Unauthenticated("API key", "it is unknown, revoked or expired", "ask an admin for another")
        self._limiter.count("calls_per_key", api_key.id)
        if not self._takes_keys:
            raise Forbidden("API key", "this is for people only", "sign in, or leave it to a person")
        if permission not in api_key.scopes:
            raise Forbidden(
                f"permission {permission}", "the API key does not have that scope", "ask for a key that has"
            )
        if is_use_due(api_key, now):
            await self._desk.db.write(lambda unit: note_use(unit, api_key.id))
        # An admin made it, and it sees what admins see.
        connection.scope["state"].update({API_KEY: api_key, "sight": Sight()})

    async def _admit_agent(self, connection: Connection, permission: str) -> None:
        token = connection.cookies.get(SIGN_IN_COOKIE, "")
        signed_in = await who_is(self._desk, token)
        if signed_in is None:
            raise Unauthenticated("desk", "this browser is not signed in, or no longer", "sign in again")
        if self._method not in SAFE_METHODS:
            sent = connection.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(sent.encode(), csrf_of(token).encode()):
                raise BadCsrf(
                    "request", f"{CSRF_HEADER} does not fit the cookie {CSRF_COOKIE}", "reload the page"
                )
        require(signed_in.agent, permission)
        wanted = connection.path_params.get("conversation_id")
        sight = await self._desk.db.read(lambda records: sight_on(records, signed_in.agent, wanted))
        connection.scope["state"].update(signed_in=signed_in, sight=sight)

    async def _contact(self, connection: Connection) -> Contact | None:
        key = connection.headers.get(KEY_HEADER) or connection.query_params.get(KEY_QUERY)
        if not isinstance(key, str) or not key:
            return None
        now, name = self._desk.db.clock.now(), connection.path_params.get("inbox")

        def look(records: Records) -> Contact | None:
            # A key for which another inbox vouched is nobody's here.
            inbox_id = inbox_of(records, name).id if name else None
            return contact_of_key(records, key, now, inbox_id=inbox_id)

        return await self._desk.db.read(look)

    def _host(self, connection: Connection) -> str | None:
        peer = connection.client.host if connection.client else None
        forwarded = connection.headers.getall("x-forwarded-for", [])
        return self._desk.proxies.client_of(peer, forwarded)

    def _is_scraper(self, connection: Connection) -> bool:
        wanted = self._desk.metrics_token
        scheme, _, sent = connection.headers.get("authorization", "").partition(" ")
        fits = hmac.compare_digest(sent.encode(), wanted.encode())
        return bool(wanted) and scheme.lower() == "bearer" and fits

    def _check_origin(self, connection: Connection) -> None:
        """On sockets an Origin is a must; on unsafe methods it must be ours when a browser sends it."""
        origin = connection.headers.get("origin")
        if self._method == "WS":
            is_ours = origin in self._desk.origins
        elif self._method in SAFE_METHODS:
            is_ours = True
        else:
            is_ours = origin is None or origin in self._desk.origins
        if not is_ours:
            raise ForeignOrigin(
                f"origin {origin!r}", "it is not this server's own", "open the page at its own address"
            )


def sight_on(records: Records, agent: Agent, conversation_id: str | None) -> Sight:
    """What the agent may know of. A route about one conversation that is beyond it is not found, whatever
    else was asked: this is the one place that keeps strangers out of an inbox's conversations.
    """
    sight = sight_of(records, agent)
    if sight.hidden and conversation_id is not None:
        visible_conversation(records, conversation_id, sight)
    return sight


def _api_key_in(connection: Connection) -> str | None:
    scheme, _, sent = connection.headers.get("authorization", "").partition(" ")
    return sent if scheme.lower() == "bearer" and sent.startswith(API_KEY_PREFIX) else None


async def who_is(desk: WebDesk, token: str) -> SignedIn | None:
    """The agent behind a sign-in cookie, seen now."""
    if not token:
        return None
    signed_in = await desk.db.read(lambda records: signed_in_by(records, token, desk.db.clock.now()))
    if signed_in is not None and is_seen_long_ago(signed_in.sign_in, desk.db.clock.now()):
        sign_in_id = signed_in.sign_in.id
        await desk.db.write(lambda unit: seen(unit, sign_in_id))
    return signed_in


def sign_in_cookies(desk: WebDesk, token: str) -> list[Cookie]:
    """The secret that no script can read, and the value that our own pages send back in a header."""
    age = COOKIE_DAYS_MAX * 86_400
    secret = Cookie(key=SIGN_IN_COOKIE, value=token, path="/", max_age=age, samesite="lax", httponly=True)
    echo = Cookie(key=CSRF_COOKIE, value=csrf_of(token), path="/", max_age=age, samesite="lax")
    for cookie in (secret, echo):
        cookie.secure = desk.is_secure
    return [secret, echo]


def csrf_of(token: str) -> str:
    """Bound to the sign-in: another browser's value, or one an attacker planted, does not fit."""
    return hmac.new(token.encode(), b"bothands csrf", hashlib.sha256).hexdigest()


async def embedding(desk: WebDesk, connection: Connection, inbox: str) -> tuple[Inbox, dict[str, str]]:
    """The inbox, and the headers by which the page that embeds it may read the answer, a refusal too."""
    found = await desk.db.read(lambda records: inbox_of(records, inbox))
    origin = connection.headers.get("origin")
    check_inbox_origin(desk, found, origin)
    shared = {"access-control-allow-origin": origin or "", "vary": "origin"}
    connection.scope["state"][SHARED] = shared
    return found, shared


def allow(shared: dict[str, str], methods: str) -> Response[None]:
    """What a browser asks before it lets such a page send something."""
    headers = shared | {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": f"{KEY_HEADER}, content-type",
        "access-control-max-age": str(PREFLIGHT_SECONDS),
    }
    return Response(None, status_code=204, headers=headers)


def check_inbox_origin(desk: WebDesk, inbox: Inbox, origin: str | None) -> None:
    """Exactly one of our own origins, or one listed at the inbox; a missing or look-alike one is refused."""
    if origin is None or (origin not in desk.origins and origin not in inbox.origins):
        raise ForeignOrigin(
            f"origin {origin!r}",
            f"it is not listed at the inbox {inbox.slug!r}",
            "list the page's origin at the inbox, scheme and port included",
        )
