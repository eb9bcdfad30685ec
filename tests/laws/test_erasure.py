"""What somebody told us, through every door there is: all of it in their export, nothing of it after erasure.

A server of its own, with its worker and its log, on both stores.
"""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psycopg
import pytest
from PIL import Image

from bothands.app.cli import main
from tests.app.company import lay_out
from tests.privacy.planting import left_in_files
from tests.servers import own_database, server
from tests.web.site import Page

ROOT = Path(__file__).parents[2]
WAIT_SECONDS_MAX = 30

pytestmark = pytest.mark.slow


@dataclass
class House:
    """A running company, and every word that was said to it."""

    data: Path
    database: str
    url: str
    admin: httpx.Client
    words: dict[str, str] = field(default_factory=dict)

    def word(self, where: str) -> str:
        """A word nobody else would say, said there."""
        said = f"zq{len(self.words):03d}{where.replace(' ', '')}qz"
        self.words[where] = said
        return said

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.admin.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def wait_for_request(self, request_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while (request := dict(self.ask("GET", f"/data-requests/{request_id}")))["done_at"] is None:
            assert time.monotonic() < deadline, "the request is not done"
            time.sleep(0.1)
        return request

    def finds(self, where: str) -> list[str]:
        """The conversations that the desk's search finds by this word."""
        hits = self.ask("GET", f"/search?q={self.words[where]}")["hits"]
        return [hit["row"]["id"] for hit in hits]

    def left(self) -> dict[str, str]:
        """Where each word still stands: in any file, the log's and the database's included, or any table."""
        words = list(self.words.values())
        found = left_in_files(self.data, words)
        if self.database:
            dump = dumped(self.database)
            found.update({word: "PostgreSQL" for word in words if word in dump})
        return {where: found[word] for where, word in self.words.items() if word in found}


def dumped(url: str) -> str:
    """Every row of every table, as the server itself writes it."""
    with psycopg.connect(url) as records:
        names = [
            name for (name,) in records.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        return "\n".join(
            str(row) for name in names for (row,) in records.execute(f'SELECT t::text FROM "{name}" t')
        )


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        with opened(tmp_path, "") as running:
            yield running
        return
    with own_database(server(), f"bothands_erasure_{os.getpid()}") as url, opened(tmp_path, url) as running:
        yield running


@contextmanager
def opened(folder: Path, database: str) -> Iterator[House]:
    data = folder / "data"
    where = ["--data", str(data), *(["--database", database] if database else [])]
    assert main(["import", str(lay_out(folder / "company")), *where]) == 0
    link = subprocess.run(
        [sys.executable, "-m", "bothands.app.cli", "link", "chi@shop.example", *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    words = ["serve", *where, "--port", str(port), "--log-level", "DEBUG"]
    with (data / "log.jsonl").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bothands.app.cli", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            assert "Serving" in process.stdout.readline(), (data / "log.jsonl").read_text()
            with httpx.Client(base_url=url, headers={"origin": url}, timeout=20) as admin:
                token = re.search(r"token=(\S+)", link)
                assert token is not None
                answer = admin.post("/api/v1/sign-in/link", json={"token": token[1]})
                admin.headers["x-csrf-token"] = answer.json()["csrf"]
                yield House(data, database, url, admin)
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS_MAX)
            process.stdout.close()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def tells_everything(house: House) -> tuple[str, str, str]:
    """Ada's whole story, a word of its own through each door; her conversation, contact and file."""
    with Page(SimpleNamespace(url=house.url), None, 0) as page:  # type: ignore[arg-type]
        name = house.word("file name")
        upload = httpx.post(
            f"{house.url}/api/v1/chat/shop/files",
            headers={"x-visitor-key": page.key, "origin": house.url},
            files={"file": (f"{name}.png", picture())},
        ).json()
        text = f"Where is my order {house.word('message')}? This is terrible."
        seq = page.send(text, "c-1", attachments=[upload["id"]])
        conversation_id = page.entries(seq)[0]["conversation_id"]
        # The reading quotes what made it sure.
        page.send(f"My lawyer {house.word('threat')} will sue you", "c-2")
        page.say(do="ask_person", client_id="c-3")
        page.until("stored", client_id="c-3")
        address = {"email": f"{house.word('mail')}@ada.example", "name": house.word("name")}
        page.say(do="leave_address", **address)
        base = f"/conversations/{conversation_id}"
        house.ask("POST", f"{base}/take-over")
        at_the_desk(house, base)
        page.say(do="rate", solved="no", score=1, comment=house.word("rating"))
        wait_until(lambda: house.words["rating"] in str(house.ask("GET", f"{base}/entries")))
    view = house.ask("GET", base)
    assert house.words["name"] in json.dumps(view)
    return conversation_id, view["contact"]["id"], upload["id"]


def at_the_desk(house: House, base: str) -> None:
    """What agents write of her; each under an Idempotency-Key, so that the answers are kept too."""
    note = {"client_id": "n-1", "text": house.word("note")}
    house.ask("POST", f"{base}/notes", note)
    line = {"label": "wants", "text": house.word("brief")}
    house.ask("PUT", f"{base}/brief", line, **{"idempotency-key": "k-1"})
    seq = house.ask("GET", f"{base}/entries")["entries"][-1]["seq"]
    said = {"client_id": "m-1", "text": house.word("reply"), "last_seen_seq": seq}
    house.ask("POST", f"{base}/messages", said)
    house.ask("POST", f"{base}/closing", {"reason": house.word("reason"), "agreed": house.word("agreed")})


def wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_all_of_it_is_exported_and_none_of_it_is_left(house: House) -> None:
    conversation_id, contact_id, file_id = tells_everything(house)
    for where in ("message", "note", "name"):
        wait_until(lambda where=where: house.finds(where) == [conversation_id])
    assert set(house.left()) == set(house.words), "each of them was to be found before"

    asked = house.ask("POST", f"/contacts/{contact_id}/export", {"notes": True})
    made = house.wait_for_request(asked["id"])
    fetched = house.admin.get(made["file"])
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as archive:
        data = archive.read("data.json").decode()
        files = [name for name in archive.namelist() if name.startswith(f"files/{file_id}")]
    assert [where for where, word in house.words.items() if word not in data] == []
    assert len(files) == 1
    again = house.admin.get(made["file"])
    assert (again.status_code, again.json()["code"]) == (409, "export-gone")

    house.ask("POST", f"/contacts/{contact_id}/export", {"notes": False})
    wrong = house.admin.request("DELETE", f"/api/v1/contacts/{contact_id}/data", json={"confirm": "Eve"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "not-confirmed")
    asked = house.ask("DELETE", f"/contacts/{contact_id}/data", {"confirm": house.words["name"]})
    house.wait_for_request(asked["id"])
    assert house.left() == {}
    assert [where for where in house.words if house.finds(where)] == []
    assert house.admin.get(f"/api/v1/files/{file_id}").status_code == 404
    assert not list((house.data / "images").glob("??/*")), "her picture was nobody else's"
    log = (house.data / "log.jsonl").read_text()
    assert log.count("\n") > 5, "a log that says nothing proves nothing"
