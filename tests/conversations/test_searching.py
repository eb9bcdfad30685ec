"""What was said is found: by words, names and tags, newest first, and only by who may read it."""

import asyncio

import pytest

from bothands.conversations import (
    Inbound,
    add_tag,
    close,
    fill_search,
    forget_in_search,
    open_inbox,
    receive,
    remove_tag,
    search,
    write_note,
)
from bothands.conversations.searching import Hits, snippet
from bothands.kit import Invalid, ManualClock, Unavailable, folded_words
from bothands.people import meet, update_contact
from bothands.storage import Database, Sought
from tests.cast import acts, bo, shop


class Record:
    """A desk where some things were said."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.inbox, self.bo = db.write_now(lambda unit: (shop(unit), bo(unit)))
        self._said = 0

    def say(self, name: str, text: str, inbox_id: str | None = None) -> str:
        """A new contact says it; the conversation's id."""
        self._said += 1
        client_id = f"c-{self._said}"

        def tell(unit):
            contact, _ = meet(unit, None, name=name)
            return receive(unit, Inbound(inbox_id or self.inbox.id, contact.id, client_id, text))

        return self.db.write_now(tell).conversation.id

    def note(self, conversation_id: str, text: str) -> None:
        self._said += 1
        client_id = f"n-{self._said}"
        self.db.write_now(
            lambda unit: write_note(unit, conversation_id, text, by=acts(self.bo), client_id=client_id)
        )

    def fill(self) -> int:
        return asyncio.run(fill_search(self.db))

    def lose_index(self) -> None:
        """Whether or not it was made: on a server it outlives the rows of a test."""

        def drop(unit):
            kind = "INDEX" if unit.records.dialect.name == "postgresql" else "TABLE"
            unit.records.exec_driver_sql(f"DROP {kind} IF EXISTS conversations_search_fts")

        self.db.write_now(drop)

    def find(self, words: str, **more) -> Hits:
        return self.db.read_now(lambda records: search(records, words, **more))

    def texts(self, words: str, **more) -> list[str]:
        return [hit.text for hit in self.find(words, **more).hits]


@pytest.fixture
def record(db: Database) -> Record:
    return Record(db)


def test_words_are_found_by_their_beginning_whatever_their_case_and_accents(record: Record) -> None:
    record.say("Ada", "Mein Café-Tisch ist beschädigt")
    record.fill()
    for words in ("tisch", "BESCHÄD", "beschadigt cafe", '"cafe tisch"', "café-ti"):
        assert record.texts(words) == ["Mein Café-Tisch ist beschädigt"], words
    for words in ("isch", '"tisch cafe"', '"besch"', "tisch stuhl"):
        assert record.texts(words) == [], words


def test_a_script_without_spaces_is_found_inside_its_sentences(record: Record) -> None:
    record.say("Ada", "我想退货这个沙发")
    record.fill()
    assert record.texts("退货") == ["我想退货这个沙发"]
    assert record.texts("货退") == []


def test_newest_first_page_by_page_and_nothing_twice(record: Record, clock: ManualClock) -> None:
    for number in range(7):
        record.say("Ada", f"refund number {number}")
        clock.advance(1)
    record.fill()
    texts, below = [], None
    while True:
        page = record.find("refund", limit=3, below=below)
        texts += [hit.text for hit in page.hits]
        if page.following is None:
            break
        below = page.following
    assert texts == [f"refund number {number}" for number in reversed(range(7))]


def test_what_comes_later_is_taken_in_later_and_history_goes_below(
    record: Record, clock: ManualClock
) -> None:
    record.say("Ada", "refund of old")
    clock.advance(60)
    record.fill()
    record.say("Ada", "refund of now")
    clock.advance(60)
    record.fill()
    assert record.texts("refund") == ["refund of now", "refund of old"]
    assert record.texts("refund after:2026-11-20") == []
    assert len(record.texts("refund before:2026-11-21")) == 2
    record.fill()
    assert len(record.texts("refund")) == 2


def test_notes_names_addresses_and_tags_are_found_too(record: Record) -> None:
    first = record.say("Maya Okafor", "hello")
    record.say("Chen Li", "hello")
    record.note(first, "She is a cousin of the owner")
    record.fill()
    record.db.write_now(lambda unit: add_tag(unit, first, "Wholesale", by=acts(record.bo)))
    found = {hit.what: hit.conversation.id for word in ("cousin", "okaf", "whole")
             for hit in record.find(word).hits}  # fmt: skip
    assert found == {"note": first, "contact": first, "tags": first}
    contact_id = record.find("okafor").hits[0].conversation.contact_id
    record.db.write_now(lambda unit: update_contact(unit, contact_id, email="maya@okafor.example"))
    record.note(first, "left an address")
    record.fill()
    assert record.texts("maya@okafor.example") == ["Maya Okafor · maya@okafor.example"]


