"""Webhooks as an admin, or a program with the scope, sees them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bothands.egress import AddressRefused
from bothands.models import Embedder
from bothands.storage import Database
from bothands.webhooks import Reach, register
from tests.web.site import Site, opened

HOOK = {"url": "https://198.51.100.7/hook", "event_types": ["message.received"]}


@pytest.fixture
def site(db: Database, tmp_path: Path, embedder: Embedder) -> Iterator[Site]:
    """One whose operator has a host of documentation's own network."""
    with opened(db, tmp_path, embedder, reach=Reach(("198.51.100.7:443",))) as site:
        yield site


def test_a_webhook_is_made_shown_changed_and_forgotten(site: Site) -> None:
    ines = site.client("admin")
    made = ines.post("/api/v1/webhooks", json=HOOK)
    assert made.status_code == 201, made.text
    assert made.json()["secret"].startswith("whsec_")
    listed = ines.get("/api/v1/webhooks").json()
    assert listed["webhooks"] == [made.json()["webhook"]]
    assert "whsec_" not in str(listed)
    assert "message.sent" in [item["name"] for item in listed["event_types"]]
    path = f"/api/v1/webhooks/{made.json()['webhook']['id']}"
    assert ines.patch(path, json={"enabled": False}).json()["disabled_reason"] == "Disabled by a person"
    assert ines.post(f"{path}/test").json()["code"] == "webhook-disabled"
    assert ines.patch(path, json={"enabled": True, "include_text": True}).json()["disabled_at"] is None
    renewed = ines.post(f"{path}/secret").json()
    assert renewed["secret"] != made.json()["secret"]
    assert renewed["webhook"]["old_secret_until"]
    tested = ines.post(f"{path}/test")
    assert tested.status_code == 202
    [delivery] = ines.get(f"{path}/deliveries").json()["deliveries"]
    assert delivery == tested.json()
    assert ines.get(f"{path}/deliveries", params={"only": "delivered"}).json()["deliveries"] == []
    assert ines.post(f"{path}/replay", json={"delivery_id": delivery["id"]}).json() == {"deliveries": 1}
    assert ines.post(f"{path}/replay", json={}).status_code == 400
    assert ines.delete(path).status_code == 204
    assert ines.get(path).json()["code"] == "webhook-unknown"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/hook",
        "https://127.0.0.1/hook",
        "https://10.0.0.7/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "http://203.0.113.7/hook",
        "ftp://shop.example/hook",
        "https://name:word@shop.example/",
        "https://shop.example:22/",
        "hook",
    ],
)
def test_an_address_that_may_not_be_told_is_refused(site: Site, url: str) -> None:
    refused = site.client("admin").post("/api/v1/webhooks", json=HOOK | {"url": url})
    assert refused.status_code in (400, 403), refused.text
    assert refused.json()["cure"]


async def test_public_but_not_encrypted_is_refused_and_ones_own_host_is_not() -> None:
    await Reach(("127.0.0.1:9000",)).check("http://127.0.0.1:9000/hook")
    with pytest.raises(AddressRefused, match="not https"):
        await Reach().check("http://1.1.1.1/hook")
    with pytest.raises(AddressRefused):
        await Reach(("127.0.0.1:9000",)).check("http://127.0.0.1:9001/hook")


def test_a_key_with_the_scope_may_and_without_it_may_not(site: Site) -> None:
    ines = site.client("admin")
    reads = ines.post("/api/v1/api-keys", json={"name": "reader", "scopes": ["webhooks.read"]}).json()
    program = site.client()
    program.headers["authorization"] = f"Bearer {reads['secret']}"
    assert program.get("/api/v1/webhooks").status_code == 200
    assert program.post("/api/v1/webhooks", json=HOOK).status_code == 403
    site.db.write_now(lambda unit: register(unit, site.desk.seal, HOOK["url"], ["message.sent"]))
    assert "secret" not in program.get("/api/v1/webhooks").json()["webhooks"][0]
