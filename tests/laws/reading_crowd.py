"""A crowd that reads at once and is cut off at random; everybody knows which words are theirs to see.

Visitors are customers of the company. They come with a key that they have, or sit down at a computer that
others use too and are named by a signed token. At the desk there are people, and programs with an API key.
"""

import asyncio
import io
import json
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bothands.channels import make_secret
from bothands.conversations import Inbound, inbox_of, limit_inbox, open_inbox, receive, write_note
from bothands.people import Role, add_agent, add_team, customer_of, let_in, make_api_key
from bothands.storage import Unit
from tests.cast import ECHO, acts
from tests.signing import claims_at, sign
from tests.web.site import Site

VISITORS = 160
AGENTS = 40
# Each has an inbox of its own; the agents are of one team or the other.
TEAMS = ("north", "south")
MESSAGES_EACH = 4
READS_PER_VISIT = 12
CUT_OFF_SHARE = 0.2
CUT_OFF_SECONDS_MAX = 0.25
ANSWER_SECONDS_MAX = 120
COMPUTERS = 12
# A customer's oldest browser gives way to the twenty-first: in all crowds together, theirs must not.
TIMES_AT_COMPUTER_MAX = 6
CANARY = re.compile(r"(?:canary|secret)-[0-9a-f]{12}")


@dataclass(frozen=True)
class Reader:
    """A visitor, the words that are theirs, those that only the desk may see, and the team that may.

    `mark` is the company's id of them, and `signs` the secret with which its server says so.
    """

    team: str
    key: str
    mark: str
    signs: str
    conversation_id: str
    canary: str
    secret: str
    file_id: str
    picture: bytes


@dataclass
class Found:
    """What the crowd saw."""

    reads: int = 0
    cut_off: int = 0
    dropped: int = 0
    canaries: int = 0
    sat_down: int = 0
    gave_way: int = 0
    leaks: list[str] = field(default_factory=list)

    def look(self, where: str, text: str, own: set[str]) -> None:
        """Count one read and keep whatever in it is not the reader's."""
        seen = CANARY.findall(text)
        self.reads += 1
        self.canaries += len(seen)
        self.leaks += [f"{where}: {other}" for other in sorted(set(seen) - own)]


def populate(site: Site) -> list[Reader]:
    """Everybody writes a few messages and uploads a picture; the desk notes something down on each."""
    dice = random.Random(11)
    signs = {team: site.db.write_now(lambda unit, team=team: _open_team(unit, site, team)) for team in TEAMS}
    return [_reader(site, signs, f"{dice.getrandbits(48):012x}", number) for number in range(VISITORS)]


def _open_team(unit: Unit, site: Site, team: str) -> str:
    """The secret of its inbox."""
    site.agents[team] = agent = add_agent(
        unit, name=f"Agent {team}", email=f"{team}@shop.example", role=Role.AGENT
    )
    inbox = open_inbox(unit, team, team, assistant_name=ECHO.name, disclosure=ECHO.disclosure)
    limit_inbox(unit, inbox.id, [add_team(unit, team, [agent.id]).id])
    return make_secret(unit, site.desk.seal, inbox)[1]


def _reader(site: Site, signs: dict[str, str], mark: str, number: int) -> Reader:
    canary, secret = f"canary-{mark}", f"secret-{mark}"
    team = TEAMS[number % len(TEAMS)]

    def begin(unit: Unit) -> tuple[str, str]:
        customer = customer_of(unit, mark, name=canary, email=None, language=None)
        inbox = inbox_of(unit.records, team)
        browser = let_in(unit, customer, inbox.id)
        for n in range(MESSAGES_EACH):
            received = receive(unit, Inbound(inbox.id, customer.id, f"c-{n}", f"{canary} asks {n}"))
        conversation_id = received.conversation.id
        write_note(unit, conversation_id, secret, by=acts(site.agents[team]), client_id="n-1")
        return browser.key, conversation_id

    key, conversation_id = site.db.write_now(begin)
    headers = {"x-visitor-key": key, "origin": site.url}
    uploaded = httpx.post(
        f"{site.url}/api/v1/chat/{team}/files",
        headers=headers,
        files={"file": (f"{canary}.png", _picture(number))},
        verify=False,
    )
    file_id = uploaded.json()["id"]
    kept = httpx.get(f"{site.url}/api/v1/files/{file_id}", headers=headers, verify=False).content
    return Reader(team, key, mark, signs[team], conversation_id, canary, secret, file_id, kept)


