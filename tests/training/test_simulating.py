import random
from itertools import pairwise
from typing import Any

import msgspec

from bothands.egress import Gate, open_socket
from bothands.training import Arrivals, Outcome, Pace, simulate
from bothands.training.simulating import Drawing

from .conftest import Stage


async def test_customers_arrive_until_their_number_is_full(stage: Stage, pace: Pace, ada: Any) -> None:
    async def dial() -> Any:
        return await open_socket(f"ws://127.0.0.1:{stage.port}", gate=Gate((f"127.0.0.1:{stage.port}",)))

    told: list[Outcome] = []
    quiet = [ada({"say": "hi", "waits": False}, ending="silence")]

    done = await simulate(quiet, dial, Arrivals(1.0, 2, None, 5), pace, random.Random(1), told.append)

    assert (done.conversations, done.endings) == (5, {"silence": 5})
    assert len(told) == 5
    assert len(stage.did("send")) == 5


def test_the_same_seed_draws_the_same_customers_and_none_twice_in_a_row(ada: Any) -> None:
    people = [msgspec.structs.replace(ada("hi", name=name), id=name) for name in ("Ada", "Ines", "Petra")]
    from_one = Drawing(people, random.Random(5))
    again = Drawing(people, random.Random(5))

    drawn = [from_one.draw().name for _ in range(20)]

    assert drawn == [again.draw().name for _ in range(20)]


def test_a_heavier_customer_comes_more_often(ada: Any) -> None:
    people = [msgspec.structs.replace(ada("a", weight=9 if i == 0 else 1), id=f"p{i}") for i in range(30)]
    drawing = Drawing(people, random.Random(5))

    drawn = [drawing.draw().id for _ in range(900)]

    assert drawn.count("p0") > 2 * drawn.count("p1")
    assert all(a != b for a, b in pairwise(drawn))
