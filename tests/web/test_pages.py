"""Pages, files and headers."""

from collections.abc import Iterator

import pytest

from bothands.models import Embedder
from tests.web.site import Site, opened_alone


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    """In demo mode, with a front end as the build leaves it, in small."""
    folder = tmp_path_factory.mktemp("demo")
    static = folder / "static"
    for name, text in {
        "desk/index.html": "<!doctype html><title>desk</title>",
        "desk/demo.html": "<!doctype html><title>demo</title>",
        "desk/assets/index-Bx3kQ9zA.js": "1",
        "widget.js": "2",
        "widget/panel.Ck81_xYz.js": "3",
        "widget/page.js": "4",
    }.items():
        path = static / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "secret.js").write_text("CANARY")
    with opened_alone(folder, embedder, is_demo=True, static=static) as site:
        yield site


@pytest.mark.parametrize("path", ["/desk", "/desk/inbox/conv_1", "/c/shop"])
def test_without_the_front_end_a_page_says_what_to_run(shared: Site, path: str) -> None:
    page = shared.client().get(path)
    assert page.status_code == 503
    assert "make setup" in page.text


def test_the_desk_is_served_at_every_address_it_routes_itself(demo: Site) -> None:
    for path in ("/desk", "/desk/", "/desk/inbox/conv_1", "/desk/sign-in"):
        page = demo.client().get(path)
        assert "<title>desk</title>" in page.text, path
        policy = page.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-cache"
    assert demo.client().get("/desk/assets/missing-Bx3kQ9zA.js").status_code == 404


def test_names_with_a_hash_are_kept_for_ever_and_others_are_asked_again(demo: Site) -> None:
    client = demo.client()
    for path in ("/desk/assets/index-Bx3kQ9zA.js", "/widget/panel.Ck81_xYz.js"):
        assert "immutable" in client.get(path).headers["cache-control"]
    launcher = client.get("/widget.js")
    assert launcher.headers["cache-control"] == "no-cache"
    assert launcher.headers["access-control-allow-origin"] == "*"
    again = client.get("/widget.js", headers={"if-none-match": launcher.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/widget/../../secret.js",
        "/widget/%2e%2e/%2e%2e/secret.js",
        "/desk/..%2f..%2fsecret.js",
        "/desk/%2e%2e/%2e%2e/secret.js",
        "/widget//etc/passwd",
        "/assets/../app.py",
        "/assets/page.css%00.js",
    ],
)
def test_no_path_leads_out_of_the_folder(demo: Site, path: str) -> None:
    answer = demo.client().get(path)
    assert "CANARY" not in answer.text
    assert answer.status_code in (200, 400, 404)
    assert "root:" not in answer.text


def test_the_chat_page_names_its_inbox_and_needs_no_inline_script(demo: Site) -> None:
    page = demo.client().get("/c/shop")
    assert 'data-inbox="shop"' in page.text
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert demo.client().get("/c/nowhere").status_code == 404
    assert demo.client().get("/assets/page.css").headers["content-type"].startswith("text/css")


def test_the_demo_page_signs_in_and_only_in_demo_mode(demo: Site) -> None:
    client = demo.client()
    assert "<title>demo</title>" in client.get("/demo").text
    assert client.get("/api/v1/me").json()["name"] == "Bo Lind"
    first = client.cookies["bothands_signin"]
    client.get("/demo")
    assert client.cookies["bothands_signin"] == first
    framed = demo.client()
    framed.get("/demo", headers={"sec-fetch-site": "cross-site"})
    assert "bothands_signin" not in framed.cookies


def test_demo_links_sign_in_once_each(demo: Site) -> None:
    links = demo.client().get("/demo/links").json()["links"]
    assert [link["role"] for link in links] == ["agent", "lead", "admin"]
    token = links[1]["url"].partition("?token=")[2]
    assert links[1]["url"].startswith("http://placeholder.invalid/desk/sign-in")
    client = demo.client()
    assert client.post("/api/v1/sign-in/link", json={"token": token}).json()["role"] == "lead"
    assert client.post("/api/v1/sign-in/link", json={"token": token}).status_code == 401


def test_without_a_demo_there_are_no_links(shared: Site) -> None:
    assert shared.client().get("/demo/links").status_code == 404
    assert shared.client().get("/demo").status_code == 404


def test_every_answer_carries_the_headers_that_protect(shared: Site) -> None:
    for path in ("/health", "/ready", "/api/openapi.json", "/api/v1/me", "/nowhere", "/desk", "/help/x"):
        headers = shared.client().get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "server" not in headers, path


def test_health_and_readiness(shared: Site) -> None:
    assert shared.client().get("/health").json() == {"health": "ok"}
    assert shared.client().get("/ready").json()["ready"] is True


def test_an_unknown_help_page_is_a_page(shared: Site) -> None:
    page = shared.client().get("/help/nowhere")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_the_description_names_every_route_that_is_not_a_page(shared: Site) -> None:
    schema = shared.client().get("/api/openapi.json").json()
    assert "/api/v1/conversations/{conversation_id}/messages" in schema["paths"]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), f"{method} {path}"
            assert "404" in operation["responses"], f"{method} {path}"
