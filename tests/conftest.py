"""What every test may ask for: a fresh database of each store, a clock that stands still, ids."""

import importlib
import os
import pkgutil
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

import bothands
from bothands.kit import Ids, ManualClock, RandomIds
from bothands.models import Embedder, open_embedder
from bothands.storage import Database, open_database
from tests.servers import empty, own_database, server

STORES = ("sqlite", "postgres")

# Where a change lands the same examples are tried each time: what it did not break does not stop it. At home
# they are new ones every time, and what they find becomes a test of its own.
settings.register_profile("landing", derandomize=True)
if os.environ.get("REQUIRE_SERVICES"):
    settings.load_profile("landing")

# Tests of thinking: their rows are read once, by functions that other tests run on both stores.
ONE_STORE_IS_ENOUGH = (
    "assist/test_",
    "knowledge/test_gating.py",
    "knowledge/test_importing.py::test_ten_thousand",
    "knowledge/test_library.py",
    "training/test_",
    "understanding/test_reading.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the second store where it would only cost time; elsewhere it is for `ALL=1` and .ci/run."""
    items[:] = [item for item in items if not is_needless(item)]
    for item in items:
        if is_on_second_store(item) or "postgres_database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


def is_on_second_store(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    return given is not None and given.params.get("store_url") == "postgres"


def is_needless(item: pytest.Item) -> bool:
    return is_on_second_store(item) and any(
        item.nodeid.startswith(f"tests/{name}") for name in ONE_STORE_IS_ENOUGH
    )


def load_stores() -> None:
    for room in pkgutil.iter_modules(bothands.__path__):
        if room.ispkg and (Path(bothands.__path__[0]) / room.name / "store.py").exists():
            importlib.import_module(f"bothands.{room.name}.store")


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    """The model itself: it is loaded once."""
    embedder = open_embedder()
    yield embedder
    embedder.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 14, 0, tzinfo=UTC))


@pytest.fixture
def ids(clock: ManualClock) -> Ids:
    return RandomIds(clock, random.Random(7))


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """The one PostgreSQL database of this test process, with every room's tables."""
    load_stores()
    address = server()
    name = f"bothands_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with own_database(address, name) as url:
        open_database(url).close()
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_fresh(postgres_database: str) -> Iterator[str]:
    """Its address, while all its tables are empty."""
    yield postgres_database
    empty(postgres_database)


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, of each store in turn."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgres": "postgres_fresh"}[request.param])
    return url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as a fresh installation makes it: to copy it takes a quarter of the time to make it."""
    path = tmp_path_factory.mktemp("migrated") / "test.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def db(store_url: str, tmp_path: Path, clock: ManualClock, ids: Ids, migrated: Path) -> Iterator[Database]:
    """A fresh database with every room's tables, of each store."""
    load_stores()
    if store_url.startswith("sqlite"):
        shutil.copy(migrated, tmp_path / "test.db")
    database = open_database(store_url, clock=clock, ids=ids, source=random.Random(7))
    yield database
    database.close()
