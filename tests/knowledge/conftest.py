"""A small bedding shop of our own writing, and the real encoder."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bothands.knowledge import Library, Voice
from bothands.knowledge.model import Vectors
from bothands.models import Embedder
from bothands.storage import Database

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)

RETURNS = """---
title: Returning things
id: returns
owner: Chi
reviewed: 2026-11-12
---

## How long you have

You can return unused goods within 30 days of delivery. Unless they are faulty, pillows cannot be returned
once the seal is broken. We refund you within five working days.

## What we take back

We take back:

- duvets in their bag
- covers that were not washed
- frames in their box

However, we never take back items made to measure.

## Costs

Returning a parcel is free with our label. Collecting a large item costs €39.00.

## Exceptions

Goods from the outlet cost €5.00 to return.
"""
WASHING = """# Washing and care

Wash linen at 40 °C. It may shrink by 3 percent. Do not tumble dry wool, except on the wool setting.

## Drying

Line drying is best. Approx. 2 hours in the sun are enough, e.g. on a balcony.
"""
SECRET = """---
title: Goodwill
audience: internal
---

## Limits

Agents may give up to €50.00 per order. The word marmalade-seven marks this page.
"""
REPLIES = """
[[reply]]
id = "saturday"
topic = "delivery_days"
questions = ["Do you deliver on Saturdays?", "Is there weekend delivery?"]
plain = ["Yes, on Saturdays between 09:00 and 14:00.", "We do, between 09:00 and 14:00 on Saturdays."]
warm = ["Happily, yes: on Saturdays between 09:00 and 14:00."]

[[reply]]
id = "return-period"
topic = "returns"
questions = ["How long do I have to return something?"]
source = "returns#how-long-you-have"
plain = ["You can return unused goods within 30 days of delivery. Opened pillows stay with you."]
"""
FACTS = """
[[table]]
id = "prices"
file = "facts/prices.csv"
topics = ["price"]
title = "Price list"
keys = ["product", "size"]
answer = "The {product} in {size} costs {price}."
reviewed = 2026-11-15
[table.ask]
size = "Which size of the {product}?"
[table.synonyms.size]
"90 × 200 cm" = ["single", "twin"]
"160 × 200 cm" = ["queen", "78x60"]

[[table]]
id = "delivery"
file = "facts/delivery.csv"
topics = ["delivery_times"]
title = "Delivery by postcode"
keys = ["postcode"]
answer = "To {postcode} ({region}) it takes {days}."

[[table]]
id = "hours"
file = "facts/hours.csv"
topics = ["hours"]
title = "Opening hours"
keys = ["day"]
answer = "{day}: the showroom is {hours}."
"""
PRICES = """product,size,price
Cloud mattress,90 × 200 cm,€249.00
Cloud mattress,160 × 200 cm,€399.00
River mattress,90 × 200 cm,€329.00
Oak bed frame,160 × 200 cm,€599.00
Wool duvet,200 × 200 cm,€139.00
Down duvet,200 × 200 cm,€159.00
"""
DELIVERY = "postcode,region,days\n2,the north,1 to 2 days\n25980,Sylt,4 days\n70-79,the south-west,3 days\n"
HOURS = "day,hours\nMon-Fri,open from 10:00 to 19:00\nSaturday,open from 10:00 to 16:00\nSunday,closed\n"

FILES = {
    "articles/returns.md": RETURNS,
    "articles/washing.md": WASHING,
    "articles/goodwill.md": SECRET,
    "replies.toml": REPLIES,
    "facts.toml": FACTS,
    "facts/prices.csv": PRICES,
    "facts/delivery.csv": DELIVERY,
    "facts/hours.csv": HOURS,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", FILES)


@pytest.fixture
async def library(db: Database, embedder: Embedder, shop: Path) -> Library:
    made = await Library.load(db, embedder)
    await made.import_folder(shop)
    return made


class WordHash:
    """Vectors from words alone: for tests of size, where meaning does not matter."""

    async def embed(self, texts: Sequence[str], /) -> Vectors:
        rows = np.zeros((len(texts), 384), np.float32)
        for index, text in enumerate(texts):
            for word in text.lower().split():
                rows[index, sum(map(ord, word)) % 384] += 1
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        vectors: Vectors = rows / np.maximum(norms, 1e-6)
        return vectors


@pytest.fixture
def word_hash() -> WordHash:
    return WordHash()


Talk = Callable[..., Awaitable[list[object]]]


@pytest.fixture
def talk(library: Library) -> Talk:
    """Ada writes these messages one after another; what comes back each time."""

    async def talk(
        *messages: str, topics: Sequence[tuple[str, float]] = (), tone: str = "plain"
    ) -> list[object]:
        outcomes: list[object] = []
        for index, message in enumerate(messages):
            last = outcomes[-1] if outcomes else None
            outcome = await library.answer(
                message,
                topics=topics if index == 0 else (),
                asks=getattr(last, "asks", None),
                earlier=messages[:index],
                voice=Voice(tone, frozenset(getattr(item, "text", "") for item in outcomes)),
                now=FRIDAY,
            )
            outcomes.append(outcome)
        return outcomes

    return talk
