"""A running server for each test, and one embedder for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bothands.models import Embedder, open_embedder
from bothands.storage import Database
from tests.web.site import Site, opened, opened_alone


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    embedder = open_embedder(1)
    yield embedder
    embedder.close()


@pytest.fixture
def site(db: Database, tmp_path: Path, embedder: Embedder) -> Iterator[Site]:
    with opened(db, tmp_path, embedder) as site:
        yield site


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    """One site for all tests of a file that change nothing on it."""
    with opened_alone(tmp_path_factory.mktemp("shared"), embedder) as site:
        yield site