def test_operators_narrow_what_is_found(record: Record) -> None:
    maya = record.say("Maya", "refund for the lamp")
    chen = record.say("Chen", "refund for the rug")
    record.db.write_now(lambda unit: close(unit, chen, by=acts(record.bo), reason="solved"))
    tags = record.db.write_now(lambda unit: add_tag(unit, maya, "very urgent", by=acts(record.bo)))
    record.fill()
    lamp, rug = ["refund for the lamp"], ["refund for the rug"]
    assert record.texts("refund from:may") == lamp
    assert record.texts("refund is:closed") == rug
    assert record.texts("refund is:open") == lamp
    assert record.texts('refund tag:"very urgent"') == lamp
    assert [hit.conversation.id for hit in record.find("tag:very-urgent").hits] == [maya]
    assert record.texts("refund tag:unknown") == []
    record.db.write_now(lambda unit: remove_tag(unit, maya, tags[0].id, by=acts(record.bo)))
    assert record.texts('tag:"very urgent"') == []


@pytest.mark.parametrize(
    ("words", "says_"),
    [
        ('"half a quote', "close"),
        ("is:lost", "is:open"),
        ("before:soon", "2026-11-22"),
        ("after:2026-13-40", "2026-11-22"),
        ("status:open", "tag:"),
        ("!!!", "write a word"),
        ("from:!", "from:maya"),
        ("word " * 13, "leave some out"),
        ("x" * 301, "shorten"),
    ],
)
def test_a_search_that_cannot_be_understood_says_how_to_write_it(
    record: Record, words: str, says_: str
) -> None:
    with pytest.raises(Invalid) as caught:
        record.find(words)
    assert says_ in caught.value.cure


@pytest.mark.parametrize(
    "words", ["https://shop.example/x", "10:30", "a'b", "don't & | !x <-> (", "x* NOT y OR"]
)
def test_signs_of_the_stores_own_languages_mean_nothing(record: Record, words: str) -> None:
    record.say("Ada", f"look {words} here")
    record.fill()
    assert len(record.texts(words)) == 1


def test_nothing_of_a_hidden_inbox_is_found_by_any_way(record: Record) -> None:
    legal = record.db.write_now(
        lambda unit: open_inbox(unit, "legal", "Legal", assistant_name="Echo", disclosure="AI")
    )
    there = record.say("Maya", "CANARY refund", legal.id)
    record.db.write_now(lambda unit: add_tag(unit, there, "canary", by=acts(record.bo)))
    record.fill()
    hidden = frozenset({legal.id})
    ways = ("canary", "refund", "maya", "from:maya", "tag:canary", "is:open", '"canary refund"')
    assert all(record.texts(words) for words in ways), "all of it is there to be hidden"
    assert [words for words in ways if record.texts(words, hidden=hidden)] == []


def test_what_is_redacted_or_erased_is_found_no_more(record: Record) -> None:
    one, other = record.say("Ada", "my pin is 4711"), record.say("Bea", "the pin of 4711 jackets")
    record.note(one, "pin 4711 again")
    record.fill()
    assert len(record.texts("4711")) == 3
    record.db.write_now(lambda unit: forget_in_search(unit, one, [1]))
    assert record.texts("4711") == ["pin 4711 again", "the pin of 4711 jackets"]
    record.db.write_now(lambda unit: forget_in_search(unit, one))
    assert record.texts("4711") == ["the pin of 4711 jackets"]
    assert record.find("4711").hits[0].conversation.id == other


def test_before_the_index_is_made_a_search_says_so(record: Record) -> None:
    record.lose_index()
    with pytest.raises(Unavailable, match="being made"):
        record.find("refund")


def test_an_index_that_is_gone_is_made_anew_from_the_rows(record: Record) -> None:
    record.say("Ada", "refund please")
    record.fill()
    record.lose_index()
    record.fill()
    assert record.texts("refund") == ["refund please"]


def test_a_message_waits_for_no_index(record: Record) -> None:
    """The message path writes nothing for the search: that is the job's, later."""
    record.fill()
    record.say("Ada", "refund please")
    assert record.texts("refund") == []
    record.fill()
    assert record.texts("refund") == ["refund please"]


def test_a_snippet_shows_the_place_and_marks_are_offsets_into_it() -> None:
    text = "word " * 60 + "the Résumé 😀 of refunds" + " word" * 60
    sought = [Sought(("resume",)), Sought(("refund",), begins=True)]
    shown, marks = snippet(text, sought)
    assert [shown[start:end] for start, end in marks] == ["Résumé", "refunds"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 230


def test_words_fold_the_same_in_every_form() -> None:
    forms = ("Café", "Cafe\u0301", "CAFÉ", "café")
    assert {tuple(one.word for one in folded_words(form)) for form in forms} == {("cafe",)}
