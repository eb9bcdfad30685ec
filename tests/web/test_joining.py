"""Inviting, joining, signing in by code and being let go, over HTTP as the desk does it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from bothands.conversations import HolderKind, conversation_of
from bothands.models import Embedder
from bothands.people import make_code
from bothands.storage import Database
from tests.web.site import Site, opened

PASSWORD = "a boat, a hill, a lamp"
DEE = {"name": "Dee Ray", "email": "dee@shop.example", "role": "lead", "expertise": ["returns"]}


@pytest.fixture
def mailing(db: Database, tmp_path: Path, embedder: Embedder) -> Iterator[Site]:
    """A site that has a mail server; no worker runs, so that nothing is sent."""
    with opened(db, tmp_path, embedder, has_mail=True) as site:
        yield site


def invited(admin: httpx.Client, **more: object) -> dict[str, object]:
    answer = admin.post("/api/v1/invitations", json=DEE | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def token_of(link: object) -> str:
    base, _, token = str(link).partition("/desk/join#")
    assert base == "http://placeholder.invalid"
    return token


def jobs(site: Site) -> list[str]:
    kinds = text("SELECT kind FROM jobs_job ORDER BY id")
    return list(site.db.read_now(lambda records: records.execute(kinds).scalars().all()))


def test_without_a_mail_server_the_link_is_shown_and_lets_in(site: Site) -> None:
    admin = site.client("admin")
    assert admin.get("/api/v1/agents").json()["has_mail"] is False
    made = invited(admin)
    token = token_of(made["link"])
    guest = site.client()
    offered = guest.post("/api/v1/join/look", json={"token": token}).json()
    assert (offered["company"], offered["invited_by"]) == ("Alder & Loft", "Ines Rocha")
    assert (offered["name"], offered["email"], offered["role"]) == ("Dee Ray", "dee@shop.example", "lead")
    short = guest.post("/api/v1/join", json={"token": token, "password": "short"})
    assert (short.status_code, short.json()["thing"]) == (400, "password")
    joined = guest.post("/api/v1/join", json={"token": token, "password": PASSWORD, "name": "Dee R."})
    assert joined.status_code == 200, joined.text
    assert joined.json()["name"] == "Dee R."
    assert guest.get("/api/v1/me").json()["role"] == "lead"
    again = site.client().post("/api/v1/join", json={"token": token, "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (401, "invitation-spent")
    by_password = {"email": "dee@shop.example", "password": PASSWORD}
    assert site.client().post("/api/v1/sign-in/password", json=by_password).status_code == 200
    dee = next(one for one in admin.get("/api/v1/agents").json()["agents"] if one["name"] == "Dee R.")
    assert (dee["sign_ins"], dee["expertise"], dee["holds"], dee["availability"]) == (
        2,
        ["returns"],
        0,
        "away",
    )
    assert admin.get("/api/v1/invitations").json()["invitations"] == []


def test_with_a_mail_server_no_link_is_shown_unless_asked_for(mailing: Site) -> None:
    admin = mailing.client("admin")
    made = invited(admin)
    assert made["link"] is None
    assert jobs(mailing) == ["mail_invitation"]
    renewal = f"/api/v1/invitations/{made['invitation']['id']}/renewal"  # type: ignore[index]
    assert admin.post(renewal, json={}).json()["link"] is None
    assert jobs(mailing) == ["mail_invitation"], "one mail that waits is enough"
    assert token_of(admin.post(renewal, json={"as_link": True}).json()["link"])


def test_an_invitation_is_sent_anew_or_taken_back(site: Site) -> None:
    admin = site.client("admin")
    first = invited(admin)
    known = admin.post("/api/v1/invitations", json=DEE)
    assert (known.status_code, known.json()["code"]) == (409, "invitation-known")
    here = f"/api/v1/invitations/{first['invitation']['id']}"  # type: ignore[index]
    second = admin.post(f"{here}/renewal", json={}).json()
    look = site.client()
    for link, expected in ((first["link"], 401), (second["link"], 200)):
        assert look.post("/api/v1/join/look", json={"token": token_of(link)}).status_code == expected
    assert admin.delete(here).status_code == 204
    assert look.post("/api/v1/join/look", json={"token": token_of(second["link"])}).status_code == 401
    assert admin.delete(here).status_code == 404


HOSTS = [
    {name: value}
    for name in ("host", "x-forwarded-host", "x-forwarded-server", "forwarded", "x-original-host", "x-host")
    for value in ("evil.example", "evil.example:443", "placeholder.invalid.evil.example", "evil.example#")
]


@pytest.mark.parametrize("headers", HOSTS)
def test_no_header_moves_a_link_elsewhere(shared: Site, headers: dict[str, str]) -> None:
    admin = shared.client("admin")
    answer = admin.post("/api/v1/invitations", json=DEE, headers=headers)
    if answer.status_code < 400:
        token_of(answer.json()["link"])
        admin.delete(f"/api/v1/invitations/{answer.json()['invitation']['id']}")
    assert "evil" not in answer.text


def test_no_answer_with_a_link_is_kept(site: Site) -> None:
    admin = site.client("admin")
    answer = admin.post("/api/v1/invitations", json=DEE, headers={"idempotency-key": "k-1"})
    secret = token_of(answer.json()["link"]).partition(".")[2]
    kept = site.db.read_now(lambda records: records.execute(text("SELECT body FROM web_answer")).all())
    assert secret not in str(kept)


def test_who_may_not_invite_may_look_or_nothing(site: Site) -> None:
    lead, agent = site.client("lead"), site.client("agent")
    assert lead.get("/api/v1/agents").status_code == 200
    assert lead.post("/api/v1/invitations", json=DEE).status_code == 403
    assert agent.get("/api/v1/agents").status_code == 403


def test_a_disabled_agent_is_out_at_once_and_leaves_nobody_behind(site: Site) -> None:
    with site.visit() as page:
        page.send("Hello?", "c-1")
        conversation_id = str(page.entries(1)[0]["conversation_id"])
        site.take_over(conversation_id)
        bo = site.agents["agent"]
        browser = site.client("agent")
        admin = site.client("admin")
        with site.watch(browser) as socket:
            changed = admin.patch(f"/api/v1/agents/{bo.id}", json={"is_disabled": True})
            assert changed.status_code == 200, changed.text
            assert (changed.json()["holds"], changed.json()["sign_ins"]) == (0, 0)
            with pytest.raises(ConnectionClosed):
                while True:
                    socket.recv(timeout=30)
        assert browser.get("/api/v1/me").status_code == 401
        found = site.db.read_now(lambda records: conversation_of(records, conversation_id))
        assert found.holder_kind is HolderKind.QUEUE
        assert page.state_where(lambda state: state["holder"]["kind"] == "queue")
        again = admin.patch(f"/api/v1/agents/{bo.id}", json={"is_disabled": False})
        assert again.json()["disabled_at"] is None
        assert browser.get("/api/v1/me").status_code == 401


def test_somebody_stays_an_admin(site: Site) -> None:
    admin = site.client("admin")
    here = f"/api/v1/agents/{site.agents['admin'].id}"
    for change in ({"is_disabled": True}, {"role": "lead"}):
        refused = admin.patch(here, json=change)
        assert (refused.status_code, refused.json()["code"]) == (409, "last-admin")
    assert admin.patch(f"/api/v1/agents/{site.agents['lead'].id}", json={"role": "admin"}).status_code == 200
    assert admin.patch(here, json={"role": "lead"}).json()["role"] == "lead"
    assert admin.patch(here, json={"role": "admin"}).status_code == 403


def test_an_agent_is_changed_and_signed_out_everywhere(site: Site) -> None:
    admin, browser = site.client("admin"), site.client("agent")
    here = f"/api/v1/agents/{site.agents['agent'].id}"
    change = {
        "name": " Bo  Lindström ",
        "role": "lead",
        "expertise": ["returns", "returns", " "],
        "capacity": 7,
    }
    changed = admin.patch(here, json=change).json()
    assert (changed["name"], changed["role"]) == ("Bo Lindström", "lead")
    assert (changed["expertise"], changed["capacity"], changed["sign_ins"]) == (["returns"], 7, 1)
    assert browser.get("/api/v1/me").json()["role"] == "lead"
    assert admin.patch(here, json={"capacity": 0}).status_code == 400
    assert admin.patch(here, json={"role": "boss"}).status_code == 400
    assert admin.delete(f"{here}/sign-ins").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401
    assert admin.patch("/api/v1/agents/agent_nobody", json={}).status_code == 404


def test_a_code_signs_in_the_browser_that_asked(mailing: Site) -> None:
    browser, other = mailing.client(), mailing.client()
    assert browser.get("/api/v1/sign-in").json() == {"company": "Alder & Loft", "code": True}
    ask = browser.post("/api/v1/sign-in/code", json={"email": "bo@shop.example"}).json()["ask"]
    code_id = mailing.db.read_now(
        lambda records: records.execute(text("SELECT id FROM people_code")).scalar_one()
    )
    made = mailing.db.write_now(lambda unit: make_code(unit, str(code_id)))
    assert made is not None
    foreign = other.post("/api/v1/sign-in/code", json={"email": "bo@shop.example"}).json()["ask"]
    wrong = other.post("/api/v1/sign-in/code/answer", json={"ask": foreign, "code": made[1]})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong-code")
    entered = browser.post("/api/v1/sign-in/code/answer", json={"ask": ask, "code": made[1]})
    assert entered.status_code == 200, entered.text
    assert browser.get("/api/v1/me").json()["name"] == "Bo Lind"
    assert other.post("/api/v1/sign-in/code/answer", json={"ask": ask, "code": made[1]}).status_code == 401


def test_a_wrong_code_is_counted_although_it_is_refused(mailing: Site) -> None:
    browser = mailing.client()
    ask = browser.post("/api/v1/sign-in/code", json={"email": "bo@shop.example"}).json()["ask"]
    for _ in range(7):
        refused = browser.post("/api/v1/sign-in/code/answer", json={"ask": ask, "code": "x"})
        assert refused.status_code == 401
    tries = mailing.db.read_now(
        lambda records: records.execute(text("SELECT tries FROM people_code")).scalar_one()
    )
    assert tries == 5


def test_an_unknown_address_is_answered_and_worked_on_alike(mailing: Site) -> None:
    answers = [
        mailing.client().post("/api/v1/sign-in/code", json={"email": email})
        for email in ("bo@shop.example", "nobody@elsewhere.example")
    ]
    assert [(answer.status_code, sorted(answer.json())) for answer in answers] == [
        (200, ["ask", "minutes"])
    ] * 2
    assert {len(answer.json()["ask"]) for answer in answers} == {len(answers[0].json()["ask"])}
    # The same rows for both: what differs happens in the job, where nobody waits for it.
    assert jobs(mailing) == ["mail_code"] * 2


def test_without_a_mail_server_codes_are_not_offered(site: Site) -> None:
    browser = site.client()
    assert browser.get("/api/v1/sign-in").json()["code"] is False
    refused = browser.post("/api/v1/sign-in/code", json={"email": "bo@shop.example"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no-mail")
