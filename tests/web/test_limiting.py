"""Who asks, seen through proxies; and what is kept of those who ask too often."""

from pathlib import Path

import httpx
import pytest

from bothands.kit import TooMany
from bothands.models import Embedder
from bothands.storage import Database
from bothands.web import Proxies, Rates, limiting
from bothands.web.limiting import Limiter
from tests.web.site import GENEROUS, opened

PEER, PROXY, INNER, STRANGER, OTHER = "10.0.0.7", "10.0.0.7", "10.0.1.9", "203.0.113.5", "198.51.100.9"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "who"),
    [
        ("", PROXY, [OTHER], PROXY),  # nobody is trusted unless named
        (PROXY, STRANGER, [OTHER], STRANGER),  # a stranger may say what they like
        (PROXY, PROXY, [OTHER], OTHER),
        (PROXY, PROXY, [], PROXY),
        (PROXY, PROXY, [f"{STRANGER}, {OTHER}"], OTHER),  # what OTHER claims of itself is not believed
        ("10.0.0.0/8", PROXY, [f"{STRANGER}, {OTHER}, {INNER}"], OTHER),
        ("10.0.0.0/8", PROXY, [OTHER, INNER], OTHER),  # several lines of the header are one
        (PROXY, PROXY, [f"{OTHER}, {INNER}"], INNER),  # INNER is not named
        (PROXY, PROXY, [f"{OTHER}:4711"], OTHER),
        (PROXY, PROXY, ["[2001:db8::1]:443"], "2001:db8::1"),
        (PROXY, PROXY, ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.0/8", PROXY, [f"{OTHER}, unknown, {INNER}"], INNER),  # beyond nonsense nothing is read
        (PROXY, PROXY, ["' OR 1=1"], PROXY),
        (PROXY, PROXY, [""], PROXY),
        ("10.0.0.0/8", PROXY, [", ".join([OTHER] + [INNER] * 50)], INNER),  # not without end
        ("fd00::/8", "fd00::1", [OTHER], OTHER),
        (PROXY, f"::ffff:{PROXY}", [OTHER], OTHER),
        (PROXY, None, [OTHER], None),
    ],
)
def test_only_a_named_proxy_says_who_asks(
    trusted: str, peer: str | None, forwarded: list[str], who: str | None
) -> None:
    assert Proxies(trusted).client_of(peer, forwarded) == who


def test_behind_a_named_proxy_each_address_has_its_own_rate(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    rates = {name: getattr(GENEROUS, name) for name in Rates.__dataclass_fields__}
    few = Rates(**rates | {"sign_ins_per_address": "2/minute"})

    def tries(client: httpx.Client, forwarded: str) -> list[int]:
        headers = {"x-forwarded-for": forwarded}
        return [
            client.post("/api/v1/sign-in/link", json={"token": "x"}, headers=headers).status_code
            for _ in range(3)
        ]

    with opened(db, tmp_path, embedder, rates=few) as site:
        object.__setattr__(site.desk, "proxies", Proxies("127.0.0.0/8"))
        client = site.client()
        assert tries(client, STRANGER) == [401, 401, 429]
        assert tries(client, f"{OTHER}, {STRANGER}") == [429] * 3, "inventing one before it helps nobody"
        assert tries(client, OTHER) == [401, 401, 429]


def test_without_a_named_proxy_the_header_changes_nothing(
    db: Database, tmp_path: Path, embedder: Embedder
) -> None:
    rates = {name: getattr(GENEROUS, name) for name in Rates.__dataclass_fields__}
    few = Rates(**rates | {"sign_ins_per_address": "2/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site:
        codes = [
            site.client()
            .post(
                "/api/v1/sign-in/link",
                json={"token": "x"},
                headers={"x-forwarded-for": f"203.0.113.{number}"},
            )
            .status_code
            for number in range(4)
        ]
    assert codes == [401, 401, 429, 429]


def test_a_flood_of_made_up_names_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "COUNTED_APART_MAX", 100)
    monkeypatch.setattr(limiting, "COUNTED_TOGETHER", 10)
    limiter = Limiter(Rates(sign_ins_per_account="5/minute"))
    limiter.count("sign_ins_per_account", "ada@shop.example")
    refused = 0
    for number in range(5_000):
        try:
            limiter.count("sign_ins_per_account", f"{number}@made.up")
        except TooMany:
            refused += 1
    window = limiter._windows["sign_ins_per_account"]
    assert len(window._now) <= 110
    assert refused == 5_000 - 99 - 10 * 5, "beyond that many they share a count, and it runs out"
    for _ in range(4):
        limiter.count("sign_ins_per_account", "ada@shop.example")
    with pytest.raises(TooMany):
        limiter.count("sign_ins_per_account", "ada@shop.example")


def test_an_inbox_takes_only_so_much(db: Database, tmp_path: Path, embedder: Embedder) -> None:
    rates = {name: getattr(GENEROUS, name) for name in Rates.__dataclass_fields__}
    few = Rates(**rates | {"messages_per_inbox": "3/minute"})
    with opened(db, tmp_path, embedder, rates=few) as site, site.visit() as ada, site.visit() as eve:
        for number in range(3):
            ada.send("hello", f"c-{number}")
        eve.say(do="send", client_id="c-9", text="hello")
        refused = eve.until("refused", client_id="c-9")
    assert refused["error"]["status"] == 429
    assert refused["error"]["retry_after_seconds"] > 0
