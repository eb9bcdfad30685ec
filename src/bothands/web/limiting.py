"""How often is too often: counted in memory, before anything is stored."""

import ipaddress
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItem, parse

from bothands.kit import SystemClock, TooMany


@dataclass(frozen=True, slots=True)
class Rates:
    """Each as the `limits` library reads it: `30/minute`. Counted by each process for itself."""

    sign_ins_per_account: str = "15/15 minutes"
    sign_ins_per_address: str = "30/15 minutes"
    messages_per_visitor: str = "30/minute"
    messages_per_address: str = "240/minute"
    messages_per_inbox: str = "12000/minute"
    identifications_per_address: str = "60/minute"
    identifications_per_inbox: str = "6000/minute"
    calls_per_key: str = "600/minute"
    wrong_keys_per_address: str = "30/minute"
    chats_per_address: str = "60/minute"
    frames_per_visitor: str = "300/minute"
    files_per_visitor: str = "20/minute"
    try_outs_per_agent: str = "20/minute"


# One household or office, every tab counted; whoever holds more keeps others from being served.
SOCKETS_PER_ADDRESS_MAX = 1_000
RETRY_AFTER_SECONDS = 10


# Whoever is counted beyond so many shares a count with others: memory is bounded, whatever strangers make up.
COUNTED_APART_MAX = 50_000
COUNTED_TOGETHER = 4_096
# Further proxies than these are not looked behind.
FORWARDS_MAX = 10


class _Window:
    """Who did it how often in this window and in the one before; older ones are forgotten whole."""

    def __init__(self, seconds: int, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._number = -1
        self._now: Counter[str] = Counter()
        self._before: Counter[str] = Counter()

    def hit(self, key: str, at: float) -> int:
        """Count one and give 0, or the seconds to wait, and count nothing."""
        number = int(at // self._seconds)
        if number != self._number:
            self._before = self._now if number == self._number + 1 else Counter()
            self._now = Counter()
            self._number = number
        if len(self._now) >= COUNTED_APART_MAX and key not in self._now:
            key = f"one of many {hash(key) % COUNTED_TOGETHER}"
        now, before = self._now[key], self._before[key]
        left = 1 - (at / self._seconds - number)
        if now + before * left + 1 <= self._most:
            self._now[key] = now + 1
            return 0
        return max(1, math.ceil(self._seconds_until_free(now, before, left)))

    def _seconds_until_free(self, now: int, before: int, left: float) -> float:
        if now < self._most:  # enough of the window before must slide out of reach
            return self._seconds * (left - (self._most - 1 - now) / before)
        return self._seconds * (left + 1 - (self._most - 1) / now)


class Limiter:
    """Counts by rule and key, on a clock of the machine: a rate is about real load.

    A sliding window of two counters: of the window before, the part counts that still lies within reach.
    It costs a lookup and an addition, whatever the rate, as every frame passes here.
    """

    def __init__(self, rates: Rates) -> None:
        self._clock = SystemClock()
        self._held: Counter[str] = Counter()
        self._items: dict[str, RateLimitItem] = {
            name: parse(getattr(rates, name)) for name in Rates.__dataclass_fields__
        }
        self._windows = {name: _Window(item.get_expiry(), item.amount) for name, item in self._items.items()}

    def count(self, rule: str, key: str) -> None:
        """One more; raises TooMany with the seconds to wait when the rule is used up."""
        wait = self._windows[rule].hit(key, self._clock.monotonic())
        if not wait:
            return
        item = self._items[rule]
        raise TooMany(
            rule.replace("_", " "),
            f"more than {item.amount} within {item.get_expiry()} seconds",
            f"try again in {wait} seconds",
            retry_after_seconds=wait,
        )

    @contextmanager
    def held(self, address: str, at_once_max: int = SOCKETS_PER_ADDRESS_MAX) -> Iterator[None]:
        """One more socket of this address while the block runs; raises TooMany beyond the limit."""
        if self._held[address] >= at_once_max:
            raise TooMany(
                "chats of one address",
                f"{at_once_max} are open already",
                "close some first",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            )
        self._held[address] += 1
        try:
            yield
        finally:
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]


class Proxies:
    """The proxies whose word on who asks is believed, as `10.0.0.7, fd00::/8`; raises ValueError."""

    def __init__(self, words: str = "") -> None:
        self.networks = tuple(ipaddress.ip_network(word.strip()) for word in words.split(",") if word.strip())

    def client_of(self, peer: str | None, forwarded: Sequence[str]) -> str | None:
        """Who really asks: `X-Forwarded-For` read from its end, as far as the proxies are trusted.

        Whatever stands before the first stranger is that stranger's own invention.
        """
        if peer is None or not self._trusts(peer):
            return peer
        hops = [hop.strip() for line in forwarded for hop in line.split(",")]
        for hop in reversed(hops[-FORWARDS_MAX:]):
            host = _bare(hop)
            if host is None:
                return peer
            peer = host
            if not self._trusts(peer):
                return peer
        return peer

    def _trusts(self, host: str) -> bool:
        if not self.networks:
            return False
        try:
            address = ipaddress.ip_address(host.split("%", 1)[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.networks)


def _bare(hop: str) -> str | None:
    """An address without the port that some proxies add; None for what is no address."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return None


def address_key(host: str | None) -> str:
    """An IPv4 address, or the /64 an IPv6 address belongs to: one household, whatever it rotates."""
    if not host:
        return "unknown"
    try:
        address = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
