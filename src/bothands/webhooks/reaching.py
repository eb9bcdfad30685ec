"""Where webhooks may go: out to the internet and encrypted, or to hosts that the operator named."""

from collections.abc import Collection, Sequence

from bothands.egress import AddressRefused, Caller, Gate, Place
from bothands.kit import Invalid, Unavailable

SECONDS_MAX = 10.0


class Reach:
    """`own_hosts`: the operator's `host:port` pairs, which may be private and without TLS."""

    def __init__(self, own_hosts: Sequence[str] = ()) -> None:
        self._gate = _TlsGate(own_hosts)

    async def check(self, url: str) -> None:
        """Raises AddressRefused for an address that may not be told, Invalid for one that leads nowhere.

        The gate looks again at every delivery, because a name may lead elsewhere tomorrow.
        """
        try:
            await self._gate.check(url)
        except Unavailable as error:
            raise Invalid("address of the webhook", error.cause, "check its spelling") from None

    def caller(self) -> Caller:
        return Caller(self._gate, seconds_max=SECONDS_MAX)


class _TlsGate(Gate):
    """Lets nothing out unencrypted but to the operator's own hosts, who may have been more before."""

    def __init__(self, own_hosts: Sequence[str]) -> None:
        super().__init__(own_hosts)
        self._named = frozenset(own_hosts)

    async def check(self, url: str, schemes: Collection[str] = ("http", "https")) -> Place:
        place = await super().check(url, schemes)
        if place.scheme != "https" and f"{place.host}:{place.port}" not in self._named:
            raise AddressRefused(
                "address of the webhook",
                "it is not https, and what is told could be read on its way",
                "use https, or name the host in the setting webhook_hosts if it is yours",
            )
        return place
