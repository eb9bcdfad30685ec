"""No address, however it is written or resolved, leads to a listener in our own network."""

import re
from collections.abc import Sequence

import pytest

from bothands.egress import AddressRefused, Caller, CallFailed, Gate, checking, host_and_port
from bothands.egress.addresses import is_public
from bothands.kit import Unavailable
from tests.egress.conftest import Listener, listening, resolve
from tests.egress.tricks import ANSWERS, TRICKS


async def attempt(caller: Caller, trick: str, port: int) -> str:
    """What came of calling this address: an error's code, or `reached`."""
    url = trick.replace("PORT", str(port))
    try:
        await caller.get(url)
        await caller.post(url, {"a": 1})
    except (AddressRefused, CallFailed, Unavailable) as error:
        return error.code
    return "reached"


def test_there_are_many_tricks() -> None:
    assert len(set(TRICKS)) >= 120


async def test_no_trick_reaches_the_private_listener(private: Listener) -> None:
    caller = Caller(Gate(ports=(80, 443, private.port), resolve=resolve), seconds_max=1.0)
    outcomes = {trick: await attempt(caller, trick, private.port) for trick in TRICKS}
    await caller.close()
    assert private.connects == 0
    # Each is refused for what it is, or has a name that nobody knows; none is tried and fails.
    assert {
        trick: code for trick, code in outcomes.items() if code not in ("address-refused", "unavailable")
    } == {}
    named = [trick for trick, code in outcomes.items() if code == "unavailable"]
    assert all(re.search(r"[g-z]", checking.httpx.URL(trick.replace("PORT", "1")).host) for trick in named)


async def test_without_the_checks_the_tricks_do_reach_it(
    private: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage: were the checks off, the test above would be red."""
    monkeypatch.setattr(checking, "is_public", lambda address: True)
    monkeypatch.setattr(checking, "_well_formed", lambda host: None)
    caller = Caller(Gate(ports=(private.port,), resolve=resolve), seconds_max=0.5)
    loopback = [
        trick
        for trick in TRICKS
        if re.match(r"http://(127|0x7f|0177|2130706433|localhost|inside|\[::(1|ffff:127))", trick)
    ]
    reached = [trick for trick in loopback if await attempt(caller, trick, private.port) == "reached"]
    await caller.close()
    assert len(reached) >= 15, reached
    assert private.connects >= 2 * 15


async def test_only_the_ports_of_the_web_are_open() -> None:
    for port in (0, 1, 22, 25, 81, 8080, 6379, 65_535):
        with pytest.raises(AddressRefused, match="not one of the web"):
            await Gate(resolve=resolve).check(f"http://public.example:{port}/")


async def test_a_name_is_resolved_once_and_its_second_answer_never_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: 127.0.0.2 plays the public address, 127.0.0.1 what the name says the second time."""
    monkeypatch.setattr(checking, "is_public", lambda address: address == "127.0.0.2")
    async with listening("127.0.0.2") as public, listening("127.0.0.1", port=public.port) as inside:
        answers: list[Sequence[str]] = [["127.0.0.2"], ["127.0.0.1"]]

        async def rebinding(host: str, port: int) -> Sequence[str]:
            return answers.pop(0)

        caller = Caller(Gate(ports=(public.port,), resolve=rebinding))
        assert (await caller.get(f"http://rebind.example:{public.port}/")).body == b"hello"
        assert (public.connects, inside.connects, len(answers)) == (1, 0, 1)
        with pytest.raises(AddressRefused):
            await caller.get(f"http://rebind.example:{public.port}/")
        assert inside.connects == 0
        await caller.close()


async def test_the_host_keeps_its_name_though_its_address_is_called(server: Listener) -> None:
    async def known(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    caller = Caller(Gate((f"shop.example:{server.port}",), resolve=known))
    await caller.get(f"http://shop.example:{server.port}/orders?id=7")
    assert server.said[0].startswith(b"GET /orders?id=7 HTTP/1.1\r\n")
    assert f"host: shop.example:{server.port}".encode() in server.said[0].lower()
    await caller.close()


async def test_a_host_of_ones_own_opens_no_other(private: Listener) -> None:
    gate = Gate((f"127.0.0.1:{private.port}",), ports=(private.port, private.port + 1), resolve=resolve)
    assert (await gate.check(f"http://127.0.0.1:{private.port}/")).address == "127.0.0.1"
    for host in ("localhost", "127.0.0.2", "127.1", "[::1]", "inside.example", "127.0.0.1."):
        with pytest.raises(AddressRefused):
            await gate.check(f"http://{host}:{private.port}/")
    with pytest.raises(AddressRefused):
        await gate.check(f"http://127.0.0.1:{private.port + 1}/")


async def test_public_hosts_may_be_called() -> None:
    known = {"public.example": ["93.184.215.14"], "six.public.example": ["2606:4700::1111"]}

    async def resolve_public(host: str, port: int) -> Sequence[str]:
        return known.get(host.rstrip("."), [host])

    gate = Gate(resolve=resolve_public)
    for url, address, port in (
        ("https://public.example/a?b#c", "93.184.215.14", 443),
        ("HTTP://Public.Example.:80/", "93.184.215.14", 80),
        ("https://six.public.example", "2606:4700::1111", 443),
        ("http://9.9.9.9/", "9.9.9.9", 80),
        ("https://[2620:fe::9]/", "2620:fe::9", 443),
    ):
        place = await gate.check(url)
        assert (place.address, place.port) == (address, port)


@pytest.mark.parametrize(
    "address",
    "1.1.1.1 9.9.9.9 93.184.215.14 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 "
    "223.255.255.255 2606:4700::1111 2a00:1450:4001::1 2620:fe::9 ::ffff:9.9.9.9 64:ff9b::9.9.9.9".split(),
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", sorted({one for found in ANSWERS.values() for one in found} - {
    "93.184.215.14", "2606:4700::1111"
}))  # fmt: skip
def test_whatever_else_a_resolver_says_is_not(address: str) -> None:
    assert not is_public(address)


async def test_a_name_without_an_address_or_answer_is_unavailable() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        return []

    with pytest.raises(Unavailable, match="no address"):
        await Gate(resolve=nothing).check("https://public.example/")
    with pytest.raises(Unavailable, match="cannot be resolved"):
        await Gate().check("https://nobody.invalid/")


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:9000/api", "127.0.0.1:9000"),
        ("https://Shop.Example", "shop.example:443"),
        ("ws://[::1]:8000", "::1:8000"),
        ("http://shop.example/", "shop.example:80"),
    ],
)
async def test_the_operators_own_address_is_recognised(url: str, own: str) -> None:
    assert host_and_port(url) == own

    async def known(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    assert (await Gate((own,), resolve=known).check(url, ("http", "https", "ws"))).address == "127.0.0.1"
