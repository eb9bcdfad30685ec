"""Up and down on a database with people in it, to the same schema on both stores; strangers are refused."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from bothands.balance import Reason
from bothands.conversations import receive
from bothands.handoff import Desk, bring_in, take_over
from bothands.storage import SchemaUnknown, Unit, metadata, migrate, open_database
from bothands.storage.migrating import _config, migrate_down, newest_schema
from tests.cast import ADA_SAYS, ECHO, ada, bo, says, shop

WISH = Reason("wish", "The customer asked for a person")


def populate(unit: Unit) -> None:
    inbox, contact, agent = shop(unit), ada(unit), bo(unit)
    conversation = receive(unit, says(inbox, contact, ADA_SAYS, "c-1")).conversation
    bring_in(unit, conversation.id, reason=WISH, desk=Desk(ECHO))
    take_over(unit, conversation.id, agent)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def counts(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        for name in sorted(tables(connection))
    }


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def revisions() -> list[str]:
    """Newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def test_the_migrations_lead_to_the_tables_of_the_stores(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection, connection.begin():
        assert differences(connection) == []


def test_down_one_by_one_and_up_again_keeps_what_both_schemas_can_hold(bare_url: str, engine: Engine) -> None:
    db = open_database(bare_url)
    db.write_now(populate)
    db.close()
    with engine.connect() as connection, connection.begin():
        full = counts(connection)
    assert full["conversations_entry"] >= 3
    for revision in revisions()[1:]:
        migrate_down(engine, revision)
        with engine.connect() as connection, connection.begin():
            assert {name: full[name] for name in tables(connection)} == counts(connection)
        migrate(engine)
        with engine.connect() as connection, connection.begin():
            assert differences(connection) == []
    migrate_down(engine, "base")
    with engine.connect() as connection, connection.begin():
        assert tables(connection) == set()
    migrate(engine)
    db = open_database(bare_url)
    db.write_now(populate)
    db.close()


def test_processes_that_start_together_migrate_once(engine: Engine, bare_url: str) -> None:
    if bare_url.startswith("sqlite"):
        pytest.skip("one process owns a file")
    troubles: list[Exception] = []

    def start() -> None:
        try:
            open_database(bare_url).close()
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


def test_a_schema_of_a_newer_release_is_refused_untouched(bare_url: str, engine: Engine) -> None:
    open_database(bare_url).close()
    with engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = counts(connection)
    with pytest.raises(SchemaUnknown, match="newer one made it"):
        open_database(bare_url)
    with engine.connect() as connection, connection.begin():
        assert counts(connection) == before
        assert newest_schema() != "9999"


def test_a_database_of_somebody_else_is_refused_untouched(bare_url: str, engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        connection.execute(text("CREATE TABLE invoices (id INTEGER PRIMARY KEY)"))
    with pytest.raises(SchemaUnknown, match="invoices"):
        open_database(bare_url)
    with engine.connect() as connection, connection.begin():
        assert tables(connection) == {"invoices"}
