"""A PostgreSQL server of our own in a folder of its own: stopped, frozen, crashed and started at will."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.serving import free_port
from bothands.kit import Unavailable

PLACES = "/usr/lib/postgresql"
USER = "postgres"  # it refuses to run as root
START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 30.0
LOOK_SECONDS = 0.02
TICKS = os.sysconf("SC_CLK_TCK")


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest there is."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    places = [place.parent for place in Path(PLACES).glob("*/bin/initdb")]
    return max(places, key=lambda place: int(place.parent.name), default=None)


class OwnPostgres:
    """One server, on a free port of this machine; `close` ends it and removes its rows."""

    def __init__(self) -> None:
        place = programs()
        if place is None:
            raise Unavailable("PostgreSQL", "its server is not installed", "install the package postgresql")
        self._postgres = place / "postgres"
        self._as: dict[str, Any] = {"user": USER, "group": USER} if os.getuid() == 0 else {}
        self._folder = Path(tempfile.mkdtemp(prefix="bothands-postgres-"))
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://{USER}@127.0.0.1:{self._port}/{USER}"
        if self._as:
            shutil.chown(self._folder, USER, USER)
        words = ["--auth=trust", "--encoding=UTF8", "--locale=C", f"--username={USER}"]
        self._run(place / "initdb", f"--pgdata={self._folder / 'data'}", *words)
        self.start()

    def start(self) -> None:
        """Returns when it answers, however it ended before."""
        words = ["-D", self._folder / "data", "-p", self._port, "-c", "listen_addresses=127.0.0.1"]
        words += ["-c", f"unix_socket_directories={self._folder}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(word) for word in (self._postgres, *words)],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                **self._as,
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise Unavailable(
                        "PostgreSQL",
                        f"it did not start: {str(error).strip()}",
                        f"see {self._folder / 'log'}",
                    ) from error
                time.sleep(LOOK_SECONDS)

    def stop(self, *, crash: bool = False) -> None:
        """As an operator stops it, or (`crash`) at once, leaving the log to be replayed."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Nothing of it runs on; every connection stays open."""
        for process in self._family():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in reversed(self._family()):
            os.kill(process, signal.SIGCONT)

    def cpu_seconds(self) -> float:
        """What all its processes have worked, ended ones too."""
        ticks = 0
        for process in self._family():
            with contextlib.suppress(OSError):
                fields = _stat(process)
                ticks += sum(int(field) for field in fields[11 : 15 if process == self._pid else 13])
        return ticks / TICKS

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.thaw()
        self.stop(crash=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _pid(self) -> int:
        assert self._process is not None, "the server was not started"
        return self._process.pid

    def _family(self) -> list[int]:
        """The first process, then those it made."""
        found = [self._pid]
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if int(_stat(int(place.name))[1]) == self._pid:
                    found.append(int(place.name))
        return found

    def _run(self, *words: object) -> None:
        subprocess.run(
            [str(word) for word in words], cwd=self._folder, check=True, capture_output=True, **self._as
        )


def _stat(process: int) -> list[str]:
    """What /proc says of it, from its state on."""
    return Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()


@contextlib.contextmanager
def store(kind: str) -> Iterator[OwnPostgres | None]:
    """A server for the block, or None for `sqlite`, which needs none."""
    if kind == "sqlite":
        yield None
        return
    server = OwnPostgres()
    try:
        yield server
    finally:
        server.close()
