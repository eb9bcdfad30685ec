"""A write that is asked for twice under one Idempotency-Key happens once, and is answered twice."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from litestar.di import NamedDependency

from bothands.conversations import By
from bothands.kit import Conflict, Invalid
from bothands.storage import Unit
from bothands.web.asking import Asked
from bothands.web.desk import WebDesk
from bothands.web.store import Answer, answer_by_key, put_answer

KEY_HEADER = "idempotency-key"
KEY_CHARS_MAX = 200
KEPT_HOURS = 24

T = TypeVar("T")


class KeyReused(Conflict):
    code = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"


class Once:
    """How a handler writes: as often as it is asked under one key, once."""

    def __init__(self, desk: WebDesk, request: Asked, acting: By) -> None:
        self._desk = desk
        self._request = request
        self._acting = acting

    async def write(self, fn: Callable[[Unit], T], kind: Any) -> T:
        """Run `fn`, which gives a `kind`; the answer is kept in the very transaction of the effect.

        A refusal is not kept: it changed nothing, so asking again asks anew.
        """
        key = self._request.headers.get(KEY_HEADER)
        if key is None:
            return await self._desk.db.write(fn)
        if not 1 <= len(key) <= KEY_CHARS_MAX:
            raise Invalid("Idempotency-Key", f"it must have 1 to {KEY_CHARS_MAX} characters", "shorten it")
        body = (await self._request.body()).decode("utf-8", "replace")
        path = self._request.url.path
        new = Answer(_hash(str(self._acting.id), key), _hash(self._request.method, path, body), path, "")
        return await self._desk.db.write(lambda unit: _write_once(unit, new, fn, kind))


def _write_once(unit: Unit, new: Answer, fn: Callable[[Unit], T], kind: Any) -> T:
    since = unit.now - timedelta(hours=KEPT_HOURS)
    if known := answer_by_key(unit.records, new.key_hash, since):
        if known[0] != new.request_hash:
            raise KeyReused("Idempotency-Key", "it came with another request before", "use a new key")
        answer: T = msgspec.json.decode(known[1], type=kind)
        return answer
    result = fn(unit)
    body = msgspec.json.encode(result).decode()
    put_answer(unit.records, new._replace(body=body), unit.now, since)
    return result


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


TheOnce = NamedDependency[Once]
