"""Whether it was solved is asked, and any part of the answer counts."""

import pytest

from bothands.conversations import AuthorKind, By, last_rating, rate, receive
from bothands.kit import Invalid
from bothands.storage import Database
from tests.cast import ADA_SAYS, ada, says, shop

ADA = By(AuthorKind.CONTACT)


@pytest.fixture
def conversation_id(db: Database) -> str:
    received = db.write_now(lambda unit: receive(unit, says(shop(unit), ada(unit), ADA_SAYS, "c-1")))
    return received.conversation.id


@pytest.mark.parametrize(
    ("solved", "score", "comment"),
    [("yes", None, ""), (None, 4, ""), (None, None, "quick"), ("no", 1, "slow")],
)
def test_any_part_of_a_rating_is_kept(
    db: Database, conversation_id: str, solved: str | None, score: int | None, comment: str
) -> None:
    db.write_now(
        lambda unit: rate(unit, conversation_id, by=ADA, solved=solved, score=score, comment=comment)
    )
    kept = db.read_now(lambda records: last_rating(records, conversation_id))
    assert kept is not None
    assert (kept.ref["solved"], kept.ref["score"], kept.body) == (solved, score, comment)


@pytest.mark.parametrize(
    ("solved", "score", "comment"), [(None, None, " "), ("maybe", 3, ""), ("yes", 6, ""), ("yes", 0, "")]
)
def test_what_says_nothing_or_nonsense_is_refused(
    db: Database, conversation_id: str, solved: str | None, score: int | None, comment: str
) -> None:
    with pytest.raises(Invalid):
        db.write_now(
            lambda unit: rate(unit, conversation_id, by=ADA, solved=solved, score=score, comment=comment)
        )
