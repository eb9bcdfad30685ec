"""A company's folder is taken in whole, or refused with file, cause and cure, and nothing has changed."""

from pathlib import Path

import pytest

from bothands.app.importing import import_company
from bothands.app.settings import DATABASE
from bothands.app.store import company_of
from bothands.app.wiring import open_store
from bothands.balance import Role, change_role, charter_of
from bothands.conversations import SYSTEM, Inbox, change_inbox, inbox_of
from bothands.kit import BothandsError
from bothands.models import Embedder
from bothands.people import agent_of_email, available_agents, list_teams
from tests.app.company import CHARTER, COMPANY, TOPICS, lay_out
from tests.app.conftest import Rows, Run, rows_of, settings_of


async def take_in(data: Path, embedder: Embedder, folder: Path) -> None:
    db = open_store(settings_of(data))
    try:
        await import_company(db, embedder, folder)
    finally:
        db.close()


def without_volatile(rows: Rows) -> Rows:
    """Sequence counters of SQLite and the like say nothing about what is known."""
    return {name: found for name, found in rows.items() if not name.startswith("sqlite_")}


BAD: list[tuple[dict[str, str | None], tuple[str, ...]]] = [
    ({"company": None}, ("company.toml", "missing", "examples/retail")),
    ({"company": "name = "}, ("company.toml", "not TOML")),
    ({"company": 'name = "A"\nslug = "a"\n'}, ("company.toml", "inbox")),
    ({"company": COMPANY + "\nnoise = 1\n"}, ("company.toml", "noise")),
    ({"company": COMPANY.replace('"admin"', '"king"')}, ("company.toml", "king")),
    ({"company": COMPANY.replace("Europe/Berlin", "Europe/Atlantis")}, ("company.toml", "Atlantis")),
    ({"company": COMPANY.replace("08:00-20:00", "8 to 8")}, ("company.toml", "mon", "8 to 8")),
    ({"company": COMPANY.replace("mon =", "someday =")}, ("company.toml", "someday")),
    ({"company": COMPANY.replace('"shop"', '"my shop!"')}, ("company.toml", "my shop!")),
    ({"company": COMPANY.replace("bo@shop.example", "bo")}, ("company.toml", "Bo Lind", "e-mail")),
    ({"company": COMPANY.replace("bo@", "CHI@")}, ("company.toml", "chi@shop.example", "twice")),
    ({"company": 'name = "' + "A" * 4_000_001 + '"'}, ("company.toml", "over 4000000 bytes")),
    ({"topics": "[[topic"}, ("topics.toml", "not TOML")),
    ({"topics": 'topic = "delivery"'}, ("topics.toml", "no list", "[[topic]]")),
    ({"topics": '[[topic]]\ntitle = "Delivery"\n'}, ("topics.toml", "number 1")),
    ({"topics": '[[topic]]\nid = ""\ntitle = "D"\nexamples = ["a"]\n'}, ("topics.toml", "1 to 120")),
    (
        {"topics": TOPICS.replace('"returns"', '"delivery"'), "charter": None},
        ("topics.toml", "delivery", "twice"),
    ),
    ({"charter": "[topic.delivery\n"}, ("charter.toml", "not TOML")),
    ({"charter": '[topic.nowhere]\nrole = "ai_acts"\n'}, ("charter", "nowhere", "topics.toml")),
    ({"charter": CHARTER.replace("ai_drafts", "ai_rules")}, ("charter.toml", "ai_rules", "ai_acts")),
    ({"charter": CHARTER.replace("2027-02-15", '"soon"')}, ("charter.toml", "soon", "2027-02-15")),
    ({"charter": "[rules]\nasked_for_person = false\n"}, ("charter.toml", "never refused")),
    ({"replies": "[[reply]]\n"}, ("replies.toml",)),
    ({"facts": '[[table]]\nid = "prices"\nfile = "nowhere.csv"\n'}, ("facts.toml",)),
]


@pytest.mark.parametrize(("texts", "words"), BAD, ids=[str(list(texts)) + words[-1] for texts, words in BAD])
async def test_a_bad_folder_is_refused_and_changes_nothing(
    company_data: Path,
    tmp_path: Path,
    embedder: Embedder,
    texts: dict[str, str | None],
    words: tuple[str, ...],
) -> None:
    before = rows_of(company_data / DATABASE)
    folder = lay_out(tmp_path / "bad", **texts)
    # Something else that is new: none of it may be taken in.
    (folder / "articles" / "new.md").write_text("---\ntitle: New\nid: new\n---\n\n## New\n\nNew.\n")
    with pytest.raises(BothandsError) as refused:
        await take_in(company_data, embedder, folder)
    for word in words:
        assert word in str(refused.value)
    assert refused.value.cause
    assert without_volatile(rows_of(company_data / DATABASE)) == without_volatile(before)


