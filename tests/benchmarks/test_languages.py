"""The benchmark `languages` on a few requests of our own."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main

REQUESTS = {
    "weather": [
        ("will it rain today", "wird es heute regnen", "今日は雨が降りますか"),
        ("is it going to be sunny tomorrow", "scheint morgen die Sonne", "明日は晴れますか"),
        ("what is the weather like in Bern", "wie ist das Wetter in Bern", "ベルンの天気はどうですか"),
        ("how cold will it be tonight", "wie kalt wird es heute Nacht", "今夜はどれくらい寒いですか"),
        (
            "do I need an umbrella this evening",
            "brauche ich heute Abend einen Schirm",
            "今晩は傘が必要ですか",
        ),
    ],
    "alarm": [
        ("wake me at seven", "weck mich um sieben", "七時に起こしてください"),
        ("set an alarm for six in the morning", "stell den Wecker auf sechs Uhr", "朝六時に目覚ましをかけて"),
        (
            "please set my alarm for eight",
            "bitte stell meinen Wecker auf acht",
            "八時に目覚ましをお願いします",
        ),
        ("I need an alarm at nine", "ich brauche um neun einen Wecker", "九時に目覚ましが必要です"),
        ("alarm at half past five", "Wecker um halb sechs", "五時半に目覚まし"),
    ],
}


def written(path: Path) -> str:
    rows = [
        {"lang": language, "text": text, "intent": intent, "en": None if language == "en" else said[0]}
        for intent, requests in REQUESTS.items()
        for said in requests
        for language, text in zip(("en", "de", "ja"), said, strict=True)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.mark.slow
def test_what_was_not_learnt_is_handed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "rows.jsonl")
    assert main(["languages", "--train", file, "--test", file]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["n"], figures["foreign"]["n"]) == (30, 20)
    assert figures["by_language"]["ja"]["identified"]["value"] == 1.0
    assert figures["by_language"]["ja"]["refused_or_handed_over"]["value"] == 1.0
    assert figures["foreign"]["answered_wrongly"]["value"] <= 0.1


def test_a_language_that_is_not_there_cannot_be_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "rows.jsonl")
    assert main(["languages", "--train", file, "--test", file, "--train-languages", "it"]) == 2
    assert "name languages that are there" in capsys.readouterr().err.lower()
