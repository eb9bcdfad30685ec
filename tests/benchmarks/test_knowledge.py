"""The benchmark `knowledge` on two bases small enough to know what is right."""

import asyncio
import json
from pathlib import Path

import pytest

from benchmarks.bases import bases_of
from benchmarks.knowledge import Seen, Told, _all, right_at
from bothands.kit import Invalid

ARTICLES = [
    {"id": "hours", "title": "Opening hours", "body": "The shop is open from nine to five on weekdays."},
    {"id": "washing", "title": "Washing the wool duvet", "body": "Wash the wool duvet at 30 degrees."},
    {"id": "returns", "title": "Returns", "body": "You may return a pillow within thirty days."},
]
QUESTIONS = [
    {"text": "How do I wash the wool duvet?", "article_ids": ["washing"]},
    {"text": "Can I return a pillow within thirty days?", "article_ids": ["returns"]},
    {"text": "Who won the match?", "article_ids": []},
]


def written(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_each_question_is_asked_with_and_without_what_answers_it(tmp_path: Path) -> None:
    bases = bases_of(written(tmp_path / "a", ARTICLES), written(tmp_path / "q", QUESTIONS), "articles")
    seen = asyncio.run(_all(bases, [one for one in bases.questions if one.wanted]))
    assert [one.rank for one in seen] == [1, 1]
    assert all(one.whole.is_answer and one.whole.is_right for one in seen)
    assert all(one.whole.cited == one.whole.sentences > 0 for one in seen)
    assert not any(one.without.is_answer for one in seen)
    assert all(one.naive[0] > one.naive[1] for one in seen)


def test_each_entity_is_a_base_of_its_own(tmp_path: Path) -> None:
    entity = {
        "name": "LAMP INN",
        "faqs": {"0": {"question": "Is there parking?", "answer": "Yes, behind the house."}},
        "reviews": {"0": {"traveler_type": "Couples", "sentences": {"0": "We slept well.", "1": "Quiet."}}},
    }
    (tmp_path / "a.json").write_text(json.dumps({"hotel": {"7": entity}}), "utf-8")
    faq, review = (
        {"domain": "hotel", "entity_id": 7, "doc_type": kind, "doc_id": 0} for kind in ("faq", "review")
    )
    rows = [
        {
            "dialog": [["U", "Hi"], ["S", "Hello"], ["U", "Parking?"]],
            "needs_knowledge": True,
            "knowledge": [faq],
        },
        {
            "dialog": [["U", "Quiet?"]],
            "needs_knowledge": True,
            "knowledge": [review, {**review, "entity_id": 8}],
        },
        {"dialog": [["U", "Thanks"]], "needs_knowledge": False, "knowledge": None},
    ]
    bases = bases_of(tmp_path / "a.json", written(tmp_path / "q", rows), "sktod")
    (asked,) = bases.questions
    assert (asked.text, asked.earlier, asked.base, asked.wanted) == (
        "Parking?",
        ("Hi",),
        "hotel-7",
        {"faq-0"},
    )
    assert bases.left_out == 1
    assert [document.name for document in bases.documents["hotel-7"]] == ["faq-0.csv", "review-0.md"]


def test_an_article_that_is_not_there_is_named(tmp_path: Path) -> None:
    asked = [{"text": "Where?", "article_ids": ["elsewhere"]}]
    with pytest.raises(Invalid, match="elsewhere"):
        bases_of(written(tmp_path / "a", ARTICLES), written(tmp_path / "q", asked), "articles")


def test_how_many_are_right_while_few_are_wrong() -> None:
    def seen(probability: float, is_right: bool, wrong_without: float | None = None) -> Seen:
        without = Told(wrong_without or 0.0, wrong_without is not None, False)
        return Seen(1, False, False, Told(probability, True, is_right), without, True, (1.0, 0.0))

    assert right_at([seen(0.9, True), seen(0.8, True)], 0.05) == 1.0
    assert right_at([seen(0.9, True), seen(0.8, False)], 0.05) == 0.5
    assert right_at([seen(0.9, True, wrong_without=0.95)], 0.05) == 0.0
    assert right_at([seen(0.1, False)], 0.05) == 0.0
