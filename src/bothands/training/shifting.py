"""Simulated agents on shift: they keep the demo's queue moving, through the desk's own routes.

They take only conversations that are marked as simulated, look again before every act, and leave a note
that says what they are. A real visitor waits for a real person.
"""

import asyncio
import random
import re
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from bothands.egress import Answer, Caller
from bothands.kit import BothandsError, Invalid, Unavailable
from bothands.training.keeping import Pace

AGENTS_MAX = 10
CONVERSATIONS_AT_ONCE_MAX = 3
LOOK_SECONDS = 4.0
TAKE_AFTER_SECONDS = (12.0, 45.0)
REPLY_SECONDS = (4.0, 12.0)
CLOSE_AFTER_SILENCE_SECONDS = 60.0
SHIFT_BYTES_MAX = 64_000
DRAFTED = "ai_drafts"
NOTE = "Taken by a simulated colleague of the demo, for a simulated customer."

Row = dict[str, Any]


class ShiftInvalid(Invalid):
    """What simulated agents should say cannot be read."""

    code: ClassVar[str] = "shift-invalid"
    title: ClassVar[str] = "The shift cannot be played"


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about one topic, in this order, and what was agreed in the end."""

    id: str
    says: tuple[str, ...]
    agreed: str = ""


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    greeting: tuple[str, ...]
    says: tuple[str, ...]
    agreed: str = ""
    topic: tuple[Lines, ...] = ()

    def lines_for(self, topic: str | None) -> Lines:
        return next((one for one in self.topic if one.id == topic), Lines("", self.says, self.agreed))


def read_shift(path: Path) -> Shift:
    """The file's lines; raises ShiftInvalid."""
    try:
        if path.stat().st_size > SHIFT_BYTES_MAX:
            raise ShiftInvalid(
                f"shift {path.name}", "the file is too large", f"keep to {SHIFT_BYTES_MAX} bytes"
            )
        shift = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Shift)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        cause = str(error).replace("`", "")
        raise ShiftInvalid(f"shift {path.name}", cause, "see examples/retail/shift.toml") from None
    if not shift.greeting or not shift.says or any(not one.says for one in shift.topic):
        raise ShiftInvalid(f"shift {path.name}", "something is said nowhere", "fill greeting and every says")
    for text in (*shift.greeting, *shift.says, *(said for one in shift.topic for said in one.says)):
        try:
            _filled(text, "Ada", "Jonas")
        except (LookupError, ValueError, AttributeError):
            raise ShiftInvalid(
                f"shift {path.name}", f"{text[:40]!r} has other braces", "write {name} or {agent}"
            ) from None
    return shift


def _filled(text: str, name: str, agent: str) -> str:
    return text.format(name=name, agent=agent)


class DeskRefused(Unavailable):
    """The desk did not do what a simulated agent asked; mostly somebody was faster."""

    code: ClassVar[str] = "desk-refused"
    title: ClassVar[str] = "The desk refused"


