import httpx
import pytest

from bothands.people import make_link_token
from tests.web.site import Site


def test_a_link_signs_in_once_and_the_cookie_is_out_of_reach_of_scripts(site: Site) -> None:
    token = site.db.write_now(lambda unit: make_link_token(unit, site.agents["agent"].id))
    client = site.client()
    first = client.post("/api/v1/sign-in/link", json={"token": token})
    assert first.status_code == 200
    cookies = {line.split("=")[0]: line.lower() for line in first.headers.get_list("set-cookie")}
    assert "httponly" in cookies["bothands_signin"]
    assert "samesite=lax" in cookies["bothands_signin"]
    assert "httponly" not in cookies["bothands_csrf"]
    me = client.get("/api/v1/me").json()
    assert (me["name"], me["role"], me["initials"]) == ("Bo Lind", "agent", "BL")
    assert me["csrf"] == client.cookies["bothands_csrf"]
    second = site.client().post("/api/v1/sign-in/link", json={"token": token})
    assert second.status_code == 401
    assert second.json()["code"] == "link-spent"


def test_a_password_set_in_one_browser_opens_another(site: Site) -> None:
    client = site.client("lead")
    assert client.put("/api/v1/me/password", json={"password": "a boat, a hill, a lamp"}).status_code == 204
    other = site.client()
    sent = {"email": "CHI@shop.example", "password": "a boat, a hill, a lamp"}
    assert other.post("/api/v1/sign-in/password", json=sent).json()["name"] == "Chi Park"
    wrong = [
        site.client().post("/api/v1/sign-in/password", json={"email": email, "password": "not it"}).json()
        for email in ("chi@shop.example", "nobody@shop.example")
    ]
    assert wrong[0] == wrong[1]
    assert wrong[0]["status"] == 401


def test_leaving_signs_out_and_a_revoked_browser_is_nobody(site: Site) -> None:
    here, there = site.client("agent"), site.client("agent")
    listed = here.get("/api/v1/sign-ins").json()["sign_ins"]
    other = next(item["id"] for item in listed if not item["is_current"])
    assert here.delete(f"/api/v1/sign-ins/{other}").status_code == 204
    assert there.get("/api/v1/me").status_code == 401
    assert here.delete("/api/v1/sign-in").status_code == 204
    assert here.get("/api/v1/me").status_code == 401


def test_nobody_ends_another_agents_sign_in(site: Site) -> None:
    bo, chi = site.client("agent"), site.client("lead")
    mine = bo.get("/api/v1/sign-ins").json()["sign_ins"][0]["id"]
    assert chi.delete(f"/api/v1/sign-ins/{mine}").status_code == 404
    assert bo.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("csrf", [None, "", "x", "0" * 64])
def test_an_unsafe_request_needs_the_value_of_its_own_sign_in(shared: Site, csrf: str | None) -> None:
    client = shared.client("agent")
    client.headers.pop("x-csrf-token")
    headers = {"x-csrf-token": csrf} if csrf is not None else {}
    refused = client.put("/api/v1/me/availability", json={"available": False}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "bad-csrf")
    others = {"x-csrf-token": shared.client("lead").headers["x-csrf-token"]}
    assert client.put("/api/v1/me/availability", json={"available": False}, headers=others).status_code == 403
    assert client.get("/api/v1/me").json()["availability"] == "available"


@pytest.mark.parametrize(
    "trick",
    ["https://evil.example", "null", "{own}.evil.example", "http://127.0.0.1", "{own}/", "HTTPS{own}"],
)
def test_a_foreign_origin_changes_nothing(shared: Site, trick: str) -> None:
    client = shared.client("agent")
    origin = trick.format(own=shared.url)
    refused = client.put("/api/v1/me/availability", json={"available": False}, headers={"origin": origin})
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign-origin")
    token = shared.db.write_now(lambda unit: make_link_token(unit, shared.agents["agent"].id))
    planted = shared.client().post("/api/v1/sign-in/link", json={"token": token}, headers={"origin": origin})
    assert planted.status_code == 403


def test_availability_is_changed_and_shown(site: Site) -> None:
    client = site.client("agent")
    assert client.put("/api/v1/me/availability", json={"available": False}).json()["availability"] == "away"
    assert client.get("/api/v1/me").json()["availability"] == "away"


def test_signing_in_is_limited_and_says_when_to_come_back(site: Site) -> None:
    sent = {"email": "bo@shop.example", "password": "wrong"}
    answers: list[httpx.Response] = [
        site.client().post("/api/v1/sign-in/password", json=sent) for _ in range(11)
    ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
