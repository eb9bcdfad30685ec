"""Nothing but egress opens a connection. Libraries are kept out by .importlinter; this sees the rest."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "bothands"

# Of the standard library, where the import contracts cannot tell a part from its whole.
MODULES = ("urllib.request", "http.client", "xmlrpc.client", "multiprocessing.connection", "logging.handlers")
CALLS = re.compile(
    r"\b(open_connection|open_unix_connection|create_connection|create_unix_connection|create_datagram_endpoint"
    r"|sock_connect|connect_ex|getaddrinfo|gethostbyname|urlopen|urlretrieve|HTTPConnection|HTTPSConnection"
    r"|AsyncClient|wrap_socket)$"
)
PROGRAMS = {"curl", "wget", "nc", "ncat", "ssh", "scp", "git", "pip", "telnet", "openssl"}


def ways_out(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            yield from (name for name in names if name in MODULES)
        elif isinstance(node, ast.Call) and CALLS.search(ast.unparse(node.func)):
            yield ast.unparse(node.func)
        elif isinstance(node, ast.Call) and re.search(r"subprocess|Popen|system$", ast.unparse(node.func)):
            yield from (
                repr(part.value)
                for part in ast.walk(node)
                if isinstance(part, ast.Constant) and part.value in PROGRAMS
            )
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "__import__",
            "importlib.import_module",
        ):
            yield ast.unparse(node.func)


def test_nothing_else_opens_a_connection() -> None:
    found = {
        f"{file.relative_to(SRC)}: {way}"
        for file in SRC.rglob("*.py")
        if file.parent.name != "egress"
        for way in ways_out(file.read_text(encoding="utf-8"))
    }
    assert not found, f"{sorted(found)}: calls out. Use bothands.egress, which checks where it leads."


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen as get",
        "import http.client",
        "await asyncio.open_connection('a', 1)",
        "loop.create_connection(P, 'a', 1)",
        "socket.create_connection(('a', 1))",
        "httpx.AsyncClient()",
        "subprocess.run(['curl', url])",
        "asyncio.create_subprocess_exec('wget', url)",
        "importlib.import_module('socket')",
        "loop.getaddrinfo(name, 80)",
    ],
)
def test_ways_out_are_recognised(source: str) -> None:
    assert list(ways_out(source))


def test_the_contract_knows_the_usual_libraries() -> None:
    parsed = configparser.ConfigParser()
    parsed.read(ROOT / ".importlinter")
    forbidden = set(parsed["importlinter:contract:only-egress-calls-out"]["forbidden_modules"].split())
    assert forbidden >= {
        *("aiohttp", "httpcore", "httpx", "requests", "socket", "ssl", "urllib3", "websockets"),
        *(
            "aiosmtplib",
            "ftplib",
            "imaplib",
            "poplib",
            "smtplib",
            "telnetlib",
            "xmlrpc",
            "httpx2",
            "niquests",
        ),
    }
