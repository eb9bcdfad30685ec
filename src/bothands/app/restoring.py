"""`bothands restore`: a backup becomes a data folder. What was there before is set aside, never deleted."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import msgspec

from bothands.app.archiving import IMAGES, Manifest, opened_archive, sync_folder, unpack
from bothands.app.backing_up import examine_copy
from bothands.app.settings import DATABASE
from bothands.app.store import (
    contents_of,
    drop_schema,
    fill_server,
    has_tables,
    processes_on,
    set_schema_aside,
)
from bothands.kit import Conflict, Unavailable
from bothands.storage import open_database, own

LOCK = f"{DATABASE}.lock"
# The log belongs to its database: the old one's, left beside the new one, would be played into it.
OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", IMAGES)


class Restored(msgspec.Struct, frozen=True):
    """`aside`: where what was there before now lies, if there was anything."""

    manifest: Manifest
    aside: Path | None


def restore(
    file: Path, data: Path, now: datetime, *, force: bool = False, server: str | None = None
) -> Restored:
    """Unpack beside, compare, open as a server would, and only then take the place of what is there.

    With a `server`, rows go into its database, whichever store they were backed up from.

    Raises BackupDamaged, SchemaUnknown, DatabaseOwned or Conflict; the folder is then as it was.
    """
    others = sorted(path.name for path in data.iterdir() if path.name != LOCK) if data.is_dir() else []
    if others and not force:
        raise Conflict(
            f"folder {data}",
            f"it is not empty ({others[0]} is there)",
            "name a new one with --data, or add --force",
        )
    if server is not None:
        _refuse_busy(server, force=force)
    with opened_archive(file) as (archive, manifest):
        is_new = not data.exists()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = own(data / DATABASE)
        fresh = data / f".restoring-{now:%Y%m%dT%H%M%S}"
        try:
            fresh.mkdir()
            unpack(archive, manifest, fresh)
            examine_copy(fresh / DATABASE, manifest)
            _open_once(fresh)
            if server is not None:
                _fill(server, fresh / DATABASE, f"before_{now:%Y%m%dT%H%M%S}")
                (fresh / DATABASE).unlink()
            aside = put_in_place(fresh, data, now)
        except OSError as error:
            raise Unavailable(
                f"folder {data}", f"it cannot be written ({error.strerror})", "free space or name another"
            ) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
            lock.close()
            if is_new and not any(path.name != LOCK for path in data.iterdir()):
                shutil.rmtree(data, ignore_errors=True)
    return Restored(manifest, aside)


def _refuse_busy(server: str, *, force: bool) -> None:
    if processes_on(server):
        raise Conflict("database on the server", "a desk has it open", "stop its processes first")
    if has_tables(server) and not force:
        raise Conflict(
            "database on the server", "it is not empty", "name another with --database, or add --force"
        )


def _fill(server: str, source: Path, aside: str) -> None:
    """All rows, or the schema that was there before."""
    was_full = set_schema_aside(server, aside)
    try:
        fill_server(server, source)
        open_database(server).close()
        if contents_of(server) != contents_of(source):
            raise Unavailable("database on the server", "it took other rows than were sent", "report this")
    except BaseException:
        drop_schema(server, aside if was_full else None)
        raise


def _open_once(folder: Path) -> None:
    """As a start would: an older schema is brought up to date, a newer one refused."""
    open_database(f"sqlite:///{folder / DATABASE}").close()
    (folder / LOCK).unlink()


def put_in_place(fresh: Path, data: Path, now: datetime, names: tuple[str, ...] = OURS) -> Path | None:
    """What `data` has of these names is set aside, then `fresh` takes its place, the database last.

    Both lie in one folder, so each step is a rename: a volume of its own may be mounted there.
    """
    # All that was unpacked, before anything points to it.
    os.sync()
    aside = data / f"before-{now:%Y%m%dT%H%M%S}"
    old = [name for name in names if (data / name).exists()]
    if old:
        aside.mkdir()
    for name in old:
        os.rename(data / name, aside / name)
    for name in (IMAGES, DATABASE):
        if (fresh / name).exists():
            os.rename(fresh / name, data / name)
    sync_folder(data)
    return aside if old else None
