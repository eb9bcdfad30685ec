"""Sign deliveries after the Standard Webhooks scheme, so that any of its libraries can verify them."""

import base64
import hashlib
import hmac
import random
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def make_secret(source: random.Random) -> str:
    return PREFIX + base64.b64encode(source.randbytes(SECRET_BYTES)).decode()


def signed(secrets: Sequence[str], webhook_id: str, at: datetime, payload: bytes) -> dict[str, str]:
    """The headers that go with a payload; one signature per secret, so that a rotation loses nothing."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((webhook_id.encode(), timestamp.encode(), payload))
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, content)}" for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
