"""Teams over HTTP: everybody at the desk reads them, admins change them."""

from tests.web.site import Site

TEAMS = "/api/v1/teams"


def test_an_admin_makes_changes_and_drops_a_team_that_all_can_see(site: Site) -> None:
    admin, bo = site.client("admin"), site.agents["agent"]
    made = admin.post(TEAMS, json={"name": "Returns", "member_ids": [bo.id]})
    assert made.status_code == 201, made.text
    team = made.json()
    assert team["members"] == [{"id": bo.id, "name": "Bo Lind"}]
    assert site.client("agent").get(TEAMS).json()["teams"] == [team]
    chi = site.agents["lead"]
    address = f"{TEAMS}/{team['id']}"
    both = admin.patch(address, json={"member_ids": [chi.id, bo.id]}).json()
    assert [member["name"] for member in both["members"]] == ["Bo Lind", "Chi Park"]
    assert admin.patch(address, json={"name": "Refunds"}).json() == both | {"name": "Refunds"}
    assert admin.delete(address).status_code == 204
    assert admin.get(TEAMS).json()["teams"] == []
    assert admin.delete(address).status_code == 404


def test_a_team_is_made_once_under_one_key_and_a_taken_name_is_refused(site: Site) -> None:
    admin = site.client("admin")
    for _ in range(2):
        made = admin.post(TEAMS, json={"name": "Returns"}, headers={"idempotency-key": "one"})
        assert made.status_code == 201
    taken = admin.post(TEAMS, json={"name": "returns"})
    assert (taken.status_code, taken.json()["code"]) == (409, "team-known")
    nobody = admin.post(TEAMS, json={"name": "Delivery", "member_ids": ["agent_nobody"]})
    assert nobody.status_code == 404
    for body in ({"name": ""}, {"name": "x" * 81}, {"members": []}, {}):
        assert admin.post(TEAMS, json=body).status_code == 400


def test_nobody_else_changes_teams(site: Site) -> None:
    for who in ("agent", "lead"):
        assert site.client(who).post(TEAMS, json={"name": "Mine"}).status_code == 403
