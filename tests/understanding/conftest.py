"""The room's tests read with the real encoder, opened once for all of them."""

from collections.abc import Iterator

import pytest

from bothands.models import Embedder, open_embedder
from bothands.understanding import Brain, Topic, topics_from_rows

TOPICS = topics_from_rows(
    [
        {
            "id": "order-progress",
            "title": "Where my order is",
            "examples": [
                "where is my order",
                "when will my parcel arrive",
                "my order has not come yet",
                "track my order",
                "has my order been shipped",
                "when do I get my mattress",
                "what happened to my delivery",
                "I have not received my parcel",
            ],
        },
        {
            "id": "returns",
            "title": "Returning something",
            "examples": [
                "how do I return the mattress",
                "I want to send it back",
                "can I return it after thirty days",
                "who pays for the return",
                "I would like to give it back",
                "what is your return policy",
                "return my pillow please",
                "how long can I return things",
            ],
        },
        {
            "id": "prices",
            "title": "Prices",
            "examples": [
                "how much is the king size",
                "what does the mattress cost",
                "price of the single duvet",
                "how expensive is the topper",
                "what is the price for 90x200",
                "cost of two pillows",
                "tell me the price",
                "how much do I pay for a double bed",
            ],
        },
    ]
)


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    opened = open_embedder()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def topics() -> tuple[Topic, ...]:
    return TOPICS


@pytest.fixture
def plain_brain(embedder: Embedder) -> Brain:
    """A brain before any topic was learnt."""
    return Brain(embedder, (), None, "none")
