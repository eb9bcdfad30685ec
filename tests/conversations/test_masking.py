"""What opens a card or an account never reaches the disk, whichever way it came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.conversations import AuthorKind, By, conversation_of, entries_since, receive, relay, write_note
from bothands.conversations.masking import mask
from bothands.storage import Database
from tests.cast import ada, says, shop

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("card 4111 1111 1111 1111 12/27", "card •••• •••• •••• 1111 12/27"),
        ("card: 4111-1111-1111-1111.", "card: ••••-••••-••••-1111."),
        ("5555555555554444", "••••••••••••4444"),
        ("2223003122003222 please", "••••••••••••3222 please"),
        ("amex 3782 822463 10005", "amex •••• •••••• •0005"),
        ("diners 3056 930902 5904", "diners •••• •••••• 5904"),
        ("two: 4111111111111111, 5555555555554444", "two: ••••••••••••1111, ••••••••••••4444"),
        ("4111.1111.1111.1111 cvv 123", "••••.••••.••••.1111 cvv •••"),
        ("the security code is 4321", "the security code is ••••"),
        ("pay to DE89 3704 0044 0532 0130 00 thanks", "pay to •••• •••• •••• •••• ••30 00 thanks"),
        ("iban: gb82west12345698765432", "iban: ••••••••••••••••••5432"),
        ("NL91ABNA0417164300", "••••••••••••••4300"),
        ("FR14 2004 1010 0505 0001 3M02 606", "•••• •••• •••• •••• •••• •••2 606"),
    ],
)
def test_cards_codes_and_accounts_keep_their_last_four_at_most(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "order 4111 1111 1111 1112",  # its check digit is wrong
        "tracking 00340434161094042557",
        "order 48217, paid 1,299.00 on 2026-03-04 at 10:15",
        "call +44 20 7946 0018 or 0151 2345 6789",
        "EAN 4006381333931",
        "DE89 3704 0044 0532 0130 01",
        "version 1.2.3.4.5.6.7.8.9.10.11.12.13.14",
        "the code 4321 opens the gate",
        "",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked


def test_a_contacts_message_is_stored_masked_with_its_subject_and_preview(db: Database) -> None:
    received = db.write_now(lambda unit: receive(unit, says(shop(unit), ada(unit), f"pay {CARD}", "c-1")))
    stored = db.read_now(lambda records: entries_since(records, received.conversation.id, 0))
    conversation = db.read_now(lambda records: conversation_of(records, received.conversation.id))
    words = [received.entry.body, stored[0].body, conversation.subject, conversation.preview]
    assert words == ["pay •••• •••• •••• 1111"] * 4


def test_what_another_system_brings_in_is_stored_masked(db: Database) -> None:
    by = By(AuthorKind.SYSTEM, "key_1", "Shop")
    said = db.write_now(lambda unit: relay(unit, says(shop(unit), ada(unit), CARD, "c-1"), by=by))
    assert said.entry.body == "•••• •••• •••• 1111"


def test_an_agents_note_is_stored_masked(db: Database) -> None:
    def note(unit):  # type: ignore[no-untyped-def]
        going = receive(unit, says(shop(unit), ada(unit), "hello", "c-1")).conversation
        return write_note(
            unit, going.id, f"told me {CARD}", by=By(AuthorKind.AGENT, "a", "Bo"), client_id="n"
        )

    assert db.write_now(note).body == "told me •••• •••• •••• 1111"
