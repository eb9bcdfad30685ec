"""A backup file: one zip with the database, the images, and a manifest that says what must be in it."""

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from bothands.app.settings import DATABASE
from bothands.kit import BothandsError, Conflict, Invalid, NotFound, Unavailable

FORMAT = 1
IMAGES = "images"
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 500_000_000
CHUNK_BYTES = 1_000_000
# Images are packed already; a database is mostly text.
PACKING_LEVEL = 1

_NAME = re.compile(r"bothands\.db|images/([0-9a-f]{2})/\1[0-9a-f]{62}")


class BackupDamaged(Invalid):
    """Nothing of such a file is used."""

    code = "backup-damaged"
    title = "This backup cannot be trusted"


class Kept(msgspec.Struct, frozen=True):
    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """`rows`: how many each table had. Times are UTC."""

    format: int
    made_at: datetime
    release: str
    schema: str
    rows: dict[str, int]
    files: tuple[Kept, ...]

    @property
    def images(self) -> int:
        return len(self.files) - 1

    @property
    def bytes(self) -> int:
        return sum(kept.bytes for kept in self.files)


@contextmanager
def made_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that appears under its name when all of it is on disk, and never over another."""
    _refuse_existing(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.part-", delete=False) as part:
            try:
                yield part
                part.flush()
                os.fsync(part.fileno())
                _refuse_existing(path)
                os.rename(part.name, path)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(part.name)
                raise
        sync_folder(path.parent)
    except OSError as error:
        raise Unavailable(
            f"file {path.name}",
            f"it cannot be written ({error.strerror})",
            "free space or choose another place",
        ) from error


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise Conflict(
            f"file {path.name}", "it exists already", "choose another name; a file is never replaced"
        )


def sync_folder(folder: Path) -> None:
    """A rename is only kept through a power cut once its folder is on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def add_file(archive: zipfile.ZipFile, source: Path, name: str) -> Kept:
    """Pack a file and say what it held."""
    packing = zipfile.ZIP_DEFLATED if name == DATABASE else zipfile.ZIP_STORED
    entry = zipfile.ZipInfo(name)
    entry.compress_type = packing
    entry._compresslevel = PACKING_LEVEL  # type: ignore[attr-defined]
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as data, archive.open(entry, "w", force_zip64=True) as packed:
        while chunk := data.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            packed.write(chunk)
    return Kept(name, size, digest.hexdigest())


def images_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every stored image below a data folder with its name in the archive; half-written ones are none."""
    for path in sorted((folder / IMAGES).glob("??/*")):
        name = f"{IMAGES}/{path.parent.name}/{path.name}"
        if _NAME.fullmatch(name):
            yield path, name


@contextmanager
def opened_archive(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive and its manifest, which agree on what is in it; raises BackupDamaged otherwise."""
    if not file.is_file():
        raise NotFound(f"file {file.name}", "it is not there", "check the path")
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _manifest(archive)
    except BothandsError:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, KeyError) as error:
        raise _damaged(f"it cannot be read ({error or type(error).__name__})") from error
    except Exception as error:
        # zlib and struct have errors of their own; for whoever restores they are all one thing.
        raise _damaged(f"it cannot be read ({type(error).__name__})") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names:
        raise _damaged("it has no manifest")
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES_MAX:
        raise _damaged("its manifest is too large")
    try:
        manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    except msgspec.DecodeError as error:
        raise _damaged(f"its manifest cannot be read ({error})") from None
    if manifest.format != FORMAT:
        raise BackupDamaged(
            f"backup of format {manifest.format}",
            f"this release knows format {FORMAT}",
            "use the release that made it",
        )
    listed = [kept.name for kept in manifest.files]
    if sorted(names) != sorted([*listed, MANIFEST]) or DATABASE not in listed:
        raise _damaged("what is in it is not what its manifest says")
    if not all(_NAME.fullmatch(name) for name in listed):
        raise _damaged("it holds files that no backup has")
    return manifest


def unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path | None) -> None:
    """Write every file below `folder` (None: nowhere); raises BackupDamaged at the first that differs."""
    for kept in manifest.files:
        digest, size = hashlib.sha256(), 0
        with archive.open(kept.name) as packed, _target(folder, kept.name) as target:
            while size <= kept.bytes and (chunk := packed.read(CHUNK_BYTES)):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        if size != kept.bytes or digest.hexdigest() != kept.sha256:
            raise _damaged(f"{kept.name} is not what was backed up")


def _target(folder: Path | None, name: str) -> IO[bytes]:
    if folder is None:
        return open(os.devnull, "wb")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _damaged(cause: str) -> BackupDamaged:
    return BackupDamaged("backup", cause, "use another one")
