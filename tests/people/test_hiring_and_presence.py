import pytest

from bothands.kit import Forbidden, ManualClock
from bothands.people import (
    PERMISSIONS,
    WRITING_SECONDS,
    AgentKnown,
    Presence,
    Role,
    Viewer,
    add_agent,
    agent_of,
    available_agents,
    disable_agent,
    is_agent_available,
    list_agents,
    may,
    permissions_of,
    require,
    set_availability,
)
from bothands.storage import Database

BO = Viewer("agent_bo", "Bo")
CHI = Viewer("agent_chi", "Chi")


def test_an_agent_is_added_once(db: Database) -> None:
    bo = db.write_now(
        lambda unit: add_agent(
            unit, name="Bo", email="Bo@shop.example", role=Role.AGENT, expertise=("returns",)
        )
    )
    assert db.read_now(lambda records: agent_of(records, bo.id)) == bo
    assert bo.expertise == ("returns",)
    with pytest.raises(AgentKnown):
        db.write_now(lambda unit: add_agent(unit, name="B", email="bo@SHOP.example", role=Role.LEAD))
    assert db.read_now(list_agents) == [bo]


def test_availability_is_kept_and_a_disabled_agent_is_never_available(db: Database) -> None:
    bo = db.write_now(lambda unit: add_agent(unit, name="Bo", email="bo@s.example", role=Role.AGENT))
    chi = db.write_now(lambda unit: add_agent(unit, name="Chi", email="chi@s.example", role=Role.LEAD))
    assert db.read_now(available_agents) == []
    for agent in (bo, chi):
        db.write_now(lambda unit, agent=agent: set_availability(unit, agent.id, True))
    db.write_now(lambda unit: set_availability(unit, bo.id, True))
    assert db.read_now(available_agents) == [bo, chi]
    db.write_now(lambda unit: set_availability(unit, bo.id, False))
    db.write_now(lambda unit: disable_agent(unit, chi.id))
    assert db.read_now(available_agents) == []
    assert not db.read_now(lambda records: is_agent_available(records, bo.id))


def test_each_role_may_do_all_that_the_one_below_it_may() -> None:
    assert set(permissions_of(Role.AGENT)) < set(permissions_of(Role.LEAD)) < set(permissions_of(Role.ADMIN))
    assert set(permissions_of(Role.ADMIN)) == set(PERMISSIONS)


def test_an_agent_may_stop_the_assistant_but_not_let_it_go_on(db: Database) -> None:
    bo = db.write_now(lambda unit: add_agent(unit, name="Bo", email="bo@s.example", role=Role.AGENT))
    assert may(bo, "stops.write")
    with pytest.raises(Forbidden):
        require(bo, "stops.lift")


def test_a_viewer_with_two_tabs_is_one_person_until_both_are_gone(clock: ManualClock) -> None:
    presence = Presence(clock)
    for tab, viewer in (("t1", BO), ("t2", BO), ("t3", CHI)):
        presence.join(tab, viewer)
        presence.view(tab, "conv_1")
    assert presence.viewers("conv_1") == (BO, CHI)
    assert presence.leave("t1") == "conv_1"
    assert presence.viewers("conv_1") == (BO, CHI)
    assert presence.view("t2", "conv_2") == "conv_1"
    assert presence.viewers("conv_1") == (CHI,)


def test_whoever_writes_is_shown_writing_for_a_moment_whatever_their_other_tabs_do(
    clock: ManualClock,
) -> None:
    presence = Presence(clock)
    for tab, viewer in (("t1", BO), ("t2", BO), ("t3", CHI)):
        presence.join(tab, viewer)
        presence.view(tab, "conv_1")
    presence.write("t1", "conv_1")
    assert [viewer.is_writing for viewer in presence.viewers("conv_1")] == [True, False]
    clock.advance(WRITING_SECONDS + 0.1)
    assert presence.viewers("conv_1") == (BO, CHI)
    presence.write("t3", "conv_1")
    presence.view("t3", "conv_2")
    presence.view("t3", "conv_1")
    assert presence.viewers("conv_1") == (BO, CHI)


def test_a_lease_that_is_not_renewed_runs_out(clock: ManualClock) -> None:
    presence = Presence(clock)
    presence.join("t1", BO)
    presence.join("t2", CHI)
    for tab in ("t1", "t2"):
        presence.view(tab, "conv_1")
    clock.advance(30)
    presence.renew("t2")
    clock.advance(30)
    assert presence.viewers("conv_1") == (CHI,)
