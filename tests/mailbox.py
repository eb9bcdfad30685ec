"""A real mail server in a process of its own: takes letters as told, and writes each into a folder.

python tests/mailbox.py FOLDER [--tls CERT | --starttls CERT] [--account NAME:PASSWORD] [--replies FILE]
"""

import argparse
import asyncio
import itertools
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

START_SECONDS_MAX = 60
LETTER_SECONDS_MAX = 60


@dataclass(frozen=True)
class Mailbox:
    """What a test sees of it."""

    folder: Path
    port: int

    @property
    def connects(self) -> int:
        return len(list(self.folder.glob("*.connect")))

    def raw(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw()]  # type: ignore[misc]

    def envelopes(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))]

    def wait_for(self, count: int) -> list[EmailMessage]:
        """The letters, once there are so many."""
        deadline = time.monotonic() + LETTER_SECONDS_MAX
        while len(found := self.letters()) < count:
            assert time.monotonic() < deadline, f"{len(found)} letters came, not {count}"
            time.sleep(0.02)
        return found

    def answer(self, *replies: str) -> None:
        """What it says to the next letters, one each, not taking them; `cut` takes one and hangs up."""
        (self.folder / "replies").write_text("\n".join(replies))


@contextmanager
def mailbox(folder: Path, *words: str) -> Iterator[Mailbox]:
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder), *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield Mailbox(folder, int(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait(START_SECONDS_MAX)
        if process.stdout is not None:
            process.stdout.close()


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


class Taking:
    """Writes down what arrives, or answers as told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:  # noqa: N802
        reply = self._next_reply()
        if reply and reply != "cut":
            return reply
        self._count += 1
        about = {"from": envelope.mail_from, "to": envelope.rcpt_tos}
        (self._folder / f"{self._count:04}.json").write_text(json.dumps(about))
        assert isinstance(envelope.original_content, bytes)
        part = self._folder / f"{self._count:04}.part"
        part.write_bytes(envelope.original_content)
        part.rename(part.with_suffix(".eml"))
        if reply == "cut":
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"

    def _next_reply(self) -> str:
        path = self._folder / "replies"
        first, _, rest = (path.read_text() if path.exists() else "").partition("\n")
        path.write_text(rest)
        return first


def context(path: str | None) -> ssl.SSLContext | None:
    if path is None:
        return None
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(path)
    return made


def serve() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls")
    parser.add_argument("--starttls")
    parser.add_argument("--account", default="")
    given = parser.parse_args()
    taking = Taking(given.folder)
    connects = itertools.count(1)

    def is_known(_: object, __: object, ___: object, ____: str, offered: object) -> AuthResult:
        name, _____, password = given.account.partition(":")
        assert isinstance(offered, LoginPassword)
        fits = (offered.login, offered.password) == (name.encode(), password.encode())
        return AuthResult(success=fits, handled=False)

    def protocol() -> SMTP:
        (given.folder / f"{next(connects):04}.connect").touch()
        return SMTP(
            taking,
            hostname="mail.example",
            tls_context=context(given.starttls),
            auth_required=bool(given.account),
            auth_require_tls=False,
            authenticator=is_known if given.account else None,
        )

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context(given.tls))
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    serve()
