import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.conversations import AuthorKind, Entry, EntryKind
from bothands.handoff import Brief, Label, Line, make_brief, mood_of
from bothands.kit import squeeze

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MESSAGE, NOTE, READING, TRANSFER = EntryKind.MESSAGE, EntryKind.NOTE, EntryKind.READING, EntryKind.TRANSFER
CONTACT, ECHO, SYSTEM = AuthorKind.CONTACT, AuthorKind.ASSISTANT, AuthorKind.SYSTEM


def timeline(*lines: tuple) -> list[Entry]:
    """(kind, author, body, ref) in order, as the store would give them back."""
    return [
        Entry(
            "conv_1",
            seq,
            f"ent_{seq}",
            kind,
            author,
            None,
            None,
            None,
            body,
            ref,
            START + timedelta(seconds=seq),
        )
        for seq, (kind, author, body, ref) in enumerate(lines, 1)
    ]


def ada(text: str, **ref) -> tuple:
    return (MESSAGE, CONTACT, text, ref)


def echo(text: str, **ref) -> tuple:
    return (MESSAGE, ECHO, text, ref)


def read(label: str = "neutral", score: float = 0.9, **values) -> tuple:
    return (READING, SYSTEM, "", {"reading": {"emotion": {"label": label, "score": score}, **values}})


def queued(words: str = "Refunds above €100 need a person", reason: str = "person_only") -> tuple:
    ref = {"from": {"kind": "assistant"}, "to": {"kind": "queue"}, "reason": reason, "words": words}
    return (TRANSFER, SYSTEM, words, ref)


def brief_from(*lines: tuple) -> Brief:
    return make_brief(timeline(*lines), made_at=START)


def text_of(brief: Brief, label: Label) -> str:
    return brief.line(label).text


TOMAS = (
    ada("Hi"),
    read(small_talk="greeting"),
    echo("Hello. What can I help you with?"),
    ada("Order 48213 was marked delivered but never arrived. I want my money back."),
    read("worry", 0.7, topics=[{"title": "Where my order is", "probability": 0.9}]),
    echo(
        "It was delivered on 18 November. [1]", card={"kind": "order", "number": "48213", "total": "€129.00"}
    ),
    ada("Nobody here has it, I asked the neighbours twice"),
    read("frustration", 0.8),
    echo("Could you confirm the delivery address?", asks={"kind": "clarify"}, choices=["Yes", "No"]),
    ada("I already gave you my address. Twice. I want to talk to a person, not a machine."),
    read("anger", 0.9, wishes_person={"score": 0.99}),
    queued(),
)


def test_the_five_lines_stand_in_their_order():
    brief = brief_from(*TOMAS)
    assert [line.label.value for line in brief.lines] == ["wants", "confirmed", "ai_tried", "why_you", "mood"]
    assert brief.messages == 7


def test_wants_is_what_the_contact_said_not_that_they_want_a_person():
    line = brief_from(*TOMAS).line(Label.WANTS)
    assert line.text == (
        "Where my order is: “Order 48213 was marked delivered but never arrived. I want my money back.”"
    )
    assert line.entries == (4, 5)
    assert line.certain


def test_what_was_answered_after_a_question_back_is_no_longer_wanted():
    brief = brief_from(
        ada("How much is the linen duvet cover?"),
        read(topics=[{"title": "Prices", "probability": 0.9}]),
        echo("Which size do you have in mind?", asks={"fact": "prices", "column": "size"}),
        ada("200x200"),
        echo("€89.00 [1]", basis="fact"),
        ada("My mattress arrived broken, again. My order is 48217."),
    )
    assert "arrived broken" in text_of(brief, Label.WANTS)


def test_what_was_never_answered_is_still_wanted():
    brief = brief_from(
        ada("How much is the linen duvet cover?"),
        echo("I have no source for that.", asks={"kind": "offer_person"}),
        ada("200x200"),
        echo("Two days. [1]", basis="article"),
        ada("ok so"),
    )
    assert "linen duvet cover" in text_of(brief, Label.WANTS)


def test_confirmed_is_what_was_looked_up():
    line = brief_from(*TOMAS).line(Label.CONFIRMED)
    assert (line.text, line.certain, line.entries) == ("Looked up order 48213, €129.00", True, (6,))


