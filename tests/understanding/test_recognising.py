import pytest

from bothands.understanding.recognising import recognise

ENGLISH = [
    "Single", "78x60", "ok", "OK?", "90x200", "mattress", "Ergo", "no", "me", "Leeds", "EMI", "cod",
    "plz call me", "i hv not recieved it", "refund pls", "king size duvet cover", "Emma Hansen",
    "SW1A 1AA", "order 10422", "Harbour oak frame", "", "?", "😀", "test", "hai", "Das was great",
    "Wo ist my order number please", "memory foam topper 90x200", "ada@example.com",
]  # fmt: skip
FOREIGN = [
    ("Wo ist mein Paket?", "de"),
    ("Ich möchte die Matratze zurückgeben", "de"),
    ("danke", "de"),
    ("¿Dónde está mi pedido?", "es"),
    ("gracias", "es"),
    ("Bonjour, je voudrais annuler ma commande", "fr"),
    ("waar is mijn bestelling", "nl"),
    ("vorrei restituire il mio ordine", "it"),
    ("gdzie jest moje zamówienie", "pl"),
    ("siparişim nerede", "tr"),
    ("где мой заказ", "ru"),
    ("我的订单在哪里", "zh"),
    ("注文はどこですか", "ja"),
    ("أين طلبي", "ar"),
    ("मेरा ऑर्डर कहाँ है", "hi"),
]


@pytest.mark.parametrize("text", ENGLISH)
def test_short_answers_and_product_names_stay_english(text: str) -> None:
    assert recognise(text)[0] == "en"


@pytest.mark.parametrize(("text", "language"), FOREIGN)
def test_other_languages_are_named(text: str, language: str) -> None:
    assert recognise(text)[0] == language


def test_a_short_answer_has_the_language_of_the_conversation() -> None:
    assert recognise("Berlin", ["Wo ist mein Paket?", "Ich warte seit einer Woche"])[0] == "de"


def test_words_of_the_companys_own_are_not_foreign() -> None:
    own = {"hygge", "dyne", "pude", "til", "børn"}
    assert recognise("hygge dyne til børn", (), own.__contains__)[0] == "en"
