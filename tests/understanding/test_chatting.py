import pytest

from bothands.understanding import Brain

TALK = [
    ("hi", "greeting"),
    ("Hellooo!", "greeting"),
    ("good morning team", "greeting"),
    ("anyone there?", "greeting"),
    ("thanks a bunch", "thanks"),
    ("thank you sir", "thanks"),
    ("🙏", "thanks"),
    ("bye for now", "goodbye"),
    ("that's all, thanks", "goodbye"),
    ("are you a bot?", "are_you_human"),
    ("Hi, am I talking to a machine?", "are_you_human"),
    ("you stupid bot", "insult"),
    ("you're all useless clowns", "insult"),
    ("??", "unclear"),
    ("...", "unclear"),
    ("hmm", "unclear"),
    ("sdfghjkl", "unclear"),
    ("😶", "unclear"),
    ("", "unclear"),
    ("how are you today?", "how_are_you"),
    ("yes please", "yes"),
    ("👍", "yes"),
    ("ok", "yes"),
    ("nope", "no"),
    ("no thanks", "no"),
]
NOT_TALK = [
    "Thanks, and where is my order?",
    "hi, how much is the duvet",
    "Single",
    "78x60",
    "SW1A 1AA",
    "order 10422",
    "Leeds",
    "return",
    "pillows",
    "yes, it was broken when it arrived",
    "no, I ordered the grey one",
    "the idiot driver left my parcel in the rain",
    "I don't know which size I need",
    "can you help me with my refund",
    "what do you mean by firm",
]


@pytest.mark.parametrize(("text", "kind"), TALK)
async def test_small_talk_is_known(plain_brain: Brain, text: str, kind: str) -> None:
    assert (await plain_brain.read(text)).small_talk == kind


@pytest.mark.parametrize("text", NOT_TALK)
async def test_what_carries_a_matter_is_not_small_talk(plain_brain: Brain, text: str) -> None:
    assert (await plain_brain.read(text)).small_talk is None
