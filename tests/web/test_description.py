"""The API does what its description says: schemathesis asks every operation of it, with what it makes up."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from PIL import Image
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bothands.conversations import fill_search
from bothands.models import Embedder
from bothands.storage import Database
from bothands.webhooks import register
from tests.web.site import Site, opened

EXAMPLES_PER_MODE = 40
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

pytestmark = pytest.mark.slow


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What HTTP says does not depend on the store; the stores have tests of their own."""
    return sqlite_url


@pytest.fixture
def site(db: Database, tmp_path: Path, embedder: Embedder) -> Iterator[Site]:
    """One with all its parts: what is missing is answered by a 503, which is not what is asked for here."""
    with opened(db, tmp_path, embedder, has_mail=True) as site:
        yield site


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(data, "png")
    return data.getvalue()


class Caller:
    """An admin at the desk, who signs in again whenever an operation has signed them out."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client = site.client("admin")
        with site.visit() as page:
            page.send("Where is my order?", "c-1")
            page.say(do="ask_person", client_id="c-2")
            page.until("stored", client_id="c-2")
            self.key = page.key
        asyncio.run(fill_search(site.db))
        row = self._client.get("/api/v1/conversations").json()["rows"][0]
        sent = site.client().post(
            "/api/v1/chat/shop/files",
            headers={"x-visitor-key": self.key},
            files={"file": ("photo.png", picture())},
        )
        made = site.db.write_now(
            lambda unit: register(unit, site.desk.seal, "https://hooks.example", ["message.sent"])
        )
        self._known = {
            "conversation_id": row["id"],
            "contact_id": row["contact"]["id"],
            "inbox": "shop",
            "inbox_id": "shop",
            "file_id": sent.json()["id"],
            "webhook_id": made[0].id,
        }

    def ask(self, case: Case, is_known: bool) -> httpx.Response:
        """Ask the server; half of the time about a conversation that exists."""
        if is_known:
            case.path_parameters = {
                name: self._known.get(name, value) for name, value in dict(case.path_parameters).items()
            }
        if self._client.get("/api/v1/me").status_code == 401:
            self._client = self._site.client("admin")
        given = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self._client.cookies.items()),
            "x-csrf-token": self._client.headers["x-csrf-token"],
            "origin": self._site.url,
            "x-visitor-key": self.key,
        }
        return case.call(base_url=self._site.url, headers=given, timeout=20)


def described(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.client().get("/api/openapi.json").json()
    return found


def differences(site: Site, description: dict[str, Any]) -> list[str]:
    """Where an answer is not what the description promises: one text for each operation."""
    caller = Caller(site)
    found = []
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        operation = result.ok()
        for mode in GenerationMode:
            try:
                try_out(caller, operation, mode)
            except FailureGroup as failures:
                found.append(f"{operation.label}: {failures}")
    return found


def try_out(caller: Caller, operation: Any, mode: GenerationMode) -> None:
    """Ask one operation many times; `mode` says whether with what it takes or with what it does not."""

    @settings(
        max_examples=EXAMPLES_PER_MODE,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.booleans())
    def ask(case: Case, is_known: bool) -> None:
        case.validate_response(caller.ask(case, is_known), checks=CHECKS)

    with suppress(Unsatisfiable):  # an operation that takes nothing cannot be given anything wrong
        ask()


def test_every_operation_answers_as_described(site: Site) -> None:
    found = differences(site, described(site))
    assert not found, "\n\n".join(found)


def test_a_description_that_promises_something_else_is_found_out(site: Site) -> None:
    """The sabotage switch: an answer without a code, and a name that is not there."""
    description = described(site)
    paths = description["paths"]
    del paths["/api/v1/sign-in/link"]["post"]["responses"]["401"]
    description["components"]["schemas"]["Me"]["required"].append("shoe_size")
    description["paths"] = {path: paths[path] for path in ("/api/v1/sign-in/link", "/api/v1/me")}
    found = [line.split(":")[0] for line in differences(site, description)]
    assert sorted(set(found)) == ["GET /api/v1/me", "POST /api/v1/sign-in/link"]
