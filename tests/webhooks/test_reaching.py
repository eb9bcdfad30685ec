"""Where webhooks may go, when they are registered and each time that something is sent."""

import pytest

from bothands.egress import AddressRefused
from bothands.webhooks import Reach

# Numeric, so that no resolver is asked.
OUTSIDE, INSIDE = "93.184.215.14", "10.0.0.7"


@pytest.mark.parametrize(
    "url", [f"http://{OUTSIDE}/hook", f"https://{INSIDE}/hook", f"http://{INSIDE}:9000/hook"]
)
async def test_neither_unencrypted_nor_private_addresses_are_told(url: str) -> None:
    reach = Reach()
    with pytest.raises(AddressRefused):
        await reach.check(url)
    caller = reach.caller()
    with pytest.raises(AddressRefused):
        await caller.post(url)
    await caller.close()


async def test_what_the_operator_named_may_be_both() -> None:
    await Reach((f"{INSIDE}:9000",)).check(f"http://{INSIDE}:9000/hook")
    await Reach().check(f"https://{OUTSIDE}/hook")
