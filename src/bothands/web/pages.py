"""Pages and files: the desk, the demo, the chat as a page, help articles, the widget, readiness."""

import asyncio
import hashlib
import re
from html import escape
from pathlib import Path

import msgspec
from litestar import Response
from litestar.params import FromPath

from bothands.conversations import inbox_of
from bothands.jobs import count_jobs
from bothands.kit import Forbidden, NotFound, Unavailable
from bothands.people import agent_of, make_link_token, sign_in_by_link
from bothands.storage import Unit
from bothands.web.asking import Asked, TheDesk, host_of
from bothands.web.desk import WebDesk
from bothands.web.headers import PAGE_POLICY
from bothands.web.permitting import SIGN_IN_COOKIE, sign_in_cookies, who_is
from bothands.web.problems import known_problems, name_codes

ASSETS = Path(__file__).parent / "assets"
DEMO_LINK_HOURS = 12
WRITES_WAITING_READY_MAX = 2_000

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
HTML = MEDIA_TYPES[".html"]
# Names that carry a hash of their content never change what they mean.
_HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.\w+$")
FOREVER = "public, max-age=31536000, immutable"


class Readiness(msgspec.Struct, frozen=True):
    ready: bool
    writes_waiting: int
    jobs: dict[str, int]


class DemoLink(msgspec.Struct, frozen=True):
    name: str
    role: str
    url: str


class DemoLinks(msgspec.Struct, frozen=True):
    links: list[DemoLink]


async def home() -> Response[bytes]:
    """The desk is what is here."""
    return Response(b"", status_code=307, headers={"location": "/desk"})


async def desk_page(desk: TheDesk, request: Asked) -> Response[bytes]:
    """The desk."""
    return await _page(desk, request, "desk/index.html")


async def desk_file(desk: TheDesk, request: Asked, file_path: FromPath[str]) -> Response[bytes]:
    """A file of the desk, or the desk itself at an address that it routes on its own."""
    if Path(file_path).suffix in MEDIA_TYPES:
        return await _file(desk.static, request, f"desk{file_path}")
    return await _page(desk, request, "desk/index.html")


async def demo_page(desk: TheDesk, request: Asked) -> Response[bytes]:
    """Both sides at once; only in demo mode, and only there does a page sign somebody in by itself."""
    if desk.demo is None:
        raise NotFound("demo", "this server does not run in demo mode", "start it with make demo")
    agent_id = desk.demo.agent_id
    page = await _page(desk, request, "desk/demo.html")
    signed_in = await who_is(desk, request.cookies.get(SIGN_IN_COOKIE, ""))
    if signed_in is None and _is_own_navigation(request):

        def enter(unit: Unit) -> str:
            link = make_link_token(unit, agent_id, hours=1)
            return sign_in_by_link(unit, link, device="demo page")[1]

        page.cookies.extend(sign_in_cookies(desk, await desk.db.write(enter)))
    return page


async def demo_links(desk: TheDesk, request: Asked) -> DemoLinks:
    """A one-time link for each agent of the demo; only in demo mode, only asked from this machine."""
    if desk.demo is None:
        raise NotFound("demo", "this server does not run in demo mode", "start it with make demo")
    if host_of(request) not in ("127.0.0.1", "::1"):
        raise Forbidden("demo links", "they are given to this machine only", "ask from the machine itself")
    agent_ids = desk.demo.linked_agent_ids

    def make(unit: Unit) -> list[DemoLink]:
        agents = [agent_of(unit.records, agent_id) for agent_id in agent_ids]
        return [
            DemoLink(
                a.name, a.role.value, sign_in_url(desk, make_link_token(unit, a.id, hours=DEMO_LINK_HOURS))
            )
            for a in agents
        ]

    return DemoLinks(await desk.db.write(make))


def sign_in_url(desk: WebDesk, token: str) -> str:
    """Where a one-time link leads; the page takes the token out of the address at once."""
    return f"{desk.base_url.rstrip('/')}/desk/sign-in?token={token}"


async def chat_page(desk: TheDesk, inbox: FromPath[str]) -> Response[bytes]:
    """The same chat as in the widget, as a page of its own."""
    found = await desk.db.read(lambda records: inbox_of(records, inbox))
    if not (desk.static / "widget/page.js").is_file():
        return not_built()
    body = (
        f'<div class="chat" id="chat" data-inbox="{escape(found.slug)}"></div>'
        '<script type="module" src="/widget/page.js"></script>'
        "<noscript><main><h1>The chat needs JavaScript</h1>"
        "<p>Switch it on for this page, or write to us another way.</p></main></noscript>"
    )
    return _html(f"Chat with {desk.company}", body)


