import pytest

from bothands.conversations import Received
from bothands.storage import Database
from tests import cast


@pytest.fixture
def asked(db: Database) -> Received:
    return db.write_now(cast.asked)
