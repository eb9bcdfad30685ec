import asyncio

import pytest

from bothands.assist import Suggestion, suggest
from bothands.balance import Facts, Reason, charter_from, choose, decisions_of, keep
from bothands.conversations import SYSTEM, close, latest_scene
from bothands.handoff import bring_in, hand_back

pytestmark = pytest.mark.anyio
SECRET = "heron amber forty-one"


async def suggested(shop, conversation_id: str) -> Suggestion:
    return await suggest(shop.db, shop.proposer, shop.library, conversation_id, shop.bo)


async def test_the_draft_speaks_as_the_agent_with_sources(shop):
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    shop.take(conv)
    draft = (await suggested(shop, conv)).draft
    assert draft.text.startswith(
        "Hi Ada, I'm Bo. I have read the conversation, so you don't need to repeat anything."
    )
    assert "[1]" in draft.text
    assert draft.sources[0].article_id == "delivery-and-hours"
    assert draft.unsourced == ()


async def test_what_was_decided_upon_is_what_is_offered(shop):
    entry = shop.visitor()("How long does delivery of a parcel take?")
    conv = entry.conversation_id
    scene = shop.db.read_now(lambda records: latest_scene(records, conv))
    proposal = await shop.proposer.propose(scene)
    charter = charter_from({"defaults": {"role": "ai_drafts"}}, {})
    facts = Facts("assistant")
    chosen, verdict = choose(facts, proposal, charter, ())

    def settle(unit):
        keep(unit, verdict, facts, chosen, conversation_id=conv, message_seq=entry.seq)
        bring_in(unit, conv, reason=verdict.reason, desk=shop.desk)

    shop.db.write_now(settle)
    waiting = await suggested(shop, conv)
    (decision,) = shop.db.read_now(lambda records: decisions_of(records, conv))
    assert waiting.draft.id == decision.id
    shop.take(conv)
    assert await suggested(shop, conv) == waiting


async def test_the_next_step_may_come_from_a_page_customers_never_see_but_the_draft_may_not(shop):
    conv = shop.visitor()("The same mattress failed twice now, what do I get?").conversation_id
    shop.take(conv)
    suggestion = await suggested(shop, conv)
    assert suggestion.next_step is not None
    assert suggestion.next_step.source.section
    assert SECRET not in (suggestion.draft.text if suggestion.draft else "")
    assert all(source.article_id != "internal-goodwill" for source in suggestion.draft.sources)


async def test_after_a_wish_the_draft_answers_the_matter_not_the_wish(shop):
    say = shop.visitor()
    conv = say("How long does delivery of a parcel take?").conversation_id
    say("I want to talk to a person")
    wish = Reason("wish", "The customer asked for a person")
    shop.db.write_now(lambda unit: bring_in(unit, conv, reason=wish, desk=shop.desk))
    shop.take(conv)
    draft = (await suggested(shop, conv)).draft
    assert draft.sources[0].article_id == "delivery-and-hours"
    assert "AI" not in draft.text


async def test_with_nothing_to_say_it_greets_and_thanks_for_the_photo(shop):
    conv = shop.visitor(None)(
        "Bonsoir zyx?", id="file_1", name="x.jpg", media_type="image/jpeg", bytes=3
    ).conversation_id
    shop.take(conv)
    draft = (await suggested(shop, conv)).draft
    assert draft.text == (
        "Hello, I'm Bo. I have read the conversation and have your photo,"
        " so you don't need to repeat anything."
    )
    assert draft.sources == ()


async def test_an_answered_message_needs_no_draft_and_a_new_one_no_greeting(shop):
    say = shop.visitor()
    conv = say("The bed came broken").conversation_id
    shop.take(conv)
    shop.bo_says(conv, "Hi Ada, I'll have a look.")
    assert await suggested(shop, conv) == Suggestion()
    say("And how long does delivery of a parcel take?")
    draft = (await suggested(shop, conv)).draft
    assert draft is not None
    assert "Hi Ada" not in draft.text


async def test_while_the_assistant_answers_there_is_nothing_to_suggest(shop):
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    assert await suggested(shop, conv) == Suggestion()


async def test_a_draft_thought_out_for_the_agent_is_kept_once_and_never_an_act(shop):
    say = shop.visitor()
    conv = say("The bed came broken").conversation_id
    shop.take(conv)
    asked = say("And how long does delivery of a parcel take?")
    first, again = await suggested(shop, conv), await suggested(shop, conv)
    assert first == again
    kept = shop.db.read_now(lambda records: decisions_of(records, conv))
    assert [(decision.message_seq, decision.step.value) for decision in kept] == [(asked.seq, "draft")]
    assert kept[0].reason.code == "person_holds"
    assert first.draft.id == kept[0].id


async def test_two_browsers_asking_at_once_think_one_thought(shop):
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    shop.take(conv)
    one, other = await asyncio.gather(suggested(shop, conv), suggested(shop, conv))
    assert one == other
    assert len(shop.db.read_now(lambda records: decisions_of(records, conv))) == 1


async def test_a_turn_that_never_ends_costs_the_agent_only_the_draft(shop, monkeypatch):
    monkeypatch.setattr("bothands.assist.suggesting.THINK_SECONDS_MAX", 0.0)
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    shop.take(conv)
    assert await suggested(shop, conv) == Suggestion()


async def test_a_closed_conversation_needs_no_suggestion(shop):
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    shop.take(conv)
    shop.db.write_now(lambda unit: close(unit, conv, by=SYSTEM, reason="done"))
    assert await suggested(shop, conv) == Suggestion()


async def test_a_conversation_without_a_message_has_nothing_to_suggest(shop):
    conv = shop.visitor()("How long does delivery of a parcel take?").conversation_id
    shop.take(conv)
    shop.db.write_now(lambda unit: hand_back(unit, conv, shop.bo))
    shop.take(conv)
    assert await suggested(shop, conv) == Suggestion()
