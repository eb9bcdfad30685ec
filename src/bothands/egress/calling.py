"""Call an outside system over HTTP: checked and pinned address, one deadline, bounded answer."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from bothands.egress.checking import AddressRefused, Gate, Place
from bothands.kit import Invalid, Unavailable

ANSWER_BYTES_MAX = 1_000_000
CALL_SECONDS_MAX = 4.0
CONNECTIONS_MAX = 100
REDIRECTS_MAX = 3
REDIRECT_CODES = (301, 302, 303, 307, 308)

# They say where a request ends or whom it is for: ours alone to write.
_HEADERS_OF_OURS = frozenset(
    "host connection content-length transfer-encoding te trailer upgrade accept-encoding expect".split()
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class CallFailed(Unavailable):
    code = "call-failed"
    title = "An outside system did not answer"


class Answer(msgspec.Struct, frozen=True):
    code: int
    body: bytes
    cookies: dict[str, str] = {}

    def json(self) -> Any:
        """The body as JSON; raises CallFailed when it is none."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            raise CallFailed("outside system", "its answer is not JSON", "check what runs there") from None


class Caller:
    """Makes outside calls, where its gate lets it. Nothing is kept between two calls: no cookie, and no
    connection, because one that was opened for a host's certificate must not serve its neighbour."""

    def __init__(self, gate: Gate, seconds_max: float = CALL_SECONDS_MAX) -> None:
        self._gate = gate
        self._seconds_max = seconds_max
        self._transport = httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=0), trust_env=False
        )

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        redirects_max: int = 0,
    ) -> Answer:
        """GET `url`; raises AddressRefused before, CallFailed when there is no whole answer in time.

        Redirects are answers like others, unless `redirects_max` (up to 3) allows to follow them.
        """
        if params:
            # Given as None, `params` would wipe the query that the address already has.
            url = str(_url(url).copy_merge_params(dict(params)))
        async with _deadline(self._seconds_max, url):
            given = _checked(headers or {})
            for left in range(min(redirects_max, REDIRECTS_MAX), -1, -1):
                place = await self._gate.check(url)
                answer, location = await self._fetch("GET", url, place, given, None)
                if answer.code not in REDIRECT_CODES or not location or redirects_max < 1:
                    return answer
                if not left:
                    break
                # Whatever was meant for one host is not told to the next.
                url, given = _next(url, place, location), {}
        raise CallFailed(f"system at {place.host}", "it redirects again and again", "give its last address")

    async def post(self, url: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        """POST `body` as JSON; fails as `get` does. Whether it took effect is unknown after CallFailed."""
        content = b"" if body is None else msgspec.json.encode(body)
        given = {"content-type": "application/json", **_checked(headers or {})}
        async with _deadline(self._seconds_max, url):
            place = await self._gate.check(url)
            answer, _ = await self._fetch("POST", url, place, given, content)
            return answer

    async def _fetch(
        self, method: str, url: str, place: Place, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[Answer, str]:
        """The answer, and where it redirects to."""
        target = httpx.URL(url)
        request = httpx.Request(
            method,
            # Connect to the very address that was checked; name and certificate stay the host's.
            target.copy_with(host=place.address, port=place.port),
            headers={
                "user-agent": "bothands",
                "accept": "*/*",
                **headers,
                "host": target.netloc.decode("ascii"),
                "accept-encoding": "identity",
                "connection": "close",
            },
            content=content,
            extensions={
                "sni_hostname": place.host,
                "timeout": httpx.Timeout(self._seconds_max).as_dict(),
            },
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            body = await _body(response, place)
        finally:
            await response.aclose()
        location = response.headers.get("location", "")
        return Answer(response.status_code, body, dict(response.cookies)), location

    async def close(self) -> None:
        await self._transport.aclose()


async def _body(response: httpx.Response, place: Place) -> bytes:
    """The body as it came over the wire: unpacking is how a small answer becomes a large one."""
    where = f"system at {place.host}:{place.port}"
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise CallFailed(
            where, "its answer is compressed, which was not asked for", "let it send plain bytes"
        )
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise CallFailed(where, f"its answer is over {ANSWER_BYTES_MAX} bytes", "narrow the call")
    return bytes(body)


@asynccontextmanager
async def _deadline(seconds_max: float, url: str) -> AsyncIterator[None]:
    """For the whole call: looking up the name, every hop, every byte."""
    try:
        async with asyncio.timeout(seconds_max):
            yield
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise CallFailed(
            f"system at {url.partition('?')[0][:80]}",
            f"no whole answer came ({type(error).__name__})",
            "try again later",
        ) from error


def _url(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"address {url[:80]!r}", "it is none", "correct it") from None


def _next(url: str, place: Place, location: str) -> str:
    """Where a redirect leads; the gate checks it as any other address."""
    target = str(_url(url).join(_url(location)))
    if place.scheme == "https" and not target.startswith("https:"):
        raise AddressRefused(f"redirect of {place.host}", "it leaves encryption", "call its last address")
    return target


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that stay headers; raises Invalid for one that would begin another, or a second request."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _HEADERS_OF_OURS:
            raise Invalid(f"header {name[:40]!r}", "it may not be set", "leave it out")
        if _HEADER_UNSAFE.search(value) or not value.isascii():
            raise Invalid(f"header {name}", "its value is not plain text in one line", "correct it")
    return {name.lower(): value for name, value in headers.items()}
