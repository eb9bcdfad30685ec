"""A guest, Ada, Bob and nobody, one after the other at one computer, on a page of the shop."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.browser.conftest import Served
from tests.browser.test_walks import walk
from tests.signing import claims_at, sign


def secret_of(served: Served) -> str:
    """The shop's admin makes it at the desk."""
    link = urlsplit(served.links["admin"])
    with httpx.Client(base_url=served.base, verify=False) as desk:
        signed_in = desk.post("/api/v1/sign-in/link", json={"token": parse_qs(link.query)["token"][0]})
        desk.headers["x-csrf-token"] = signed_in.json()["csrf"]
        return str(desk.post("/api/v1/inboxes/shop/secrets").json()["text"])


@pytest.mark.slow
def test_nobody_at_a_shared_computer_sees_another(served: Served, chromium: str) -> None:
    secret = secret_of(served)
    # Signed a little ahead, as by a clock that runs fast: a slow machine must not make them too old.
    now = datetime.now(UTC) + timedelta(seconds=20)
    ada, again, bob = (sign(claims_at(now, sub) | {"name": name}, secret) for sub, name in
                       (("c-1", "Ada Byron"), ("c-1", "Ada Byron"), ("c-2", "Bob Marsh")))  # fmt: skip
    words = (served.base, ada, again, bob, served.links["agent"])
    assert walk("shared-computer.mjs", *words, chromium=chromium) == []
