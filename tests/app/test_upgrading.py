"""An upgrade succeeds whole, or leaves everything as it was."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bothands.app.backing_up import verify
from bothands.app.settings import DATABASE
from bothands.app.store import contents_of
from bothands.app.upgrading import UpgradeFailed, upgrade
from bothands.app.wiring import open_store
from bothands.kit import NotFound
from bothands.storage import DatabaseOwned, SchemaUnknown, migrating, newest_schema
from tests.app.conftest import Run, Writing, files_in, rows_of, settings_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
COLUMN = "op.add_column('people_agent', sa.Column('nickname', sa.Text(), server_default='none'))"
FAILING = {
    "an error": "raise RuntimeError('the flood')",
    "wrong SQL": "op.execute('DROP TABLE nowhere')",
    "half of it": f"{COLUMN}; op.execute('DELETE FROM conversations_entry'); raise RuntimeError('the flood')",
    "a lost company": "op.execute('DELETE FROM app_company')",
    "a lost table": "op.drop_table('app_company')",
    "broken references": (
        "op.execute('PRAGMA foreign_keys = OFF'); op.execute('PRAGMA defer_foreign_keys = ON'); "
        "op.execute(\"UPDATE conversations_entry SET conversation_id = 'conv_none'\")"
    ),
    "committed halfway": "op.execute('DELETE FROM conversations_entry'); op.execute('COMMIT'); 1/0",
}


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A later release: our migrations, and room for more of them."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrating, "MIGRATIONS", folder)
    return folder


def add_migration(release: Path, body: str) -> str:
    before = newest_schema()
    revision = f"{int(before) + 1:04}"
    (release / "versions" / f"{revision}_later.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = {revision!r}\ndown_revision = {before!r}\n\n\ndef upgrade():\n    {body}\n"
    )
    return revision


def test_nothing_to_do(company_data: Path) -> None:
    before = rows_of(company_data / DATABASE)
    done = upgrade(company_data, NOW)
    assert (done.before, done.backup) == (done.now, None)
    assert rows_of(company_data / DATABASE) == before
    assert not (company_data / "backups").exists()


def test_a_newer_schema_with_the_way_back_in_a_file(
    company_data: Path, release: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    before, old = rows_of(company_data / DATABASE), newest_schema()
    revision = add_migration(release, COLUMN)
    assert run("upgrade", "--data", company_data, "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["before"], done["now"]) == (old, revision)
    after = rows_of(company_data / DATABASE)
    assert [row[-1] for row in after["people_agent"]] == ["none"] * len(before["people_agent"])
    assert {name for name in before if before[name] != after[name]} == {"alembic_version", "people_agent"}
    assert verify(Path(done["backup"])).schema == old
    assert run("upgrade", "--data", company_data) == 0
    assert "Nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize("kind", FAILING)
def test_a_failing_migration_leaves_everything_as_it_was(
    company_data: Path, data: Path, release: Path, kind: str
) -> None:
    folder = company_data
    db = open_store(settings_of(data))
    db.close()
    if kind == "broken references":
        folder = data
    before, images = rows_of(folder / DATABASE), files_in(folder / "images")
    add_migration(release, COLUMN)
    add_migration(release, FAILING[kind])
    with pytest.raises(UpgradeFailed, match="all is as before"):
        upgrade(folder, NOW)
    assert rows_of(folder / DATABASE) == before
    assert files_in(folder / "images") == images
    assert [path for path in folder.iterdir() if path.name.startswith(".")] == []
    assert verify(next((folder / "backups").iterdir())).rows == {
        name: len(rows) for name, rows in before.items()
    }
    # The release one had still works with it, and a mended one goes through.
    for later in sorted((release / "versions").glob("*_later.py"))[1:]:
        later.unlink()
    assert upgrade(folder, NOW.replace(hour=3)).now == newest_schema()


def test_neither_beside_a_server_nor_of_a_newer_release(writing: Writing, data: Path, release: Path) -> None:
    revision = add_migration(release, COLUMN)
    upgrade(data, NOW)
    (release / "versions" / f"{revision}_later.py").unlink()
    with pytest.raises(SchemaUnknown):
        upgrade(data, NOW.replace(hour=3))
    assert contents_of(data / DATABASE).schema == revision
    writing.wait_for(1)
    with pytest.raises(DatabaseOwned):
        upgrade(writing.folder, NOW)


def test_nothing_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        upgrade(tmp_path / "nowhere", NOW)
    assert not (tmp_path / "nowhere").exists()