def test_what_the_contact_merely_says_is_marked_as_theirs():
    line = brief_from(ada("My order is #48213 and it is late")).line(Label.CONFIRMED)
    assert (line.text, line.certain) == ("Says order 48213", False)


def test_a_bare_number_counts_where_it_was_asked_for():
    asked = echo("What is your order number?", asks={"skill": "order_progress"})
    line = brief_from(ada("Where is my parcel?"), asked, ada("48217")).line(Label.CONFIRMED)
    assert (line.text, line.entries) == ("Says order 48217", (3,))
    assert text_of(brief_from(ada("48217")), Label.CONFIRMED) == "Nothing checked yet"


def test_ai_tried_says_what_was_done_and_what_the_contact_said_to_it():
    text = text_of(brief_from(*TOMAS), Label.AI_TRIED)
    assert text == (
        "Looked up order 48213; asked “Could you confirm the delivery address?”"
        " → “I already gave you my address.…”"
    )


def test_answers_name_their_source():
    brief = brief_from(
        ada("How long?"),
        echo("Two days. [1]", sources=[{"number": 1, "title": "Delivery and hours"}]),
        ada("And then?"),
        echo("I have no source for that.", asks={"kind": "offer_person"}),
        ada("  "),
    )
    assert text_of(brief, Label.AI_TRIED) == "Answered from Delivery and hours; found no source"


def test_why_you_gives_the_reason_and_a_wish_beside_it():
    line = brief_from(*TOMAS).line(Label.WHY_YOU)
    assert line.text == "Refunds above €100 need a person; also asked for a person"
    assert line.entries == (10, 12)


def test_mood_is_a_trend_with_its_turning_point():
    line = brief_from(*TOMAS).line(Label.MOOD)
    assert line.text.startswith("Angry, falling for 3 messages. Turned at “I already gave you my address.")
    assert 11 in line.entries


def test_a_mood_that_recovered_has_no_turning_point():
    brief = brief_from(
        ada("Hm"), read(), ada("This is bad"), read("frustration"), ada("Oh, thanks!"), read("gratitude")
    )
    assert text_of(brief, Label.MOOD) == "Thankful."


def test_with_nothing_said_it_says_so():
    brief = brief_from(
        ada("I want to talk to a person"), read(wishes_person={"score": 1}), queued("x", "wish")
    )
    assert [line.text for line in brief.lines] == [
        "Not said yet; asked for a person straight away",
        "Nothing checked yet",
        "Nothing: the AI did not answer yet",
        "x",
        "Calm.",
    ]
    assert not brief.line(Label.WANTS).certain


def test_who_was_answered_and_asked_for_nobody_wants_nothing_more():
    brief = brief_from(
        ada("Do you deliver on Saturdays?"), read(), echo("Yes, until noon. [1]", basis="article"), ada("👍")
    )
    assert text_of(brief, Label.WANTS) == "Nothing open; the AI answered what was asked"


def test_without_readings_the_mood_is_not_invented():
    line = brief_from(ada("THIS IS OUTRAGEOUS")).line(Label.MOOD)
    assert (line.text, line.certain) == ("Not read yet", False)


def test_answers_photos_and_addresses_land_in_it():
    brief = brief_from(
        ada("It came torn", attachments=[{"name": "seam.jpg"}]),
        (NOTE, CONTACT, "Do you have the order number? 48217", {"question": "order", "order": "48217"}),
        (NOTE, CONTACT, "Can be reached at ada@x.example", {"address": "ada@x.example"}),
        (NOTE, AuthorKind.AGENT, "Be kind", {"order": "1"}),
    )
    line = brief.line(Label.CONFIRMED)
    assert line.text == "Order number 48217; reach at ada@x.example; sent a photo"
    assert line.certain


def test_long_words_are_cut_and_the_cut_is_shown():
    brief = brief_from(ada("My " + "very " * 40 + "broken bed needs a repair"), queued("why " * 40))
    assert text_of(brief, Label.WANTS).endswith("…”")
    assert text_of(brief, Label.WHY_YOU).endswith("…")
    assert all(len(line.text.split()) <= 24 for line in brief.lines)


