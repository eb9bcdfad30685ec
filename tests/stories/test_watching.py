"""What whoever watches sees of a turn: its outcome counted, its steps as spans, nothing of its words."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bothands.conversations import EntryKind
from bothands.turn import tracing
from tests.stories.conftest import Story

CANARY = "CANARY Do you deliver on Saturdays?"


def shown(story: Story) -> str:
    return story.desk.meters.show(sockets={}, jobs=(), queued=0, longest_seconds=0).decode()


async def test_a_turn_is_counted_by_what_came_of_it(story: Story) -> None:
    await story.ada_says("Do you deliver on Saturdays?")
    await story.ada_says("agent")
    text = shown(story)
    assert 'bothands_turn_seconds_count{outcome="act"} 1.0' in text
    assert 'bothands_turn_seconds_count{outcome="hand_off"} 1.0' in text
    assert 'bothands_job_seconds_count{kind="take_turn",outcome="done"} 2.0' in text
    texts = next(line for line in text.splitlines() if line.startswith("bothands_embedding_texts_total"))
    assert float(texts.split()[1]) > 0


async def test_a_turn_is_three_spans_with_the_message_and_without_its_words(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("test"))
    await story.ada_says(CANARY)
    spans = kept.get_finished_spans()
    assert [span.name for span in spans] == ["turn.read", "turn.think", "turn.settle", "turn.take"]
    message = story.entries(EntryKind.MESSAGE)[0]
    assert {str(span.attributes["bothands.message_id"]) for span in spans if span.attributes} == {message.id}
    parents = {span.parent.span_id if span.parent else None for span in spans[:3]}
    assert parents == {spans[3].context.span_id}
    assert "CANARY" not in "".join(span.to_json() for span in spans)


async def test_a_failing_turn_leaves_no_words_in_its_spans(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("test"))

    async def fail(*_: object, **__: object) -> None:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(story.desk.proposer, "propose", fail)
    await story.ada_says(CANARY)
    spans = kept.get_finished_spans()
    assert "turn.think" in {span.name for span in spans}
    assert "CANARY" not in "".join(span.to_json() for span in spans)
    assert 'bothands_job_seconds_count{kind="take_turn",outcome="failed"} 1.0' in shown(story)


async def test_without_the_package_a_turn_goes_on_as_ever(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "TRACER", None)
    assert await story.ada_says("Do you deliver on Saturdays?") is not None