class Colleague:
    """One simulated agent, signed in by a one-time link."""

    def __init__(self, base: str, caller: Caller, shift: Shift, pace: Pace, source: random.Random) -> None:
        self.name = ""
        self._base = base.rstrip("/")
        self._caller = caller
        self._shift = shift
        self._pace = pace
        self._source = source
        self._headers: dict[str, str] = {}
        self._said: dict[str, int] = {}
        self._quiet_since: dict[str, tuple[int, float]] = {}

    async def sign_in(self, link: str) -> None:
        """Spend the link; raises when it is spent or unknown."""
        token = re.split(r"[=/#]", link.strip())[-1]
        answer = await self._caller.post(f"{self._base}/api/v1/sign-in/link", {"token": token})
        me = _whole(answer, "signing in")
        cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        self._headers = {"cookie": cookies, "x-csrf-token": answer.cookies.get("bothands_csrf", "")}
        self.name = str(me["name"])

    async def work(self) -> None:
        """Take, reply and close until cancelled; what one look refuses, the next may allow."""
        while True:
            try:
                await self.look()
            except BothandsError:
                await self._pace.sleep(LOOK_SECONDS)
            await self._pace.sleep(LOOK_SECONDS * self._source.uniform(0.7, 1.3))

    async def look(self) -> None:
        """One look at the desk: first one's own conversations, then one from the queue."""
        mine = [row for row in await self._rows("yours") if _is_simulated(row)]
        for row in mine:
            if _is_offered(row):
                await self._post(row, "take-over")
            else:
                await self._go_on(row)
        if len(mine) < CONVERSATIONS_AT_ONCE_MAX:
            await self._take_one()

    async def _take_one(self) -> None:
        now = self._pace.clock.now()
        for row in await self._rows("handoffs"):
            if not _is_simulated(row) or row["holder"]["kind"] != "queue" or _is_for_others(row):
                continue
            # Drawn from the id, so that every colleague expects the same of a row at every look.
            after = random.Random(row["id"]).uniform(*TAKE_AFTER_SECONDS)
            if _waited(row, now) >= self._pace.real(after):
                await self._post(row, "take-over")
                await self._post(row, "notes", {"client_id": self._client_id(), "text": NOTE})
                await self._open(await self._fresh(row["id"]))
                return

    async def _open(self, row: Row) -> None:
        """The assistant's draft where one waits for a person's yes, all with sources; else a greeting."""
        if (row.get("reason") or {}).get("code") == DRAFTED:
            draft = (await self._get(f"conversations/{row['id']}/suggestion")).get("draft") or {}
            if draft.get("text") and not draft.get("unsourced"):
                await self._send(row, draft["text"], draft["id"])
                return
        await self._say(row, self._source.choice(self._shift.greeting))

    async def _go_on(self, row: Row) -> None:
        lines = self._shift.lines_for(row.get("topic"))
        position = self._said.get(row["id"], 0)
        if not row["needs_reply"]:
            if self._silent_seconds(row) >= self._pace.real(CLOSE_AFTER_SILENCE_SECONDS):
                await self._close(row, "no reply")
        elif position < len(lines.says):
            await self._pace.sleep(self._source.uniform(*REPLY_SECONDS))
            await self._say(await self._fresh(row["id"]), lines.says[position])
            self._said[row["id"]] = position + 1
        else:
            await self._pace.sleep(self._source.uniform(*REPLY_SECONDS))
            await self._close(row, "solved", lines.agreed)

    async def _say(self, row: Row, text: str) -> None:
        first = row["contact"]["name"].split(" ")[0]
        await self._send(row, _filled(text, first, self.name.split(" ")[0]))

    async def _send(self, row: Row, text: str, draft_id: str | None = None) -> None:
        body = {"client_id": self._client_id(), "text": text, "last_seen_seq": row["seq"]}
        await self._post(row, "messages", {**body, "draft_id": draft_id})

    async def _close(self, row: Row, reason: str, agreed: str = "") -> None:
        await self._post(row, "closing", {"reason": reason, "agreed": agreed or None})
        self._said.pop(row["id"], None)
        self._quiet_since.pop(row["id"], None)

    async def _fresh(self, conversation_id: str) -> Row:
        answer = await self._get(f"conversations/{conversation_id}")
        row: Row = answer["row"]
        return row

    def _silent_seconds(self, row: Row) -> float:
        now = self._pace.clock.monotonic()
        seq, since = self._quiet_since.get(row["id"], (-1, now))
        if seq != row["seq"]:
            self._quiet_since[row["id"]] = (row["seq"], now)
            return 0.0
        return now - since

    async def _rows(self, view: str) -> list[Row]:
        page = await self._get(f"conversations?view={view}")
        rows: list[Row] = page["rows"]
        return rows

    async def _get(self, path: str) -> Row:
        return _whole(await self._caller.get(f"{self._base}/api/v1/{path}", headers=self._headers), path)

    async def _post(self, row: Row, act: str, body: Row | None = None) -> None:
        if not _is_simulated(row):
            raise DeskRefused(f"conversation {row['id']}", "it is a real visitor's", "leave it to a person")
        url = f"{self._base}/api/v1/conversations/{row['id']}/{act}"
        _whole(await self._caller.post(url, body, headers=self._headers), act)

    def _client_id(self) -> str:
        return f"c-{self._source.getrandbits(80):020x}"


async def keep_shift(colleagues: Sequence[Colleague]) -> None:
    """Everybody works until cancelled."""
    async with asyncio.TaskGroup() as group:
        for colleague in colleagues[:AGENTS_MAX]:
            group.create_task(colleague.work())


def _is_simulated(row: Row) -> bool:
    return row.get("is_simulated") is True


def _is_offered(row: Row) -> bool:
    """A colleague offers it to whoever asked for this row."""
    assigned = row.get("assigned") or {}
    return bool(assigned.get("is_yours") and assigned.get("lapses_at"))


def _is_for_others(row: Row) -> bool:
    return (row.get("assigned") or {}).get("is_yours") is False


def _waited(row: Row, now: datetime) -> float:
    since = row.get("waiting_since")
    return (now - datetime.fromisoformat(since)).total_seconds() if since else 0.0


def _whole(answer: Answer, what: str) -> Row:
    if answer.code >= 400:
        raise DeskRefused(f"desk, {what}", f"it answered {answer.code}", "look again")
    if not answer.body:
        return {}
    body: Row = answer.json() or {}
    return body