async def test_the_same_folder_again_changes_nothing(
    company_data: Path, tmp_path: Path, embedder: Embedder
) -> None:
    before = rows_of(company_data / DATABASE)
    await take_in(company_data, embedder, lay_out(tmp_path / "company"))
    after = rows_of(company_data / DATABASE)
    assert {name for name in before if before[name] != after[name]} == set()


async def test_new_agents_join_their_teams_and_a_team_is_made_once(
    company_data: Path, tmp_path: Path, embedder: Embedder
) -> None:
    two = COMPANY.replace("bo@", "dee@").replace("on_shift = true", 'on_shift = true\nteams = ["Returns"]')
    again = two.replace("dee@", "eve@").replace('"Returns"', '"RETURNS", "Delivery"')
    for number, company in enumerate((two, again, again)):
        await take_in(company_data, embedder, lay_out(tmp_path / f"company-{number}", company=company))
    db = open_store(settings_of(company_data))
    try:
        teams = db.read_now(list_teams)
        assert [(team.name, len(team.member_ids)) for team in teams] == [("Delivery", 1), ("Returns", 2)]
    finally:
        db.close()


async def test_a_changed_folder_changes_what_it_names(
    company_data: Path, tmp_path: Path, embedder: Embedder
) -> None:
    company = COMPANY.replace("Alder & Loft", "Alder").replace("bo@", "dee@").replace("Bo Lind", "Dee Falk")
    folder = lay_out(tmp_path / "company", company=company)
    await take_in(company_data, embedder, folder)
    db = open_store(settings_of(company_data))
    try:
        found = db.read_now(company_of)
        assert found is not None
        assert found.name == "Alder"
        # Who left the folder keeps what they did: people are removed at the desk.
        assert db.read_now(lambda records: agent_of_email(records, "bo@shop.example"))
        assert db.read_now(lambda records: agent_of_email(records, "dee@shop.example"))
        assert len(db.read_now(available_agents)) == 2
    finally:
        db.close()


async def test_roles_changed_at_the_desk_survive_the_same_folder(
    company_data: Path, tmp_path: Path, embedder: Embedder
) -> None:
    db = open_store(settings_of(company_data))
    db.write_now(lambda unit: change_role(unit, "delivery", Role.PERSON_ONLY, reason="Storm", by=SYSTEM))
    db.close()
    await take_in(company_data, embedder, lay_out(tmp_path / "company"))
    db = open_store(settings_of(company_data))
    assert db.read_now(charter_of).of("delivery").role is Role.PERSON_ONLY
    db.close()


async def test_an_inbox_changed_at_the_desk_survives_the_same_folder(
    data: Path, embedder: Embedder, tmp_path: Path
) -> None:
    asked = 'origins = ["https://a.example", "https://b.example"]'
    folder = lay_out(tmp_path / "company", company=f"{asked}\n{COMPANY}")
    await take_in(data, embedder, folder)
    chosen = ["https://b.example", "https://by-hand.example"]
    db = open_store(settings_of(data))
    inbox = db.read_now(lambda records: inbox_of(records, "shop"))
    db.write_now(
        lambda unit: change_inbox(unit, inbox.id, name="The shop", assistant_name="Echo", origins=chosen)
    )
    db.close()
    await take_in(data, embedder, folder)
    found = inbox_now(data)
    assert (found.name, found.assistant_name, found.origins) == ("The shop", "Echo", chosen)

    # What the folder says anew is another thing: b is dropped, c is added, and the disclosure is another.
    anew = 'origins = ["https://a.example", "https://c.example"]'
    told = f'{anew}\n{COMPANY}\n[assistant]\ndisclosure = "A machine answers."\n'
    await take_in(data, embedder, lay_out(tmp_path / "later", company=told))
    found = inbox_now(data)
    assert (found.name, found.assistant_name, found.disclosure) == ("The shop", "Echo", "A machine answers.")
    assert found.origins == ["https://by-hand.example", "https://c.example"]


def inbox_now(data: Path) -> Inbox:
    db = open_store(settings_of(data))
    try:
        return db.read_now(lambda records: inbox_of(records, "shop"))
    finally:
        db.close()


def test_the_command_says_what_it_took_in(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lay_out(tmp_path / "company")
    assert run("import", folder, "--data", tmp_path / "data") == 0
    assert "Alder & Loft: 2 topics, 1 articles" in capsys.readouterr().out
    assert run("import", folder, "--data", tmp_path / "data", "--json") == 0
    assert '"unchanged":1' in capsys.readouterr().out
    assert run("import", tmp_path / "nowhere", "--data", tmp_path / "data") == 2
    assert "does not exist" in capsys.readouterr().err
