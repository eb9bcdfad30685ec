"""The error family. Each names the thing, the cause and the cure.

BothandsError
├── Invalid          400  the request itself is wrong
├── Unauthenticated  401  we do not know who asks
├── Forbidden        403  we know, and it may not
├── NotFound         404  unknown and not-yours look the same
├── Conflict         409  the world moved on; an expected event, never a crash
├── TooLarge         413
├── TooMany          429  a rate limit; says when to come back
├── Overloaded       503  nothing was accepted; says when to come back
└── Unavailable      503  a part that is needed is missing or down

A room subclasses where a caller must tell cases apart, and gives the case a `code` of its own.
"""

from typing import ClassVar


class BothandsError(Exception):
    """Something a person can understand and act on."""

    code: ClassVar[str] = "error"
    http_code: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self, thing: str, cause: str, cure: str = "", *, retry_after_seconds: int | None = None
    ) -> None:
        self.thing = thing
        self.cause = cause
        self.cure = cure
        self.retry_after_seconds = retry_after_seconds
        super().__init__(str(self))

    def __str__(self) -> str:
        sentence = f"{self.thing[:1].upper()}{self.thing[1:]}: {self.cause}."
        if not self.cure:
            return sentence
        return f"{sentence} {self.cure[:1].upper()}{self.cure[1:]}."


class Invalid(BothandsError):
    code = "invalid"
    http_code = 400
    title = "The request is not valid"


class Unauthenticated(BothandsError):
    code = "unauthenticated"
    http_code = 401
    title = "Please sign in"


class Forbidden(BothandsError):
    code = "forbidden"
    http_code = 403
    title = "Not allowed"


class NotFound(BothandsError):
    code = "not-found"
    http_code = 404
    title = "Not found"


class Conflict(BothandsError):
    code = "conflict"
    http_code = 409
    title = "Something else happened first"


class TooLarge(BothandsError):
    code = "too-large"
    http_code = 413
    title = "Too large"


class TooMany(BothandsError):
    code = "too-many"
    http_code = 429
    title = "Too many requests"


class Overloaded(BothandsError):
    code = "overloaded"
    http_code = 503
    title = "Too busy to accept this"


class Unavailable(BothandsError):
    code = "unavailable"
    http_code = 503
    title = "A needed part is not available"


def every_error() -> list[type[BothandsError]]:
    """All error classes loaded so far, for the reference page and its test."""
    found: list[type[BothandsError]] = []
    waiting: list[type[BothandsError]] = [BothandsError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return sorted(found, key=lambda kind: kind.code)
