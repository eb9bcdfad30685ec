"""A server as a process of its own: started until ready, pinned to a core, measured, stopped or killed."""

import asyncio
import contextlib
import os
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

READY_SECONDS_MAX = 120.0
BYTECODE = Path(__file__).parents[1] / ".cache/bytecode"
LOOK_SECONDS = 0.02
SETTLE_LOOK_SECONDS = 0.1
STOP_SECONDS_MAX = 30.0
LOG_CHARS = 800
TICKS = os.sysconf("SC_CLK_TCK")
# As many as the machine allows; each socket is a file on either side.
FILES_SPARE = 200


class Server:
    """`words` start it; it answers /ready on `port`. Started again, it is on the same port and data."""

    def __init__(self, words: Sequence[str], port: int, log: Path, *, core: int | None = None) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self._words = words
        self._log = log
        self._core = core
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "the server was not started"
        return self._process

    async def start(self) -> float:
        """Start, wait until it says it is ready, and give the seconds that took."""
        began = time.perf_counter()
        # Byte code is kept, as in an installation: without it a start takes a second or two longer.
        environment = {"PYTHONPYCACHEPREFIX": str(BYTECODE), **os.environ}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._words, stdout=out, stderr=out, env=environment
            )
        if self._core is not None:
            # Before it has threads: those it makes later stay on the same core.
            os.sched_setaffinity(self._process.pid, {self._core})
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            while time.perf_counter() - began < READY_SECONDS_MAX and self._process.returncode is None:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"{self.base}/ready")).status_code == 200:
                        return time.perf_counter() - began
                await asyncio.sleep(LOOK_SECONDS)
        raise SystemExit(f"Server: it did not start. {self.last_words()}")

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS_MAX)
        except TimeoutError:
            await self.kill()

    async def settle(self, seconds_max: float) -> int:
        """Wait until no job is left to do; how many are, if they are too many."""
        deadline = time.perf_counter() + seconds_max
        waiting = -1
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while time.perf_counter() < deadline and waiting:
                with contextlib.suppress(httpx.HTTPError):
                    waiting = int((await client.get(f"{self.base}/ready")).json()["jobs"]["waiting"])
                if waiting:
                    await asyncio.sleep(SETTLE_LOOK_SECONDS)
        return waiting

    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-LOG_CHARS:]

    def memory_bytes(self) -> int:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/statm").read_text("ascii")
        return int(status.split()[1]) * resource.getpagesize()

    def cpu_seconds(self) -> float:
        """What it has worked since its start, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python_module(name: str, *words: object) -> list[str]:
    return [sys.executable, "-m", name, *map(str, words)]


@asynccontextmanager
async def running(server: Server) -> AsyncIterator[Server]:
    """Started, and stopped with the block."""
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


@contextlib.contextmanager
def apart_from_server() -> Iterator[int]:
    """The core that belongs to the server while the block runs; the load comes from the others."""
    ours = os.sched_getaffinity(0)
    core = max(ours)
    try:
        if len(ours) > 1:
            os.sched_setaffinity(0, ours - {core})
        yield core
    finally:
        os.sched_setaffinity(0, ours)


def raise_file_limit() -> int:
    """As many files as this machine lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most - FILES_SPARE


def load_average() -> float:
    """How busy the machine is with everything: above its cores, figures are worth less."""
    return round(os.getloadavg()[0], 1)
