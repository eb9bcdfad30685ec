"""Every refusal as RFC 9457 problem details: the family in `kit.errors`, and what the framework raises."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from bothands.kit import BothandsError, every_error

PROBLEM_TYPE = "application/problem+json"
CAUSES_SHOWN_MAX = 5
# Where a handler leaves the headers that let a company's own page read the answer.
SHARED = "shared_with"
INTERNAL_TITLE = "Something went wrong on our side"
# Rooms that `web` does not stand on; tests/web/test_problems.py compares.
NOT_BEHIND_ROUTES = ("app", "training", "turn")
FLATTER = "send what the API's description shows"

log = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, omit_defaults=False):
    """What went wrong, why, and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    thing: str
    cause: str
    cure: str
    retry_after_seconds: int | None = None


def problem_of(error: Exception) -> Problem:
    """The problem to show for any exception; of an unknown one nothing inside is shown."""
    if isinstance(error, BothandsError):
        return _problem(
            error.http_code, error.code, error.title, error.thing, error.cause, error.cure,
            retry_after_seconds=error.retry_after_seconds,
        )  # fmt: skip
    if isinstance(error, ValidationException):
        return _problem(400, "invalid", "The request is not valid", "request", _causes(error), "correct it")
    if isinstance(error, HTTPException):
        return _from_framework(error)
    if isinstance(error, RecursionError):
        return _problem(
            400, "invalid", "The request is not valid", "request", "it is nested too deep", FLATTER
        )
    if isinstance(error, UnicodeDecodeError) and _is_raised_by_framework(error):
        # Of a form, whose texts it reads before any of us does.
        return _problem(
            400, "invalid", "The request is not valid", "request", "a text in it is not UTF-8", FLATTER
        )
    log.error("A request failed unexpectedly", exc_info=error)
    return _problem(
        500,
        "internal",
        INTERNAL_TITLE,
        "request",
        "an unexpected error stopped it; it was noted",
        "try again in a moment",
    )


def known_problems() -> dict[str, tuple[int, str]]:
    """Every `code` that a refusal may carry, with its HTTP code and title."""
    framework = {code: (number, title) for number, (code, title, _) in _FRAMEWORK.items()}
    own = {error.code: (error.http_code, error.title) for error in every_error() if _may_be_met(error)}
    return framework | {"internal": (500, INTERNAL_TITLE)} | own


def name_codes(description: dict[str, Any]) -> dict[str, Any]:
    """The API's description with every `code` that a refusal may carry."""
    known = sorted(known_problems())
    description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] = known
    return description


def _may_be_met(error: type[BothandsError]) -> bool:
    """Whether a room that is behind the routes raises it."""
    ours, _, rest = error.__module__.partition(".")
    if error is BothandsError:
        return False
    return ours == "bothands" and rest.partition(".")[0] not in NOT_BEHIND_ROUTES


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The exception handler of the whole application."""
    problem = problem_of(error)
    # A page that may ask may also read why it was refused.
    headers: dict[str, str] = request.scope["state"].get(SHARED, {}) if "state" in request.scope else {}
    headers = dict(headers)
    if problem.retry_after_seconds is not None:
        headers["retry-after"] = str(problem.retry_after_seconds)
    if isinstance(error, HTTPException) and "allow" in (allowed := _lower(error.headers)):
        headers["allow"] = allowed["allow"]
    return Response(
        msgspec.json.encode(problem), status_code=problem.status, media_type=PROBLEM_TYPE, headers=headers
    )


def _problem(
    http_code: int, code: str, title: str, thing: str, cause: str, cure: str,
    *, retry_after_seconds: int | None = None,
) -> Problem:  # fmt: skip
    detail = str(BothandsError(thing, cause, cure))
    return Problem(f"/errors/{code}", title, http_code, detail, code, thing, cause, cure, retry_after_seconds)


_FRAMEWORK = {
    400: ("invalid", "The request is not valid", "correct it and send it again"),
    401: ("unauthenticated", "Please sign in", "sign in and try again"),
    403: ("forbidden", "Not allowed", "ask a lead or an admin"),
    404: ("not-found", "Not found", "check the address"),
    405: ("method-not-allowed", "This address does not take this method", "see the API's description"),
    413: ("too-large", "Too large", "send less at a time"),
    415: ("unsupported-media-type", "This content type is not taken here", "send application/json"),
}


def _from_framework(error: HTTPException) -> Problem:
    http_code = error.status_code
    code, title, cure = _FRAMEWORK.get(http_code, (f"http-{http_code}", "The request failed", "try again"))
    cause = error.detail if http_code < 500 and http_code != 404 else title.lower()
    return _problem(http_code, code, title, "request", cause.rstrip("."), cure)


def _is_raised_by_framework(error: Exception) -> bool:
    """Ours would be a mistake of ours, and stays one."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return frame is not None and str(frame.tb_frame.f_globals.get("__name__")).startswith("litestar.")


def _causes(error: ValidationException) -> str:
    extra = error.extra if isinstance(error.extra, list) else []
    causes = []
    for item in extra[:CAUSES_SHOWN_MAX]:
        where = item.get("key") or item.get("source") or "body"
        causes.append(f"{where}: {str(item.get('message', '')).rstrip('.')}")
    return "; ".join(causes) or error.detail.rstrip(".")


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}
