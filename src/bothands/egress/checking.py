"""Which addresses may be called: public ones, and the hosts the operator named."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from urllib.parse import urlsplit

import httpx
import msgspec

from bothands.egress.addresses import is_public
from bothands.kit import Forbidden, Unavailable

PORTS_ALLOWED = (80, 443)
PORT_OF = {"http": 80, "https": 443, "ws": 80, "wss": 443, "smtp": 587, "smtps": 465, "smtp+plain": 25}
URL_CHARS_MAX = 2_000
HOST_CHARS_MAX = 253
RESOLVE_SECONDS_MAX = 3.0

# Nothing that one program reads as part of a host and the next as its end.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
# The end of a host that some resolvers read as a number: 2130706433, 0x7f.1, 0177.0.0.1.
_NUMBER_AT_END = re.compile(r"(^|\.)([0-9]+|0x[0-9a-f]*)\.?$")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class AddressRefused(Forbidden):
    code = "address-refused"
    title = "This address may not be called"


class Place(msgspec.Struct, frozen=True):
    """Where a checked URL leads: `host` for name and certificate, `address` to connect to."""

    scheme: str
    host: str
    port: int
    address: str


def host_and_port(url: str) -> str:
    """`host:port` of a URL of the operator's own, as a Gate's `own_hosts` takes it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or PORT_OF.get(parts.scheme, 0)}"


async def ask_resolver(host: str, port: int) -> Sequence[str]:
    """The numeric addresses the system knows for a name."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS_MAX):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        raise Unavailable(f"host {host}", "its name cannot be resolved", "check the address") from None
    return [str(info[4][0]) for info in found]


class Gate:
    """Says where a URL leads, or that it may not be called. `own_hosts`: the operator's `host:port` pairs,
    which alone may be private and on any port."""

    def __init__(
        self,
        own_hosts: Collection[str] = (),
        *,
        ports: Collection[int] = PORTS_ALLOWED,
        resolve: Resolve = ask_resolver,
    ) -> None:
        self._own = frozenset(own_hosts)
        self._ports = frozenset(ports)
        self._resolve = resolve

    async def check(self, url: str, schemes: Collection[str] = ("http", "https")) -> Place:
        """Where to connect; raises AddressRefused, or Unavailable when nobody knows the name."""
        parts = _parsed(url, schemes)
        host = parts.raw_host.decode("ascii")
        _well_formed(host)
        port = PORT_OF[parts.scheme] if parts.port is None else parts.port
        is_own = f"{host}:{port}" in self._own
        if port not in self._ports and not is_own:
            raise AddressRefused(
                f"port {port} of {host}", "it is not one of the web's", "name the host as yours"
            )
        addresses = await self._resolve(host, port)
        if not addresses:
            raise Unavailable(f"host {host}", "its name has no address", "check the address")
        if not is_own and not all(is_public(address) for address in addresses):
            raise AddressRefused(
                f"host {host}", "it leads into a private network", "name it in the settings if it is yours"
            )
        # One address, of those checked: connecting to it leaves no room for a second answer.
        return Place(parts.scheme, host, port, addresses[0])


def _parsed(url: str, schemes: Collection[str]) -> httpx.URL:
    if len(url) > URL_CHARS_MAX:
        raise AddressRefused(
            f"address {url[:80]!r}", f"it is over {URL_CHARS_MAX} characters", "take a shorter one"
        )
    if _UNSAFE.search(url):
        raise AddressRefused(
            f"address {url[:80]!r}", "it holds blanks, control characters or backslashes", "leave them out"
        )
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"address {url[:80]!r}", "it is none", "correct it") from None
    if parts.scheme not in schemes or not parts.raw_host:
        known = " or ".join(schemes)
        raise AddressRefused(f"address {url[:80]!r}", f"it is not an {known} address", "correct it")
    if parts.userinfo or "@" in urlsplit(url).netloc:
        raise AddressRefused(f"address of {parts.host}", "it carries a name or password", "leave it out")
    return parts


def _well_formed(host: str) -> None:
    """Raises AddressRefused for what is neither a plain name nor an address in its one usual spelling."""
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
            is_fine = "%" not in host
        except ValueError:
            is_fine = False
    elif _NUMBER_AT_END.search(host):
        try:
            is_fine = str(ipaddress.IPv4Address(host)) == host
        except ValueError:
            is_fine = False
    else:
        is_fine = len(host) <= HOST_CHARS_MAX and _NAME.fullmatch(host) is not None
    if not is_fine:
        raise AddressRefused(
            f"host {host[:80]!r}", "it is neither a name nor an address as usually written", "correct it"
        )
