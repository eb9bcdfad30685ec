"""Build the application from the one table of routes."""

from collections.abc import Sequence

from litestar import Controller, Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec

import bothands
from bothands.conversations import By, Sight, inboxes_of
from bothands.kit import BothandsError, Unauthenticated
from bothands.people import ApiKey, Contact, SignedIn
from bothands.web.asking import API_KEY, Acting, Asked, Asking, by, by_key
from bothands.web.describing import SCHEMES, operation_of, security_of
from bothands.web.desk import WebDesk
from bothands.web.headers import add_headers
from bothands.web.limiting import Limiter
from bothands.web.live.looking import Looking
from bothands.web.live.telling import Teller
from bothands.web.permitting import OPEN, Asks, Guard, is_known_permission
from bothands.web.problems import PROBLEM_TYPE, Problem, respond
from bothands.web.repeating import Once
from bothands.web.routes import JSON_BYTES_MAX, ROUTES, Route

FORM_PARTS_MAX = 40


class NoController(Controller):
    """Has no routes."""


class UndeclaredRoute(Exception):
    """A route without a permission that exists does not start."""


def build_app(desk: WebDesk, *, routes: Sequence[Route] = ROUTES) -> Litestar:
    """The ASGI application. The hub is started and fed by whoever owns the loop."""
    check_routes(routes)
    limiter = Limiter(desk.rates)
    teller = Teller(desk)
    desk.hub.also(teller.hear)
    looking = Looking(desk.hub, desk.presence)
    desk.hub.whisper_with(desk.db.tell, looking.hear)
    desk.meters.follow(desk.db)

    async def find_inbox(conversation_id: str) -> str | None:
        found = await desk.db.read(lambda records: inboxes_of(records, [conversation_id]))
        return found.get(conversation_id)

    desk.hub.desks.find_with(find_inbox)

    def once(request: Asked, acting: Acting) -> Once:
        return Once(desk, request, acting)

    return Litestar(
        # An OPTIONS of ours goes first, or the framework adds one of its own.
        [
            _serve(desk, limiter, route)
            for route in sorted(routes, key=lambda route: route.method != "OPTIONS")
        ],
        dependencies={
            "desk": Provide(lambda: desk, sync_to_thread=False),
            "teller": Provide(lambda: teller, sync_to_thread=False),
            "looking": Provide(lambda: looking, sync_to_thread=False),
            "limiter": Provide(lambda: limiter, sync_to_thread=False),
            "signed_in": Provide(_signed_in, sync_to_thread=False),
            "acting": Provide(_acting, sync_to_thread=False),
            "sight": Provide(_sight, sync_to_thread=False),
            "once": Provide(once, sync_to_thread=False),
            "contact": Provide(_contact, sync_to_thread=False),
        },
        exception_handlers={BothandsError: respond, HTTPException: respond, Exception: respond},
        before_send=[add_headers, desk.meters.answered],
        request_max_body_size=JSON_BYTES_MAX,
        multipart_form_part_limit=FORM_PARTS_MAX,
        openapi_config=_openapi(),
        # Logging is the app's: the framework's own default would log what people told us.
        logging_config=None,
    )


def check_routes(routes: Sequence[Route]) -> None:
    """Every route names a permission that exists, and no two routes are the same."""
    seen: set[tuple[str, str]] = set()
    for route in routes:
        if not is_known_permission(route.permission):
            raise UndeclaredRoute(
                f"Route {route.method} {route.path}: the permission {route.permission!r} does not exist. "
                "Use open, visitor or one of people/roles.py."
            )
        if (route.method, route.path) in seen:
            raise UndeclaredRoute(f"Route {route.method} {route.path}: it is listed twice. Remove one line.")
        seen.add((route.method, route.path))


def _serve(desk: WebDesk, limiter: Limiter, route: Route) -> HTTPRouteHandler | WebsocketRouteHandler:
    guard = Guard(desk, limiter, Asks(route.method, route.permission, route.takes_foreign, route.takes_keys))
    if route.method == "WS":
        return WebsocketRouteHandler(route.path, guards=[guard], opt={"permission": route.permission})(
            route.handler
        )
    decorate = HTTPRouteHandler(
        route.path,
        http_method=route.method,  # type: ignore[arg-type]
        guards=[guard],
        opt={"permission": route.permission},
        status_code=route.answers,
        media_type=route.media_type,
        request_max_body_size=route.bytes_max,
        include_in_schema=route.in_schema,
        responses=_answers(route),
        operation_class=operation_of(route),
        security=security_of(route),
        tags=[route.handler.__module__.rsplit(".", 1)[-1]],
    )
    return decorate(route.handler)


def _answers(route: Route) -> dict[int, ResponseSpec]:
    """For the API's description: what may go wrong, and an answer without content as just that."""
    codes = {400: "The request is not valid", 404: "Not found", 429: "Too many requests", 503: "Too busy"}
    if route.permission != OPEN or route.method != "GET":
        # Signing in is open, and refuses a wrong password or a page that is not ours.
        codes |= {401: "Not signed in", 403: "Not allowed"}
    if route.method != "GET":
        codes |= {409: "Something else happened first", 413: "Too large"}
    answers = {
        code: ResponseSpec(
            Problem,
            generate_examples=False,
            description=words,
            media_type=PROBLEM_TYPE,
        )
        for code, words in codes.items()
    }
    if route.answers == 204:
        answers[204] = ResponseSpec(None, description="Done")
    return answers


def _openapi() -> OpenAPIConfig:
    config = OpenAPIConfig(
        title="Bothands",
        version=bothands.__version__,
        description=(
            "Errors are application/problem+json (RFC 9457), each with thing, cause and cure. "
            "Unsafe requests with a cookie carry x-csrf-token; programs send an API key as a bearer token "
            "instead of a cookie. Those without a client_id take an "
            "Idempotency-Key: repeated within 24 hours they happen once."
        ),
        use_handler_docstrings=True,
        components=SCHEMES,
    )
    # Served by a route of our own, so that the table stays complete: the framework must add none.
    config.openapi_controller = NoController  # type: ignore[assignment]
    return config


def _signed_in(request: Asking) -> SignedIn:
    found = request.scope["state"].get("signed_in")
    if not isinstance(found, SignedIn):
        raise Unauthenticated("desk", "this browser is not signed in", "sign in")
    return found


def _sight(request: Asking) -> Sight:
    _acting(request)
    sight: Sight = request.scope["state"]["sight"]
    return sight


def _acting(request: Asking) -> By:
    api_key = request.scope["state"].get(API_KEY)
    return by_key(api_key) if isinstance(api_key, ApiKey) else by(_signed_in(request).agent)


def _contact(request: Asking) -> Contact:
    found = request.scope["state"].get("contact")
    if not isinstance(found, Contact):
        raise Unauthenticated("visitor", "no known visitor key came along", "open the chat first")
    return found
