"""The shop's order process is met as the desk meets it: a process, over HTTP."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SHOP = Path(__file__).parents[2] / "examples/retail/shop"
Start = Callable[..., str]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, **environment: str) -> str:
        process = subprocess.Popen(
            [sys.executable, str(SHOP), "--port", "0", *words],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.wait(5)
        if process.stdout is not None:
            process.stdout.close()


def get(url: str, seconds: float = 5) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_an_order_is_shown_to_whoever_knows_number_and_address(start: Start) -> None:
    code, order = get(f"{start()}/orders/48217?email=Ana.Lima@mail.example")

    assert code == 200
    assert (order["total"], [line["quantity"] for line in order["lines"]]) == ("124.00", [1, 2])
    assert "email" not in order


def test_the_wrong_address_is_refused_and_an_unknown_number_not_found(start: Start) -> None:
    url = start()

    assert get(f"{url}/orders/48217?email=bo@mail.example")[1]["error"] == "email-differs"
    assert get(f"{url}/orders/99999?email=bo@mail.example")[0] == 404
    assert get(f"{url}/orders/48217")[0] == 400


def test_all_orders_of_an_address_come_newest_first(start: Start) -> None:
    _, found = get(f"{start()}/orders?email=tomas.ferreira@mail.example")

    assert [order["number"] for order in found["orders"]] == ["48236", "48222"]


def test_nothing_is_delivered_on_a_sunday(start: Start) -> None:
    url = start()
    for order in json.loads((SHOP / "orders.json").read_text("utf-8")):
        _, shown = get(f"{url}/orders/{order['number']}?email={order['email']}")
        steps = [step["day"] for step in shown["steps"] if step["name"] not in ("Paid", "Cancelled")]
        window = shown["delivery"]
        days = [*steps, *([window["day"]] if window else [])]
        assert all(date.fromisoformat(day).weekday() != 6 for day in days), shown["number"]


def test_faults_can_be_switched_on_to_see_how_the_desk_bears_them(start: Start) -> None:
    down = start(SHOP_FAULT="down")
    assert get(f"{down}/orders/48217?email=x")[0] == 503
    garbage = start("--fault", "garbage")
    with pytest.raises(json.JSONDecodeError):
        get(f"{garbage}/orders/48217?email=x")
    slow = start("--fault", "slow", "--slow-seconds", "3")
    with pytest.raises(TimeoutError):
        get(f"{slow}/orders/48217?email=x", seconds=0.5)


def test_a_broken_file_of_orders_is_named_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text("[{]")
    done = subprocess.run(
        [sys.executable, str(SHOP), "--orders", str(path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "cannot be read" in done.stderr
    assert "Correct the file" in done.stderr
