"""READ: a shop's orders over HTTP, `GET {base}/orders/{number}?email=…`."""

from datetime import date
from typing import Any
from urllib.parse import quote

import msgspec

from bothands.egress import Caller, CallFailed


class Line(msgspec.Struct, frozen=True):
    name: str
    quantity: int
    price: str
    step: str = ""
    day: date | None = None


class Milestone(msgspec.Struct, frozen=True):
    name: str
    day: date | None
    is_done: bool


class Window(msgspec.Struct, frozen=True, rename={"start": "from"}):
    day: date
    start: str
    until: str


class Order(msgspec.Struct, frozen=True):
    number: str
    total: str
    currency: str
    lines: list[Line]
    steps: list[Milestone]
    delivery: Window | None = None
    carrier: str | None = None
    tracking: str | None = None
    note: str | None = None


class ShopOrders:
    """Looks an order up; both number and e-mail address must be right, or there is nothing to see."""

    def __init__(self, caller: Caller, base_url: str) -> None:
        self._caller = caller
        self._base = base_url.rstrip("/")

    async def order(self, number: str, email: str) -> Order | None:
        """The order, or None where number and e-mail do not belong together (or there is no such order).

        Raises CallFailed when the shop gives no answer that can be trusted.
        """
        answer = await self._caller.get(
            f"{self._base}/orders/{quote(number, safe='')}", params={"email": email.strip().lower()}
        )
        if answer.code in (403, 404):
            return None
        if answer.code != 200:
            raise CallFailed("the shop's order system", f"it answered with {answer.code}", "try again later")
        return _order(answer.json())


def _order(body: Any) -> Order:
    try:
        return msgspec.convert(body, Order)
    except msgspec.ValidationError as error:
        raise CallFailed("the shop's order system", f"its answer lacks {error}", "check it") from None