def test_a_card_with_flags_and_gaps_is_read_all_the_same():
    card = {"number": "48213", "total": None, "steps": [{"label": "Paid", "done": True}]}
    brief = brief_from(ada("Where is it?"), echo("On its way.", card=card))
    assert text_of(brief, Label.CONFIRMED) == "Looked up order 48213"


def test_many_things_are_counted_out():
    brief = brief_from(*(ada(f"order {n} is late") for n in range(48210, 48220)))
    assert text_of(brief, Label.CONFIRMED).endswith("; and more")


def test_only_the_present_matter_counts():
    lines = timeline(ada("My old lamp is broken"), queued(), ada("Can I return a pillow?"))
    brief = make_brief(lines, made_at=START, matter_seq=2)
    assert text_of(brief, Label.WANTS) == "“Can I return a pillow?”"
    assert text_of(brief, Label.WHY_YOU) == "You took it over; nobody was asked for"


@pytest.mark.parametrize("reading", [{}, {"emotion": None}, {"emotion": {"label": "joy"}}, {"topics": []}])
def test_odd_readings_do_no_harm(reading):
    brief = brief_from(ada("Where is it?"), (READING, SYSTEM, "", {"reading": reading}))
    assert text_of(brief, Label.MOOD) == "Not read yet"


def test_the_mood_of_a_row_is_its_label_and_trend():
    label, trend = mood_of(timeline(*TOMAS))
    assert label == "anger"
    assert trend == sorted(trend, reverse=True)
    assert mood_of([]) == ("neutral", [])


# The law: it cannot say what nobody said.

FIXED = re.compile(
    r"[“”…:;→,. ]*|Not said yet(?:; asked for a person straight away)?|Nothing checked yet"
    r"|Nothing open; the AI answered what was asked"
    r"|Nothing: the AI did not answer yet|You took it over; nobody was asked for|Not read yet"
    r"|(?:; )?[Ss]ays order "
    r"|(?:; )?[Ll]ooked up order |(?:; )?[Oo]rder number "
    r"|(?:; )?[Ss]ent (?:a photo|\d photos)|(?:; )?[Rr]each at "
    r"|; and more"
    r"|(?:; )?[Aa]nswered from |(?:; )?[Aa]sked |(?:; )?[Ff]ound no source|; also asked for a person"
    r"|Angry|Sad|Frustrated|Worried|Confused|Calm|Thankful|, falling(?: for \d+ messages)?| Turned at “"
)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=120)
label = st.sampled_from(["anger", "worry", "neutral", "gratitude", "joy"])
order = st.builds(lambda n, rest: f"Order {n} {rest}", st.integers(1000, 99_999), words)
line = st.one_of(
    st.builds(ada, words | order),
    st.builds(lambda name: ada("see photo", attachments=[{"name": name}]), words),
    st.builds(lambda text, title: echo(text, sources=[{"title": title}]), words, words),
    st.builds(lambda text, number: echo(text, card={"number": number, "total": text}), words, words),
    st.builds(
        lambda text, kind: echo(text, asks={"kind": kind}),
        words,
        st.sampled_from(["clarify", "offer_person"]),
    ),
    st.builds(lambda emotion, score: read(emotion, score), label, st.floats(0, 1)),
    st.builds(lambda title: read(topics=[{"title": title, "probability": 0.9}]), words),
    st.builds(lambda value: (NOTE, CONTACT, f"Order? {value}", {"order": value}), words),
    st.builds(queued, words),
)


@given(st.lists(line, max_size=12))
def test_law_every_value_stands_in_the_entry_it_is_linked_to(lines):
    entries = timeline(*lines)
    by_seq = {entry.seq: words_in(entry) for entry in entries}
    brief = make_brief(entries, made_at=START)
    for made in brief.lines:
        assert_faithful(made, by_seq)


def words_in(entry: Entry) -> str:
    """Every text an entry holds, its body and all of its ref: what a line may quote from."""
    return squeeze(" ".join([entry.body, *texts(entry.ref)]))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def assert_faithful(made: Line, by_seq: dict[int, str]) -> None:
    for part in made.parts:
        if part.seq is None:
            assert FIXED.fullmatch(part.text), part.text
        else:
            assert part.text in by_seq[part.seq]
    assert set(made.entries) <= set(by_seq)
