"""`bothands backup`: the whole record in one file, while the desk goes on; and a look whether it is whole."""

import tempfile
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from bothands import __version__
from bothands.app.archiving import (
    FORMAT,
    MANIFEST,
    BackupDamaged,
    Manifest,
    add_file,
    images_in,
    made_whole,
    opened_archive,
    unpack,
)
from bothands.app.settings import DATABASE
from bothands.app.store import contents_of, copy_database, faults_of


def back_up(data: Path, file: Path, now: datetime, server: str | None = None) -> Manifest:
    """Everything that was acknowledged before this began, in `file`; a running server does not notice.

    Rows come from the `server`'s database if one is given; images always lie in the data folder.
    Raises Conflict for an existing file, NotFound for a folder without a database, Unavailable for a disk
    that is full. In none of these cases a file is left behind.
    """
    with made_whole(file) as target, tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as aside:
        copy = Path(aside) / DATABASE
        copy_database(server or data / DATABASE, copy)
        contents = contents_of(copy)
        with zipfile.ZipFile(target, "w") as archive:
            kept = [add_file(archive, copy, DATABASE)]
            # After the database: what it speaks of is there by now. More than that does no harm.
            for image, name in images_in(data):
                # One that is erased meanwhile is gone, and stays so.
                with suppress(FileNotFoundError):
                    kept.append(add_file(archive, image, name))
            manifest = Manifest(FORMAT, now, __version__, contents.schema, contents.rows, tuple(kept))
            archive.writestr(MANIFEST, msgspec.json.encode(manifest))
    return manifest


def verify(file: Path) -> Manifest:
    """Read all of it as a restore would, changing nothing; raises BackupDamaged."""
    with (
        opened_archive(file) as (archive, manifest),
        tempfile.TemporaryDirectory(prefix="bothands-verify-") as aside,
    ):
        unpack(archive, manifest, Path(aside))
        examine_copy(Path(aside) / DATABASE, manifest)
    return manifest


def examine_copy(database: Path, manifest: Manifest) -> None:
    """Raises BackupDamaged unless the unpacked database is sound and holds what the manifest counts."""
    faults = faults_of(database)
    contents = contents_of(database)
    if faults:
        raise BackupDamaged("backup", f"its database is damaged ({faults[0]})", "use another one")
    if (contents.schema, contents.rows) != (manifest.schema, manifest.rows):
        raise BackupDamaged("backup", "its database holds other rows than were counted", "use another one")
