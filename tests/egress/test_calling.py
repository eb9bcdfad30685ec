"""Calls end in time, take bounded answers, follow nothing unchecked, and tell nobody more than they must."""

import asyncio
import gzip
import time
from collections.abc import Sequence

import pytest

from bothands.egress import AddressRefused, Caller, CallFailed, Gate, calling, checking
from bothands.kit import Invalid
from tests.egress.conftest import Behave, Listener, listening

SLACK_SECONDS = 5.0


def url_of(server: Listener, path: str = "/") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def forever(first: bytes, again: bytes, every_seconds: float = 0.0) -> Behave:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(every_seconds)

    return behave


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


DRIPS = {
    "says nothing": silent,
    "drips its head": forever(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", 0.05),
    "drips its body": forever(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"a", 0.05),
    "drips chunks": forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 0.05),
    "says wait for ever": forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
}
FLOODS = {
    "endless body": forever(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65_536),
    "endless chunks": forever(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    ),
    "endless head": forever(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 8_000 + b"\r\n"),
    "endless header": forever(b"HTTP/1.1 200 OK\r\nX-More: ", b"a" * 65_536),
    "more than it announced": forever(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b"a" * 65_536),
    "no HTTP": forever(b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00" * 1_000),
}


@pytest.mark.parametrize("name", [*DRIPS, *FLOODS])
@pytest.mark.parametrize("method", ["get", "post"])
async def test_every_call_ends_in_time(server: Listener, caller: Caller, name: str, method: str) -> None:
    server.behave = {**DRIPS, **FLOODS}[name]
    began = time.perf_counter()
    with pytest.raises(CallFailed):
        await (caller.get if method == "get" else caller.post)(url_of(server))
    assert time.perf_counter() - began < 1.0 + SLACK_SECONDS


async def test_a_slow_resolver_counts_too(server: Listener) -> None:
    async def slow(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(30)
        return ["127.0.0.1"]

    caller = Caller(Gate(resolve=slow), seconds_max=0.2)
    with pytest.raises(CallFailed, match="TimeoutError"):
        await caller.get("https://public.example/")
    await caller.close()


async def test_nothing_is_unpacked(server: Listener, caller: Caller) -> None:
    packed = gzip.compress(b"\0" * 100_000_000)
    server.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    ) + packed
    with pytest.raises(CallFailed, match="compressed"):
        await caller.get(url_of(server))
    assert b"accept-encoding: identity" in server.said[0].lower()


async def test_an_answer_just_within_the_limit_is_taken(
    server: Listener, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "ANSWER_BYTES_MAX", 5)
    assert (await caller.get(url_of(server))).body == b"hello"
    monkeypatch.setattr(calling, "ANSWER_BYTES_MAX", 4)
    with pytest.raises(CallFailed, match="over 4 bytes"):
        await caller.get(url_of(server))


def redirecting(to: str, code: int = 302) -> bytes:
    return f"HTTP/1.1 {code} Go on\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_unless_asked_to_follow(
    server: Listener, private: Listener, caller: Caller, code: int
) -> None:
    server.answer = redirecting(url_of(private, "/secret"), code)
    assert (await caller.get(url_of(server))).code == code
    assert (await caller.post(url_of(server), {})).code == code
    assert private.connects == 0


PRIVATE_WAYS = (
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://localhost:PORT/",
    "http://[::1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "//127.0.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://ada@127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/",
    "file:///etc/hosts",
    "gopher://127.0.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
)


@pytest.mark.parametrize("way", PRIVATE_WAYS)
async def test_each_hop_is_checked_anew(
    server: Listener, private: Listener, caller: Caller, way: str
) -> None:
    server.answer = redirecting(way.replace("PORT", str(private.port)))
    with pytest.raises(AddressRefused):
        await caller.get(url_of(server), redirects_max=3)
    assert (server.connects, private.connects) == (1, 0)


