"""Two processes at one desk: who looks and who writes in one is seen in the other."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import ClientConnection

from bothands.kit import Ids, ManualClock
from bothands.models import Embedder
from bothands.storage import open_database
from tests.live.test_desking import until
from tests.live.test_missed_hints import kill_line
from tests.web.site import Site, opened

MENDED_SECONDS_MAX = 20.0

pytestmark = pytest.mark.slow


@pytest.fixture
def sites(
    postgres_fresh: str, tmp_path: Path, embedder: Embedder, clock: ManualClock, ids: Ids
) -> Iterator[tuple[Site, Site]]:
    """Bo's process and Chi's: nothing joins them but the database."""
    here = open_database(postgres_fresh, clock=clock, ids=ids, source=random.Random(7))
    there = open_database(postgres_fresh, clock=clock, source=random.Random(8))
    with opened(here, tmp_path, embedder) as bos, opened(there, tmp_path, embedder, beside=bos) as chis:
        yield bos, chis
    here.close()
    there.close()


def looks(desk: ClientConnection, conversation_id: str | None) -> None:
    desk.send(json.dumps({"do": "viewing", "conversation_id": conversation_id}))


def seen_by(desk: ClientConnection, conversation_id: str, *names: str, writing: bool = False) -> None:
    """Wait until this desk shows just these people."""
    while True:
        people = until(desk, "viewing", conversation_id=conversation_id)["people"]
        if [(one["name"], one["is_writing"]) for one in people] == [(name, writing) for name in names]:
            return


def viewers(client: httpx.Client, conversation_id: str) -> list[str]:
    view = client.get(f"/api/v1/conversations/{conversation_id}").json()
    return [person["name"] for person in view["viewers"]]


def test_who_looks_and_writes_in_another_process_is_seen(sites: tuple[Site, Site]) -> None:
    bos, chis = sites
    with bos.visit() as ada, bos.watch(bos.client("agent")) as bo, chis.watch(chis.client("lead")) as chi:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        looks(chi, conversation_id)
        seen_by(bo, conversation_id, "Chi Park")
        assert viewers(bos.client("agent"), conversation_id) == ["Chi Park"]
        chi.send(json.dumps({"do": "typing", "conversation_id": conversation_id, "is_note": True}))
        seen_by(bo, conversation_id, "Chi Park", writing=True)
        looks(chi, None)
        seen_by(bo, conversation_id)


def test_who_leaves_another_process_is_forgotten(sites: tuple[Site, Site]) -> None:
    bos, chis = sites
    with bos.visit() as ada, bos.watch(bos.client("agent")) as bo:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        with chis.watch(chis.client("lead")) as chi:
            looks(chi, conversation_id)
            seen_by(bo, conversation_id, "Chi Park")
        seen_by(bo, conversation_id)


def test_a_process_that_comes_later_asks_who_looks(sites: tuple[Site, Site]) -> None:
    bos, chis = sites
    with bos.visit() as ada, bos.watch(bos.client("agent")) as bo:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        looks(bo, conversation_id)
        seen_by(bo, conversation_id, "Bo Lind")
        chis.desk.presence._leases.clear()
        with chis.watch(chis.client("lead")) as chi:
            seen_by(chi, conversation_id, "Bo Lind")


def test_after_a_broken_line_it_is_asked_again(sites: tuple[Site, Site], postgres_fresh: str) -> None:
    bos, chis = sites
    lead = chis.client("lead")
    with bos.visit() as ada, bos.watch(bos.client("agent")) as bo, chis.watch(lead) as chi:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        looks(bo, conversation_id)
        seen_by(chi, conversation_id, "Bo Lind")
        chis.desk.presence._leases.clear()
        assert viewers(lead, conversation_id) == []
        kill_line(postgres_fresh)
        until(chi, "missed")
        ends_at = time.monotonic() + MENDED_SECONDS_MAX
        while viewers(lead, conversation_id) != ["Bo Lind"]:
            assert time.monotonic() < ends_at
            time.sleep(0.05)


def test_typing_crosses_to_the_contact_and_to_colleagues(sites: tuple[Site, Site]) -> None:
    bos, chis = sites
    with bos.visit() as ada, bos.watch(bos.client("agent")) as bo, chis.watch(chis.client("lead")) as chi:
        conversation_id = ada.entries(ada.send("hello", "c-1"))[0]["conversation_id"]
        ada.say(do="typing")
        until(chi, "typing", author_kind="contact")
        bos.take_over(conversation_id, "lead")
        chi.send(json.dumps({"do": "typing", "conversation_id": conversation_id}))
        assert ada.until("typing")["author_name"] == "Chi Park"
        until(bo, "typing", author_name="Chi Park")
