"""Two hundred read at once, many are cut off in the middle, and nobody gets a byte that is another's:
no visitor another visitor's, no agent of one team anything of the other team's inbox.

ISOLATION_READS=100000 makes it the long run.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from bothands.conversations import ALL
from bothands.models import Embedder
from bothands.web import permitting
from bothands.web.api import conversations
from bothands.web.live import chatting
from tests.laws.reading_crowd import Crowd, Found, Reader, populate
from tests.web.site import Site, opened_alone

READS = int(os.environ.get("ISOLATION_READS", "10000"))
# The crowd stops at the first leak, which comes long before.
SABOTAGED_READS = 30_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    with opened_alone(tmp_path_factory.mktemp("isolation"), embedder) as site:
        yield site


@pytest.fixture(scope="module")
def readers(site: Site) -> list[Reader]:
    return populate(site)


def read(site: Site, readers: list[Reader], reads: int) -> Found:
    return asyncio.run(Crowd(site, readers, reads).read())


def test_nobody_reads_a_byte_of_another(site: Site, readers: list[Reader]) -> None:
    found = read(site, readers, READS)
    assert found.leaks == []
    assert found.reads >= READS
    assert found.canaries > found.reads, "what nobody's words were in proves nothing"
    assert found.dropped < READS // 100, "the server drops connections"
    assert found.cut_off > READS // 200, "hardly anybody was cut off"
    assert found.sat_down > READS // 400, "hardly anybody came by a signed token"
    assert found.gave_way < found.sat_down


@pytest.mark.parametrize(
    ("room", "one_in"), [(chatting, 1_000), (conversations, 100)], ids=["socket", "desk"]
)
def test_a_look_up_that_is_rarely_wrong_is_found_out(
    site: Site, readers: list[Reader], room: Any, one_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch: without it, the law above could hold because nobody looks."""
    monkeypatch.setattr(room, "entries_since", sometimes_another(room.entries_since, readers, one_in))
    assert read(site, readers, SABOTAGED_READS).leaks


def test_a_desk_where_rights_are_rarely_forgotten_is_found_out(
    site: Site, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage switch of the teams: one look in a hundred sees everything."""
    asked = count(1)
    see = permitting.sight_of
    monkeypatch.setattr(permitting, "sight_of", lambda *given: ALL if next(asked) % 100 == 0 else see(*given))
    leaks = read(site, readers, SABOTAGED_READS).leaks
    assert any("another team's" in leak or "canary" in leak or "row" in leak for leak in leaks)


def sometimes_another(look: Callable[..., Any], readers: list[Reader], one_in: int) -> Callable[..., Any]:
    asked = count(1)

    def wrong(records: Any, conversation_id: str, since: int, *more: Any) -> Any:
        if next(asked) % one_in == 0:
            conversation_id = next(r.conversation_id for r in readers if r.conversation_id != conversation_id)
        return look(records, conversation_id, since, *more)

    return wrong
