"""Settings: name, default and one sentence each. They are read here and nowhere else."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from bothands.egress import read_mail_server
from bothands.kit import Invalid
from bothands.web import Proxies

PREFIX = "BOTHANDS_"
DATABASE = "bothands.db"
TOKEN_CHARS_MIN = 24

# Links in mails begin with it: nothing in it may end the link, or name somebody.
_ADDRESS = re.compile(r"https?://[^\s/@?#\\]+(/[^\s@?#\\]*)?", re.ASCII)
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9._-]+):[0-9]{1,5}", re.ASCII)


class Setting(NamedTuple):
    name: str
    default: str
    help: str


KEEP_DAYS_MAX = 36_500

SETTINGS = (
    Setting("data", "data", "Folder of the database and the uploaded images."),
    Setting(
        "database", "", "Rows live there: postgresql://name@host/base. Empty: in a file in the data folder."
    ),
    Setting("works", "yes", "Background work: yes, no (another process does it) or only (serve nothing)."),
    Setting("host", "127.0.0.1", "Address to listen on; anything but loopback needs a TLS proxy before it."),
    Setting("port", "8000", "Port to listen on."),
    Setting("base_url", "", "Address people reach the server at; by default http://host:port."),
    Setting("precision", "fp32", "Embedding weights: fp32, or int8 for small machines."),
    Setting("threads", "1", "Threads for the embedding model."),
    Setting("orders_url", "", "The shop's order system; empty: what the company's folder says."),
    Setting(
        "metrics_token", "", "Bearer token that may read /metrics; empty: signed-in leads and admins only."
    ),
    Setting(
        "trusted_proxies",
        "",
        "Addresses or networks, with commas, of proxies whose X-Forwarded-For is believed; empty: none.",
    ),
    Setting(
        "webhook_hosts",
        "",
        "Your own receivers of webhooks, host:port with commas: may be private and without TLS; empty: none.",
    ),
    Setting(
        "smtp_url",
        "",
        "Mail server: smtps://name:password@host (TLS), smtp:// (STARTTLS) or smtp+plain://; empty: none.",
    ),
    Setting("mail_from", "", "From whom mail comes: Shop <desk@shop.example>."),
    Setting(
        "keep_conversations_days",
        "0",
        "Days after its closing that a conversation is kept; then it is erased. 0: for good.",
    ),
    Setting("log_level", "WARNING", "How much is logged: DEBUG, INFO, WARNING or ERROR."),
)


class Settings(msgspec.Struct, frozen=True):
    data: Path
    database: str
    works: str
    host: str
    port: int
    base_url: str
    precision: str
    threads: int
    orders_url: str
    log_level: str
    metrics_token: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    trusted_proxies: str = ""
    webhook_hosts: tuple[str, ...] = ()
    keep_conversations_days: int = 0

    @property
    def exports(self) -> Path:
        """Where exports of contacts' data wait to be fetched."""
        return self.data / "exports"

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / DATABASE}"

    @property
    def where(self) -> Path | str:
        """The database: a file, or a server's address."""
        return self.database if self.is_shared else self.data / DATABASE

    @property
    def is_shared(self) -> bool:
        """Whether several processes may serve and work on the database at once."""
        return bool(self.database) and not self.database.startswith("sqlite")


def read_settings(given: Mapping[str, str | None], environment: Mapping[str, str] | None = None) -> Settings:
    """Command line before `BOTHANDS_*` before default; raises Invalid naming the setting."""
    environment = os.environ if environment is None else environment
    values = {
        setting.name: given.get(setting.name)
        or environment.get(PREFIX + setting.name.upper())
        or setting.default
        for setting in SETTINGS
    }
    port = _number("port", values["port"], 0, 65_535)
    if values["precision"] not in ("fp32", "int8"):
        raise Invalid(f"setting precision = {values['precision']!r}", "it is not known", "use fp32 or int8")
    if values["log_level"].upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise Invalid(f"setting log_level = {values['log_level']!r}", "it is not known", "use INFO, say")
    settings = Settings(
        data=Path(values["data"]),
        database=values["database"],
        works=values["works"],
        host=values["host"],
        port=port,
        base_url=_address("base_url", values["base_url"]) or f"http://{values['host']}:{port}",
        precision=values["precision"],
        threads=_number("threads", values["threads"], 1, 64),
        orders_url=_address("orders_url", values["orders_url"]),
        log_level=values["log_level"].upper(),
        metrics_token=_token("metrics_token", values["metrics_token"]),
        smtp_url=values["smtp_url"],
        mail_from=values["mail_from"],
        trusted_proxies=_networks("trusted_proxies", values["trusted_proxies"]),
        webhook_hosts=_hosts("webhook_hosts", values["webhook_hosts"]),
        keep_conversations_days=_number(
            "keep_conversations_days", values["keep_conversations_days"], 0, KEEP_DAYS_MAX
        ),
    )
    if settings.smtp_url or settings.mail_from:
        read_mail_server(settings.smtp_url, settings.mail_from)
    if settings.works not in ("yes", "no", "only"):
        raise Invalid(f"setting works = {settings.works!r}", "it is not known", "use yes, no or only")
    if settings.works == "no" and not settings.is_shared:
        raise Invalid(
            "setting works = 'no'", "one process owns a SQLite file, so nobody would work", "leave it out"
        )
    return settings


def _address(name: str, text: str) -> str:
    """Without a slash at its end, because paths are put behind it; empty stays empty."""
    if text and not _ADDRESS.fullmatch(text):
        raise Invalid(f"setting {name} = {text!r}", "it is no address", "write it like https://desk.example")
    return text.rstrip("/")


def _token(name: str, text: str) -> str:
    if text and (len(text) < TOKEN_CHARS_MIN or not text.isascii()):
        raise Invalid(f"setting {name}", "it is too easy to guess", "take what `openssl rand -hex 32` prints")
    return text


def _networks(name: str, text: str) -> str:
    try:
        networks = Proxies(text).networks
    except ValueError as error:
        raise Invalid(f"setting {name} = {text!r}", str(error), "write it like 10.0.0.7, fd00::/8") from None
    if any(network.prefixlen == 0 for network in networks):
        raise Invalid(f"setting {name} = {text!r}", "it trusts everybody", "name your proxies only")
    return text


def _hosts(name: str, text: str) -> tuple[str, ...]:
    hosts = tuple(host for part in text.split(",") if (host := part.strip().lower()))
    if wrong := next((host for host in hosts if not _HOST.fullmatch(host)), None):
        raise Invalid(f"setting {name}", f"{wrong!r} is no host with a port", "write it like 10.0.0.7:9000")
    return hosts


def _number(name: str, text: str, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise Invalid(f"setting {name} = {text!r}", f"it is not a number from {low} to {high}", "correct it")
    return number
