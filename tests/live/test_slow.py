"""Clients that take nothing, answer nothing or never come to the point, each on a real socket.

What they do to the others' times is measured by `python -m benchmarks slow`.
"""

import base64
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bothands.models import Embedder
from bothands.storage import Database
from bothands.web import letting_go, serving
from bothands.web.letting_go import UNSENT_BYTES_MAX, Chat
from bothands.web.live import chatting
from tests.web.site import Site, opened

TEXT, PING = 0x81, 0x89
pytestmark = pytest.mark.slow

SOON_SECONDS = 10.0
# A frame that was begun goes out whole: as much as a frame may hold comes on top, as JSON.
FRAME_BYTES = 2 * chatting.CHARS_PER_FRAME_MAX
# What one read brings is answered whole.
READ_BYTES = 256 * 1024
SHORT = 0.4


@pytest.fixture
def site(db: Database, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server that loses patience within a second."""
    monkeypatch.setattr(letting_go, "HEADER_SECONDS_MAX", SHORT)
    monkeypatch.setattr(letting_go, "UNTAKEN_SECONDS_MAX", 2 * SHORT)
    monkeypatch.setattr(chatting, "HELLO_SECONDS_MAX", SHORT)
    monkeypatch.setattr(serving, "SOCKET_PING_SECONDS", SHORT)
    with opened(db, tmp_path, embedder) as site:
        yield site


def test_who_reads_nothing_is_let_go_and_keeps_nobody_waiting(site: Site) -> None:
    with site.visit() as ada:
        for number in range(60):
            ada.send("x" * 4_000, f"c-{number}")
        with raw(site) as slow:
            hello(slow, key=ada.key)
            for _ in range(30):
                slow.sendall(frame({"do": "catch_up", "since": 0}))
            kept, seq = [unsent(site)], 0
            while len(chats(site)) > 1:
                seq = ada.send("still served", f"d-{len(kept)}")
                kept.append(unsent(site))
                assert len(kept) < 10_000, "the one who reads nothing is still there"
        assert max(kept) > 0, "nothing was ever held up, so nothing was tested"
        assert max(kept) <= UNSENT_BYTES_MAX + FRAME_BYTES
        assert ada.entries(seq)[-1]["body"] == "still served"


def test_answers_to_pings_are_not_heaped_up_for_who_does_not_read_them(site: Site) -> None:
    kept: list[int] = []
    pings = frame(b"p" * 125, PING) * 200
    with raw(site) as slow:
        hello(slow)
        with pytest.raises(OSError, match=r"reset|pipe|timed out"):
            for _ in range(2_000):
                slow.sendall(pings)
                kept.append(unsent(site))
    assert 0 < max(kept) <= UNSENT_BYTES_MAX + READ_BYTES
    until(lambda: not chats(site))


def test_who_vanishes_without_a_word_is_missed(site: Site) -> None:
    with raw(site) as gone:
        hello(gone)
        until(lambda: bool(chats(site)))
        until(lambda: not chats(site))


def test_who_never_says_hello_is_let_go(site: Site) -> None:
    with raw(site) as mute:
        until(lambda: bool(chats(site)))
        assert b"no hello" in rest(mute)
        until(lambda: not chats(site))


@pytest.mark.parametrize("begin", [b"", b"GET /ready HTTP/1.1\r\nhost: x\r\n"])
def test_who_never_ends_a_request_is_let_go(site: Site, begin: bytes) -> None:
    with connected(site) as page:
        page.sendall(begin)
        assert rest(page) == b""


def test_a_thousand_frames_at_once_end_the_line(site: Site) -> None:
    with raw(site) as loud:
        hello(loud)
        loud.sendall(frame({"do": "ping"}) * 1_000)
        assert b"too many frames at once" in rest(loud)


def test_a_slow_reader_of_a_long_history_gets_it_whole_in_small_frames(site: Site) -> None:
    with site.visit() as ada:
        last = [ada.send("ü" * 4_000, f"c-{number}") for number in range(40)][-1]
        with site.visit(ada.key) as again:
            assert [entry["seq"] for entry in again.entries(last)] == list(range(1, last + 1))
            frames = [one for one in again.frames if one["is"] == "entries"]
    assert max(sum(len(entry["body"]) for entry in one["entries"]) for one in frames) <= FRAME_BYTES / 2


def chats(site: Site) -> list[Chat]:
    return [one for one in list(site.server.server_state.connections) if isinstance(one, Chat)]


def unsent(site: Site) -> int:
    return max((one.transport.get_write_buffer_size() for one in chats(site)), default=0)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def connected(site: Site) -> socket.socket:
    """A connection with next to no room for what arrives."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.settimeout(SOON_SECONDS)
    client.connect(("127.0.0.1", int(site.url.rpartition(":")[2])))
    return client


def raw(site: Site) -> socket.socket:
    """An open chat that does only what it is told to."""
    client = connected(site)
    key = base64.b64encode(bytes(16)).decode()
    client.sendall(
        f"GET /ws/chat/shop HTTP/1.1\r\nHost: x\r\nOrigin: {site.url}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    assert b" 101 " in client.recv(4_096)
    return client


def hello(client: socket.socket, key: str | None = None) -> None:
    client.sendall(frame({"do": "hello", "key": key, "since": 0, "page": "", "language": "en"}))


def frame(content: dict[str, object] | bytes, kind: int = TEXT) -> bytes:
    """As a browser sends it, masked with zeros."""
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    size = len(payload)
    head = bytes((kind, 0x80 | size)) if size < 126 else bytes((kind, 0x80 | 126)) + struct.pack("!H", size)
    return head + bytes(4) + payload


def rest(client: socket.socket) -> bytes:
    """All that still comes, up to the end."""
    data = b""
    try:
        while some := client.recv(65_536):
            data += some
    except ConnectionResetError:
        pass
    return data
