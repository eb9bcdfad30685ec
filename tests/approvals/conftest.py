import pytest

from bothands.conversations import Inbound, Received, open_inbox, receive
from bothands.people import meet
from bothands.storage import Database


@pytest.fixture
def asked(db: Database) -> Received:
    """Ada asked how long delivery takes; Echo holds the conversation."""

    def ask(unit):
        inbox = open_inbox(unit, "shop", "Shop", assistant_name="Echo", disclosure="AI assistant.")
        ada, _ = meet(unit, None, name="Ada")
        return receive(unit, Inbound(inbox.id, ada.id, "c-1", "How long does delivery take?"))

    return db.write_now(ask)
