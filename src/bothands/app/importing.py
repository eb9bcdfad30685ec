"""Take in a company's folder: who works there, topics, charter, knowledge. Again and again, by checksum."""

import contextlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bothands.app.model import AgentOf, Company
from bothands.app.store import company_of, put_company
from bothands.balance import adopt_charter, charter_from
from bothands.conversations import SYSTEM, list_inboxes, open_inbox
from bothands.handoff import hours_of
from bothands.kit import Invalid
from bothands.knowledge import Imported, import_folder
from bothands.models import Embedder
from bothands.people import (
    Agent,
    Role,
    add_agent,
    add_team,
    agent_of_email,
    list_teams,
    set_availability,
    update_team,
)
from bothands.storage import Database, Unit
from bothands.understanding import Topic, keep_topics, learn, topics_from_rows

FILE_BYTES_MAX = 4_000_000


class Intake(msgspec.Struct, frozen=True):
    """What an import found and changed."""

    company: Company
    topics: int
    knowledge: Imported


async def import_company(db: Database, embedder: Embedder, folder: Path) -> Intake:
    """Everything of the folder, or a refusal that names file, cause and cure, and nothing is changed."""
    company = _company(folder)
    topics = _topics(folder)
    with _named("charter.toml"):
        titles = {topic.id: topic.title for topic in topics}
        charter = charter_from(_toml(folder / "charter.toml", needed=False), titles)

    def write(unit: Unit) -> None:
        with _named("company.toml"):
            _open_company(unit, company)
        with _named("topics.toml"):
            keep_topics(unit, topics)
        with _named("charter.toml"):
            adopt_charter(unit, charter, by=SYSTEM)

    def rehearse(unit: Unit) -> None:
        write(unit)
        raise _TakenBack

    # What would be refused is refused here, before the knowledge is taken in by transactions of its own.
    with contextlib.suppress(_TakenBack):
        await db.write(rehearse)
    knowledge = await import_folder(db, embedder, folder)
    await db.write(write)
    await learn(db, embedder)
    return Intake(company, len(topics), knowledge)


class _TakenBack(Exception):
    """Ends a transaction that was only a rehearsal."""


@contextlib.contextmanager
def _named(file: str) -> Iterator[None]:
    """Say in which file the trouble lies, where those who found it cannot know."""
    try:
        yield
    except Invalid as error:
        if file in error.thing:
            raise
        raise Invalid(f"file {file}: {error.thing}", error.cause, error.cure) from None


def _open_company(unit: Unit, company: Company) -> None:
    before = company_of(unit.records) or company
    put_company(unit.records, company)
    _open_inbox(unit, company, before)
    for described in company.agent:
        with _named(f"company.toml, agent {described.name}"):
            _hire(unit, described)


def _open_inbox(unit: Unit, company: Company, before: Company) -> None:
    """What the folder says anew holds; what it says as it did `before` is as the desk has made it since."""
    known = next((one for one in list_inboxes(unit.records) if one.slug == company.inbox), None)
    assistant = company.assistant
    name, called, disclosure, origins = company.name, assistant.name, assistant.disclosure, company.origins
    if known is not None:
        name = known.name if name == before.name else name
        called = known.assistant_name if called == before.assistant.name else called
        disclosure = known.disclosure if disclosure == before.assistant.disclosure else disclosure
        dropped = {*before.origins} - {*origins}
        added = [origin for origin in origins if origin not in before.origins]
        origins = tuple(dict.fromkeys(one for one in (*known.origins, *added) if one not in dropped))
    open_inbox(
        unit,
        company.inbox,
        name,
        assistant_name=called,
        disclosure=disclosure,
        tone=assistant.tone,
        origins=origins,
    )


def _hire(unit: Unit, described: AgentOf) -> Agent:
    known = agent_of_email(unit.records, described.email)
    if known is not None:
        return known
    agent = add_agent(
        unit,
        name=described.name,
        email=described.email,
        role=Role(described.role),
        expertise=described.expertise,
    )
    if described.on_shift:
        set_availability(unit, agent.id, True)
    for name in described.teams:
        _join(unit, name, agent)
    return agent


def _join(unit: Unit, name: str, agent: Agent) -> None:
    known = {team.name.casefold(): team for team in list_teams(unit.records)}.get(name.casefold())
    if known is None:
        add_team(unit, name, [agent.id])
    else:
        update_team(unit, known.id, member_ids=[*known.member_ids, agent.id])


def _company(folder: Path) -> Company:
    if not folder.is_dir():
        raise Invalid(f"folder {folder.name!r}", "it does not exist", "give the folder of a company")
    try:
        company = msgspec.convert(_toml(folder / "company.toml"), Company)
    except msgspec.ValidationError as error:
        raise Invalid("file company.toml", str(error).rstrip("."), "correct that entry") from None
    with _named("company.toml"):
        hours_of(company.timezone, company.hours)
        emails = [agent.email.strip().lower() for agent in company.agent]
        for email in emails:
            if emails.count(email) > 1:
                raise Invalid(
                    f"agent {email}", "it is there twice", "give each agent an address of their own"
                )
    return company


def _topics(folder: Path) -> tuple[Topic, ...]:
    rows = _toml(folder / "topics.toml", needed=False).get("topic", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("file topics.toml", "its topics are no list", "begin each with [[topic]]")
    with _named("topics.toml"):
        return topics_from_rows(rows)


def _toml(path: Path, *, needed: bool = True) -> dict[str, Any]:
    if not path.exists():
        if not needed:
            return {}
        raise Invalid(f"file {path.name}", "it is missing", "see examples/retail for a whole company")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise Invalid(f"file {path.name}", f"it is over {FILE_BYTES_MAX} bytes", "split or shorten it")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"file {path.name}", f"it is not TOML ({error})", "correct that place") from None
