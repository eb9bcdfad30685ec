"""What the framework cannot read off a handler for the API's description: who may come, and repeats."""

import inspect
from dataclasses import dataclass

from litestar.openapi.spec import (
    Components,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
    SecurityScheme,
)

from bothands.web.permitting import CSRF_HEADER, KEY_HEADER, OPEN, SIGN_IN_COOKIE, VISITOR
from bothands.web.repeating import KEPT_HOURS, KEY_CHARS_MAX
from bothands.web.routes import Route

Security = list[dict[str, list[str]]]

SCHEMES = Components(
    security_schemes={
        "apiKey": SecurityScheme(
            type="http", scheme="bearer", description="An API key; what it may do are its scopes."
        ),
        "signIn": SecurityScheme(
            type="apiKey",
            name=SIGN_IN_COOKIE,
            security_scheme_in="cookie",
            description=f"A signed-in agent; unsafe methods carry {CSRF_HEADER}, which `GET /me` gives.",
        ),
        "visitor": SecurityScheme(
            type="apiKey",
            name=KEY_HEADER,
            security_scheme_in="header",
            description="The key of one visitor, from `hello`, `identify` or the chat's socket.",
        ),
    }
)


@dataclass
class Repeatable(Operation):
    """A write that honours an Idempotency-Key."""

    def __post_init__(self) -> None:
        key = Parameter(
            name="Idempotency-Key",
            param_in="header",
            schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=KEY_CHARS_MAX),
            description=f"One per intention: repeated within {KEPT_HOURS} hours it happens once.",
        )
        self.parameters = [*(self.parameters or []), key]


@dataclass
class Import(Operation):
    """Files, or one pasted text."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING, min_length=1, max_length=200_000)
        name = Schema(type=OpenAPIType.STRING, min_length=1, max_length=120)
        pasted = Schema(
            type=OpenAPIType.OBJECT,
            properties={"name": name, "text": text},
            required=["name", "text"],
            additional_properties=False,
        )
        file = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
        files = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        self.request_body = RequestBody(
            content={
                "application/json": OpenAPIMediaType(schema=pasted),
                "multipart/form-data": OpenAPIMediaType(schema=files),
            },
            description="Files (.md, .csv, .txt), or the text of one with its name.",
            required=True,
        )


def operation_of(route: Route) -> type[Operation]:
    if route.path.endswith("/knowledge/imports"):
        return Import
    return Repeatable if "once" in inspect.signature(route.handler).parameters else Operation


def security_of(route: Route) -> Security | None:
    """Any one of these lets in."""
    if route.permission == OPEN:
        return None
    if route.permission == VISITOR:
        return [{"visitor": []}]
    ways: Security = [{"signIn": []}]
    if route.takes_keys:
        ways.append({"apiKey": []})
    if route.permission.startswith("visitor|"):
        ways.append({"visitor": []})
    return ways
