"""Number and e-mail, one question at a time; then the order as a card with where it was read."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from bothands.conversations import Scene
from bothands.egress import CallFailed
from bothands.knowledge import Source
from bothands.skills.connectors.shop import Line, Order, ShopOrders
from bothands.skills.model import Proposal, ProposalKind
from bothands.skills.packs.order_lookup.hearing import heard, heard_before
from bothands.skills.wording import TALK_TO_PERSON
from bothands.understanding import Reading, TopicGuess

LOOKUPS_MAX = 2
# Asked this often for the same thing without getting it, we stop asking.
ASKED_MAX = 2
ARRIVED = frozenset({"with you", "delivered", "arrived"})
MANIFEST = tomllib.loads((Path(__file__).parent / "skill.toml").read_text(encoding="utf-8"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


class OrderLookup:
    """The skill, bound to one shop."""

    id: str = MANIFEST["id"]
    topics = frozenset(MANIFEST["topics"])

    def __init__(self, orders: ShopOrders) -> None:
        self._orders = orders

    async def propose(
        self, scene: Scene, reading: Reading, topic: TopicGuess, known_email: str | None, now_words: str
    ) -> Proposal:
        """Ask for the next missing thing, or look the order up and show it."""
        asks = _pending(scene)
        known: dict[str, Any] = dict(asks.get("known", {}))
        fresh: set[str] = set()
        for need in MANIFEST["needs"]:
            found = heard(need, reading, scene, is_asked=asks.get("missing") == need["slot"])
            if found:
                fresh.add(need["slot"])
            elif not asks and need["slot"] not in known:
                found = heard_before(need, scene)
            if found:
                known[need["slot"]] = found
        # The profile's own address is a claim like any other: the shop compares it with the order's.
        if known_email and "email" not in known:
            known["email"] = known_email
        for need in MANIFEST["needs"]:
            if need["slot"] not in known:
                return _ask(need, known, reading, topic, asks)
        if asks.get("missed") and not fresh:
            return _ask(MANIFEST["needs"][0], known, reading, topic, asks)
        return await self._look_up(known, reading, topic, int(asks.get("lookups", 0)), now_words)

    async def _look_up(
        self, known: dict[str, Any], reading: Reading, topic: TopicGuess, lookups: int, now_words: str
    ) -> Proposal:
        try:
            order = await self._orders.order(known["number"], known["email"])
        except CallFailed as error:
            return _hand_over(reading, topic, f"the order system did not answer ({error.cause})", known)
        if order is not None:
            return _show(order, reading, topic, now_words)
        if lookups + 1 >= LOOKUPS_MAX:
            return _hand_over(reading, topic, "two look-ups found no such order", known)
        return _not_found(known, reading, topic, lookups + 1)


def _not_found(known: dict[str, Any], reading: Reading, topic: TopicGuess, lookups: int) -> Proposal:
    """Which of the two is wrong stays unsaid: whoever only knows a number learns nothing."""
    number, email = known["number"], known["email"]
    return Proposal(
        ProposalKind.ASK,
        f"I found no order {number} for {email}. Please check both and send me what was wrong.",
        "skill_question",
        reading,
        topic=topic.topic,
        topic_title=topic.title,
        topic_probability=1.0,
        score=1.0,
        probability=1.0,
        choices=(TALK_TO_PERSON,),
        asks={
            **_asks("number", known, lookups),
            "missed": True,
            "question": "which number and e-mail address is it?",
        },
        reason="number and e-mail do not belong together",
        tried=(f"looked up order {number} for {email}: not found",),
    )


def _pending(scene: Scene) -> dict[str, Any]:
    asks = scene.pending_asks or {}
    return asks if asks.get("skill") == MANIFEST["id"] else {}


def _asks(missing: str, known: dict[str, Any], lookups: int) -> dict[str, Any]:
    return {
        "kind": "skill",
        "skill": MANIFEST["id"],
        "missing": missing,
        "known": known,
        "lookups": lookups,
    }


def _ask(
    need: dict[str, str], known: dict[str, Any], reading: Reading, topic: TopicGuess, asks: dict[str, Any]
) -> Proposal:
    is_again = asks.get("missing") == need["slot"]
    times = int(asks.get("times", 1)) + 1 if is_again else 1
    if times > ASKED_MAX:
        return _hand_over(reading, topic, f"the {need['slot']} was asked for and not given", known)
    return Proposal(
        ProposalKind.ASK,
        need["again"] if is_again else need["ask"],
        "skill_question",
        reading,
        topic=topic.topic,
        topic_title=topic.title,
        topic_probability=topic.probability,
        score=topic.probability,
        probability=topic.probability,
        choices=(TALK_TO_PERSON,),
        asks={
            **_asks(need["slot"], known, int(asks.get("lookups", 0))),
            "times": times,
            "question": need["short"],
            "missed": bool(asks.get("missed")),
        },
        reason=f"the {need['slot']} is still missing",
    )


def _hand_over(reading: Reading, topic: TopicGuess, why: str, known: dict[str, Any]) -> Proposal:
    return Proposal(
        ProposalKind.HAND_OVER,
        "I can't look that up right now. I'm bringing in a person.",
        "unsure",
        reading,
        topic=topic.topic,
        topic_title=topic.title,
        topic_probability=topic.probability,
        reason=why,
        tried=(f"looked up {_gathered(known)}: {why}",),
    )


def _gathered(known: dict[str, Any]) -> str:
    """What the contact gave so far, for the person who goes on."""
    number = f"order {known['number']}" if known.get("number") else "an order without a number"
    return f"{number} for {known['email']}" if known.get("email") else number


def _show(order: Order, reading: Reading, topic: TopicGuess, now_words: str) -> Proposal:
    source = Source(1, "Looked up in the shop's orders", now_words, "", "order", order.number)
    return Proposal(
        ProposalKind.PERFORM,
        f"{_summary(order)} [1]",
        "skill",
        reading,
        topic=topic.topic,
        topic_title=topic.title,
        topic_probability=max(topic.probability, 0.99),
        score=1.0,
        probability=1.0,
        sources=(source,),
        card=_card(order),
        reason=f"order {order.number} was found for that e-mail address",
        tried=(f"looked up order {order.number}: {_now(order)}",),
    )


def _summary(order: Order) -> str:
    """One plain sentence about where it is; the planned window stands on the card."""
    if order.note:
        return f"Order {order.number}: {order.note.rstrip('.')}."
    now = _now(order)
    if now in ARRIVED:
        return f"Your order {order.number} has arrived."
    is_state = now.split()[0].endswith("ed") or now.split()[0] in ("paid", "sent", "on", "in", "at", "ready")
    return f"Your order {order.number} is {now}." if is_state else f"Your order {order.number}: {now}."


def _now(order: Order) -> str:
    done = [step.name for step in order.steps if step.is_done]
    return done[-1].lower() if done else "placed"


def _window(order: Order) -> str:
    window = order.delivery
    return "" if window is None else f"{_day(window.day)}, {window.start} to {window.until}"


def _card(order: Order) -> dict[str, Any]:
    reached = max((i for i, step in enumerate(order.steps) if step.is_done), default=-1)
    sign = SIGNS.get(order.currency, f"{order.currency} ")
    return {
        "kind": "order",
        "number": order.number,
        "total": f"{sign}{order.total}",
        "lines": [_line(line) for line in order.lines],
        "steps": [
            {"label": step.name, "at": _day(step.day), "done": step.is_done, "now": i == reached}
            for i, step in enumerate(order.steps)
        ],
        "window": _window(order) or None,
        "actions": [{"label": TALK_TO_PERSON, "asks_person": True}],
    }


def _line(line: Line) -> dict[str, Any]:
    count = f"{line.quantity} × " if line.quantity > 1 else ""
    note = f"{line.step.lower()} {_day(line.day)}".strip() if line.step else None
    return {"text": f"{count}{line.name}", "note": note, "done": line.step == "With you"}


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {MONTHS[day.month - 1]}"
