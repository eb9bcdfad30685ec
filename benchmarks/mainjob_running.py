"""The server under measurement and the ways to it: a company folder, a process, a visitor, a desk."""

import asyncio
import json
import shutil
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from websockets.asyncio.client import connect

from benchmarks.serving import Server, free_port, running

OURS = Path(__file__).with_name("sofmattress")
ADMIN = "chi@mattress-shop.example"
COMMAND = (sys.executable, "-c", "from bothands.app.cli import main; raise SystemExit(main())")
REPLY_SECONDS_MAX = 60.0
# Customers come from many addresses; from one the server would rightly take only so many chats a minute.
ADDRESSES = 40


class Became(msgspec.Struct, frozen=True):
    """What the desk keeps about the first message of a conversation."""

    step: str
    basis: str
    topic: str | None
    seconds: float


class Served(msgspec.Struct, frozen=True):
    base: str
    desk: httpx.AsyncClient


def company_folder(folder: Path, examples: Iterable[tuple[str, str]]) -> Path:
    """Our answers with the topics of these examples; a topic without an answer gets a stand-in reply."""
    shutil.copytree(OURS, folder)
    titles = tomllib.loads((folder / "titles.toml").read_text("utf-8"))
    by_topic: dict[str, list[str]] = {}
    for text, label in examples:
        by_topic.setdefault(label, []).append(text)
    named = {label: titles.get(label, label.replace("_", " ").capitalize()) for label in by_topic}
    topics = [{"id": label, "title": named[label], "examples": texts} for label, texts in by_topic.items()]
    _write(folder / "topics.toml", "topic", topics)
    replies = tomllib.loads((folder / "replies.toml").read_text("utf-8"))["reply"]
    tables = tomllib.loads((folder / "facts.toml").read_text("utf-8"))["table"]
    told = {topic for table in tables for topic in table["topics"]}
    answered = told | {reply["topic"] for reply in replies}
    kept = [reply for reply in replies if reply["topic"] in by_topic]
    stand_ins = [
        {"id": f"reply-{number}", "topic": label, "plain": [f"Here is what we say about {named[label]}."]}
        for number, label in enumerate(sorted(set(by_topic) - answered))
    ]
    _write(folder / "replies.toml", "reply", [*kept, *stand_ins])
    if not told & set(by_topic):
        (folder / "facts.toml").unlink()
        shutil.rmtree(folder / "facts")
    if not {reply["topic"] for reply in replies} & set(by_topic):
        (folder / "charter.toml").unlink()
    (folder / "titles.toml").unlink()
    return folder


def _write(path: Path, table: str, rows: Iterable[dict[str, Any]]) -> None:
    parts = []
    for row in rows:
        # A JSON string or list of strings is also a TOML one.
        lines = [f"{name} = {json.dumps(value, ensure_ascii=True)}" for name, value in row.items()]
        parts.append("\n".join([f"[[{table}]]", *lines]))
    path.write_text("\n\n".join(parts) + "\n", "utf-8")


@asynccontextmanager
async def served(folder: Path, data: Path) -> AsyncIterator[Served]:
    """Import, serve on a free port, sign in at the desk; ended with the block."""
    port = free_port()
    options = ("--data", str(data), "--port", str(port))
    await _run("import", str(folder), *options)
    link = (await _run("link", ADMIN, *options)).split()[-1]
    words = [*COMMAND, "serve", *options]
    async with (
        running(Server(words, port, data / "server.log")) as server,
        httpx.AsyncClient(base_url=f"{server.base}/api/v1", timeout=30, trust_env=False) as desk,
    ):
        signed = await desk.post("/sign-in/link", json={"token": link.rsplit("=", 1)[-1]})
        signed.raise_for_status()
        yield Served(server.base, desk)


async def _run(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"bothands {words[0]}: it failed. {err.decode().strip()[-800:]}")
    return out.decode()


async def visit(server: Served, text: str, place: int) -> Became:
    """One customer, one message; then what the desk says became of it."""
    url = f"{server.base.replace('http', 'ws', 1)}/ws/chat/shop"
    here = (f"127.0.0.{2 + place % ADDRESSES}", 0)
    async with connect(url, origin=server.base, compression=None, proxy=None, local_addr=here) as line:  # type: ignore[arg-type]
        await _tell(line, {"do": "hello", "key": None, "since": 0, "page": "", "language": "en"})
        await line.recv()
        began = time.perf_counter()
        await _tell(line, {"do": "send", "client_id": f"c-{place}", "text": text, "attachments": []})
        async with asyncio.timeout(REPLY_SECONDS_MAX):
            conversation_id, seconds = await _hear(line, began)
    return await _look_up(server.desk, conversation_id, seconds)


async def _tell(line: Any, frame: dict[str, Any]) -> None:
    await line.send(json.dumps(frame))


async def _hear(line: Any, began: float) -> tuple[str, float]:
    """The conversation, once the assistant has replied or somebody else holds it."""
    conversation_id = ""
    while True:
        frame = json.loads(await line.recv())
        if frame["is"] == "refused":
            raise SystemExit(f"Visitor: the server refused the message: {frame['error']}")
        for entry in frame.get("entries", ()):
            conversation_id = entry["conversation_id"]
            if entry["author_kind"] == "assistant" and entry["kind"] == "message":
                return conversation_id, time.perf_counter() - began
        holder = (frame.get("state") or {}).get("holder", {}).get("kind")
        if conversation_id and holder not in (None, "assistant"):
            return conversation_id, time.perf_counter() - began


async def _look_up(desk: httpx.AsyncClient, conversation_id: str, seconds: float) -> Became:
    entries = (
        (await desk.get(f"/conversations/{conversation_id}/entries")).raise_for_status().json()["entries"]
    )
    kept = next(entry["ref"] for entry in entries if entry["kind"] == "decision")
    decisions = (await desk.get(f"/conversations/{conversation_id}/decisions")).raise_for_status().json()
    topic = next(one["topic"] for one in decisions["decisions"] if one["id"] == kept["decision_id"])
    return Became(kept["step"], kept["basis"], topic, seconds)
