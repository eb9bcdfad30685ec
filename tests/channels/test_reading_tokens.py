"""A signed token is taken as it must be, or refused with words, whatever somebody makes up."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bothands.channels import TokenExpired, TokenRefused
from bothands.channels.reading_tokens import read_token
from bothands.conversations import Inbox
from bothands.kit import BothandsError
from tests.signing import HEADER, SECRET, claims_at, sign

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
SHOP = Inbox("inbox_1", "shop", "Alder & Loft", "webchat", [], "Echo", "AI assistant.", "plain")


def read(token: str, secrets: dict[str, str] | None = None) -> Any:
    return read_token(token, {"secret_1": SECRET} if secrets is None else secrets, SHOP, NOW)


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(**changed: Any) -> str:
    return sign(claims_at(NOW) | changed)


def with_header(**header: Any) -> str:
    """Signed rightly with HS256, whatever the header claims."""
    return sign(claims_at(NOW), header=header)


def other_hash(name: str, alg: str) -> str:
    signed_part = f"{packed({'alg': alg})}.{packed(claims_at(NOW))}"
    mac = hmac.new(SECRET.encode(), signed_part.encode(), name).digest()
    return f"{signed_part}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def test_a_token_of_the_company_is_read() -> None:
    claims, secret_id = read(signed(name="Ada", email="ada@shop.example", plan="gold"))
    assert (claims.sub, claims.name, claims.email) == ("customer-7", "Ada", "ada@shop.example")
    assert secret_id == "secret_1"
    assert read(signed(aud="inbox_1"))[0].aud == "inbox_1"
    assert read(with_header(**HEADER, kid="whatever"))


def test_the_old_and_the_new_secret_both_count() -> None:
    token = signed()
    assert read(token, {"secret_2": "ids_" + "n" * 43, "secret_1": SECRET})[1] == "secret_1"


SECONDS = int(NOW.timestamp())
REFUSED: dict[str, str] = {
    "not signed at all": f"{packed({'alg': 'none'})}.{packed(claims_at(NOW))}.",
    "alg none, with a signature": with_header(alg="none"),
    "alg None": with_header(alg="None"),
    "alg RS256 over our secret": with_header(alg="RS256"),
    "alg HS512, and signed so": other_hash("sha512", "HS512"),
    "alg HS384, and signed so": other_hash("sha384", "HS384"),
    "signed with sha512, alg HS256": other_hash("sha512", "HS256"),
    "alg hs256": with_header(alg="hs256"),
    "no alg": with_header(typ="JWT"),
    "alg in a list": with_header(alg=["HS256"]),
    "a key of its own": with_header(**HEADER, jwk={"kty": "oct", "k": "AAAA"}),
    "a key to be fetched": with_header(**HEADER, jku="https://evil.example/keys"),
    "critical words": with_header(**HEADER, crit=["exp"]),
    "payload not packed": with_header(**HEADER, b64=False),
    "another secret": sign(claims_at(NOW), secret="ids_" + "x" * 43),
    "the empty secret": sign(claims_at(NOW), secret=""),
    "another inbox": signed(aud="other"),
    "no inbox": signed(aud=""),
    "inboxes in a list": signed(aud=["shop"]),
    "the inbox in capitals": signed(aud="SHOP"),
    "no customer": sign({k: v for k, v in claims_at(NOW).items() if k != "sub"}),
    "customer is a number": signed(sub=7),
    "no id of its own": sign({k: v for k, v in claims_at(NOW).items() if k != "jti"}),
    "a short id of its own": signed(jti="7"),
    "an endless id of its own": signed(jti="j" * 121),
    "no end": sign({k: v for k, v in claims_at(NOW).items() if k != "exp"}),
    "the end is a text": signed(exp=str(SECONDS + 60)),
    "the end is a yes": signed(exp=True),
    "the end is far": signed(exp=10**30),
    "lives too long": signed(exp=SECONDS + 601),
    "lives too long, backdated": signed(iat=SECONDS - 60, exp=SECONDS + 541),
    "lives too long, postdated": signed(iat=SECONDS + 31, exp=SECONDS + 600),
    "made in the future": signed(iat=SECONDS + 31, exp=SECONDS + 60),
    "not yet": signed(nbf=SECONDS + 31),
    "says nothing": sign([]),
    "huge": signed(name="n" * 2_000),
    "one part": "abc",
    "five parts": "a.b.c.d.e",
    "empty": "",
    "empty parts": "..",
    "with a space": signed() + " ",
    "with a line": signed() + "\n",
    "not ASCII": signed() + "é",
    "padded": signed() + "=",
    "cut short": signed()[:-1],
    "longer by one": signed() + "A",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
def test_whatever_is_made_up_is_refused_with_words(token: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        read(token)
    assert refused.value.http_code == 401
    assert refused.value.cause
    assert refused.value.cure


def test_without_a_secret_nothing_is_taken() -> None:
    with pytest.raises(TokenRefused, match="no secret"):
        read(signed(), {})


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert read(signed(iat=SECONDS - 60, exp=SECONDS - 29))
    assert read(signed(iat=SECONDS + 30, exp=SECONDS + 630))
    with pytest.raises(TokenExpired):
        read(signed(iat=SECONDS - 60, exp=SECONDS - 30))
    with pytest.raises(TokenRefused):
        read(signed(iat=SECONDS + 31, exp=SECONDS + 60))


def test_no_tampered_byte_is_taken() -> None:
    """Each character changed for each of a few others; only the last may stand for the same bits."""
    token = signed()
    was = hashlib.sha256(token.encode()).hexdigest()
    for place in range(len(token)):
        for other in "AZaz09-_.":
            changed = token[:place] + other + token[place + 1 :]
            if hashlib.sha256(changed.encode()).hexdigest() == was:
                continue
            try:
                claims, _ = read(changed)
            except BothandsError:
                continue
            assert place == len(token) - 1, changed
            assert claims.sub == "customer-7"
