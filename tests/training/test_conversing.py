import asyncio
from typing import Any

import pytest

from bothands.training import Scenario

from .conftest import Frame, Stage, agent_says, assistant_says, state

pytestmark = pytest.mark.slow


async def test_ada_asks_hears_the_answer_and_thanks(stage: Stage, play: Any, ada: Any) -> None:
    stage.on_frame = lambda frame: stage.add(assistant_says("Yes.")) if frame["do"] == "send" else None

    outcome = await play(ada("Do you deliver on Saturdays?", thanks="thx"))

    assert stage.texts == ["Do you deliver on Saturdays?", "thx"]
    assert (outcome.ending, outcome.said, outcome.conversation_id) == ("thanks", 2, "conv_1")


async def test_she_says_that_she_is_simulated_in_her_first_frame(stage: Stage, play: Any, ada: Any) -> None:
    await play(ada({"say": "hi", "waits": False}, ending="silence"))

    assert stage.frames[0]["do"] == "hello"
    assert (stage.frames[0]["is_simulated"], stage.frames[0]["name"]) == (True, "Ada")


async def test_she_gives_the_missing_cell_when_asked_for_it(stage: Stage, play: Any, ada: Any) -> None:
    asks = {"kind": "fact", "table": "prices", "missing": "size"}
    answers = [assistant_says("Which size?", asks=asks, choices=["90 × 200 cm"]), assistant_says("€529.00")]
    stage.on_frame = lambda frame: stage.add(answers.pop(0)) if frame["do"] == "send" and answers else None

    await play(ada("price of the loft pocket?", knows={"size": "160x200"}))

    assert stage.texts[:2] == ["price of the loft pocket?", "160x200"]


async def test_she_presses_the_choice_she_prefers(stage: Stage, play: Any, ada: Any) -> None:
    choices = ["Returns", "Change the delivery day", "Talk to a person"]
    answers = [
        assistant_says("Which?", asks={"kind": "clarify"}, choices=choices),
        assistant_says("Until 20:00."),
    ]
    stage.on_frame = lambda frame: stage.add(answers.pop(0)) if frame["do"] == "send" and answers else None

    await play(ada("my delivery", prefers="change"))

    assert stage.texts[1] == "Change the delivery day"


def queue(frame: Frame, stage: Stage) -> None:
    """The desk of these tests: into the queue, two questions, then Bo, who closes after two replies."""
    if frame["do"] == "ask_person":
        questions = [
            {"id": "order", "text": "Which order?", "kind": "text"},
            {"id": "photo", "text": "A photo?", "kind": "photo"},
        ]
        stage.turn_to("queue", queue={"place": 1, "questions": questions})
    elif frame["do"] == "answer" and frame["question"] == "photo":
        stage.turn_to("agent")
        stage.add(agent_says("Hi Ada, I am Bo."))
    elif frame["do"] == "send" and stage.state["holder"]["kind"] == "agent":
        if len(stage.texts) < 3:
            stage.add(agent_says("I send a new one."))
        else:
            stage.state = state("agent", closed={"at": "2026-11-20T14:00:00Z", "by": "Bo"})
    elif frame["do"] == "rate":
        stage.state = {**stage.state, "rated": True}


async def test_she_waits_answers_what_is_asked_talks_with_bo_and_rates(
    stage: Stage, play: Any, ada: Any
) -> None:
    stage.on_frame = lambda frame: queue(frame, stage)
    scenario = ada(
        {"say": "broken again", "waits": False},
        {"asks_person": True},
        knows={"order": "48190"},
        to_person="The seam is open.",
        thanks="Thanks, Bo.",
        rates={"solved": "yes", "score": 5},
    )

    outcome = await play(scenario)

    assert [(f["question"], f["value"]) for f in stage.did("answer")] == [("order", "48190"), ("photo", None)]
    assert stage.texts == ["broken again", "The seam is open.", "Thanks, Bo."]
    assert [(f["solved"], f["score"]) for f in stage.did("rate")] == [("yes", 5)]
    assert (outcome.ending, outcome.heard_person) == ("rated", 2)


async def test_when_nobody_comes_in_time_she_leaves_her_address(stage: Stage, play: Any, ada: Any) -> None:
    stage.on_frame = lambda f: (
        stage.turn_to("queue", queue={"questions": []}) if f["do"] == "ask_person" else None
    )

    outcome = await play(ada({"asks_person": True}, email="ada@mail.example", patience_seconds=20))

    assert outcome.ending == "left_address"
    assert [(f["email"], f["name"]) for f in stage.did("leave_address")] == [("ada@mail.example", "Ada")]


async def test_a_lost_line_costs_no_message_and_doubles_none(stage: Stage, play: Any, ada: Any) -> None:
    def cut_the_first(frame: Frame) -> None:
        if frame["do"] == "send":
            stage.add(assistant_says("Yes."))
            if len(stage.did("send")) == 1:
                stage.cut()

    stage.on_frame = cut_the_first

    outcome = await play(ada("one", {"say": "two"}))

    assert stage.texts == ["one", "two", "Thank you!"]
    assert outcome.reconnects >= 1
    assert stage.did("hello")[1]["key"] == "vk_1"


async def test_she_outlives_a_restart_of_the_server(stage: Stage, play: Any, ada: Any) -> None:
    stage.on_frame = lambda frame: stage.add(assistant_says("Yes.")) if frame["do"] == "send" else None
    playing = asyncio.create_task(play(ada("one", {"say": "two", "pause_seconds": 60})))
    await asyncio.sleep(0.3)
    assert stage.texts == ["one"]
    await stage.close()
    await asyncio.sleep(0.1)
    await stage.open()

    outcome = await playing

    assert stage.texts == ["one", "two", "Thank you!"]
    assert outcome.ending == "thanks"


async def test_without_a_server_she_gives_up_at_last(stage: Stage, play: Any, ada: Any) -> None:
    await stage.close()
    scenario: Scenario = ada("anybody?")

    outcome = await play(scenario)

    assert outcome.ending in ("unreachable", "never_stored")
