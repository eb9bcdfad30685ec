"""Hand a letter to the operator's mail server: checked address, TLS unless told otherwise, one deadline."""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF_POLICY
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from bothands.egress.checking import Gate, Place
from bothands.kit import Invalid, Unavailable

SEND_SECONDS_MAX = 30.0
HELLO_SECONDS_MAX = 10.0
LEAVE_SECONDS_MAX = 1.0
SUBJECT_CHARS_MAX = 200
ADDRESS_CHARS_MAX = 254
REPLY_CHARS_MAX = 200

# How it is encrypted: from the first byte, by STARTTLS (which must be offered), or not at all.
TLS, STARTTLS, PLAIN = "smtps", "smtp", "smtp+plain"

_SENDER = re.compile(r"(?:(?P<name>[^<>]*?)\s*<(?P<inside>[^<>]+)>|(?P<bare>[^<>]+))")
# What every mail server takes: nothing here can end a header or begin another.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}})*"
)


class MailFailed(Unavailable):
    """Trying again later may help."""

    code = "mail-failed"
    title = "The mail server did not take a letter"


class MailRefused(Invalid):
    """The mail server will never take this letter."""

    code = "mail-refused"
    title = "This letter cannot be delivered"


class MailServer(msgspec.Struct, frozen=True):
    """Where letters go out, and from whom they come. The address carries no name and no password."""

    url: str
    sender_name: str
    sender_address: str
    account: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.url!r}, {self.sender_address!r})"

    @property
    def domain(self) -> str:
        return self.sender_address.rpartition("@")[2]


class Letter(msgspec.Struct, frozen=True):
    """What goes out. `key` makes the Message-ID: the same letter again is recognised as the same."""

    key: str
    to: str
    subject: str
    text: str
    html: str


