"""A company's system that receives webhooks, as a process of its own: what came is in a file, a line each.

The path says how it answers: /ok, /slow (never), /gone (410), /moved (a redirect to /ok), /broken (500),
/shy?times=2 (refuses each id that often before it takes it).
"""

import json
import sys
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

SLOW_SECONDS = 30


class Receiver(BaseHTTPRequestHandler):
    log: Path
    lock = Lock()
    refused: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        parts = urlsplit(self.path)
        code = self.code(parts.path, parse_qs(parts.query))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.lock, self.log.open("a") as log:
            log.write(json.dumps({"path": self.path, "headers": headers, "body": body, "code": code}) + "\n")
        if parts.path == "/slow":
            time.sleep(SLOW_SECONDS)
        self.send_response(code)
        if code == 302:
            self.send_header("location", "/ok")
        self.send_header("content-length", "0")
        self.end_headers()

    def code(self, path: str, query: dict[str, list[str]]) -> int:
        webhook_id = self.headers["webhook-id"]
        if path == "/shy":
            with self.lock:
                self.refused[webhook_id] += 1
                return 503 if self.refused[webhook_id] <= int(query["times"][0]) else 204
        return {"/gone": 410, "/moved": 302, "/broken": 500}.get(path, 204)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    Receiver.log = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    print(server.server_address[1], flush=True)
    server.serve_forever()
