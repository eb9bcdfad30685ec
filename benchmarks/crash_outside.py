"""An outside system for servers that get killed: it acts once per Idempotency-Key, as good ones do.

It answers late, so that kills often meet a call that took effect while its caller does not know. Whoever
repeats such a call under another key makes the effect happen twice.
"""

import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

LATE_SECONDS = 0.05


class Outside:
    """Listens on a free port of this machine until `close`."""

    def __init__(self) -> None:
        # Per message, the keys under which something was done for it.
        self.done: defaultdict[str, set[str]] = defaultdict(set)
        self.calls = 0
        self._lock = threading.Lock()
        outside = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outside.act(msgspec.json.decode(body)["entry_id"], self.headers["idempotency-key"])
                time.sleep(LATE_SECONDS)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, msgspec.DecodeError):
                    self.close_connection = True  # the caller was killed while it spoke or waited

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/effects"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def act(self, entry_id: str, key: str) -> None:
        with self._lock:
            self.calls += 1
            self.done[entry_id].add(key)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
