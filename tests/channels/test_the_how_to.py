"""What the guide shows to companies is what works."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bothands.channels.reading_tokens import LIFE_SECONDS_MAX, SKEW_SECONDS_MAX, read_token
from bothands.conversations import Inbox
from bothands.people import KEY_SCOPES
from bothands.people.visiting import VOUCHED_KEY_DAYS_MAX, VOUCHED_KEYS_PER_CONTACT_MAX
from tests.signing import SECRET

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "identify-customers.md"
SHOP = Inbox("inbox_1", "shop", "Alder & Loft", "webchat", [], "Echo", "AI assistant.", "plain")


def test_the_token_of_the_guide_is_taken() -> None:
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    shown: dict[str, Any] = {}
    exec(code, shown)
    token = shown["signed_token"](SECRET, "shop", "customer-7", name="Ada Byron")
    claims, _ = read_token(token, {"secret_1": SECRET}, SHOP, datetime.now(UTC))
    assert (claims.sub, claims.name) == ("customer-7", "Ada Byron")


def test_the_numbers_of_the_guide_are_the_limits() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"{LIFE_SECONDS_MAX} seconds later" in text
    assert f"differ by {SKEW_SECONDS_MAX} seconds" in text
    assert f"{VOUCHED_KEY_DAYS_MAX} days after the last token" in text
    assert f"at most {VOUCHED_KEYS_PER_CONTACT_MAX} browsers" in text


def test_the_guide_to_keys_names_every_scope() -> None:
    text = (GUIDE.parent / "use-api-keys.md").read_text(encoding="utf-8")
    assert {scope for scope in KEY_SCOPES if f"`{scope}`" not in text} == set()
