"""The company's own server, as far as it says who its customers are. Written without any library of ours."""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

HEADER = {"alg": "HS256", "typ": "JWT"}
SECRET = "ids_" + "s" * 43

_count = itertools.count()


def claims_at(now: datetime, sub: str = "customer-7", aud: str = "shop") -> dict[str, Any]:
    seconds = int(now.timestamp())
    return {
        "aud": aud,
        "sub": sub,
        "iat": seconds,
        "exp": seconds + 300,
        "jti": f"page-{next(_count):08}",
    }


def sign(claims: object, secret: str = SECRET, header: Mapping[str, Any] = HEADER) -> str:
    words = f"{_packed(json.dumps(header).encode())}.{_packed(json.dumps(claims).encode())}"
    return f"{words}.{_packed(hmac.new(secret.encode(), words.encode(), hashlib.sha256).digest())}"


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
