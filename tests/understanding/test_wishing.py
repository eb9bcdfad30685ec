from bothands.understanding import Brain

from .held_out import held_out

RECALL_MIN = 0.9
FALSE_ALARM_SHARE_MAX = 0.05


async def test_a_wish_for_a_person_is_heard_in_any_phrasing(plain_brain: Brain) -> None:
    wishes = held_out("wishes")
    readings = await plain_brain.read_many(wishes)
    missed = [text for text, reading in zip(wishes, readings, strict=True) if not reading.wishes_person]
    assert len(wishes) >= 60
    assert 1 - len(missed) / len(wishes) >= RECALL_MIN, missed


async def test_words_near_the_wish_do_not_raise_it(plain_brain: Brain) -> None:
    others = held_out("no_wishes")
    readings = await plain_brain.read_many(others)
    alarms = [text for text, reading in zip(others, readings, strict=True) if reading.wishes_person]
    assert len(others) >= 60
    assert len(alarms) / len(others) <= FALSE_ALARM_SHARE_MAX, alarms


async def test_the_wish_shows_where_it_was_said(plain_brain: Brain) -> None:
    text = "My bed is broken. Let me talk to a human please!"
    wish = (await plain_brain.read(text)).wishes_person
    assert wish is not None
    assert text[wish.span.start : wish.span.end] == "talk to a human"


async def test_asking_whether_it_is_a_person_is_small_talk_and_no_wish(plain_brain: Brain) -> None:
    reading = await plain_brain.read("are you a real person?")
    assert reading.wishes_person is None
    assert reading.small_talk == "are_you_human"


async def test_a_wish_for_a_person_is_never_small_talk(plain_brain: Brain) -> None:
    reading = await plain_brain.read("agent please")
    assert reading.wishes_person is not None
    assert reading.small_talk is None
