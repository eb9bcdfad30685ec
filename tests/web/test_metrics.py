"""What /metrics says, whom it says it to, and that nobody can make it longer."""

import re

import httpx

from bothands.web import ROUTES
from tests.web.site import Site


def values(client: httpx.Client) -> dict[str, float]:
    """Series → value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_it_counts_what_happened(site: Site) -> None:
    chi = site.client("lead")
    before = values(chi)
    with site.visit() as page:
        page.send("Do you deliver on Saturdays?", "c-1")
        page.say(do="ask_person", client_id="c-2")
        page.until("stored", client_id="c-2")
        chi.get("/api/v1/conversations/conv_nobody")
        now = values(chi)
    route = "/api/v1/conversations/{conversation_id}"
    shown = f'bothands_http_requests_total{{code="404",method="GET",route="{route}"}}'
    assert now[shown] == before.get(shown, 0) + 1
    assert now["bothands_commit_writes_sum"] >= before["bothands_commit_writes_sum"] + 2
    assert now["bothands_commit_seconds_count"] > before["bothands_commit_seconds_count"]
    assert now["bothands_reads_total"] > before["bothands_reads_total"]
    assert now['bothands_sockets{kind="chat"}'] == 1
    assert now["bothands_queue_contacts"] == 1
    assert now["bothands_queue_longest_seconds"] == 0  # the clock stands still
    assert now["bothands_writes_waiting"] == 0


def test_an_invented_address_or_method_adds_no_series(site: Site) -> None:
    client = site.client("lead")
    values(client)
    first = set(values(client))
    for number in range(40):
        client.get(f"/nowhere/{number}")
        client.request(f"ODD{number}", "/health")
        client.get(f"/api/v1/conversations/conv_{number}")
        client.get(f"/help/page-{number}")
    more = set(values(client)) - first
    assert len({re.sub(r"_(bucket|sum|count|created|total)?\{.*", "", name) for name in more}) <= 2
    assert not [name for name in more if re.search(r"nowhere|ODD|conv_|page-", name)]
    assert len(more) < 80


def test_without_a_token_in_the_settings_no_token_opens_it(site: Site) -> None:
    for sent in ("Bearer", "Bearer None", "bearer x", ""):
        assert site.client().get("/metrics", headers={"authorization": sent}).status_code == 401
    assert site.client("agent").get("/metrics").status_code == 403


def test_the_token_of_the_settings_opens_metrics_and_nothing_else(site: Site) -> None:
    token = "t" * 32
    object.__setattr__(site.desk, "metrics_token", token)
    scraper = site.client()
    scraper.headers["authorization"] = f"Bearer {token}"
    assert values(scraper)
    others = [route for route in ROUTES if route.method == "GET" and "." in route.permission]
    admitted = [
        route.path
        for route in others
        if scraper.get(re.sub(r"\{[^}]*\}", "x", route.path)).status_code not in (401, 403)
    ]
    assert admitted == ["/metrics"]
    assert site.client().get("/metrics", headers={"authorization": f"Bearer {token}x"}).status_code == 401
