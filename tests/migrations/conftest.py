"""An empty database of each store, with no schema yet, and the engine that migrates it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bothands.storage.engine import sqlite_writer
from bothands.storage.postgres import postgres_url, postgres_writer
from tests.conftest import STORES, load_stores
from tests.servers import own_database, server


@pytest.fixture(params=STORES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    load_stores()
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    name = f"{request.getfixturevalue('postgres_database').rpartition('/')[2]}_bare"
    with own_database(server(), name) as url:
        yield url


@pytest.fixture
def engine(bare_url: str, tmp_path: Path) -> Iterator[Engine]:
    is_file = bare_url.startswith("sqlite")
    engine = sqlite_writer(tmp_path / "bare.db") if is_file else postgres_writer(postgres_url(bare_url))
    yield engine
    engine.dispose()
