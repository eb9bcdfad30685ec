"""Everything the web needs, handed in by `app`."""

from dataclasses import dataclass, field
from pathlib import Path

from bothands.channels import ImageStore
from bothands.handoff import Desk as HandoffDesk
from bothands.knowledge import Library
from bothands.people import PasswordCheck, Presence
from bothands.skills import Proposer
from bothands.storage import Database, Seal
from bothands.web.limiting import Proxies, Rates
from bothands.web.live.hub import Hub
from bothands.web.metering import Meters
from bothands.webhooks import Reach

STATIC_FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDesk:
    """The parts behind the routes. Addresses come from the settings, never from a request's Host."""

    db: Database
    hub: Hub
    presence: Presence
    passwords: PasswordCheck
    images: ImageStore
    # Where exports of contacts' data wait to be fetched.
    exports: Path = Path("exports")
    library: Library
    proposer: Proposer
    # What the handoff must know of the company: hours, handle times, how the assistant signs.
    handoff: HandoffDesk
    company: str
    base_url: str
    # Further origins that are this same server, such as http://localhost:8000 beside 127.0.0.1.
    own_origins: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
    # Proxies whose word on who asks is believed; behind others everybody counts as one address.
    proxies: Proxies = field(default_factory=Proxies)
    # What keeps the inboxes' secrets unreadable in the database.
    seal: Seal = field(default_factory=Seal.fresh)
    # Whether invitations and codes can be mailed; links are shown otherwise.
    has_mail: bool = False
    # Where webhooks may go.
    reach: Reach = field(default_factory=Reach)
    static: Path = STATIC_FOLDER
    demo: "Demo | None" = None
    meters: Meters = field(default_factory=Meters)
    # Whoever sends it as a bearer token may read /metrics; empty: signed-in people only.
    metrics_token: str = field(default="", repr=False)

    @property
    def origins(self) -> frozenset[str]:
        return frozenset((origin_of(self.base_url), *self.own_origins))

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Demo:
    """Only in demo mode: whom the demo page signs in, and for whom links are handed out on loopback."""

    agent_id: str
    linked_agent_ids: tuple[str, ...] = ()


def origin_of(url: str) -> str:
    """`https://desk.example/x` → `https://desk.example`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.split('/', 1)[0]}"
