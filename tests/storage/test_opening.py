"""An address that leads nowhere is refused by name, cause and cure, and never shows a password."""

import pytest

from bothands.kit import Invalid, Unavailable
from bothands.storage import open_database


@pytest.mark.parametrize("address", ["mysql://x/y", "bothands.db", "sqlite://x.db", "postgresql://host"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match="Database"):
        open_database(address)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        open_database("postgresql://ada:sesame@127.0.0.1:1/shop")
    assert "sesame" not in str(refused.value)
    assert "127.0.0.1:1/shop" in str(refused.value)
