"""Look whether everything needed is there, and say what to do where it is not. Nothing is changed by it."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bothands import __version__
from bothands.app.mailing import open_post
from bothands.app.settings import DATABASE, Settings
from bothands.app.store import company_of, contents_of, look
from bothands.app.wiring import open_model
from bothands.channels import kept_sealed
from bothands.jobs import count_jobs, dead_jobs
from bothands.kit import BothandsError, NotFound, SystemClock
from bothands.storage import DatabaseOwned, newest_schema, open_seal, own
from bothands.web import STATIC_FOLDER

PYTHON_MIN = (3, 11)
# Mail parsing and header injection were put right there (CVE-2023-27043, CVE-2024-6923).
PYTHON_GOOD = (3, 12, 6)
DISK_BYTES_MIN = 500_000_000
CLOCK_YEAR_MIN = 2026
CLOCK_SKEW_SECONDS_MAX = 60
JOBS_WAITING_MANY = 1_000
DEAD_JOBS_NAMED_MAX = 3
NOTHING_YET = "there is none yet: run `bothands import FOLDER`, or `bothands demo`"


class Finding(msgspec.Struct, frozen=True):
    """`is_note`: fine as it is, but worth knowing."""

    is_fine: bool
    words: str
    is_note: bool = False


class Check(msgspec.Struct, frozen=True):
    name: str
    is_fine: bool
    words: str
    is_note: bool = False


def examine(settings: Settings) -> list[Check]:
    """One check per thing that has to be there, also beside a running server."""
    looks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("bothands", _release),
        ("python", lambda settings: python_finding(sys.version_info[:3])),
        ("sqlite", _sqlite),
        ("front end", _front_end),
        ("weights", _weights),
        ("data folder", _folder),
        ("disk", _disk),
        ("clock", _clock),
        ("schema", _schema),
        ("company", _company),
        ("queue", _queue),
        ("mail", _mail),
        ("secrets", _secrets),
    )
    return [_check(name, looked, settings) for name, looked in looks]


def _check(name: str, looked: Callable[[Settings], Finding], settings: Settings) -> Check:
    try:
        found = looked(settings)
    except BothandsError as error:
        found = Finding(False, str(error))
    except Exception as error:
        # Whoever asks the doctor has trouble already: one more broken part must not hide the others.
        found = Finding(False, f"{type(error).__name__}: {error}")
    return Check(name, found.is_fine, found.words, found.is_note)


def _release(_: Settings) -> Finding:
    return Finding(True, __version__)


def python_finding(version: tuple[int, ...]) -> Finding:
    words = ".".join(str(part) for part in version)
    if version < PYTHON_MIN:
        return Finding(False, f"{words}; 3.11 or later is needed")
    if version < PYTHON_GOOD:
        return Finding(True, f"{words}; from 3.12.6 on it reads e-mail addresses more safely", is_note=True)
    return Finding(True, words)


def _sqlite(_: Settings) -> Finding:
    return Finding(True, f"{sqlite3.sqlite_version}; one process owns the file, one connection writes")


def _front_end(_: Settings) -> Finding:
    missing = [name for name in ("widget.js", "desk/index.html") if not (STATIC_FOLDER / name).exists()]
    if missing:
        return Finding(False, f"{' and '.join(missing)} not built: run `make setup`")
    return Finding(True, "widget and desk are built")


def _weights(settings: Settings) -> Finding:
    embedder = open_model(settings)
    try:
        size = embedder.embed_now(["hello"]).shape[1]
    finally:
        embedder.close()
    return Finding(True, f"loaded, {size} numbers a text")


def _folder(settings: Settings) -> Finding:
    folder = settings.data
    if not folder.exists():
        return Finding(True, f"{folder} is made at the first import", is_note=True)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding(False, f"{folder} cannot be written to: give it to the user that serves")
    if folder.stat().st_mode & 0o007:
        return Finding(True, f"anybody on this machine can look into {folder}: chmod 700 it", is_note=True)
    return Finding(True, f"{folder}, for its owner alone")


def _disk(settings: Settings) -> Finding:
    folder = next(place for place in (settings.data, *settings.data.absolute().parents) if place.exists())
    free = shutil.disk_usage(Path(folder)).free
    return Finding(free >= DISK_BYTES_MIN, f"{free // 1_000_000} MB free where the data lies")


def _clock(settings: Settings) -> Finding:
    now = SystemClock().now()
    if now.year < CLOCK_YEAR_MIN:
        return Finding(False, f"it says {now:%Y-%m-%d}: set it, times in the record come from it")
    database = settings.data / DATABASE
    if database.exists():
        written = datetime.fromtimestamp(database.stat().st_mtime, UTC)
        if (written - now).total_seconds() > CLOCK_SKEW_SECONDS_MAX:
            return Finding(
                False,
                f"it says {now:%Y-%m-%d %H:%M} UTC, but the record was written {written:%Y-%m-%d %H:%M}",
            )
    return Finding(True, f"{now:%Y-%m-%d %H:%M} UTC; times in the record come from it")


def _schema(settings: Settings) -> Finding:
    try:
        schema, newest = contents_of(settings.where).schema, newest_schema()
    except NotFound:
        return Finding(False, f"a database: {NOTHING_YET}")
    use = "on a server" if isinstance(settings.where, str) else _use(settings.where)
    if schema == newest:
        return Finding(True, f"{schema}, this release's; {use}")
    if schema > newest:
        return Finding(False, f"{schema}, of a newer release; this one knows {newest} at most: run that one")
    return Finding(False, f"{schema}; this release's is {newest}: run `bothands upgrade`; {use}")


def _use(path: Path) -> str:
    try:
        own(path).close()
    except DatabaseOwned as error:
        return f"in use, {error.cause}"
    return "no server has it open"


def _company(settings: Settings) -> Finding:
    try:
        company = look(settings.where, company_of)
    except NotFound:
        company = None
    if company is None:
        return Finding(False, NOTHING_YET)
    return Finding(True, f"{company.name}, inbox {company.inbox}")


def _queue(settings: Settings) -> Finding:
    try:
        jobs = look(settings.where, count_jobs)
    except NotFound:
        return Finding(True, "empty")
    words = f"{jobs['waiting']} jobs wait, {jobs['dead']} were given up"
    if jobs["dead"]:
        dead = look(settings.where, lambda records: dead_jobs(records, DEAD_JOBS_NAMED_MAX))
        named = "; ".join(
            f"{job['kind']}: {str(job['last_error']).strip().splitlines()[-1][:120]}" for job in dead
        )
        return Finding(False, f"{words} ({named})")
    return Finding(True, words, is_note=jobs["waiting"] >= JOBS_WAITING_MANY)


def _secrets(settings: Settings) -> Finding:
    try:
        kept = look(settings.where, kept_sealed)
    except NotFound:
        kept = []
    if not kept:
        return Finding(True, "no inbox has one")
    seal = open_seal(settings.data, makes=False)
    for sealed in kept:
        seal.read(sealed)
    return Finding(True, f"{len(kept)} of inboxes, all readable")


def _mail(settings: Settings) -> Finding:
    post = open_post(settings.smtp_url, settings.mail_from)
    if post is None:
        return Finding(True, "none set up: invitations are shown as links", is_note=True)
    # On a loop of its own: the one that runs us is waiting for us.
    with ThreadPoolExecutor(1) as aside:
        found = aside.submit(lambda: asyncio.run(post.hello())).result()
    return Finding(True, f"{found}, sends as {settings.mail_from}", is_note="NOT encrypted" in found)
