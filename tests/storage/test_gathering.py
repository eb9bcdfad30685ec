"""Messages go before single writes, a few of which go along with every batch."""

import threading
from concurrent.futures import Future
from typing import Any

from bothands.storage import Database, Unit, writer


def test_beside_messages_only_a_few_single_writes_go_along_and_none_is_left(db: Database) -> None:
    done: list[str] = []
    gate, begun = threading.Event(), threading.Event()

    def wait(unit: Unit) -> None:
        begun.set()
        gate.wait(10)

    def single(unit: Unit) -> None:
        done.append("single")

    def together(unit: Unit, values: Any) -> list[None]:
        done.append(f"{len(values)} together")
        return [None for _ in values]

    waiting: list[Future[Any]] = [db._writer.submit(wait, Future())]
    begun.wait(10)
    waiting += [db._writer.submit(single, Future()) for _ in range(10)]
    waiting += [db._writer.submit_many(together, number, Future()) for number in range(5)]
    gate.set()
    for one in waiting:
        one.result(10)

    assert done[:2] == ["5 together", "single"]
    assert done.count("single") == 10
    assert writer.SINGLES_BESIDE_MANY_MAX < 10
