"""Answers GET /orders/{number}?email=… and GET /orders?email=… from a file of orders. It changes nothing."""

import json
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

FAULTS = ("none", "slow", "down", "garbage", "forgetful")
SLOW_SECONDS_MAX = 60.0
ORDERS_SHOWN_MAX = 20
SATURDAY, SUNDAY = 5, 6

_STEPS_OVER = ("With you", "Returned", "Cancelled")
_STEPS_ON_ANY_DAY = ("Paid", "Cancelled")

Order = dict[str, Any]


class Shop(ThreadingHTTPServer):
    """The server with its orders; a fault can be switched on while it runs."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], orders: list[Order], fault: str, slow_seconds: float
    ) -> None:
        self.orders = {order["number"]: order for order in orders}
        self.fault = fault
        self.slow_seconds = min(slow_seconds, SLOW_SECONDS_MAX)
        super().__init__(address, _Request)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


def open_shop(host: str, port: int, orders: Path, fault: str = "none", slow_seconds: float = 8.0) -> Shop:
    """A listening shop; raises ValueError or KeyError for a bad file, OSError for a taken port."""
    rows = json.loads(orders.read_text(encoding="utf-8"))
    for row in rows:
        shown(row, _today())
    return Shop((host, port), rows, fault, slow_seconds)


def shown(order: Order, today: date) -> Order:
    """The order as the outside sees it: real dates, sums, and no e-mail address."""
    lines = [
        {**line, "day": _day(today, line["day"], line["step"], line["step"] in _STEPS_OVER)}
        for line in order["lines"]
    ]
    fee = Decimal(order.get("fee", "0.00"))
    total = fee + sum(Decimal(line["price"]) * line["quantity"] for line in order["lines"])
    return {
        "number": order["number"],
        "placed_on": (today + timedelta(days=order["placed"])).isoformat(),
        "currency": "EUR",
        "total": f"{total:.2f}",
        "delivery_fee": f"{fee:.2f}",
        "lines": lines,
        "steps": [
            {"name": name, "day": _day(today, offset, name, done), "is_done": done}
            for position, (name, offset) in enumerate(order["steps"])
            for done in (position < order["reached"],)
        ],
        "delivery": _window(order, today),
        "carrier": order["carrier"],
        "tracking": order["tracking"],
        "note": order.get("note"),
    }


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def _day(today: date, offset: int, step: str, is_done: bool) -> str:
    """Nothing is packed or driven on Sundays: what is done was done before, what is to come comes after."""
    found = today + timedelta(days=offset)
    if found.weekday() == SUNDAY and step not in _STEPS_ON_ANY_DAY:
        found += timedelta(days=-1 if is_done else 1)
    return found.isoformat()


def _window(order: Order, today: date) -> Order | None:
    delivery = order.get("delivery")
    if delivery is None:
        return None
    day = _day(today, delivery["day"], "With you", order["reached"] >= len(order["steps"]))
    is_saturday = date.fromisoformat(day).weekday() == SATURDAY
    hours = ("09:00", "14:00") if is_saturday else (delivery["from"], delivery["until"])
    return {"day": day, "from": hours[0], "until": hours[1]}


class _Request(BaseHTTPRequestHandler):
    server: Shop
    timeout = 30

    def do_GET(self) -> None:
        if self._stumbles():
            return
        parts = urlsplit(self.path)
        email = parse_qs(parts.query).get("email", [""])[0].strip().lower()
        steps = [unquote(step) for step in parts.path.split("/") if step]
        if steps == ["health"]:
            self._say(HTTPStatus.OK, {"ok": True})
        elif steps == ["orders"]:
            self._list(email)
        elif len(steps) == 2 and steps[0] == "orders":
            self._show(steps[1].lstrip("#"), email)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "unknown-path", "There is nothing at this address.")

    def _list(self, email: str) -> None:
        if not email:
            self._refuse(HTTPStatus.BAD_REQUEST, "email-missing", "Add ?email= with the address.")
            return
        mine = [order for order in self.server.orders.values() if order["email"] == email]
        mine.sort(key=lambda order: int(order["placed"]), reverse=True)
        today = _today()
        self._say(HTTPStatus.OK, {"orders": [shown(order, today) for order in mine[:ORDERS_SHOWN_MAX]]})

    def _show(self, number: str, email: str) -> None:
        order = self.server.orders.get(number)
        if order is None:
            self._refuse(HTTPStatus.NOT_FOUND, "order-unknown", f"There is no order {number[:20]}.")
        elif not email:
            self._refuse(HTTPStatus.BAD_REQUEST, "email-missing", "Add ?email= with the address.")
        elif order["email"] != email:
            self._refuse(HTTPStatus.FORBIDDEN, "email-differs", "The order has another e-mail address.")
        else:
            self._say(HTTPStatus.OK, shown(order, _today()))

    def _stumbles(self) -> bool:
        fault = self.server.fault
        if fault == "slow":
            time.sleep(self.server.slow_seconds)
        elif fault == "down":
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "down", "The order system is being serviced.")
            return True
        elif fault == "garbage":
            self._write(HTTPStatus.OK, "text/html", b'<html><body>It works! {"number": 4821')
            return True
        elif fault == "forgetful":
            # An answer that is JSON, but without what was promised.
            self._say(HTTPStatus.OK, {"number": None, "lines": [], "steps": None})
            return True
        return False

    def _refuse(self, code: HTTPStatus, name: str, detail: str) -> None:
        self._say(code, {"error": name, "detail": detail})

    def _say(self, code: HTTPStatus, body: Order) -> None:
        self._write(code, "application/json", json.dumps(body, ensure_ascii=False).encode())

    def _write(self, code: HTTPStatus, kind: str, body: bytes) -> None:
        try:
            self.send_response(code)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store")
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet: the demo prints only what people need."""