async def help_page(desk: TheDesk, page_id: FromPath[str]) -> Response[bytes]:
    """An article as a page that needs no script."""
    page = desk.library.page(page_id)
    if page is None:
        body = "<main><h1>There is no such page</h1><p>The address may be old. Ask us in the chat.</p></main>"
        return _html("No such page", body, 404)
    checked = f'<p class="quiet">Checked on {page.checked_at}</p>' if page.checked_at else ""
    body = f"<main><h1>{escape(page.title)}</h1>{checked}{page.html}</main>"
    return _html(f"{page.title} · {desk.company}", body)


async def widget_script(desk: TheDesk, request: Asked) -> Response[bytes]:
    """The launcher that a shop puts on its pages."""
    return await _file(desk.static, request, "widget.js", is_shared=True)


async def widget_file(desk: TheDesk, request: Asked, file_path: FromPath[str]) -> Response[bytes]:
    """What the launcher loads when it is opened."""
    return await _file(desk.static, request, f"widget{file_path}", is_shared=True)


async def asset(request: Asked, file_path: FromPath[str]) -> Response[bytes]:
    """Style of the plain pages."""
    return await _file(ASSETS, request, file_path)


async def health() -> dict[str, str]:
    """This process answers."""
    return {"health": "ok"}


async def ready(desk: TheDesk) -> Readiness:
    """The database answers and writes are not piling up; 503 otherwise."""
    jobs = await desk.db.read(count_jobs)
    waiting = desk.db.writes_waiting
    if waiting > WRITES_WAITING_READY_MAX:
        raise Unavailable("server", f"{waiting} writes are waiting", "try again in a moment")
    return Readiness(True, waiting, jobs)


async def openapi(request: Asked) -> Response[bytes]:
    """This API, described."""
    description = name_codes(request.app.openapi_schema.to_schema())
    return Response(msgspec.json.encode(description), media_type="application/json")


async def error_page(code: FromPath[str]) -> Response[bytes]:
    """What the `type` of a problem leads to."""
    found = known_problems().get(code)
    if found is None:
        raise NotFound(f"error {code[:60]!r}", "there is none of this code", "see the API's description")
    number, title = found
    body = (
        f"<main><h1>{escape(title)}</h1><p>HTTP {number}, <code>{escape(code)}</code>.</p><p>Each says "
        "what, why, and what to do: <code>thing</code>, <code>cause</code>, <code>cure</code>.</p></main>"
    )
    return _html(title, body)


def not_built() -> Response[bytes]:
    """A page that says what to do when the front ends are missing."""
    body = (
        "<main><h1>The front end is not built yet</h1><p>The server runs; its pages are missing. "
        "Run <code>make setup</code> in the repository's root, then reload.</p></main>"
    )
    return _html("Not built yet", body, 503)


def _html(title: str, body: str, status_code: int = 200) -> Response[bytes]:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="/assets/page.css"></head><body>{body}</body></html>'
    )
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-cache"}
    return Response(text.encode(), status_code=status_code, media_type=HTML, headers=headers)


async def _page(desk: WebDesk, request: Asked, name: str) -> Response[bytes]:
    if not (desk.static / name).is_file():
        return not_built()
    page = await _file(desk.static, request, name)
    page.headers["content-security-policy"] = PAGE_POLICY
    return page


async def _file(folder: Path, request: Asked, name: str, *, is_shared: bool = False) -> Response[bytes]:
    """A file below `folder`; a path that leads out of it looks like none."""
    found = await asyncio.to_thread(_read, folder, name)
    if found is None:
        raise NotFound(f"file {name}", "there is none", "reload the page")
    tag, media_type, data = found
    headers = {"etag": tag, "cache-control": FOREVER if _HASHED.search(name) else "no-cache"}
    if is_shared:
        # Public by nature: any shop's page may load the widget.
        headers |= {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)


def _read(folder: Path, name: str) -> tuple[str, str, bytes] | None:
    media_type = MEDIA_TYPES.get(Path(name).suffix)
    try:
        path = (folder / name.lstrip("/")).resolve()
        if media_type is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None  # no name that a file can have
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"', media_type, data


def _is_own_navigation(request: Asked) -> bool:
    """A person opened the page; it was not fetched or framed by another site."""
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin", "same-site")
