"""One simulated customer on the widget's socket, from the first word to the rating."""

import asyncio
import random

import msgspec

from bothands.training.keeping import STORED_SECONDS_MAX, Leaving, Line, OpenSocket, Pace
from bothands.training.listening import Frame, Visit
from bothands.training.model import Ending, Outcome, Scenario, Step
from bothands.training.reacting import answer_while_waiting, reply_to

REPLY_SECONDS_MAX = 60.0
ASKS_ANSWERED_MAX = 4
QUESTIONS_ANSWERED_MAX = 2
QUESTION_SECONDS_MAX = 3.0
GOODBYE_SECONDS = 6.0
CHARS_TYPED_PER_SECOND = 12.0


class Customer:
    """A scenario being played."""

    def __init__(
        self, scenario: Scenario, open_socket: OpenSocket, pace: Pace, source: random.Random
    ) -> None:
        greeting = {"is_simulated": True, "name": scenario.name, "language": scenario.language}
        self._line = Line(open_socket, pace, source, greeting)
        self._scenario = scenario
        self._pace = pace
        self._source = source
        self._said = 0
        self._answered: set[str] = set()

    @property
    def visit(self) -> Visit:
        return self._line.visit

    async def converse(self) -> Outcome:
        """Play the scenario; never raises for what a server may do."""
        started = self._pace.clock.monotonic()
        listening = asyncio.create_task(self._line.keep())
        playing = asyncio.create_task(self._play())
        try:
            # A line that cannot be kept ends the visit as well.
            await asyncio.wait({listening, playing}, return_when=asyncio.FIRST_COMPLETED)
            ending = playing.result() if playing.done() else "unreachable"
        finally:
            for task in (playing, listening):
                task.cancel()
            await asyncio.gather(playing, listening, return_exceptions=True)
            await self._line.drop()
        visit = self.visit
        return Outcome(
            self._scenario.id,
            visit.conversation_id,
            ending,
            self._said,
            visit.heard_from("assistant"),
            visit.heard_from("agent"),
            self._line.reconnects,
            self._pace.clock.monotonic() - started,
        )

    async def _play(self) -> str:
        try:
            await self._line.until(
                lambda: self.visit.key is not None or self.visit.is_refused, STORED_SECONDS_MAX
            )
            for step in self._scenario.steps:
                await self._take_step(step)
                if self.visit.holder != "assistant":
                    break
            return await self._end()
        except Leaving as leaving:
            return str(leaving)

    async def _take_step(self, step: Step) -> None:
        await self._pace.sleep(step.pause_seconds)
        if step.drops_line_seconds:
            await self._line.drop(step.drops_line_seconds)
        before = len(self.visit.heard)
        if step.say:
            await self._say(self._source.choice(step.say))
            for text in step.also:
                await self._say(text, hurried=True)
        if step.asks_person:
            await self._line.store({"do": "ask_person"})
            await self._line.until(lambda: self.visit.holder != "assistant", REPLY_SECONDS_MAX)
        elif step.waits and step.say:
            await self._hear_out(before)

    async def _hear_out(self, before: int) -> None:
        """Wait for the reply; answer what it asks back, and listen again."""
        for _ in range(ASKS_ANSWERED_MAX):
            if not await self._hear_more_than(before, REPLY_SECONDS_MAX):
                return
            # Whoever reads a reply also sees, a moment later, whether a person is being brought in.
            await self._line.until(lambda: self.visit.holder != "assistant", max(0.3, self._pace.real(2.0)))
            if self.visit.holder != "assistant" or self.visit.is_closed:
                return
            before = len(self.visit.heard)
            answer = reply_to(self._scenario, self.visit.heard[-1], self._source)
            if answer is None:
                return
            await self._say(answer)

    async def _hear_more_than(self, before: int, seconds: float) -> bool:
        visit = self.visit
        return await self._line.until(
            lambda: len(visit.heard) > before or visit.holder != "assistant" or visit.is_closed, seconds
        )

    async def _end(self) -> str:
        if self.visit.holder == "queue":
            await self._wait_for_person()
        if self.visit.holder == "agent":
            await self._talk_with_person()
        if self.visit.is_closed:
            return await self._rate()
        if self._scenario.ending is Ending.SILENCE:
            return "silence"
        before = len(self.visit.heard)
        await self._say(self._source.choice(self._scenario.thanks))
        await self._hear_more_than(before, self._pace.real(GOODBYE_SECONDS))
        await self._line.until(lambda: self.visit.is_closed, self._pace.real(GOODBYE_SECONDS))
        return await self._rate() if self.visit.is_closed else "thanks"

    async def _wait_for_person(self) -> None:
        for _ in range(QUESTIONS_ANSWERED_MAX):
            if not await self._line.until(
                lambda: self._next_question() is not None or self._is_served(),
                self._pace.real(QUESTION_SECONDS_MAX),
            ):
                break
            question = self._next_question()
            if question is None or self._is_served():
                break
            await self._pace.sleep(self._scenario.typing_seconds)
            self._answered.add(str(question["id"]))
            value = answer_while_waiting(self._scenario, question, self._source)
            await self._line.post({"do": "answer", "question": question["id"], "value": value})
        patience = self._scenario.patience_seconds if self.visit.on_duty else 0.0
        if await self._line.until(self._is_served, self._pace.real(patience)):
            return
        if self._scenario.email:
            address = {"email": self._scenario.email, "name": self._scenario.name}
            await self._line.post({"do": "leave_address", **address})
            await self._pace.sleep(1.0)
            raise Leaving("left_address")
        raise Leaving("gave_up")

    def _next_question(self) -> Frame | None:
        asked = self.visit.open_questions()
        return next((one for one in asked if str(one.get("id")) not in self._answered), None)

    def _is_served(self) -> bool:
        return self.visit.holder != "queue" or self.visit.is_closed

    async def _talk_with_person(self) -> None:
        """One line for each message of the person, then thanks; until they close."""
        lines = [*self._scenario.to_person, self._source.choice(self._scenario.thanks)]
        heard = self.visit.heard_from("agent")
        if heard:
            heard -= 1  # the greeting that came with the person still wants a reply
        patience = self._pace.real(self._scenario.patience_seconds)
        for text in lines:
            spoken = heard
            if not await self._line.until(lambda at=spoken: self._has_person_spoken(at), patience):  # type: ignore[misc]
                raise Leaving("left_person")
            if self.visit.is_closed or self.visit.holder != "agent":
                return
            heard = self.visit.heard_from("agent")
            await self._say(text)
        await self._line.until(lambda: self.visit.is_closed, patience)

    def _has_person_spoken(self, before: int) -> bool:
        visit = self.visit
        return visit.heard_from("agent") > before or visit.is_closed or visit.holder != "agent"

    async def _rate(self) -> str:
        rated = self._scenario.rates
        if rated is None or self.visit.is_rated:
            return "closed"
        await self._pace.sleep(self._scenario.typing_seconds)
        await self._line.post({"do": "rate", **msgspec.to_builtins(rated)})
        await self._line.until(lambda: self.visit.is_rated, self._pace.real(GOODBYE_SECONDS))
        return "rated"

    async def _say(self, text: str, *, hurried: bool = False) -> None:
        if self.visit.is_refused:
            raise Leaving("refused")
        seconds = 0.3 if hurried else self._scenario.typing_seconds * self._source.uniform(0.6, 1.4)
        seconds = min(seconds, 1.0 + len(text) / CHARS_TYPED_PER_SECOND)
        await self._line.post({"do": "typing"})
        await self._pace.sleep(seconds)
        self._said += 1
        await self._line.store({"do": "send", "text": text, "attachments": []})