async def test_unchecked_hops_would_reach_it(
    server: Listener, private: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage: the test above sees it when hops are not checked."""
    monkeypatch.setattr(checking, "is_public", lambda address: True)
    caller = Caller(Gate(ports=(server.port, private.port)))
    server.answer = redirecting(url_of(private))
    assert (await caller.get(url_of(server), redirects_max=1)).body == b"hello"
    assert private.connects == 1
    await caller.close()


async def test_redirects_are_followed_so_far_and_no_further(server: Listener, caller: Caller) -> None:
    server.answer = redirecting("/again")
    with pytest.raises(CallFailed, match="again and again"):
        await caller.get(url_of(server), redirects_max=99)
    assert server.connects == 1 + calling.REDIRECTS_MAX


async def test_the_next_host_is_not_told_what_was_meant_for_the_first(server: Listener) -> None:
    async with listening("127.0.0.1") as second:
        caller = Caller(Gate((f"127.0.0.1:{server.port}", f"127.0.0.1:{second.port}")))
        server.answer = redirecting(url_of(second, "/here"))
        answer = await caller.get(
            url_of(server), params={"q": "a b"}, headers={"Authorization": "Bearer s3cret"}, redirects_max=1
        )
        assert answer.body == b"hello"
        assert server.said[0].startswith(b"GET /?q=a+b HTTP/1.1\r\n")
        assert b"s3cret" in server.said[0]
        assert second.said[0].startswith(b"GET /here HTTP/1.1\r\n")
        assert b"s3cret" not in second.said[0]
        await caller.close()


async def test_encryption_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    place = checking.Place("https", "public.example", 443, "93.184.215.14")
    assert calling._next("https://public.example/a/b", place, "../c") == "https://public.example/c"
    for location in ("http://public.example/", "HTTP://public.example/", "ftp://public.example/"):
        with pytest.raises(AddressRefused, match="leaves encryption"):
            calling._next("https://public.example/", place, location)


async def test_nothing_is_kept_from_one_call_to_the_next(server: Listener, caller: Caller) -> None:
    server.answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: signin=s3cret; Path=/\r\nContent-Length: 2\r\n\r\n[]"
    assert (await caller.get(url_of(server))).cookies == {"signin": "s3cret"}
    assert (await caller.get(url_of(server))).json() == []
    assert b"s3cret" not in server.said[1]
    # A connection of its own each: one that was opened for a name must not serve another at that address.
    assert server.connects == 2


async def test_no_proxy_of_the_environment_is_used(
    server: Listener, private: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, url_of(private))
    caller = Caller(Gate((f"127.0.0.1:{server.port}",)))
    assert (await caller.get(url_of(server))).code == 200
    assert private.connects == 0
    await caller.close()


async def test_the_certificate_must_be_the_hosts() -> None:
    """The name goes into the TLS greeting though the address is connected to, and an impostor is refused."""
    greetings: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greetings.append(await reader.read(2_000))

    async def known(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with listening("127.0.0.1") as server:
        server.behave = keep
        caller = Caller(Gate((f"shop.example:{server.port}",), resolve=known))
        with pytest.raises(CallFailed):
            await caller.get(f"https://shop.example:{server.port}/")
        assert b"shop.example" in greetings[0]
        await caller.close()


BAD_HEADERS = [
    *({"x-name": f"a{mark}b"} for mark in ("\r\nx-evil: 1", "\n", "\r", "\0", "\x0b", "\x7f", "é", "\u2028")),
    *({name: "a"} for name in ("x\r\ny", "x y", "", "x:", "x\0", "é", "Host", "content-length", "TE")),
    {"Transfer-Encoding": "chunked"},
    {"connection": "upgrade"},
]


@pytest.mark.parametrize("headers", BAD_HEADERS, ids=repr)
async def test_a_header_cannot_begin_another(
    server: Listener, caller: Caller, headers: dict[str, str]
) -> None:
    for call in (caller.get, caller.post):
        with pytest.raises(Invalid):
            await call(url_of(server), headers=headers)
    assert server.connects == 0


async def test_what_is_posted_arrives_as_json(server: Listener, caller: Caller) -> None:
    bodies: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        bodies.append(head + await reader.readexactly(size))
        writer.write(b"HTTP/1.1 201 Made\r\nContent-Length: 8\r\n\r\nnot JSON")

    server.behave = keep
    answer = await caller.post(url_of(server, "/orders"), {"id": 7}, headers={"X-Key": "k"})
    assert answer.code == 201
    assert bodies[0].startswith(b"POST /orders HTTP/1.1\r\n")
    assert bodies[0].endswith(b'{"id":7}')
    assert b"x-key: k" in bodies[0]
    with pytest.raises(CallFailed, match="not JSON"):
        answer.json()


async def test_nobody_there_is_a_failed_call() -> None:
    async with listening("127.0.0.1") as gone:
        port = gone.port
    caller = Caller(Gate((f"127.0.0.1:{port}",)))
    with pytest.raises(CallFailed, match="ConnectError"):
        await caller.get(f"http://127.0.0.1:{port}/orders?secret=1")
    with pytest.raises(AddressRefused):
        await caller.get("http://[::1", params={"a": "b"})
    await caller.close()
