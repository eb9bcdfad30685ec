"""A signed token in which the company's own server says who its customer is: read, or refused with a reason.

HS256 is pinned: what the token's header says is compared with that, never followed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OctKey
from msgspec import Meta

from bothands.conversations import Inbox
from bothands.kit import Unauthenticated

ALGORITHM: Literal["HS256"] = "HS256"
TOKEN_CHARS_MAX = 2_000
LIFE_SECONDS_MAX = 600
# Clocks of two servers differ: this much, either way.
SKEW_SECONDS_MAX = 30
MOMENT_MAX = 2**40

# Three parts; those of an encrypted token would be five.
_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)

Seconds = Annotated[int, Meta(ge=0, le=MOMENT_MAX)]


class TokenRefused(Unauthenticated):
    code = "token-refused"
    title = "This signed token is not taken"


class TokenExpired(Unauthenticated):
    code = "token-expired"
    title = "This signed token is too old"


class TokenSpent(Unauthenticated):
    code = "token-spent"
    title = "This signed token was used before"


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that may stand there. `kid` is allowed and means nothing: each secret of the inbox is tried."""

    alg: Literal["HS256"]
    typ: str = "JWT"
    kid: str = ""


class Claims(msgspec.Struct, frozen=True):
    """What the token says; further claims are nobody's business here."""

    aud: str
    sub: str
    exp: Seconds
    iat: Seconds
    jti: Annotated[str, Meta(min_length=8, max_length=120)]
    nbf: Seconds = 0
    name: str | None = None
    email: str | None = None

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.exp, UTC)


def read_token(token: str, secrets: Mapping[str, str], inbox: Inbox, now: datetime) -> tuple[Claims, str]:
    """The claims, and the id of the secret that signed them."""
    if len(token) > TOKEN_CHARS_MAX:
        raise _refused(f"it has more than {TOKEN_CHARS_MAX} characters", "put less into it")
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise _refused("it is not a signed JWT of three parts", "send the token as it was made")
    _check_header(parts[1])
    secret_id, payload = _verified(token, secrets)
    try:
        claims = msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _refused(
            f"what it says cannot be used ({error})",
            "it needs aud, sub and jti as texts (jti of 8 to 120 characters), exp and iat as whole seconds",
        ) from None
    _check_claims(claims, inbox, int(now.timestamp()))
    return claims, secret_id


def _check_header(part: str) -> None:
    try:
        msgspec.json.decode(_unpacked(part), type=_Header)
    except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError):
        raise _refused(
            "its header is not the one we take",
            f'sign with {ALGORITHM} and the header {{"alg":"{ALGORITHM}"}}',
        ) from None


def _unpacked(part: str) -> bytes:
    return msgspec.json.decode(f'"{part.translate(_STANDARD)}{"=" * (-len(part) % 4)}"'.encode(), type=bytes)


_STANDARD = str.maketrans("-_", "+/")


def _verified(token: str, secrets: Mapping[str, str]) -> tuple[str, bytes]:
    for secret_id, secret in secrets.items():
        try:
            found = jws.deserialize_compact(token, OctKey.import_key(secret), algorithms=[ALGORITHM])
        except BadSignatureError:
            continue
        except (JoseError, ValueError) as error:
            raise _refused("it cannot be read", "send the token as it was made") from error
        return secret_id, found.payload or b""
    if not secrets:
        raise _refused("this inbox has no secret yet", "make one in the desk's settings, and sign with it")
    raise _refused("none of this inbox's secrets signed it", "sign with a secret that is not revoked")


def _check_claims(claims: Claims, inbox: Inbox, now: int) -> None:
    if claims.aud not in (inbox.slug, inbox.id):
        raise _refused("it is for another inbox", f"set aud to {inbox.slug!r}")
    if claims.exp <= now - SKEW_SECONDS_MAX:
        raise TokenExpired("signed token", "it has expired", "have your server sign a new one")
    ahead = now + SKEW_SECONDS_MAX
    if claims.iat > ahead or claims.nbf > ahead:
        raise _refused("it is from the future", "set the clock of the server that signs")
    if claims.exp > ahead + LIFE_SECONDS_MAX or claims.exp - claims.iat > LIFE_SECONDS_MAX:
        raise _refused(
            f"it lives longer than {LIFE_SECONDS_MAX} seconds",
            f"set exp at most {LIFE_SECONDS_MAX} after iat",
        )


def _refused(cause: str, cure: str) -> TokenRefused:
    return TokenRefused("signed token", cause, cure)