def read_mail_server(url: str, sender: str) -> MailServer:
    """`smtps://name:password@host:465` with `Shop <desk@shop.example>`; raises Invalid, showing no secret."""
    thing = "setting smtp_url"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid(thing, "it is no address", "write it like smtps://name:password@mail.example") from None
    if parts.scheme not in (TLS, STARTTLS, PLAIN) or not parts.hostname or parts.path.strip("/"):
        raise Invalid(
            thing,
            "it is not a mail server's address",
            "write smtps:// (TLS), smtp:// (STARTTLS) or smtp+plain://, then name:password@host:port",
        )
    if parts.query or parts.fragment:
        raise Invalid(thing, "it has a ? or # in it", "write those of the password as %3F and %23")
    if parts.scheme == PLAIN and (parts.username or parts.password):
        raise Invalid(thing, "the password would travel unencrypted", "use smtps:// or smtp://")
    found = _SENDER.fullmatch(sender.strip())
    address = (found["inside"] or found["bare"]).strip() if found else ""
    name = ((found["name"] if found else None) or "").strip().strip('"')
    if not _is_address(address) or not f"x{name}".isprintable():
        raise Invalid(
            "setting mail_from", "it is no sender's address", "write it like Shop <desk@shop.example>"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    where = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    return MailServer(where, name, address, unquote(parts.username or ""), unquote(parts.password or ""))


class Post:
    """Takes letters to one mail server, where its gate lets it."""

    def __init__(self, gate: Gate, server: MailServer) -> None:
        self._gate = gate
        self._server = server

    async def hello(self) -> str:
        """Connect, greet, sign in, take leave; what was found there, in words. Raises MailFailed."""
        async with self._connected(HELLO_SECONDS_MAX) as (connection, place):
            await connection.ehlo()
            is_encrypted = connection.get_transport_info("sslcontext") is not None
            how = "encrypted" if is_encrypted else "NOT encrypted"
            whom = ", signed in" if self._server.account else ""
            return f"{place.host}:{place.port} answers, {how}{whom}"

    async def send(self, letter: Letter, at: datetime) -> None:
        """Deliver to the server, which means: it has answered for it. Raises MailFailed or MailRefused."""
        content = write_letter(letter, self._server, at)
        async with self._connected(SEND_SECONDS_MAX) as (connection, place):
            try:
                await connection.sendmail(self._server.sender_address, [letter.to], content)
            except aiosmtplib.SMTPRecipientsRefused as error:
                raise _refusal(place, error.recipients[0]) from error
            except aiosmtplib.SMTPDataError as error:
                raise _refusal(place, error) from error

    @asynccontextmanager
    async def _connected(self, seconds_max: float) -> AsyncIterator[tuple[aiosmtplib.SMTP, Place]]:
        """A greeted, encrypted, signed-in connection; one deadline for all that is done with it."""
        connection: aiosmtplib.SMTP | None = None
        try:
            async with asyncio.timeout(seconds_max):
                place = await self._gate.check(self._server.url, (TLS, STARTTLS, PLAIN))
                connection = await self._open(place, seconds_max)
                yield connection, place
        except (TimeoutError, OSError, ValueError, aiosmtplib.SMTPException) as error:
            raise MailFailed(
                f"mail server {self._server.url}",
                f"it did not do its part ({_kind(error)})",
                "check it, and try again",
            ) from error
        finally:
            if connection is not None:
                await _leave(connection)

    async def _open(self, place: Place, seconds_max: float) -> aiosmtplib.SMTP:
        connection = aiosmtplib.SMTP(
            # For the certificate; connected is the socket already.
            hostname=place.host,
            # Ours, or the library would ask the resolver for this machine's own name.
            local_hostname=self._server.domain,
            timeout=seconds_max,
            use_tls=place.scheme == TLS,
            start_tls=place.scheme == STARTTLS,
            tls_context=None if place.scheme == PLAIN else ssl.create_default_context(),
            sock=await _socket(place),
        )
        await connection.connect()
        if self._server.account:
            await connection.login(self._server.account, self._server.password)
        return connection


def write_letter(letter: Letter, server: MailServer, at: datetime) -> bytes:
    """The letter as it travels; raises MailRefused for what would not stay in its place."""
    if not _is_address(letter.to):
        raise MailRefused("letter", "no mail server takes such an address", "correct the address")
    for value in (letter.subject, letter.key):
        if not value.isprintable() or not 0 < len(value) <= SUBJECT_CHARS_MAX:
            raise MailRefused("letter", "its subject is not one line of text", "shorten or correct it")
    mail = EmailMessage(policy=CRLF_POLICY)
    mail["Message-ID"] = f"<{letter.key}@{server.domain}>"
    mail["Date"] = at
    mail["From"] = Address(server.sender_name, addr_spec=server.sender_address)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.subject
    # No vacation notice shall answer it, and no other desk.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    mail.set_boundary(f"=_{letter.key}")
    return mail.as_bytes()


def _is_address(text: str) -> bool:
    return len(text) <= ADDRESS_CHARS_MAX and _ADDRESS.fullmatch(text) is not None


async def _socket(place: Place) -> socket.socket:
    """Connected to the very address that was checked."""
    family = socket.AF_INET6 if ":" in place.address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(opened, (place.address, place.port))
    except BaseException:
        opened.close()
        raise
    return opened


async def _leave(connection: aiosmtplib.SMTP) -> None:
    """Politely if it goes fast: what was delivered is delivered without a goodbye."""
    with contextlib.suppress(TimeoutError, OSError, aiosmtplib.SMTPException):
        async with asyncio.timeout(LEAVE_SECONDS_MAX):
            await connection.quit()
    connection.close()


def _refusal(place: Place, error: aiosmtplib.SMTPResponseException) -> MailFailed | MailRefused:
    words = "".join(sign if sign.isprintable() else " " for sign in error.message)[:REPLY_CHARS_MAX]
    kind = MailRefused if 500 <= error.code < 600 else MailFailed
    return kind(f"letter by {place.host}", f"it was refused ({error.code} {words})", "check the address")


def _kind(error: Exception) -> str:
    """What went wrong without its words: those may quote what was sent to sign in."""
    code = f" {error.code}" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