def _picture(number: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (number, 7, 255 - number)).save(data, "png")
    return data.getvalue()


class Crowd:
    """All readers on one loop, until so many reads are done or one was wrong."""

    def __init__(self, site: Site, readers: list[Reader], reads: int) -> None:
        self._site = site
        self._readers = readers
        self._by_conversation = {reader.conversation_id: reader for reader in readers}
        self._reads_wanted = reads
        self._sent = 0
        self._left: list[str | None] = [None] * COMPUTERS
        self._times: Counter[str] = Counter()
        self.found = Found()

    async def read(self) -> Found:
        # One pool for all visitors' pictures: a connection is used by one after the other.
        async with httpx.AsyncClient(
            base_url=self._site.url, timeout=ANSWER_SECONDS_MAX, verify=False
        ) as web:
            visitors = [
                self._again(random.Random(number), self._visitor(reader, web))
                for number, reader in enumerate(self._readers)
            ]
            agents = [
                self._agent(random.Random(-1 - number), (*TEAMS, None)[number % (len(TEAMS) + 1)])
                for number in range(AGENTS)
            ]
            await asyncio.gather(*visitors, *agents)
        return self.found

    async def _again(self, dice: random.Random, act: Callable[[random.Random], Awaitable[None]]) -> None:
        """Act until enough was read, or somebody saw a leak; now and then be cut off in the middle of it."""
        while self.found.reads < self._reads_wanted and not self.found.leaks:
            is_cut = dice.random() < CUT_OFF_SHARE
            seconds = dice.random() * CUT_OFF_SECONDS_MAX if is_cut else ANSWER_SECONDS_MAX
            try:
                await asyncio.wait_for(act(dice), seconds)
            except TimeoutError:
                assert is_cut, "an answer did not come"
                self.found.cut_off += 1
            except httpx.TransportError:  # a kept connection that the server ended at this very moment
                self.found.dropped += 1

    def _visitor(self, reader: Reader, web: httpx.AsyncClient) -> Callable[[random.Random], Awaitable[None]]:
        async def act(dice: random.Random) -> None:
            if dice.random() < 0.2:
                await self._look_at_pictures(reader, web, dice)
            elif dice.random() < 0.2 and self._times[reader.mark] < TIMES_AT_COMPUTER_MAX:
                await self._sit_down(reader, web, dice)
            else:
                await self._visit(reader, reader.key, dice)

        return act

    async def _sit_down(self, reader: Reader, web: httpx.AsyncClient, dice: random.Random) -> None:
        """At a computer that somebody else has just left, or is still at: then they are sent away."""
        self._times[reader.mark] += 1
        place = dice.randrange(COMPUTERS)
        left = self._left[place]
        token = sign(claims_at(self._site.db.clock.now(), reader.mark, reader.team), reader.signs)
        headers = {"origin": self._site.url} | ({"x-visitor-key": left} if left else {})
        answer = await web.post(
            f"/api/v1/chat/{reader.team}/identify", json={"token": token}, headers=headers
        )
        key = self._left[place] = answer.json()["key"]
        self.found.look("identify", answer.text, {reader.canary})
        self.found.sat_down += 1
        try:
            await self._visit(reader, key, dice)
        except (ConnectionClosed, GaveWay):
            self.found.gave_way += 1

    async def _visit(self, reader: Reader, key: str, dice: random.Random) -> None:
        address = self._site.url.replace("http", "ws") + f"/ws/chat/{reader.team}"
        socket = await connect(address, origin=self._site.url, close_timeout=1)  # type: ignore[arg-type]
        try:
            await _say(socket, do="hello", key=key, since=0, page="", language="en")
            if await self._hear(socket, reader):
                raise GaveWay
            for _ in range(READS_PER_VISIT):
                if dice.random() < 0.04:
                    self._sent += 1
                    text = f"{reader.canary} again"
                    await _say(socket, do="send", client_id=f"again-{self._sent}", text=text)
                await _say(socket, do="catch_up", since=0)
                await self._hear(socket, reader)
        except (asyncio.CancelledError, ConnectionClosed, GaveWay):
            socket.transport.abort()  # gone without a word, as a phone in a tunnel
            raise
        with suppress(ConnectionClosed):
            await socket.close()

    async def _hear(self, socket: ClientConnection, reader: Reader) -> bool:
        """Read up to the next entries; every frame on the way is looked at. True: we are nobody here."""
        while True:
            text = await socket.recv()
            assert isinstance(text, str)
            self.found.look("socket", text, {reader.canary})
            if '"is":"entries"' in text:
                return False
            if '"is":"welcome"' in text and '"conversation_id":null' in text:
                return True

    async def _look_at_pictures(self, reader: Reader, web: httpx.AsyncClient, dice: random.Random) -> None:
        headers = {"x-visitor-key": reader.key}
        own = await web.get(f"/api/v1/files/{reader.file_id}", headers=headers)
        self.found.reads += 1
        if own.content != reader.picture:
            self.found.leaks.append(f"picture: {own.status_code} instead of one's own")
        other = dice.choice(self._readers)
        if other is not reader:
            answer = await web.get(f"/api/v1/files/{other.file_id}", headers=headers)
            self.found.look("another's picture", answer.text, set())
            if answer.status_code != 404:
                self.found.leaks.append("picture: another's was given")

    async def _agent(self, dice: random.Random, team: str | None) -> None:
        """Asks for any conversation: the other team's look like none. A program, of no team, may see all."""
        cookies, headers = await asyncio.to_thread(self._come_in, team)
        async with httpx.AsyncClient(
            base_url=self._site.url, cookies=cookies, headers=headers, verify=False, timeout=30
        ) as web:

            async def act(dice: random.Random) -> None:
                asked = dice.choice(self._readers)
                address = f"/api/v1/conversations/{asked.conversation_id}"
                for path in (address, f"{address}/entries", f"/api/v1/files/{asked.file_id}"):
                    answer = await web.get(path)
                    if team is not None and asked.team != team:
                        self.found.look(path, answer.text, set())
                        self._must_be_missing(path, answer)
                    elif "files" not in path:
                        self.found.look(path, answer.text, {asked.canary, asked.secret})
                if dice.random() < 0.1:
                    self._check_rows((await web.get("/api/v1/conversations")).json()["rows"], team)

            await self._again(dice, act)

    def _must_be_missing(self, path: str, answer: httpx.Response) -> None:
        if answer.status_code != 404:
            self.found.leaks.append(f"{path}: another team's was given")

    def _check_rows(self, rows: list[dict[str, Any]], team: str | None) -> None:
        for row in rows:
            own = self._by_conversation[row["id"]]
            if team is not None and own.team != team:
                self.found.leaks.append(f"row: one of the team {own.team}")
            self.found.look("row", json.dumps(row), {own.canary, own.secret})

    def _come_in(self, team: str | None) -> tuple[dict[str, str], dict[str, str]]:
        """The cookies and headers of an agent of that team, or of a program."""
        if team is not None:
            client = self._site.client(team)
            return dict(client.cookies), {"x-csrf-token": str(client.headers["x-csrf-token"])}
        admin_id, scopes = self._site.agents["admin"].id, {"conversations.read"}
        made = self._site.db.write_now(
            lambda unit: make_api_key(unit, "Program", scopes, made_by_id=admin_id)
        )
        return {}, {"authorization": f"Bearer {made[1]}"}


class GaveWay(Exception):
    """The browser is nobody's any more: the next one at this computer came meanwhile."""


async def _say(socket: ClientConnection, **frame: Any) -> None:
    await socket.send(json.dumps(frame))
