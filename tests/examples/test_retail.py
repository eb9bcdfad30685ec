"""The demo company holds together: what it refers to exists, and its figures agree everywhere."""

import csv
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bothands.kit import slug
from bothands.training import read_scenarios, read_shift

RETAIL = Path(__file__).parents[2] / "examples/retail"
OWN_FAQ = RETAIL.parent / "own_faq"
TOLD_IN_WORDS = {"30"}  # the reply on what the trial leaves out points to the 30-day return beside it
CANARY = "heron amber forty-one"


def toml(name: str) -> Any:
    return tomllib.loads((RETAIL / name).read_text("utf-8"))


def articles() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((RETAIL / "articles").glob("*.md"))}


def sections() -> dict[str, str]:
    found = {}
    for name, text in articles().items():
        for title, body in re.findall(r"^## ([^\n]+)\n\n(.+?)(?=\n## |\Z)", text, re.MULTILINE | re.DOTALL):
            found[f"{name}#{slug(title)}"] = body
    return found


TOPICS = {topic["id"]: topic for topic in toml("topics.toml")["topic"]}
REPLIES = toml("replies.toml")["reply"]
TABLES = toml("facts.toml")["table"]


def rows(name: str) -> list[dict[str, str]]:
    with (RETAIL / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_topic_has_enough_examples_and_none_is_in_two_topics() -> None:
    examples = [text.lower() for topic in TOPICS.values() for text in topic["examples"]]

    assert all(len(topic["examples"]) >= 15 for topic in TOPICS.values())
    assert len(examples) == len(set(examples))


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: str(reply["id"]))
def test_a_reply_has_three_tones_a_topic_and_a_section_that_exists(reply: dict[str, Any]) -> None:
    assert reply["topic"] in TOPICS
    assert reply["source"] in sections()
    assert len(reply["plain"]) >= 2
    assert reply["warm"]
    assert reply["formal"]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: str(reply["id"]))
def test_every_figure_of_a_reply_stands_in_its_source(reply: dict[str, Any]) -> None:
    written = set(re.findall(r"\d[\d.,:]*\d|\d", sections()[reply["source"]]))
    for wording in (*reply["plain"], *reply["warm"], *reply["formal"]):
        # Small numbers are also written as words in the articles.
        figures = {figure for figure in re.findall(r"\d[\d.,:]*\d|\d", wording) if len(figure) > 1}
        assert figures <= written | TOLD_IN_WORDS, reply["id"]


def test_tables_have_their_columns_topics_and_sources() -> None:
    for table in TABLES:
        found = rows(table["file"])
        assert found, table["id"]
        assert set(table["topics"]) <= set(TOPICS)
        assert table["answer"].format(**found[0])
        assert set(table["ask"]) == set(table["keys"])
        for key, synonyms in table.get("synonyms", {}).items():
            assert set(synonyms) <= {row[key] for row in found}, table["id"]
        if "source" in table:
            assert table["source"] in sections()


def test_the_charter_names_only_topics_and_agents_that_exist() -> None:
    charter = toml("charter.toml")
    agents = {agent["name"] for agent in toml("company.toml")["agent"]}

    assert set(charter["topic"]) <= set(TOPICS)
    assert {entry["owner"] for entry in charter["topic"].values()} <= agents
    assert charter["topic"]["damaged_item"]["role"] == "person_only"
    assert charter["topic"]["complaint"]["role"] == "person_only"


def test_the_canary_stands_in_the_internal_article_and_nowhere_else() -> None:
    holders = [name for name, text in articles().items() if CANARY in text]
    internal = [name for name, text in articles().items() if "audience: internal" in text]

    assert holders == internal == ["internal-goodwill"]
    assert not any(CANARY in str(reply) for reply in REPLIES)


def test_there_are_enough_articles_and_each_says_who_keeps_it() -> None:
    assert len(articles()) >= 12
    for name, text in articles().items():
        assert re.search(r"^reviewed: 20\d\d-\d\d-\d\d$", text, re.MULTILINE), name
        assert re.search(r"^owner: \w", text, re.MULTILINE), name


def test_orders_cost_what_the_price_list_says() -> None:
    prices = {
        (row["product"], row["size"]): row["price"].removeprefix("€") for row in rows("facts/prices.csv")
    }
    orders = json.loads((RETAIL / "shop/orders.json").read_text("utf-8"))
    for order in orders:
        for line in order["lines"]:
            product, size = line["name"].split(", ")[0], line["name"].split(", ")[-1]
            assert prices[product, size] == line["price"], line["name"]


def test_customers_of_the_demo_know_orders_that_exist() -> None:
    orders = json.loads((RETAIL / "shop/orders.json").read_text("utf-8"))
    emails = {order["number"]: order["email"] for order in orders}
    for scenario in read_scenarios(RETAIL / "customers"):
        if "order" in scenario.knows and "email" in scenario.knows:
            assert emails[scenario.knows["order"]] == scenario.knows["email"], scenario.id


def test_simulated_colleagues_speak_of_topics_that_exist() -> None:
    assert {lines.id for lines in read_shift(RETAIL / "shift.toml").topic} <= set(TOPICS)


def test_the_faq_to_drop_in_is_not_known_to_the_shop_yet() -> None:
    questions = rows("../own_faq/questions.csv")
    asked = (OWN_FAQ / "sample_questions.txt").read_text("utf-8").splitlines()

    assert len(questions) == 12
    assert len(asked) == 20
    assert not list(RETAIL.rglob("questions.csv"))
