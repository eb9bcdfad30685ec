from bothands.understanding import Brain

from .held_out import held_out

RECALL_MIN = 0.9
FALSE_ALARM_SHARE_MAX = 0.06


async def test_risks_are_heard_in_words_never_seen_before(plain_brain: Brain) -> None:
    rows = [line.split(" | ") for line in held_out("risky")]
    readings = await plain_brain.read_many([text for _, text in rows])
    missed = [
        (kind, text)
        for (kind, text), reading in zip(rows, readings, strict=True)
        if kind not in {risk.kind for risk in reading.risks}
    ]
    assert 1 - len(missed) / len(rows) >= RECALL_MIN, missed


async def test_danger_to_life_is_never_missed_here(plain_brain: Brain) -> None:
    rows = [text for kind, text in (line.split(" | ") for line in held_out("risky")) if kind == "self_harm"]
    for text, reading in zip(rows, await plain_brain.read_many(rows), strict=True):
        assert "self_harm" in {risk.kind for risk in reading.risks}, text


async def test_everyday_messages_raise_few_alarms(plain_brain: Brain) -> None:
    plain = [
        text for label, text in (line.split(" | ") for line in held_out("feelings")) if label == "neutral"
    ]
    plain += held_out("no_wishes") + held_out("money")
    readings = await plain_brain.read_many(plain)
    alarms = [
        (text, risk.kind)
        for text, reading in zip(plain, readings, strict=True)
        for risk in reading.risks
        if risk.kind != "complaint" or "complain" not in text
    ]
    assert len(alarms) / len(plain) <= FALSE_ALARM_SHARE_MAX, alarms


async def test_a_risk_says_why_and_where(plain_brain: Brain) -> None:
    text = "The bed is fine. But my lawyer will write to you about the invoice."
    (risk,) = [risk for risk in (await plain_brain.read(text)).risks if risk.kind == "legal"]
    assert risk.reason == 'speaks of law, authorities or data rights: "lawyer"'
    assert text[risk.span.start : risk.span.end] == "lawyer"


async def test_each_kind_of_risk_is_named_once(plain_brain: Brain) -> None:
    reading = await plain_brain.read("I will sue you. My lawyer is on it. See you in court.")
    assert [risk.kind for risk in reading.risks].count("legal") == 1


async def test_a_legal_guarantee_is_no_threat(plain_brain: Brain) -> None:
    reading = await plain_brain.read("is there a legal guarantee of two years on the bed")
    assert "legal" not in {risk.kind for risk in reading.risks}
