"""`bothands upgrade`: back up, migrate, check; when anything fails, all is as it was."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from bothands.app.archiving import opened_archive, unpack
from bothands.app.backing_up import back_up
from bothands.app.restoring import put_in_place
from bothands.app.settings import DATABASE
from bothands.app.store import (
    Where,
    company_of,
    contents_of,
    faults_of,
    fill_server,
    look,
    processes_on,
    set_schema_aside,
)
from bothands.kit import Conflict, Unavailable
from bothands.storage import SchemaUnknown, newest_schema, open_database, own

BACKUPS = "backups"
# A migration leaves images alone.
DATABASE_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


class UpgradeFailed(Conflict):
    """The record is as it was before."""

    code = "upgrade-failed"
    title = "The upgrade was undone"


class Upgraded(msgspec.Struct, frozen=True):
    """`backup`: None when there was nothing to do."""

    before: str
    now: str
    backup: Path | None


def upgrade(data: Path, now: datetime, server: str | None = None) -> Upgraded:
    """Bring the database to this release's schema.

    Raises DatabaseOwned or Conflict while a desk runs, SchemaUnknown for a newer release's schema,
    UpgradeFailed once undone.
    """
    where = server or data / DATABASE
    # Whether there is one at all: the lock would make its folder.
    contents_of(where)
    with _claimed(data, server):
        before = contents_of(where)
        if before.schema == newest_schema():
            return Upgraded(before.schema, before.schema, None)
        if before.schema > newest_schema():
            raise SchemaUnknown(
                f"schema {before.schema}",
                f"this release knows {newest_schema()} at most",
                "run the newer one",
            )
        had_company = "app_company" in before.rows and look(where, company_of) is not None
        backup = data / BACKUPS / f"before-upgrade-{now:%Y%m%dT%H%M%S}.zip"
        backup.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        back_up(data, backup, now, server)
    try:
        open_database(server or f"sqlite:///{data / DATABASE}").close()
        _check(where, had_company)
    except Exception as error:
        with _claimed(data, server):
            # A server takes a failed migration back by itself; that is left as it is.
            if server is None or contents_of(server) != before:
                _undo(data, backup, now, server)
        cause = str(error).split("\n")[0].rstrip(".")
        raise UpgradeFailed(
            f"upgrade from schema {before.schema}",
            f"{type(error).__name__}: {cause}; all is as before",
            f"run the release you had; the backup stays at {backup}",
        ) from error
    return Upgraded(before.schema, newest_schema(), backup)


@contextmanager
def _claimed(data: Path, server: str | None) -> Iterator[None]:
    """Nobody else is at work on it."""
    if server is None:
        lock = own(data / DATABASE)
        try:
            yield
        finally:
            lock.close()
    elif processes_on(server):
        raise Conflict("database on the server", "a desk has it open", "stop its processes first")
    else:
        yield


def _check(where: Where, had_company: bool) -> None:
    contents = contents_of(where)
    if contents.schema != newest_schema():
        raise Unavailable("database", f"its schema is {contents.schema!r}", "report this")
    if isinstance(where, Path) and (faults := faults_of(where)):
        raise Unavailable("database", f"it is damaged ({faults[0]})", "report this")
    if had_company and look(where, company_of) is None:
        raise Unavailable("database", "the company is gone", "report this")


def _undo(data: Path, backup: Path, now: datetime, server: str | None) -> None:
    """The database of the backup again; what became of it is set aside, to be looked at."""
    fresh = data / f".undoing-{now:%Y%m%dT%H%M%S}"
    try:
        fresh.mkdir()
        with opened_archive(backup) as (archive, manifest):
            database = tuple(kept for kept in manifest.files if kept.name == DATABASE)
            unpack(archive, msgspec.structs.replace(manifest, files=database), fresh)
        if server is None:
            put_in_place(fresh, data, now, DATABASE_FILES)
        else:
            set_schema_aside(server, f"failed_{now:%Y%m%dT%H%M%S}")
            fill_server(server, fresh / DATABASE)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
