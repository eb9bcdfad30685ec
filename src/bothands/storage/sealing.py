"""Secrets that we must be able to read again are sealed before they become rows; the key is a file.

Whoever has only the database, a dump or a backup of it cannot read them. What is only compared is hashed
instead (people/store.py).
"""

import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bothands.kit import Unavailable

KEY_FILE = "secrets.key"
KEY_BYTES_MAX = 10_000


class SealBroken(Unavailable):
    code = "seal-broken"
    title = "A kept secret cannot be read"


class Seal:
    """Seals with the first of its keys, reads with any of them."""

    def __init__(self, *keys: bytes) -> None:
        self._box = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def fresh(cls) -> "Seal":
        """With a key of its own, gone with the process."""
        return cls(Fernet.generate_key())

    def shut(self, secret: str) -> str:
        return self._box.encrypt(secret.encode()).decode()

    def read(self, sealed: str) -> str:
        """Raises SealBroken when another key sealed it."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken(
                "sealed secret",
                f"it was sealed with another key than those in {KEY_FILE}",
                f"bring that {KEY_FILE} back, or make a new secret",
            ) from None


def open_seal(folder: Path, *, makes: bool = True) -> Seal:
    """The seal of a data folder; its key file is made when there is none. One key per line, newest first."""
    path = folder / KEY_FILE
    if makes and not path.exists():
        _make(path)
    try:
        lines = path.read_bytes()[:KEY_BYTES_MAX].split()
        return Seal(*lines)
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"file {KEY_FILE}",
            "it does not hold keys, or cannot be read",
            "bring it back from where it is kept",
        ) from error


def _make(path: Path) -> None:
    """Whole under its name, or not at all; of two processes that begin at once, one's key is both's."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as part:  # readable for its owner only
        part.write(Fernet.generate_key() + b"\n")
        part.flush()
        os.fsync(part.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(part.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
