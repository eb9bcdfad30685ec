"""The demo: a made-up shop with its order system, customers who keep arriving, and agents on shift."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bothands.app.importing import import_company
from bothands.app.linking import link_of
from bothands.app.model import Company
from bothands.app.serving import listen, opened
from bothands.app.settings import DATABASE, Settings
from bothands.app.store import put_company
from bothands.app.wiring import Desk
from bothands.kit import Invalid, Unavailable
from bothands.models import Embedder
from bothands.people import Agent, Role, agent_of_email, make_link_token
from bothands.storage import Database, own
from bothands.web import Demo

SHOP_STARTS_SECONDS_MAX = 15
MARK = "this is a demo's folder"
# Where docs/how-to/quick-start-api.md receives its webhooks; elsewhere nothing private may be told.
RECEIVER = "127.0.0.1:9000"


async def run_demo(settings: Settings, *, every_seconds: float, is_quiet: bool) -> None:
    """Serve the demo company from a fresh database until stopped."""
    folder = retail_folder()
    # A file of its own, wherever the settings of this machine put the true database.
    settings = msgspec.structs.replace(settings, data=_fresh(settings.data), database="", works="yes")
    async with _shop(folder) as orders_url:
        hosts = settings.webhook_hosts or (RECEIVER,)
        settings = msgspec.structs.replace(settings, orders_url=orders_url, webhook_hosts=hosts)

        async def prepare(db: Database, embedder: Embedder) -> None:
            intake = await import_company(db, embedder, folder)
            # Whoever looks at the demo at night shall meet people too.
            awake = msgspec.structs.replace(intake.company, hours={})
            await db.write(lambda unit: put_company(unit.records, awake))

        async with opened(settings, prepare) as desk:
            demo, links, words = await _people(desk)
            simulating = asyncio.create_task(
                _nobody() if is_quiet else _simulate(desk, folder, every_seconds, links)
            )
            try:
                await listen(desk, words, demo)
            finally:
                simulating.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await simulating


def retail_folder() -> Path:
    """The demo company: beside the source in a checkout, inside the package in a wheel."""
    package = Path(__file__).parents[1]
    for folder in (package / "examples" / "retail", package.parents[1] / "examples" / "retail"):
        if (folder / "company.toml").exists():
            return folder
    raise Unavailable("demo company", "its folder is not installed", "run the demo from a checkout")


def _fresh(data: Path) -> Path:
    """A demo starts anew each time; it never empties a folder that is not a demo's."""
    folder = data if data.name != "data" else data.with_name("demo-data")
    mark = folder / "DEMO"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not mark.is_file() or not mark.read_text(encoding="utf-8", errors="replace").startswith(MARK):
            raise Invalid(
                f"folder {folder}", "it holds something that is no demo's", "give another one with --data"
            )
        # Not under the feet of a demo that runs.
        own(folder / DATABASE).close()
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text(f"{MARK}: it is emptied at the next start\n")
    return folder


async def _people(desk: Desk) -> tuple[Demo, list[str], str]:
    """Whom visitors of the demo play, links for the simulated colleagues, and what to tell at the start.

    What is told holds a one-time sign-in link each for admin, lead and agent.
    """
    first, others = await desk.db.read(lambda records: _cast(records, desk.company))
    base = desk.settings.base_url
    words = [
        f"\n{desk.company.name}, a made-up shop. Everything in it is simulated but you.\n",
        f"  Take the tour   {base}/demo",
        f"  As a customer   {base}/c/{desk.company.inbox}",
    ]
    for role, agent in first.items():
        words.append(f"  As {role.value:<12} {await _link(desk, agent)}  ({agent.name}, once)")
    words.append("\nStop with Ctrl+C.\n")
    # The tour lifts a stop and brings in a FAQ: that takes a lead.
    demo = Demo(first[Role.LEAD].id, tuple(agent.id for agent in first.values()))
    return demo, [await _link(desk, agent) for agent in others], "\n".join(words)


def _cast(records: Connection, company: Company) -> tuple[dict[Role, Agent], list[Agent]]:
    """Who is for visitors of the demo to play, per role, and who of those on shift is simulated."""
    first: dict[Role, Agent] = {}
    others: list[Agent] = []
    for described in company.agent:
        agent = agent_of_email(records, described.email)
        if agent is None:
            continue
        if agent.role not in first:
            first[agent.role] = agent
        elif described.on_shift and agent.role is Role.AGENT:
            others.append(agent)
    return {role: first[role] for role in Role}, others


async def _link(desk: Desk, agent: Agent) -> str:
    return link_of(desk.settings, await desk.db.write(partial(make_link_token, agent_id=agent.id)))


@asynccontextmanager
async def _shop(folder: Path) -> AsyncIterator[str]:
    """The shop's order system, a process of its own spoken to over HTTP; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(folder / "shop"),
        "--port",
        "0",
        "--with-parent",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None, "a pipe was asked for"
    try:
        async with asyncio.timeout(SHOP_STARTS_SECONDS_MAX):
            line = (await process.stdout.readline()).decode()
        url = next((word for word in line.split() if word.startswith("http://")), "")
        if not url:
            raise Unavailable("the demo's order system", "it did not start", "run it alone to see why")
        yield url.rstrip("/")
    finally:
        await _end(process)


async def _simulate(desk: Desk, folder: Path, every_seconds: float, links: list[str]) -> None:
    """Customers and colleagues in a process of their own, on the same sockets and routes as everybody."""
    base = desk.settings.base_url
    words = {
        "--url": base.replace("http", "ws", 1),
        "--inbox": desk.company.inbox,
        "--scenarios": str(folder / "customers"),
        "--shift": str(folder / "shift.toml"),
        "--every": str(every_seconds),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bothands.training",
        "--quiet",
        "--with-parent",
        *(word for pair in words.items() for word in pair),
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdin is not None, "a pipe was asked for"
        # Links sign somebody in: they go through a pipe, not on a command line that all can read.
        process.stdin.write("".join(f"{link}\n" for link in [*links, ""]).encode())
        # The pipe stays open: it is how the process notices that we are gone.
        await process.wait()
    finally:
        await _end(process)


async def _nobody() -> None:
    """Nobody is simulated."""


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
    if process.returncode is None:
        process.kill()
        await process.wait()
